#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "core/time.h"
#include "core/zone.h"

// Times as logs have them. Nothing here allocates, whether the text is a time or not.
namespace recoup::sources {

// "[dd/Mmm/yyyy:hh:mm:ss +hhmm]"; '0' stands for any digit, 'A' and 'a' for a letter of that case,
// '+' for a sign.
inline constexpr std::string_view kClfShape = "[00/Aaa/0000:00:00:00 +0000]";

// Where the first text of that shape begins, or null.
const char* find_clf_time(const char* p, const char* end);

// The instant of a text of that shape; nothing where it is not in the calendar. Second 60 is second
// 0 of the next minute.
std::optional<core::Instant> clf_instant(const char* p);

// ClfTimes does both line after line. Where much is logged a line mostly has the time of the one
// before it, which is not read again.
class ClfTimes {
 public:
  const char* find(const char* p, const char* end);

  // Whether a time begins there; what follows is as long as one.
  bool is_at(const char* p) const { return is_last(p) || is_written_at(p); }

  // Of what was found.
  std::optional<core::Instant> instant(const char* p) { return is_last(p) ? at_ : read(p); }

 private:
  // A call that compares the bytes takes longer than these do.
  bool is_last(const char* p) const {
    const auto differs = [&](std::size_t at) {
      std::uint64_t one = 0;
      std::uint64_t other = 0;
      std::memcpy(&one, p + at, sizeof one);
      std::memcpy(&other, last_.data() + at, sizeof other);
      return one ^ other;
    };
    static_assert(kClfShape.size() == 28);
    return (differs(0) | differs(8) | differs(16) | differs(20)) == 0;
  }
  static bool is_written_at(const char* p);
  std::optional<core::Instant> read(const char* p);

  std::array<char, kClfShape.size()> last_{};
  std::optional<core::Instant> at_;  // of last_
};

// The same of a whole text, which may be without its brackets.
std::optional<core::Instant> parse_clf_time(std::string_view text);

// WrittenTime is a time that may have been written without its offset from UTC.
struct WrittenTime {
  core::Instant at;        // as if it were UTC, where it has none
  bool has_offset = true;  // or is UTC
};

// ISO 8601 to the second or finer: "2026-10-03T02:00:00.250Z", "2026-10-03 04:00:00,25+0200",
// "2026-10-03T02:00:00". What is finer than a millisecond is cut; second 60 is second 0 of the next
// minute.
std::optional<WrittenTime> parse_iso_time(std::string_view text);

// A time since 1970 as a decimal number, with an exponent or without: seconds, or where it is too
// large for these milliseconds, microseconds or nanoseconds. Not negative.
std::optional<core::Instant> parse_epoch_time(std::string_view text);

// The instant at which the zone's clocks show what `local` would show in UTC; the earlier one where
// they do twice, nothing where a clock change skips it.
std::optional<core::Instant> from_local(core::Instant local, const core::Zone& zone);

// A decimal number of units, of which `digits` (at most 9) more than the decimal point's are whole
// ones of the result, the rest cut: ("1.5", 3) is 1500. Nothing where it is no such number, is
// negative or has a result of more than 18 digits.
std::optional<long long> scaled_number(std::string_view text, int digits);

}  // namespace recoup::sources
