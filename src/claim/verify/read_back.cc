#include "claim/verify/read_back.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include "documents/files.h"
#include "record/digest.h"

namespace recoup::claim {
namespace {

using core::Error;
using core::Result;

constexpr std::size_t kLongestLine = 64 * 1024;
constexpr std::size_t kLargestWhole = 128 * 1024 * 1024;

std::vector<std::string_view> words_of(std::string_view line, std::size_t most) {
  std::vector<std::string_view> words;
  while (words.size() < most) {
    const auto begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    const auto end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

bool read_number(std::string_view text, std::uint64_t& value) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size();
}

// The two columns that say how a request failed: a status and a name, or why there was no answer.
bool read_failure(std::string_view status, std::string_view error, core::Outcome& outcome) {
  if (status == "-") {
    const auto failed = core::parse_outcome(error);
    if (!failed || !std::holds_alternative<core::Failed>(*failed)) return false;
    outcome = *failed;
    return true;
  }
  std::uint64_t number = 0;
  if (!read_number(status, number) || number > 999) return false;
  outcome = core::Answered{static_cast<int>(number), error == "-" ? "" : std::string(error)};
  return true;
}

// Not a link to somewhere else, nor a pipe that never ends.
Result<void> expect_plain_file(const std::string& path, const std::string& name) {
  std::error_code ignored;
  const auto type = std::filesystem::symlink_status(path, ignored).type();
  if (type == std::filesystem::file_type::not_found) return Error{"is missing", name};
  if (type != std::filesystem::file_type::regular) return Error{"expected a plain file", name};
  return {};
}

Result<std::ifstream> open_file(const std::string& folder, const std::string& name) {
  const std::string path = folder + '/' + name;
  if (auto plain = expect_plain_file(path, name); !plain) return plain.error();
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{"cannot be read", name};
  return file;
}

}  // namespace

Result<IntervalLine> parse_interval_line(std::string_view line, bool by_resource) {
  const auto words = words_of(line, 8);
  IntervalLine row;
  if (words.size() == (by_resource ? 7 : 6)) {
    const auto begin = core::parse_instant(words[0]);
    const auto end = core::parse_instant(words[1]);
    if (begin && end && read_number(words[2], row.requests) && read_number(words[3], row.errors) &&
        read_number(words[4], row.logged)) {
      row.span = {*begin, *end};
      row.availability = words[5];
      if (by_resource) row.resource = words[6];
      return row;
    }
  }
  return Error{
      fmt::format("expected begin, end, requests, errors, logged{} and availability{}, got '{}'",
                  by_resource ? "," : "", by_resource ? " and resource" : "", line.substr(0, 120))};
}

Result<RequestLine> parse_request_line(std::string_view line, bool by_resource) {
  const std::size_t columns = by_resource ? 9 : 8;
  const auto words = words_of(line, columns);
  RequestLine row;
  if (words.size() == columns) {
    const auto at = core::parse_instant(words[0]);
    const auto interval = core::parse_instant(words[1]);
    std::uint64_t duration = 0;
    if (at && interval && read_failure(words[2], words[3], row.outcome) &&
        read_number(words[5], duration)) {
      const std::string_view detail =
          line.substr(static_cast<std::size_t>(words.back().data() - line.data()));
      row.interval = *interval;
      row.shown = {*at,
                   std::string(words[2]),
                   std::string(words[3]),
                   std::string(words[4]),
                   std::chrono::milliseconds(duration),
                   std::string(detail),
                   by_resource ? std::string(words[7]) : std::string()};
      return row;
    }
  }
  return Error{
      fmt::format("expected at, interval, status, error, request id, ms, peer and detail, got '{}'",
                  line.substr(0, 120))};
}

Result<void> read_lines(const std::string& folder, const std::string& name,
                        const std::function<void(std::size_t, std::string_view)>& take) {
  auto opened = open_file(folder, name);
  if (!opened) return opened.error();
  std::ifstream& file = *opened;
  std::string line(kLongestLine, '\0');
  for (std::size_t number = 1;; ++number) {
    file.getline(line.data(), static_cast<std::streamsize>(kLongestLine));
    const auto length = static_cast<std::size_t>(file.gcount());
    if (file.eof() && length == 0) return {};
    if (file.fail()) {
      return Error{fmt::format("expected a line of less than {} characters", kLongestLine),
                   fmt::format("{}:{}", name, number)};
    }
    // The end of the line is counted, and not kept; the last line may lack it.
    const std::string_view text(line.data(), file.eof() ? length : length - 1);
    if (!text.starts_with('#')) take(number, text);
  }
}

Result<std::string> read_whole(const std::string& folder, const std::string& name) {
  const std::string path = folder + '/' + name;
  if (auto plain = expect_plain_file(path, name); !plain) return plain.error();
  auto text = documents::read_file(path, kLargestWhole);
  if (!text) return Error{text.error().message, name, text.error().help};
  return text;
}

Result<std::string> digest_of(const std::string& folder, const std::string& name) {
  auto opened = open_file(folder, name);
  if (!opened) return opened.error();
  std::ifstream& file = *opened;
  record::Sha256 digest;
  std::string block(256 * 1024, '\0');
  while (file) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    digest.update({block.data(), static_cast<std::size_t>(file.gcount())});
  }
  if (file.bad() || !file.eof()) return Error{"cannot be read", name};
  return digest.hex();
}

}  // namespace recoup::claim
