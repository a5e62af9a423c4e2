#include <array>

#include "sources/logs/formats/late_answers.h"
#include "sources/logs/formats/named_outcomes.h"
#include "sources/logs/formats/times.h"

namespace recoup::sources {
namespace {

// S3Line is what a line of a bucket's access log says. The views lie in the line.
struct S3Line {
  core::Instant at;
  int status = -1;  // 0 to 999; -1 where the line has none
  std::string_view request_id;
  std::string_view operation;  // "REST.GET.OBJECT"
  std::string_view uri;        // "GET /bucket/key HTTP/1.1", or "-"
  std::string_view error;      // "SlowDown", or "-"
  std::string_view rest;       // of the line, behind the error
};

constexpr std::string_view kS3Time = "expected a time like [03/Oct/2026:02:00:00 +0000]";
constexpr std::string_view kBefore = "expected the bucket's owner and the bucket before the time";
constexpr std::string_view kCalendar = "expected a time that is in the calendar";
constexpr std::string_view kWords =
    "expected address, requester, request id, operation and key behind the time";
constexpr std::string_view kRequest = "expected the request in quotes and a status of three digits";

// The word behind one space; nothing is taken where there is none.
std::string_view take_next(std::string_view& rest) {
  std::string_view behind = rest;
  if (!behind.starts_with(' ') || behind.size() < 2 || is_space(behind[1])) return {};
  const std::string_view word = take_word(behind);
  rest = behind;
  return word;
}

// Where the status behind the request ends, if " DDD " stands at `p`, or " - ".
const char* status_end(const char* p, const char* end) {
  if (end - p < 3 || p[0] != ' ') return nullptr;
  if (p[1] == '-' && p[2] == ' ') return p + 2;
  const bool fits = end - p >= 5 && p[4] == ' ' && status_of({p + 1, 3}) >= 0;
  return fits ? p + 4 : nullptr;
}

// Takes request and status; false where they are not there. Nothing in the URI is escaped, so the
// first quote that a status follows ends it, where the first one of all does not.
bool take_request_and_status(std::string_view& rest, S3Line& out) {
  const char* const begin = rest.data();
  const char* const end = begin + rest.size();
  const char* stop = nullptr;
  if (rest.starts_with(" - ")) {
    out.uri = rest.substr(1, 1);
    stop = status_end(begin + 2, end);
  } else if (rest.starts_with(" \"")) {
    const char* quote = closing_quote(begin + 2, end);
    if (quote != nullptr) stop = status_end(quote + 1, end);
    if (stop == nullptr) {
      quote = find_quote(begin + 2, end);
      while (quote != nullptr && (stop = status_end(quote + 1, end)) == nullptr) {
        quote = find_quote(quote + 1, end);
      }
    }
    if (quote != nullptr) out.uri = text_between(begin + 2, quote);
  }
  if (stop == nullptr) return false;
  out.status = stop[-1] == '-' ? -1 : status_of({stop - 3, 3});
  rest = text_between(stop, end);
  return true;
}

// What S3 did by itself, and each object of a request that deletes many: lines of their own, and
// no requests.
bool is_request(const S3Line& line) {
  return line.uri != "-" ||
         !(line.operation.starts_with("S3.") || line.operation.starts_with("BATCH."));
}

// What was expected where it is no line of a bucket's log; empty where it is.
std::string_view parse_s3(std::string_view line, ClfTimes& times, S3Line& out) {
  const char* const end = line.data() + line.size();
  const char* const time = times.find(line.data(), end);
  if (time == nullptr) return kS3Time;
  std::string_view before = text_between(line.data(), time);
  take_word(before);
  if (take_word(before).empty() || !take_word(before).empty()) return kBefore;
  const auto at = times.instant(time);
  if (!at) return kCalendar;
  out.at = *at;
  std::string_view rest = text_between(time + kClfShape.size(), end);
  std::array<std::string_view, 5> words;
  for (std::string_view& word : words) {
    word = take_next(rest);
    if (word.empty()) return kWords;
  }
  out.request_id = words[2];
  out.operation = words[3];
  if (!take_request_and_status(rest, out)) return kRequest;
  if (out.status < 0 && is_request(out)) return kRequest;
  out.error = take_word(rest);
  out.rest = rest;
  return {};
}

// Behind the error, each of which may be absent: bytes, size of the object, total time and the
// bucket's own, in milliseconds, and in quotes referrer and agent.
struct S3End {
  std::string_view total_time;
  std::string_view agent;
};

S3End end_of(std::string_view rest) {
  take_word(rest);
  take_word(rest);
  S3End end;
  end.total_time = take_word(rest);
  take_word(rest);
  take_quoted(rest);
  end.agent = take_quoted(rest);
  return end;
}

// "SlowDown", of which the first is a letter; nothing of "-" and of what stands there in its place.
std::string_view error_name(std::string_view word) {
  const bool is_name =
      !word.empty() && ((word[0] >= 'A' && word[0] <= 'Z') || (word[0] >= 'a' && word[0] <= 'z'));
  return is_name ? word : std::string_view();
}

class S3Reader final : public LineReader {
 public:
  explicit S3Reader(const FormatOptions& options) : late_(options) {}

 private:
  bool line(const Line& line, Intake& intake) override {
    S3Line request;
    if (!parse_s3(line.text, times_, request).empty()) return false;
    if (!is_request(request)) {
      intake.other();
      return true;
    }
    const S3End end = end_of(request.rest);
    auto outcome = outcomes_.of(request.status, error_name(request.error), intake);
    const auto took = [&] { return core::Millis(scaled_number(end.total_time, 0).value_or(0)); };
    if (late_.are_asked_for()) outcome = late_.of(outcome, took(), intake);
    take_request(line,
                 {request.at, outcome, is_own_agent(end.agent), has_value(request.request_id)},
                 intake, [&](Failures::Record& record) {
                   record.request = requested_.of(or_nothing(request.uri));
                   record.request_id = or_nothing(request.request_id);
                   record.duration = took();
                 });
    return true;
  }

  std::string_view expected_of(std::string_view line) const override {
    S3Line ignored;
    ClfTimes times;
    return parse_s3(line, times, ignored);
  }

  LateAnswers late_;
  ClfTimes times_;
  NamedOutcomes outcomes_;
  Requested requested_;
};

bool is_s3(std::string_view line, const FormatOptions&) {
  S3Line ignored;
  ClfTimes times;
  return parse_s3(line, times, ignored).empty();
}

}  // namespace

extern const Format kS3{
    .name = "s3",
    .what = "an S3 server access log",
    .help = "server access logs of S3",
    .fits = is_s3,
    .reader = [](const FormatOptions& options) -> std::unique_ptr<Reader> {
      return std::make_unique<S3Reader>(options);
    },
    .sight = {"S3 delivers its server access logs on a best-effort basis, by AWS's documentation: "
              "the Errors in the log came, and Requests may come late or be missing.",
              kAtBucket},
    .durations = Format::Durations::all};

}  // namespace recoup::sources
