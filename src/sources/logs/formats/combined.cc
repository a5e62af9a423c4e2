#include "sources/logs/formats/combined.h"

#include "sources/logs/formats/combined_parts.h"
#include "sources/logs/formats/request.h"

namespace recoup::sources {
namespace {

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

bool own_agent(const char* size, const char* end) {
  if (!has_referrer(size, end)) return false;
  const char* quote = closing_quote(size + 2, end);
  return quote != nullptr && own_agent_behind(quote, end);
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
  return CombinedLine{*at,
                      status_behind(close.quote),
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
      return combined_reader(options.request_id, true);
    },
    .sight = {"A server's or proxy's own log has only what reached it and went through it.",
              kAtServer},
    .has_numbered_fields = true};

}  // namespace recoup::sources
