#include "documents/csv.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "documents/diagnostic.h"

namespace recoup::documents {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr const char* kQuoteHelp =
    "a field with a comma, a quote or a line break in it stands in quotes, and a quote in it is "
    "doubled";

// The bytes at which a field without quotes ends or is wrong.
constexpr auto kStops = [] {
  std::array<bool, 256> stops{};
  for (const char c : {',', '\n', '"'}) stops[static_cast<unsigned char>(c)] = true;
  return stops;
}();

std::uint64_t line_breaks(const char* begin, const char* end) {
  std::uint64_t count = 0;
  while (begin < end) {
    const void* found = std::memchr(begin, '\n', static_cast<std::size_t>(end - begin));
    if (found == nullptr) break;
    ++count;
    begin = static_cast<const char*>(found) + 1;
  }
  return count;
}

// How many characters stand in the bytes, which may be cut anywhere.
int characters(std::string_view text) {
  int count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(character_length(text));
  return count;
}

std::string_view character_at(const char* at, const char* end) {
  const std::string_view rest(at, static_cast<std::size_t>(end - at));
  return rest.substr(0, character_length(rest));
}

}  // namespace

CsvReader::CsvReader(std::string name, Source source)
    : name_(std::move(name)), source_(std::move(source)) {
  // The mark may come in pieces.
  while (!whole_ && static_cast<std::size_t>(filled_ - at_) < kByteOrderMark.size()) refill();
  const std::string_view begin(at_, static_cast<std::size_t>(filled_ - at_));
  if (begin.starts_with(kByteOrderMark)) next_ = at_ += kByteOrderMark.size();
}

// Drops what lies before the record and reads on; false where nothing follows.
bool CsvReader::refill() {
  const std::string_view block = source_();
  whole_ = block.empty();
  const char* const begin = buffer_.data();
  const auto kept = static_cast<std::size_t>(filled_ - at_);
  line_ += line_breaks(begin, at_);
  if (buffer_.size() < kept + block.size() + 1) {
    std::vector<char> larger(2 * (kept + block.size()) + 1);
    std::copy(at_, filled_, larger.begin());
    buffer_.swap(larger);
  } else {
    std::memmove(buffer_.data(), at_, kept);
  }
  std::copy(block.begin(), block.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(kept));
  at_ = next_ = buffer_.data();
  filled_ = at_ + kept + block.size();
  buffer_[kept + block.size()] = '\n';
  return !whole_;
}

// Whether a record follows.
bool CsvReader::skip_empty_lines() {
  while (true) {
    if (at_ < filled_ && *at_ == '\n') {
      ++at_;
    } else if (filled_ - at_ >= 2 && at_[0] == '\r' && at_[1] == '\n') {
      at_ += 2;
    } else if (filled_ - at_ >= 2 || whole_) {
      return at_ < filled_;
    } else {
      refill();
    }
  }
}

bool CsvReader::next() {
  at_ = next_;
  fields_.clear();
  if (!state_ || !skip_empty_lines()) return false;
  Scanned scanned = scan();
  while (scanned == Scanned::more) {
    if (static_cast<std::size_t>(filled_ - at_) > kLongest) {
      const bool in_quotes = !fields_.empty() && fields_.back().end == nullptr;
      const char* const from = in_quotes ? fields_.back().begin - 1 : at_;
      scanned = broken(from, from + 1,
                       fmt::format("expected {} within 1 MiB, got more than that",
                                   in_quotes ? "the closing quote" : "the end of the record"),
                       kQuoteHelp);
    } else {
      refill();
      scanned = scan();
    }
  }
  return scanned == Scanned::record && check_size();
}

CsvReader::Scanned CsvReader::open_quote(const char* at) {
  if (!whole_) {
    fields_.push_back({at + 1, nullptr, true});
    return Scanned::more;
  }
  return broken(at, at + 1, "expected the closing quote of this field, got the end of the file",
                kQuoteHelp);
}

// Takes the record at at_ apart. The guard behind the last byte ends every search.
CsvReader::Scanned CsvReader::scan() {
  fields_.clear();
  const char* p = at_;
  while (true) {
    const char* const begin = p;
    if (p < filled_ && *p == '"') {
      do {  // once, and once more for each doubled quote
        p = static_cast<const char*>(
            std::memchr(p + 1, '"', static_cast<std::size_t>(filled_ - p - 1)));
        if (p == nullptr) return open_quote(begin);
        if (++p == filled_ && !whole_) return Scanned::more;
      } while (p < filled_ && *p == '"');
      fields_.push_back({begin + 1, p - 1, true});
      if (p < filled_ && *p == '\r') {
        if (p[1] == '\n') ++p;
      }
      if (*p != ',' && *p != '\n') {
        if (!has_line_end(p)) return Scanned::more;
        return broken(p, p + 1,
                      fmt::format("expected a comma or the end of the line after the closing "
                                  "quote of the field that begins at line {}, got '{}'",
                                  line_at(begin), character_at(p, filled_)),
                      kQuoteHelp);
      }
    } else {
      while (!kStops[static_cast<unsigned char>(*p)]) ++p;
      if (*p == '"') {
        if (!has_line_end(p)) return Scanned::more;
        return broken(p, p + 1, "expected quotes around the whole field, got one inside it",
                      kQuoteHelp);
      }
      const bool after_return = *p == '\n' && p > begin && p[-1] == '\r';
      fields_.push_back({begin, after_return ? p - 1 : p, false});
    }
    if (*p == '\n') {
      if (p >= filled_ && !whole_) return Scanned::more;
      next_ = std::min(p + 1, filled_);
      return Scanned::record;
    }
    ++p;
  }
}

CsvReader::Scanned CsvReader::broken(const char* at, const char* end, std::string message,
                                     std::string help) {
  state_ = place(at, end, std::move(message), std::move(help));
  return Scanned::broken;
}

bool CsvReader::check_size() {
  if (expected_ == 0) expected_ = fields_.size();
  if (fields_.size() == expected_) return true;
  const bool few = fields_.size() < expected_;
  const Field& last = fields_.back();
  const char* const end = last.end + (last.quoted ? 1 : 0);
  const char* const at = few ? end : fields_[expected_].begin - (fields_[expected_].quoted ? 1 : 0);
  broken(at, few ? at + 1 : end,
         fmt::format("expected {} field{} as in the header, got {}", expected_,
                     expected_ == 1 ? "" : "s", fields_.size()),
         few ? "the line may be cut: fetch the file again from the provider" : kQuoteHelp);
  return false;
}

// Whether the rest of the line was read, so that a complaint can show it.
bool CsvReader::has_line_end(const char* at) const {
  return whole_ || std::memchr(at, '\n', static_cast<std::size_t>(filled_ - at)) != nullptr;
}

std::string CsvReader::text(std::size_t i) const {
  std::string out(raw(i));
  if (!fields_[i].quoted) return out;
  for (auto at = out.find('"'); at != std::string::npos; at = out.find('"', at + 1)) {
    out.erase(at, 1);
  }
  return out;
}

std::uint64_t CsvReader::line_at(const char* at) const {
  return line_ + line_breaks(buffer_.data(), at);
}

core::Error CsvReader::complaint(std::size_t i, std::string message, std::string help) const {
  const Field& field = fields_[i];
  const int quote = field.quoted ? 1 : 0;
  return place(field.begin - quote, field.end + quote, std::move(message), std::move(help));
}

core::Error CsvReader::place(const char* begin, const char* end, std::string message,
                             std::string help) const {
  const char* line = begin;
  while (line > buffer_.data() && line[-1] != '\n') --line;
  if (std::string_view(line, static_cast<std::size_t>(filled_ - line))
          .starts_with(kByteOrderMark)) {
    line += kByteOrderMark.size();
  }
  const char* stop = std::find(begin, filled_, '\n');
  if (stop > line && stop[-1] == '\r') --stop;
  // Only what can be shown: a line of a mebibyte is not laid out.
  stop = std::min(stop, begin + std::min<std::ptrdiff_t>(stop - begin, 1000));
  const auto number = std::min<std::uint64_t>(line_at(begin), std::numeric_limits<int>::max());
  Complaint complaint;
  complaint.at.line = complaint.at.end_line = static_cast<int>(number);
  complaint.at.column = characters({line, static_cast<std::size_t>(begin - line)}) + 1;
  complaint.at.end_column =
      complaint.at.column +
      characters({begin, static_cast<std::size_t>(
                             std::max(std::min(end, stop) - begin, std::ptrdiff_t{0}))});
  complaint.message = std::move(message);
  complaint.help = std::move(help);
  return {lay_out_line(name_, {line, static_cast<std::size_t>(stop - line)}, complaint)};
}

}  // namespace recoup::documents
