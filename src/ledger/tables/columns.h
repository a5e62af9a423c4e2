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

inline core::Instant instant(std::int64_t ms) { return core::Instant(core::Millis(ms)); }
inline core::Minute minute(std::int64_t minutes) {
  return core::Minute(std::chrono::minutes(minutes));
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
