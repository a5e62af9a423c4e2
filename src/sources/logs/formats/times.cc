#include "sources/logs/formats/times.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "sources/logs/formats/text.h"

namespace recoup::sources {
namespace {

using namespace std::chrono;

bool has_clf_shape(const char* p) {
  for (const char shape : kClfShape) {
    const char c = *p++;
    switch (shape) {
      case '0':
        if (!is_digit(c)) return false;
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

unsigned month_number(const char* p) {
  constexpr std::string_view kNames = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (std::size_t i = 0; i < kNames.size(); i += 3) {
    if (std::memcmp(kNames.data() + i, p, 3) == 0) return static_cast<unsigned>(i / 3 + 1);
  }
  return 0;
}

std::optional<core::Instant> in_calendar(int y, unsigned m, int d, int hour, int min, int sec) {
  const year_month_day date{year(y), month(m), day(static_cast<unsigned>(d))};
  if (!date.ok() || date.year() == year(0) || hour > 23 || min > 59 || sec > 60) {
    return std::nullopt;
  }
  return core::Instant(sys_days(date)) + hours(hour) + minutes(min) + seconds(sec);
}

// "+hhmm" or "+hh:mm", all of the text; nothing where it is no offset.
std::optional<minutes> parse_offset(std::string_view text) {
  if (text == "Z") return minutes(0);
  const std::size_t colon = text.size() == 6 && text[3] == ':' ? 1 : 0;
  if (text.size() != 5 + colon || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const char* const rest = text.data() + 3 + colon;
  if (!is_digit(text[1]) || !is_digit(text[2]) || !is_digit(rest[0]) || !is_digit(rest[1])) {
    return std::nullopt;
  }
  const minutes offset(two_digits(text.data() + 1) * 60 + two_digits(rest));
  return text[0] == '-' ? -offset : offset;
}

bool all_digits(const char* p, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(p[i])) return false;
  }
  return true;
}

// "yyyy-mm-ddThh:mm:ss"
constexpr std::size_t kIsoSize = 19;

bool has_iso_shape(const char* p) {
  return all_digits(p, 4) && p[4] == '-' && all_digits(p + 5, 2) && p[7] == '-' &&
         all_digits(p + 8, 2) && (p[10] == 'T' || p[10] == ' ') && all_digits(p + 11, 2) &&
         p[13] == ':' && all_digits(p + 14, 2) && p[16] == ':' && all_digits(p + 17, 2);
}

constexpr int kMostDigits = 18;  // that fit into 63 bits, whatever they are

// A decimal number that is not negative.
struct Decimal {
  std::string_view digits;  // with the point, if there is one
  int point = 0;            // so many of the digits stand before the point, which an exponent moves
};

std::optional<Decimal> decimal_of(std::string_view text) {
  int exponent = 0;
  if (const auto e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view power = text.substr(e + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    const char* const end = power.data() + power.size();
    const auto [stop, code] = std::from_chars(power.data(), end, exponent);
    if (code != std::errc{} || stop != end) return std::nullopt;
    if (exponent > kMostDigits || exponent < -kMostDigits) return std::nullopt;
    text = text.substr(0, e);
  }
  constexpr std::size_t kLongest = 64;
  if (text.empty() || text.front() == '.' || text.size() > kLongest) return std::nullopt;
  std::size_t points = 0;
  for (const char c : text) {
    points += c == '.' ? 1 : 0;
    if ((c != '.' && !is_digit(c)) || points > 1) return std::nullopt;
  }
  return Decimal{text, static_cast<int>(std::min(text.find('.'), text.size())) + exponent};
}

std::optional<long long> scaled(const Decimal& decimal, int digits) {
  int left = decimal.point + digits;
  if (left > kMostDigits) return std::nullopt;
  long long value = 0;
  for (const char c : decimal.digits) {
    if (left <= 0) return value;
    if (c == '.') continue;
    value = value * 10 + (c - '0');
    --left;
  }
  for (; left > 0; --left) value *= 10;
  return value;
}

}  // namespace

const char* find_clf_time(const char* p, const char* end) {
  while (static_cast<std::size_t>(end - p) >= kClfShape.size()) {
    p = static_cast<const char*>(std::memchr(p, '[', static_cast<std::size_t>(end - p)));
    if (p == nullptr || static_cast<std::size_t>(end - p) < kClfShape.size()) return nullptr;
    if (has_clf_shape(p)) return p;
    ++p;
  }
  return nullptr;
}

std::optional<core::Instant> clf_instant(const char* p) {
  const auto local =
      in_calendar(two_digits(p + 8) * 100 + two_digits(p + 10), month_number(p + 4),
                  two_digits(p + 1), two_digits(p + 13), two_digits(p + 16), two_digits(p + 19));
  if (!local) return std::nullopt;
  const minutes offset(two_digits(p + 23) * 60 + two_digits(p + 25));
  return *local - (p[22] == '-' ? -offset : offset);
}

const char* ClfTimes::find(const char* p, const char* end) {
  if (static_cast<std::size_t>(end - p) < kClfShape.size()) return nullptr;
  p = static_cast<const char*>(std::memchr(p, '[', static_cast<std::size_t>(end - p)));
  if (p == nullptr || static_cast<std::size_t>(end - p) < kClfShape.size()) return nullptr;
  return is_last(p) ? p : find_clf_time(p, end);
}

bool ClfTimes::is_written_at(const char* p) { return has_clf_shape(p); }

std::optional<core::Instant> ClfTimes::read(const char* p) {
  std::memcpy(last_.data(), p, last_.size());
  at_ = clf_instant(p);
  return at_;
}

std::optional<core::Instant> parse_clf_time(std::string_view text) {
  std::array<char, kClfShape.size()> whole{};
  if (text.size() == whole.size()) {
    std::memcpy(whole.data(), text.data(), text.size());
  } else if (text.size() + 2 == whole.size()) {
    whole.front() = '[';
    std::memcpy(whole.data() + 1, text.data(), text.size());
    whole.back() = ']';
  } else {
    return std::nullopt;
  }
  return has_clf_shape(whole.data()) ? clf_instant(whole.data()) : std::nullopt;
}

std::optional<WrittenTime> parse_iso_time(std::string_view text) {
  if (text.size() < kIsoSize || !has_iso_shape(text.data())) return std::nullopt;
  const char* const p = text.data();
  const auto local =
      in_calendar(two_digits(p) * 100 + two_digits(p + 2), static_cast<unsigned>(two_digits(p + 5)),
                  two_digits(p + 8), two_digits(p + 11), two_digits(p + 14), two_digits(p + 17));
  if (!local) return std::nullopt;
  text.remove_prefix(kIsoSize);
  milliseconds fraction(0);
  if (!text.empty() && (text.front() == '.' || text.front() == ',')) {
    std::size_t size = 1;
    for (int unit = 100; size < text.size() && is_digit(text[size]); ++size, unit /= 10) {
      fraction += milliseconds(unit * (text[size] - '0'));
    }
    if (size == 1) return std::nullopt;
    text.remove_prefix(size);
  }
  if (text.empty()) return WrittenTime{*local + fraction, false};
  if (text.front() == ' ') text.remove_prefix(1);
  const auto offset = parse_offset(text);
  if (!offset) return std::nullopt;
  return WrittenTime{*local + fraction - *offset, true};
}

std::optional<long long> scaled_number(std::string_view text, int digits) {
  const auto decimal = decimal_of(text);
  return decimal ? scaled(*decimal, digits) : std::nullopt;
}

std::optional<core::Instant> parse_epoch_time(std::string_view text) {
  const auto decimal = decimal_of(text);
  if (!decimal) return std::nullopt;
  // Seconds of 11 digits reach the year 5138, milliseconds of 12 begin in 1973, and so on.
  constexpr int kMostOfSeconds = 11;
  constexpr int kMostOfNanos = 20;
  if (decimal->point > kMostOfNanos) return std::nullopt;
  int digits = 3;
  for (int most = kMostOfSeconds; decimal->point > most; most += 3) digits -= 3;
  const auto millis = scaled(*decimal, digits);
  if (!millis) return std::nullopt;
  return core::Instant(milliseconds(*millis));
}

std::optional<core::Instant> from_local(core::Instant local, const core::Zone& zone) {
  // No zone changes twice within a day.
  for (const auto side : {days(-1), days(1)}) {
    const seconds offset = zone.offset_at(local + side);
    if (zone.offset_at(local - offset) == offset) return local - offset;
  }
  return std::nullopt;
}

}  // namespace recoup::sources
