#include "core/zone.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

namespace recoup::core {

Zone::Zone(std::string name, std::vector<Offset> offsets)
    : data_(std::make_shared<const Data>(Data{std::move(name), std::move(offsets)})) {
  assert(!data_->offsets.empty());
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

Month Zone::month_of(Instant at) const {
  const Date day(std::chrono::floor<std::chrono::days>(at + offset_at(at)));
  return day.year() / day.month();
}

Cycle cycle_of(Month month, const Zone& zone) {
  const auto first = std::chrono::day(1);
  return {month,
          {zone.begin_of(month / first), zone.begin_of((month + std::chrono::months(1)) / first)},
          false};
}

Cycle cycle_at(Instant at, const Zone& zone) { return cycle_of(zone.month_of(at), zone); }

}  // namespace recoup::core
