#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sources/logs/format.h"
#include "sources/logs/read_log.h"
#include "support/catch.h"
#include "support/temp_dir.h"

// Logs as tests have them: texts and lines, not files.
namespace recoup::test {

// What read_log() makes of a file with that text.
inline sources::LogContent read_text_log(const std::string& text, const std::string& format,
                                         const sources::FormatOptions& options = {}) {
  const TempDir dir;
  sources::LogReading reading{format};
  reading.options = options;
  auto content = sources::read_log(dir.write("log", text), reading);
  REQUIRE(content.ok());
  return *std::move(content);
}

// How often each outcome occurs, and each of "malformed", "blank", "own" and "skip" where it does.
inline std::map<std::string, std::uint64_t> histogram(const sources::LogContent& content) {
  std::map<std::string, std::uint64_t> counts;
  for (const core::Minute minute : content.counts.minutes()) {
    for (const auto& [outcome, count] : content.counts.of(minute)) {
      counts[to_text(outcome)] += count;
    }
  }
  const auto note = [&](const char* what, std::uint64_t count) {
    if (count > 0) counts[what] = count;
  };
  note("malformed", content.malformed);
  note("blank", content.empty);
  note("own", content.own);
  note("skip", content.others);
  return counts;
}

// LineByLine asks a format's readers of one line after the other.
class LineByLine {
 public:
  explicit LineByLine(const std::string& format, const sources::FormatOptions& options = {})
      : format_(*sources::find_format(format)), options_(options) {}

  // What the line is: "blank", "malformed", "own", "skip", or its second since 1970 and its
  // outcome: "1790985600 503".
  std::string verdict(const std::string& line) {
    sources::Intake intake("log", none_, [](const core::Outcome&) { return true; });
    const auto reader = format_.reader(options_);
    const bool taken = reader->take(headers_ + line + "\n", intake).ok();
    REQUIRE(taken);
    const sources::LogContent& content = intake.content();
    expected_ = content.examples.empty() ? "" : std::string(content.examples.front().expected);
    if (content.failures.size() == 1) {
      kept_ = content.failures.at(0, content.counts.outcomes());
      const auto second = std::chrono::floor<std::chrono::seconds>(kept_.at).time_since_epoch();
      return std::to_string(second.count()) + ' ' + to_text(kept_.outcome);
    }
    for (const auto& [what, count] : histogram(content)) return what;
    headers_ = line.starts_with("#Fields:") ? line + "\n" : headers_;
    return "skip";
  }

  // What was expected of the last one, where it is malformed.
  const std::string& expected() const { return expected_; }

  // The evidence of the last one that is a request.
  const record::Evidence& evidence() const { return kept_; }

 private:
  const sources::Format& format_;
  sources::FormatOptions options_;
  std::vector<sources::RecordSpan> none_;
  std::string headers_;  // the last line that says how the others are to be read
  std::string expected_;
  record::Evidence kept_;
};

}  // namespace recoup::test
