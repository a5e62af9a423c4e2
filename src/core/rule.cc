#include "core/rule.h"

#include <algorithm>

#include <fmt/format.h>

namespace recoup::core {

std::string to_text(const StatusRange& range) {
  if (range.first == range.last) return fmt::format("{}", range.first);
  if (range.last == range.first + 99) return fmt::format("{}xx", range.first / 100);
  return fmt::format("{}-{}", range.first, range.last);
}

std::chrono::minutes Version::interval() const {
  struct Length {
    std::chrono::minutes operator()(const MeanOfIntervals& f) const { return f.interval; }
    std::chrono::minutes operator()(const DowntimeRuns&) const { return std::chrono::minutes(1); }
    std::chrono::minutes operator()(const BadWindows& f) const { return f.window; }
    std::chrono::minutes operator()(const AllFailed& f) const { return f.interval; }
    std::chrono::minutes operator()(const RequestRatio&) const { return std::chrono::minutes(1); }
  };
  return std::visit(Length{}, formula);
}

namespace {

// The day by which the version is in force for sure.
Date known_day(const Version& version) {
  return version.effective ? *version.effective : version.date();
}

Date first_day(Month month) { return month / std::chrono::day(1); }
Date last_day(Month month) { return month / std::chrono::last; }

// The first day on which a version may be in force: where that is not known, the day after the one
// before it was in force, or was read.
std::vector<Date> first_days(const std::vector<Version>& versions) {
  std::vector<Date> days;
  Date before = std::chrono::year(1) / std::chrono::January / std::chrono::day(1);
  for (const Version& version : versions) {
    const Date after = std::chrono::sys_days(before) + std::chrono::days(1);
    days.push_back(version.effective ? *version.effective : after);
    before = known_day(version);
  }
  return days;
}

}  // namespace

const Version* Rule::in_force(Month month) const {
  const std::vector<Date> days = first_days(versions);
  const Version* found = nullptr;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const bool whole_cycle = versions[i].changeover == Changeover::running;
    if (days[i] <= (whole_cycle ? last_day(month) : first_day(month))) found = &versions[i];
  }
  return found;
}

std::vector<const Version*> Rule::other_readings(Month month) const {
  const std::vector<Date> days = first_days(versions);
  const Version* judged = in_force(month);
  std::vector<const Version*> others;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const Version& version = versions[i];
    const bool follows = i + 1 < versions.size();
    const bool over = follows && known_day(versions[i + 1]) <= first_day(month);
    const bool within = first_day(month) < days[i] && days[i] <= last_day(month);
    if (over || days[i] > last_day(month) || &version == judged) continue;
    if (within && version.changeover == Changeover::next) continue;
    // The new one's own words settle it against all that were before.
    if (judged != nullptr && judged->changeover == Changeover::running && &version < judged) {
      continue;
    }
    others.push_back(&version);
  }
  return others;
}

const Version* Rule::find_version(Date date) const {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [&](const Version& version) { return version.date() == date; });
  return found == versions.end() ? nullptr : &*found;
}

void in_order(std::vector<Version>& versions) {
  std::stable_sort(versions.begin(), versions.end(),
                   [](const Version& a, const Version& b) { return known_day(a) < known_day(b); });
}

}  // namespace recoup::core
