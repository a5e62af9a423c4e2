#include "sources/logs/formats/combined.h"

#include <array>
#include <cstring>

#include "sources/logs/formats/lines.h"

namespace recoup::sources {
namespace {

using namespace std::chrono;

bool digit(char c) { return c >= '0' && c <= '9'; }
int two(const char* p) { return (p[0] - '0') * 10 + (p[1] - '0'); }

// "[dd/Mmm/yyyy:hh:mm:ss +hhmm]"; '0' stands for any digit, 'A' and 'a' for a letter of that case,
// '+' for a sign.
constexpr std::string_view kTimeShape = "[00/Aaa/0000:00:00:00 +0000]";

bool has_time_shape(const char* p) {
  for (const char shape : kTimeShape) {
    const char c = *p++;
    switch (shape) {
      case '0':
        if (!digit(c)) return false;
        break;
      case 'A':
        if (c < 'A' || c > 'Z') return false;
        break;
      case 'a':
        if (c < 'a' || c > 'z') return false;
        break;
      case '+':
        if (c != '+' && c != '-') return false;
        break;
      default:
        if (c != shape) return false;
    }
  }
  return true;
}

// Where the first text of the shape of a time begins.
const char* find_time(const char* p, const char* end) {
  while (static_cast<std::size_t>(end - p) >= kTimeShape.size()) {
    p = static_cast<const char*>(std::memchr(p, '[', static_cast<std::size_t>(end - p)));
    if (p == nullptr || static_cast<std::size_t>(end - p) < kTimeShape.size()) return nullptr;
    if (has_time_shape(p)) return p;
    ++p;
  }
  return nullptr;
}

// Host, ident and user stand before the time.
bool has_three_words(const char* p, const char* end) {
  int words = 0;
  bool inside = false;
  for (; p != end && words < 3; ++p) {
    const bool in_word = !is_space(*p);
    words += in_word && !inside ? 1 : 0;
    inside = in_word;
  }
  return words >= 3;
}

unsigned month_number(const char* p) {
  constexpr std::string_view kNames = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (std::size_t i = 0; i < kNames.size(); i += 3) {
    if (std::memcmp(kNames.data() + i, p, 3) == 0) return static_cast<unsigned>(i / 3 + 1);
  }
  return 0;
}

// The instant of a text that has the shape of a time. Second 60 is second 0 of the next minute.
std::optional<core::Instant> instant_of(const char* p) {
  const year_month_day date{year(two(p + 8) * 100 + two(p + 10)), month(month_number(p + 4)),
                            day(static_cast<unsigned>(two(p + 1)))};
  const int hour = two(p + 13);
  const int min = two(p + 16);
  const int sec = two(p + 19);
  if (!date.ok() || date.year() == year(0) || hour > 23 || min > 59 || sec > 60) {
    return std::nullopt;
  }
  const minutes offset(two(p + 23) * 60 + two(p + 25));
  return core::Instant(sys_days(date)) + hours(hour) + minutes(min) + seconds(sec) -
         (p[22] == '-' ? -offset : offset);
}

const char* find_quote(const char* p, const char* end) {
  return p == end
             ? nullptr
             : static_cast<const char*>(std::memchr(p, '"', static_cast<std::size_t>(end - p)));
}

// The first quote in [begin, end) that no backslash escapes.
const char* closing_quote(const char* begin, const char* end) {
  for (const char* quote = find_quote(begin, end); quote != nullptr;
       quote = find_quote(quote + 1, end)) {
    const char* first = quote;
    while (first != begin && first[-1] == '\\') --first;
    if ((quote - first) % 2 == 0) return quote;
  }
  return nullptr;
}

// Where the size behind a status ends, if " DDD size" stands at `p` and white space, a quote or the
// end follows.
const char* status_and_size(const char* p, const char* end) {
  if (end - p < 6 || p[0] != ' ' || !digit(p[1]) || !digit(p[2]) || !digit(p[3]) || p[4] != ' ') {
    return nullptr;
  }
  p += 5;
  if (*p == '-') {
    ++p;
  } else {
    if (!digit(*p)) return nullptr;
    while (p != end && digit(*p)) ++p;
  }
  return p == end || is_space(*p) || *p == '"' ? p : nullptr;
}

// The quote that ends the request and where the size ends; no quote where the line is malformed.
struct RequestEnd {
  const char* quote = nullptr;
  const char* size = nullptr;
};

RequestEnd find_request_end(const char* begin, const char* end) {
  if (const char* quote = closing_quote(begin, end); quote != nullptr) {
    if (const char* size = status_and_size(quote + 1, end); size != nullptr) return {quote, size};
  }
  for (const char* quote = find_quote(begin, end); quote != nullptr;
       quote = find_quote(quote + 1, end)) {
    if (const char* size = status_and_size(quote + 1, end); size != nullptr) return {quote, size};
  }
  return {};
}

// Whether ' "referrer" "recoup/…' follows the size.
bool own_agent(const char* p, const char* end) {
  constexpr std::string_view kOwn = "\" \"recoup/";
  if (end - p < 2 || p[0] != ' ' || p[1] != '"') return false;
  const char* quote = closing_quote(p + 2, end);
  if (quote == nullptr) return false;
  return std::string_view(quote, static_cast<std::size_t>(end - quote)).starts_with(kOwn);
}

}  // namespace

std::optional<CombinedLine> parse_combined(std::string_view line) {
  const char* const begin = line.data();
  const char* const end = begin + line.size();
  const char* const time = find_time(begin, end);
  if (time == nullptr || !has_three_words(begin, time)) return std::nullopt;
  const auto at = instant_of(time);
  if (!at) return std::nullopt;

  const char* const quote = time + kTimeShape.size();
  if (end - quote < 2 || quote[0] != ' ' || quote[1] != '"') return std::nullopt;
  const char* const request = quote + 2;
  const RequestEnd close = find_request_end(request, end);
  if (close.quote == nullptr) return std::nullopt;
  const int status = two(close.quote + 2) * 10 + (close.quote[4] - '0');
  return CombinedLine{*at,
                      status,
                      own_agent(close.size, end),
                      {request, static_cast<std::size_t>(close.quote - request)}};
}

std::string_view expected_of_combined(std::string_view line) {
  const char* const begin = line.data();
  const char* const end = begin + line.size();
  const char* const time = find_time(begin, end);
  if (time == nullptr) return "expected a time like [03/Oct/2026:02:00:00 +0000]";
  if (!has_three_words(begin, time)) return "expected host, ident and user before the time";
  if (!instant_of(time)) return "expected a time that is in the calendar";
  const char* const quote = time + kTimeShape.size();
  if (end - quote < 2 || quote[0] != ' ' || quote[1] != '"') {
    return "expected the request in quotes behind the time";
  }
  return "expected the request in quotes, a status of three digits and a size";
}

namespace {

// "GET /a" of "GET /a?b=c HTTP/1.1"; of what is no such line, all before a '?'.
std::string_view method_and_path(std::string_view request) {
  request = request.substr(0, request.find('?'));
  const auto method_end = request.find(' ');
  if (method_end == std::string_view::npos) return request;
  return request.substr(0, request.find(' ', method_end + 1));
}

class CombinedReader final : public LineReader {
  bool line(const Line& line, Intake& intake) override {
    const auto request = parse_combined(line.text);
    if (!request) return false;
    const core::Minute minute = core::minute_of(request->at);
    if (!intake.record(line.text, minute, line.open)) return true;
    if (request->is_own) {
      intake.own();
      return true;
    }
    const auto outcome = outcome_of(request->status, intake);
    intake.count(minute, outcome, 1);
    if (intake.is_worth(outcome)) {
      intake.keep({request->at, line.number, outcome, method_and_path(request->request)});
    }
    return true;
  }

  std::string_view expected_of(std::string_view line) const override {
    return expected_of_combined(line);
  }

  // Servers write 000 and the like where they gave no answer.
  static core::OutcomeTable::Id outcome_of(int status, Intake& intake) {
    constexpr int kLowestStatus = 100;
    return status >= kLowestStatus ? intake.outcomes().answered(status)
                                   : intake.outcomes().id(core::Failed{core::NoAnswer::other});
  }
};

bool is_combined(std::string_view line) { return parse_combined(line).has_value(); }

}  // namespace

extern const Format kCombined{
    "combined", "an access log of a web server", "access logs of web servers", is_combined,
    []() -> std::unique_ptr<Reader> { return std::make_unique<CombinedReader>(); }};

}  // namespace recoup::sources
