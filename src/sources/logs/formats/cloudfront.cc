#include <array>
#include <cstring>

#include "sources/logs/formats/late_answers.h"
#include "sources/logs/formats/request.h"
#include "sources/logs/formats/times.h"

namespace recoup::sources {
namespace {

// What is looked for among the fields, whichever of them a distribution logs and in which order.
enum Column : std::size_t {
  kDate,
  kTime,
  kTimestamp,
  kTimestampMs,
  kStatus,
  kMethod,
  kStem,
  kRequestId,
  kTaken,
  kAgent,
  kColumns
};
constexpr std::array<std::string_view, kColumns> kNames{
    "date",      "time",        "timestamp",         "timestamp(ms)", "sc-status",
    "cs-method", "cs-uri-stem", "x-edge-request-id", "time-taken",    "cs(User-Agent)"};

constexpr std::string_view kFieldsLine = "#Fields:";

// Columns says which column of a line is what, by the line of the log that names them.
class Columns {
 public:
  explicit Columns(std::string_view names) {
    for (auto name = take_word(names); !name.empty(); name = take_word(names)) {
      const auto found = std::find(kNames.begin(), kNames.end(), name);
      roles_.push_back(static_cast<std::size_t>(found - kNames.begin()));
      has_[roles_.back()] = true;
    }
  }

  std::size_t size() const { return roles_.size(); }
  std::size_t role_of(std::size_t column) const { return roles_[column]; }
  bool has(Column column) const { return has_[column]; }
  bool has_time() const {
    return (has(kDate) && has(kTime)) || has(kTimestamp) || has(kTimestampMs);
  }

 private:
  std::vector<std::size_t> roles_;  // of each column; kColumns: none that is looked for
  std::array<bool, kColumns + 1> has_{};
};

using Values = std::array<std::string_view, kColumns + 1>;

// Columns are separated by tabs, and in copies without a tab by white space. False where there are
// fewer than were named.
bool split(std::string_view line, const Columns& columns, Values& out) {
  const bool tabs = std::memchr(line.data(), '\t', line.size()) != nullptr;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!tabs) {
      const std::string_view word = take_word(line);
      if (word.empty()) return false;
      out[columns.role_of(i)] = word;
      continue;
    }
    if (line.data() == nullptr) return false;
    const std::string_view value = line.substr(0, line.find('\t'));
    out[columns.role_of(i)] = value;
    line = value.size() == line.size() ? std::string_view() : line.substr(value.size() + 1);
  }
  return true;
}

// Date and time are UTC.
std::optional<core::Instant> time_of(const Columns& columns, const Values& values) {
  if (columns.has(kDate) && columns.has(kTime)) {
    std::array<char, 64> text{};
    const std::string_view date = values[kDate];
    const std::string_view time = values[kTime];
    if (date.size() + time.size() + 2 > text.size()) return std::nullopt;
    char* p = std::copy(date.begin(), date.end(), text.data());
    *p++ = 'T';
    p = std::copy(time.begin(), time.end(), p);
    *p++ = 'Z';
    const auto at = parse_iso_time(text_between(text.data(), p));
    return at && at->has_offset ? std::optional(at->at) : std::nullopt;
  }
  return parse_epoch_time(values[columns.has(kTimestampMs) ? kTimestampMs : kTimestamp]);
}

// Reads the standard log of a CloudFront distribution by the line that names its fields.
class CloudFrontReader final : public LineReader {
 public:
  explicit CloudFrontReader(const FormatOptions& options) : late_(options) {}

 private:
  bool line(const Line& line, Intake& intake) override {
    if (line.text.front() == '#') {
      if (line.text.starts_with(kFieldsLine)) {
        columns_ = Columns(line.text.substr(kFieldsLine.size()));
      }
      return true;
    }
    Values values;
    core::Instant at;
    if (!parse(line.text, values, at).empty()) return false;
    auto outcome = outcome_of(status_of(values[kStatus]), intake);
    if (late_.are_asked_for()) outcome = late_.of(outcome, taken(values), intake);
    take_request(line, {at, outcome, is_own_agent(values[kAgent]), has_value(values[kRequestId])},
                 intake, [&](Failures::Record& record) {
                   record.request =
                       requested_.of(or_nothing(values[kMethod]), or_nothing(values[kStem]));
                   record.request_id = or_nothing(values[kRequestId]);
                   record.duration = taken(values);
                 });
    return true;
  }

  static core::Millis taken(const Values& values) {
    constexpr int kMillis = 3;
    return core::Millis(scaled_number(values[kTaken], kMillis).value_or(0));
  }

  std::string_view expected_of(std::string_view line) const override {
    Values ignored;
    core::Instant at;
    return parse(line, ignored, at);
  }

  // What was expected where it is no line of the log; empty where it is.
  std::string_view parse(std::string_view line, Values& values, core::Instant& at) const {
    if (columns_.size() == 0) return "expected a line before it that names the fields, #Fields: …";
    if (!columns_.has_time() || !columns_.has(kStatus)) {
      return "expected date, time and sc-status among the fields that #Fields names";
    }
    if (!split(line, columns_, values)) return "expected as many fields as #Fields names";
    const auto time = time_of(columns_, values);
    if (!time) return "expected a time that is in the calendar";
    at = *time;
    return status_of(values[kStatus]) < 0 ? "expected a status of three digits"
                                          : std::string_view();
  }

  Columns columns_{{}};
  LateAnswers late_;
  Requested requested_;
};

// Other servers have such a log too, which say more of themselves than an edge location does.
bool is_cloudfront(std::string_view line, const FormatOptions&) {
  if (!line.starts_with(kFieldsLine)) return false;
  line.remove_prefix(kFieldsLine.size());
  const Columns columns(line);
  const bool is_of_server = line.find("s-ip") != std::string_view::npos ||
                            line.find("sc-substatus") != std::string_view::npos ||
                            line.find("sc-win32-status") != std::string_view::npos;
  return columns.has_time() && columns.has(kStatus) && !is_of_server;
}

}  // namespace

extern const Format kCloudFront{
    .name = "cloudfront",
    .what = "a CloudFront standard log",
    .help = "standard logs of CloudFront",
    .fits = is_cloudfront,
    .reader = [](const FormatOptions& options) -> std::unique_ptr<Reader> {
      return std::make_unique<CloudFrontReader>(options);
    },
    .sight = {"CloudFront may log a Request up to a day late: what is not in the log yet is not "
              "counted.",
              kAtEdge},
    .durations = Format::Durations::all};

}  // namespace recoup::sources
