#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/money.h"
#include "core/time.h"
#include "record/records.h"

// How values stand in the columns of the ledger's tables. Reading back throws Failure where a
// column holds what nobody wrote.
namespace recoup::ledger {

inline std::int64_t number(core::Instant at) { return at.time_since_epoch().count(); }
inline std::int64_t number(core::Minute minute) { return minute.time_since_epoch().count(); }
inline std::int64_t number(core::Millis duration) { return duration.count(); }

// Throws for a column that holds what nobody wrote.
[[noreturn]] void refuse_number(const char* expected, std::int64_t got);

// Ten thousand years from 1970. What lies beyond would leave the range of numbers where times are
// set against one another.
inline constexpr core::Millis kFurthest = std::chrono::days(3'652'500);

inline core::Millis millis(std::int64_t ms) {
  if (ms < -kFurthest.count() || ms > kFurthest.count()) refuse_number("a time", ms);
  return core::Millis(ms);
}
inline core::Instant instant(std::int64_t ms) { return core::Instant(millis(ms)); }
inline core::Minute minute(std::int64_t minutes) {
  constexpr std::int64_t kMost = std::chrono::floor<std::chrono::minutes>(kFurthest).count();
  if (minutes < -kMost || minutes > kMost) refuse_number("a minute", minutes);
  return core::Minute(std::chrono::minutes(minutes));
}

// A probe's period, and how many targets are due in each.
inline core::Millis period(std::int64_t ms) {
  if (ms <= 0) refuse_number("a period", ms);
  return millis(ms);
}
inline std::uint32_t targets(std::int64_t count) {
  if (count <= 0 || count > 0xffff'ffff) refuse_number("a count of targets", count);
  return static_cast<std::uint32_t>(count);
}

record::SeriesKind series_kind(std::string_view text);
core::NotSent gap_reason(std::string_view text);

// "8639/8640".
std::string column(const core::Ratio& ratio);
core::Ratio ratio_of(std::string_view text);

// "15000/1 USD", or empty.
std::string column(const std::optional<core::Money>& money);
std::optional<core::Money> money_of(std::string_view text);

core::Month month_of(std::string_view text);

}  // namespace recoup::ledger
