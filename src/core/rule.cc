#include "core/rule.h"

#include <algorithm>

#include <fmt/format.h>

namespace recoup::core {

std::string to_text(const StatusRange& range) {
  if (range.first == range.last) return fmt::format("{}", range.first);
  if (range.last == range.first + 99) return fmt::format("{}xx", range.first / 100);
  return fmt::format("{}-{}", range.first, range.last);
}

bool ErrorRule::has_status(int status) const {
  const auto holds = [&](const auto& range) { return range.contains(status); };
  if (std::any_of(statuses.begin(), statuses.end(), holds)) return true;
  return !all_but.empty() && status != 0 && std::none_of(all_but.begin(), all_but.end(), holds);
}

bool is_name_of(std::string_view entry, std::string_view name) {
  if (!entry.ends_with('*')) return entry == name;
  return name.starts_with(entry.substr(0, entry.size() - 1));
}

std::string status_words(const ErrorRule& rule) {
  const auto listed = [](const std::vector<StatusRange>& ranges) {
    std::vector<std::string> words;
    for (const StatusRange& range : ranges) words.push_back(to_text(range));
    return fmt::format("{}", fmt::join(words, " or "));
  };
  if (rule.all_but.empty()) return listed(rule.statuses);
  const std::string but = "any status but " + listed(rule.all_but);
  return rule.statuses.empty() ? but : listed(rule.statuses) + " or " + but;
}

std::vector<std::string> other_error_words(const ErrorRule& rule) {
  std::vector<std::string> ways;
  if (!rule.or_names.empty()) {
    ways.push_back(fmt::format("the error {}", fmt::join(rule.or_names, " or ")));
  }
  if (rule.slower_than) ways.push_back("an answer after more than " + to_text(*rule.slower_than));
  if (rule.no_answer.empty()) return ways;
  std::vector<std::string_view> reasons;
  for (const NoAnswer reason : rule.no_answer) reasons.push_back(to_text(reason));
  ways.push_back(fmt::format("no answer ({})", fmt::join(reasons, ", ")));
  return ways;
}

std::uint64_t Version::times_counted() const {
  return summed_over.empty() || resources.empty() ? 1 : resources.size();
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
  return in_force(first_day(month), last_day(month));
}

const Version* Rule::in_force(Date first, Date last) const {
  const std::vector<Date> days = first_days(versions);
  const Version* found = nullptr;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const bool whole_cycle = versions[i].changeover == Changeover::running;
    if (days[i] <= (whole_cycle ? last : first)) found = &versions[i];
  }
  return found;
}

std::vector<const Version*> Rule::other_readings(Month month) const {
  return other_readings(first_day(month), last_day(month));
}

std::vector<const Version*> Rule::other_readings(Date first, Date last) const {
  const std::vector<Date> days = first_days(versions);
  const Version* judged = in_force(first, last);
  std::vector<const Version*> others;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const Version& version = versions[i];
    const bool follows = i + 1 < versions.size();
    const bool over = follows && known_day(versions[i + 1]) <= first;
    const bool within = first < days[i] && days[i] <= last;
    if (over || days[i] > last || &version == judged) continue;
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
