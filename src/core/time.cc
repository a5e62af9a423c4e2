#include "core/time.h"

#include <array>
#include <optional>

#include <fmt/format.h>

namespace recoup::core {
namespace {

using std::chrono::floor;

// Scanner takes fixed-width numbers and single characters off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  // Whether the next character is one of `any`; takes it if so.
  bool take(std::string_view any) {
    if (rest_.empty() || any.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Exactly `width` digits, within [low, high].
  std::optional<int> number(std::size_t width, int low, int high) {
    if (rest_.size() < width) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const char c = rest_[i];
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    if (value < low || value > high) return std::nullopt;
    rest_.remove_prefix(width);
    return value;
  }

  // Any number of digits as milliseconds of a second: what is beyond three digits is cut.
  std::optional<int> fraction() {
    int value = 0;
    int digits = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1)) {
      if (digits < 3) value = value * 10 + (rest_.front() - '0');
      ++digits;
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 3; ++digits) value *= 10;
    return value;
  }

 private:
  std::string_view rest_;
};

std::optional<Date> scan_date(Scanner& in) {
  const auto year = in.number(4, 1, 9999);
  if (!year || !in.take("-")) return std::nullopt;
  const auto month = in.number(2, 1, 12);
  if (!month || !in.take("-")) return std::nullopt;
  const auto day = in.number(2, 1, 31);
  if (!day) return std::nullopt;
  const Date date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                  std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return date;
}

std::optional<Millis> scan_time_of_day(Scanner& in) {
  const auto hour = in.number(2, 0, 23);
  if (!hour || !in.take(":")) return std::nullopt;
  const auto minute = in.number(2, 0, 59);
  if (!minute) return std::nullopt;
  Millis time = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  if (!in.take(":")) return time;
  const auto second = in.number(2, 0, 60);
  if (!second) return std::nullopt;
  time += std::chrono::seconds(*second);
  if (!in.take(".,")) return time;
  const auto millis = in.fraction();
  if (!millis) return std::nullopt;
  return time + Millis(*millis);
}

std::optional<std::chrono::minutes> scan_offset(Scanner& in) {
  if (in.take("Zz")) return std::chrono::minutes(0);
  const bool west = in.peek() == '-';
  if (!in.take("+-")) return std::nullopt;
  const auto hours = in.number(2, 0, 23);
  if (!hours) return std::nullopt;
  in.take(":");
  const auto minutes = in.number(2, 0, 59);
  if (!minutes) return std::nullopt;
  const std::chrono::minutes offset(*hours * 60 + *minutes);
  return west ? -offset : offset;
}

Error expected(std::string_view what, std::string_view got) {
  return {fmt::format("expected {}, got '{}'", what, got)};
}

}  // namespace

Minute minute_of(Instant at) { return floor<std::chrono::minutes>(at); }

std::string to_text(Date date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string to_text(Month month) {
  return fmt::format("{:04}-{:02}", static_cast<int>(month.year()),
                     static_cast<unsigned>(month.month()));
}

std::string to_text(Instant at) {
  const auto day = floor<std::chrono::days>(at);
  const std::chrono::hh_mm_ss time(at - day);
  std::string text = fmt::format("{}T{:02}:{:02}:{:02}", to_text(Date(day)), time.hours().count(),
                                 time.minutes().count(), time.seconds().count());
  if (time.subseconds().count() != 0) text += fmt::format(".{:03}", time.subseconds().count());
  return text + 'Z';
}

Result<Instant> parse_instant(std::string_view text) {
  const auto wrong = [&] {
    return expected("an instant with its offset, like 2026-10-03T02:00:00Z", text);
  };
  Scanner in(text);
  const auto date = scan_date(in);
  if (!date || !in.take("Tt ")) return wrong();
  const auto time = scan_time_of_day(in);
  if (!time) return wrong();
  const auto offset = scan_offset(in);
  if (!offset || !in.at_end()) return wrong();
  const Instant at = Instant(std::chrono::sys_days(*date)) + *time - *offset;
  // The offset may lead out of the years that can be written.
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
  if (day.year() < std::chrono::year(1) || day.year() > std::chrono::year(9999)) return wrong();
  return at;
}

Result<Date> parse_date(std::string_view text) {
  Scanner in(text);
  const auto date = scan_date(in);
  if (!date || !in.at_end()) return expected("a date, like 2026-10-03", text);
  return *date;
}

Result<Month> parse_month(std::string_view text) {
  Scanner in(text);
  const auto year = in.number(4, 1, 9999);
  if (year && in.take("-")) {
    const auto month = in.number(2, 1, 12);
    if (month && in.at_end()) {
      return Month(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)));
    }
  }
  return expected("a month, like 2026-10", text);
}

namespace {

struct Unit {
  std::string_view name;
  Millis length;
};

constexpr std::array<Unit, 5> kUnits{{{"ms", Millis(1)},
                                      {"s", std::chrono::seconds(1)},
                                      {"m", std::chrono::minutes(1)},
                                      {"h", std::chrono::hours(1)},
                                      {"d", std::chrono::days(1)}}};
constexpr Millis kLongest = std::chrono::days(366);

}  // namespace

Result<Millis> parse_duration(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789");
  if (digits != 0 && digits != std::string_view::npos && digits <= 11) {
    Millis::rep value = 0;
    for (const char c : text.substr(0, digits)) value = value * 10 + (c - '0');
    for (const Unit& unit : kUnits) {
      if (text.substr(digits) != unit.name) continue;
      if (value == 0 || value > kLongest / unit.length) break;
      return value * unit.length;
    }
  }
  return expected("a duration from 1ms to 366d, like 5s, 250ms or 2m", text);
}

std::string to_text(Millis duration) {
  const Unit* best = &kUnits.front();
  for (const Unit& unit : kUnits) {
    if (duration.count() != 0 && duration % unit.length == Millis(0)) best = &unit;
  }
  return fmt::format("{}{}", duration / best->length, best->name);
}

}  // namespace recoup::core
