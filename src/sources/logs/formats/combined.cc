#include "sources/logs/formats/combined.h"

#include "sources/logs/formats/request.h"

namespace recoup::sources {
namespace {

// Host, ident and user stand before the time.
bool has_three_words(const char* p, const char* end) {
  // Hardly anybody is known by name: "192.0.2.1 - - ".
  if (end - p > 5 && end[-1] == ' ' && end[-2] == '-' && end[-3] == ' ' && end[-4] == '-' &&
      end[-5] == ' ' && !is_space(*p)) {
    return true;
  }
  int words = 0;
  bool inside = false;
  for (; p != end && words < 3; ++p) {
    const bool in_word = !is_space(*p);
    words += in_word && !inside ? 1 : 0;
    inside = in_word;
  }
  return words >= 3;
}

// Where the size behind a status ends, if " DDD size" stands at `p` and white space, a quote or the
// end follows.
const char* status_and_size(const char* p, const char* end) {
  if (end - p < 6 || p[0] != ' ' || !is_digit(p[1]) || !is_digit(p[2]) || !is_digit(p[3]) ||
      p[4] != ' ') {
    return nullptr;
  }
  p += 5;
  if (*p == '-') {
    ++p;
  } else {
    if (!is_digit(*p)) return nullptr;
    while (p != end && is_digit(*p)) ++p;
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

// The next field of what is left: in quotes, in brackets, or a word.
std::string_view take_field(std::string_view& rest) {
  while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
  if (const auto quoted = take_quoted(rest); quoted.data() != nullptr) return quoted;
  if (rest.starts_with('[')) {
    if (const auto end = rest.find(']'); end != std::string_view::npos) {
      const std::string_view field = rest.substr(1, end - 1);
      rest.remove_prefix(end + 1);
      return field;
    }
  }
  return take_word(rest);
}

// Whether ' "referrer" "recoup/…' follows the size.
bool own_agent(const char* p, const char* end) {
  constexpr std::string_view kOwn = "\" \"recoup/";
  if (end - p < 2 || p[0] != ' ' || p[1] != '"') return false;
  const char* quote = closing_quote(p + 2, end);
  if (quote == nullptr || end - quote < 4 || quote[3] != 'r') return false;  // as nearly all
  return std::string_view(quote, static_cast<std::size_t>(end - quote)).starts_with(kOwn);
}

}  // namespace

std::optional<CombinedLine> parse_combined(std::string_view line) {
  ClfTimes times;
  return parse_combined(line, times);
}

std::optional<CombinedLine> parse_combined(std::string_view line, ClfTimes& times) {
  const char* const begin = line.data();
  const char* const end = begin + line.size();
  const char* const time = times.find(begin, end);
  if (time == nullptr || !has_three_words(begin, time)) return std::nullopt;
  const auto at = times.instant(time);
  if (!at) return std::nullopt;

  const char* const quote = time + kClfShape.size();
  if (end - quote < 2 || quote[0] != ' ' || quote[1] != '"') return std::nullopt;
  const char* const request = quote + 2;
  const RequestEnd close = find_request_end(request, end);
  if (close.quote == nullptr) return std::nullopt;
  const int status = two_digits(close.quote + 2) * 10 + (close.quote[4] - '0');
  return CombinedLine{*at,
                      status,
                      own_agent(close.size, end),
                      text_between(request, close.quote),
                      text_between(begin, time),
                      text_between(close.size, end)};
}

std::string_view numbered_field(const CombinedLine& line, std::size_t number) {
  std::string_view before = line.before;
  std::string_view rest = line.rest;
  if (before.starts_with('"')) {  // the whole line is in quotes
    before.remove_prefix(1);
    if (rest.ends_with('"')) rest.remove_suffix(1);
  }
  for (std::string_view word = take_word(before); !word.empty(); word = take_word(before)) {
    if (--number == 0) return or_nothing(word);
  }
  constexpr std::size_t kBetween = 4;  // time, request, status and size
  if (number <= kBetween) return number == 2 ? or_nothing(line.request) : std::string_view();
  number -= kBetween;
  while (!rest.empty()) {
    const std::string_view field = take_field(rest);
    if (--number == 0) return or_nothing(field);
  }
  return {};
}

std::string_view expected_of_combined(std::string_view line) {
  const char* const begin = line.data();
  const char* const end = begin + line.size();
  const char* const time = find_clf_time(begin, end);
  if (time == nullptr) return "expected a time like [03/Oct/2026:02:00:00 +0000]";
  if (!has_three_words(begin, time)) return "expected host, ident and user before the time";
  if (!clf_instant(time)) return "expected a time that is in the calendar";
  const char* const quote = time + kClfShape.size();
  if (end - quote < 2 || quote[0] != ' ' || quote[1] != '"') {
    return "expected the request in quotes behind the time";
  }
  return "expected the request in quotes, a status of three digits and a size";
}

namespace {

class CombinedReader final : public LineReader {
 public:
  explicit CombinedReader(std::size_t request_id) : request_id_(request_id) {}

 private:
  bool line(const Line& line, Intake& intake) override {
    const auto request = parse_combined(line.text, times_);
    if (!request) return false;
    const bool has_id = request_id_ != 0 && has_value(numbered_field(*request, request_id_));
    take_request(line, {request->at, outcome_of(request->status, intake), request->is_own, has_id},
                 intake, [&](Failures::Record& record) {
                   record.request = method_and_path(request->request);
                   if (request_id_ != 0) record.request_id = numbered_field(*request, request_id_);
                 });
    return true;
  }

  std::string_view expected_of(std::string_view line) const override {
    return expected_of_combined(line);
  }

  ClfTimes times_;
  std::size_t request_id_;  // the number of its field; 0: none
};

bool is_combined(std::string_view line, const FormatOptions&) {
  return parse_combined(line).has_value();
}

}  // namespace

extern const Format kCombined{
    .name = "combined",
    .what = "an access log of a web server",
    .help = "access logs of web servers",
    .fits = is_combined,
    .reader = [](const FormatOptions& options) -> std::unique_ptr<Reader> {
      return std::make_unique<CombinedReader>(options.request_id);
    },
    .sight = {"A server's or proxy's own log has only what reached it and went through it.",
              kAtServer},
    .has_numbered_fields = true};

}  // namespace recoup::sources
