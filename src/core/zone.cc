#include "core/zone.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/ensure.h"

namespace recoup::core {

Zone::Zone(std::string name, std::vector<Offset> offsets)
    : data_(std::make_shared<const Data>(Data{std::move(name), std::move(offsets)})) {
  RECOUP_ENSURE(!data_->offsets.empty());
}

Zone Zone::utc() { return Zone("UTC", {{Instant{}, std::chrono::seconds(0)}}); }

Zone Zone::fixed(std::chrono::minutes east) {
  const auto size = std::chrono::abs(east).count();
  return Zone(fmt::format("{}{:02}:{:02}", east.count() < 0 ? '-' : '+', size / 60, size % 60),
              {{Instant{}, east}});
}

std::chrono::seconds Zone::offset_at(Instant at) const {
  const std::vector<Offset>& offsets = data_->offsets;
  const auto after = std::upper_bound(offsets.begin(), offsets.end(), at,
                                      [](Instant t, const Offset& o) { return t < o.since; });
  return after == offsets.begin() ? after->east : std::prev(after)->east;
}

Instant Zone::begin_of(Date day) const {
  // Local midnight falls under the first offset that has not ended when that midnight comes.
  const std::vector<Offset>& offsets = data_->offsets;
  const auto midnight = std::chrono::local_days(day).time_since_epoch();
  for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
    const Instant at(midnight - offsets[i].east);
    if (at < offsets[i + 1].since) return i == 0 ? at : std::max(at, offsets[i].since);
  }
  const Instant at(midnight - offsets.back().east);
  return offsets.size() == 1 ? at : std::max(at, offsets.back().since);
}

Date Zone::day_of(Instant at) const {
  return std::chrono::floor<std::chrono::days>(at + offset_at(at));
}

Zone Zone::billed_by(const CycleShape& shape) const {
  Zone zone = *this;
  zone.cycles_ = shape;
  return zone;
}

namespace {

Month month_in(Date day) { return day.year() / day.month(); }

// The first month of the quarter that holds it.
Month quarter_of(Month month) {
  return month - std::chrono::months((static_cast<unsigned>(month.month()) - 1) % 3);
}

}  // namespace

Month Zone::month_of(Instant at) const {
  const Date day = day_of(at);
  const Month month = month_in(day);
  switch (cycles_.calendar) {
    case Calendar::month: return month;
    case Calendar::quarter: return quarter_of(month);
    case Calendar::purchase_day:
      return day < first_day(month) ? month - std::chrono::months(1) : month;
    case Calendar::days: break;
  }
  const auto since = std::chrono::sys_days(day) - std::chrono::sys_days(cycles_.start);
  // Rounded down, before the first one as well.
  const auto before = since.count() < 0 ? cycles_.days - 1 : 0;
  const auto cycles = static_cast<int>((since.count() - before) / cycles_.days);
  return month_in(cycles_.start) + std::chrono::months(cycles);
}

Month Zone::month_after(Month month, int cycles) const {
  const int months = cycles_.calendar == Calendar::quarter ? 3 : 1;
  return month + std::chrono::months(months * cycles);
}

bool Zone::names_cycle(Month month) const {
  return cycles_.calendar != Calendar::quarter || month == quarter_of(month);
}

Date Zone::first_day(Month month) const {
  switch (cycles_.calendar) {
    case Calendar::month:
    case Calendar::quarter: break;
    case Calendar::purchase_day: {
      const Date day = month / cycles_.start.day();
      return day.ok() ? day : Date(month / std::chrono::last);
    }
    case Calendar::days: {
      const auto cycles = (month - month_in(cycles_.start)).count();
      return std::chrono::sys_days(cycles_.start) + std::chrono::days(cycles * cycles_.days);
    }
  }
  return month / std::chrono::day(1);
}

Cycle cycle_of(Month month, const Zone& zone) {
  const Month name = zone.names_cycle(month) ? month : quarter_of(month);
  return {name,
          {zone.begin_of(zone.first_day(name)),
           zone.begin_of(zone.first_day(zone.month_after(name, 1)))},
          false};
}

Cycle cycle_at(Instant at, const Zone& zone) { return cycle_of(zone.month_of(at), zone); }

}  // namespace recoup::core
