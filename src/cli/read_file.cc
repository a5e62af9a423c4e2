#include "cli/read_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"
#include "sources/logs/formats/lines.h"

namespace recoup::cli {
namespace {

constexpr std::size_t kExamples = 3;

std::string counted_lines(std::uint64_t lines) {
  return fmt::format("{} line{}", core::grouped(lines), lines == 1 ? "" : "s");
}

std::string malformed_in_words(const sources::MalformedLine& line) {
  return fmt::format("line {}: {}, got {}", line.number, line.expected, line.text);
}

std::string malformed_lines(const sources::LogContent& content) {
  std::string text;
  const std::size_t shown = std::min(kExamples, content.examples.size());
  if (shown == 0) return text;  // of a file that was read before
  for (std::size_t i = 0; i < shown; ++i) text += "\n   " + malformed_in_words(content.examples[i]);
  if (content.malformed > shown) {
    text += fmt::format("\n   and {} more", core::grouped(content.malformed - shown));
  }
  return text;
}

// "as alb, " where the file told its format, and nothing where it was told.
std::string format_told(const service::LogSource& source, const sources::LogContent& content) {
  if (source.format != sources::kAutoFormat) return {};
  return fmt::format("as {}, ", content.format);
}

std::string what_was_left_out(const service::Imported& imported) {
  const sources::LogContent& content = imported.content;
  if (!imported.new_to_ledger) {
    const std::uint64_t lines = imported.known;
    if (lines == 0 && content.outside > 0) {
      return counted_lines(content.lines) + ", no request of the time asked for";
    }
    if (lines == 0) return counted_lines(content.lines) + ", none of them a request: nothing new";
    return fmt::format("{} {} read before; nothing new", counted_lines(lines),
                       lines == 1 ? "was" : "were");
  }
  std::string text = fmt::format("{}, {} request{}", counted_lines(content.lines),
                                 core::grouped(content.requests), content.requests == 1 ? "" : "s");
  if (content.read_before != 0) {
    text += fmt::format(", {} {} read before", counted_lines(content.read_before),
                        content.read_before == 1 ? "was" : "were");
  }
  return text;
}

std::string import_in_words(const service::LogSource& source, const service::Imported& imported) {
  const sources::LogContent& content = imported.content;
  std::string text = format_told(source, content) + what_was_left_out(imported);
  if (content.own != 0 && imported.new_to_ledger)
    text += fmt::format(", {} of Recoup's own probes left out", core::grouped(content.own));
  if (content.outside != 0 && imported.new_to_ledger) {
    text += fmt::format(", {} outside the time asked for", core::grouped(content.outside));
  }
  if (content.of_others != 0) {
    text +=
        fmt::format(", {} of other services, Regions or clients", core::grouped(content.of_others));
  }
  if (content.others != 0) {
    text += fmt::format(", {} that {} no request", core::grouped(content.others),
                        content.others == 1 ? "is" : "are");
  }
  if (content.malformed != 0)
    text += fmt::format(", {} malformed", core::grouped(content.malformed));
  if (const auto dropped = content.failures.dropped(); dropped != 0 && imported.new_to_ledger) {
    text += fmt::format(
        ", {} failed request{} counted without a record: of any five minutes the first {} have one",
        core::grouped(dropped), dropped == 1 ? "" : "s",
        core::grouped(content.failures.most_of_interval()));
  }
  if (!content.replaces.empty() && imported.new_to_ledger) {
    text += "; takes the place of a shorter copy that was read before";
  }
  if (content.missing != 0) {
    text +=
        fmt::format(", about {} missing by what their calls say", core::grouped(content.missing));
  }
  text += malformed_lines(content);
  if (imported.alike != 0) {
    text += fmt::format(
        "\n   {} in a row are those of {} too, which goes on differently: counted, as another "
        "host's would be",
        counted_lines(imported.alike), imported.alike_in);
  }
  return text;
}

// Of a file in which every line that is not empty is malformed.
core::Error nothing_of_the_format(const std::string& file, const sources::LogContent& content) {
  const sources::LikelyFormat& likely = content.looks_like;
  core::Error error{
      fmt::format("expected lines of the format {}, got none in {}: {}", content.format,
                  counted_lines(content.lines), malformed_in_words(content.examples.front())),
      file, "see `recoup import --help` for the formats; nothing was kept"};
  if (content.examples.front().expected == sources::kLoneReturn) {
    error.help =
        "its lines end with carriage returns alone: make them newlines with tr '\\r' '\\n'; "
        "nothing "
        "was kept";
  } else if (likely.format == content.format) {
    return error;
  } else if (!likely.format.empty()) {
    error.help = fmt::format("it looks like {}: import it with --format {}; nothing was kept",
                             likely.name, likely.format);
  }
  return error;
}

}  // namespace

FileRead read_file(ledger::Ledger& ledger, const service::LogSource& source,
                   const documents::InputFile& file, const service::OnImportProgress& progress) {
  auto imported = service::import_log(ledger, source, file, progress);
  if (!imported) return {kCouldNot, {}, {}, imported.error()};
  const sources::LogContent& content = imported->content;
  const bool is_nothing = content.records.prints().empty() && content.outside == 0;
  if (is_nothing && !content.known && content.malformed > 0) {
    return {kWrongWords, {}, {}, nothing_of_the_format(file.name, content)};
  }
  std::string words = import_in_words(source, *imported);
  return {kDone, std::move(words), *std::move(imported), {}};
}

}  // namespace recoup::cli
