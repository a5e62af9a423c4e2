#include "core/provider_incidents.h"

#include <algorithm>
#include <utility>

#include "core/assessment.h"

namespace recoup::core {
namespace {

// Lost intervals that are at most so far apart are one loss.
constexpr Millis kOneLoss = std::chrono::hours(1);

bool overlaps_any(const std::vector<Interval>& spans, const Interval& interval) {
  return std::any_of(spans.begin(), spans.end(),
                     [&](const Interval& span) { return span.overlaps(interval); });
}

std::vector<Interval> lost_intervals(const Assessment& a) {
  std::vector<Interval> lost;
  for (const IntervalRun& run : a.parts.runs()) {
    if (!run.part.below_100()) continue;
    for (std::size_t i = run.first; i < run.end(); ++i) lost.push_back(a.interval_at(i));
  }
  return lost;
}

// The begin of the loss that the lost interval at `index` is part of.
Instant begin_of_loss(const std::vector<Interval>& lost, std::size_t index) {
  while (index > 0 && lost[index].begin - lost[index - 1].end <= kOneLoss) --index;
  return lost[index].begin;
}

SeenIncident seen(const std::vector<Interval>& lost, ProviderIncident incident) {
  SeenIncident one{std::move(incident)};
  const Interval span = one.incident.span();
  for (std::size_t i = 0; i < lost.size(); ++i) {
    if (!span.overlaps(lost[i])) continue;
    if (one.inside++ == 0) one.first_lost = begin_of_loss(lost, i);
  }
  return one;
}

void keep_earlier(std::optional<Instant>& at, const std::optional<Instant>& other) {
  if (other && (!at || *other < *at)) at = other;
}

}  // namespace

Interval ProviderIncident::span() const {
  Instant last = end.value_or(std::max(updated.value_or(begin), announced.value_or(begin)));
  return {begin, std::max<Instant>(last, begin + Millis(1))};
}

ProviderIncident merged(const ProviderIncident& known, const ProviderIncident& told) {
  const bool is_older = told.updated && known.updated && *told.updated < *known.updated;
  ProviderIncident result = is_older ? known : told;
  result.number = known.number;
  keep_earlier(result.announced, known.announced);
  keep_earlier(result.announced, told.announced);
  result.agreements = known.agreements;
  for (const std::string& one : told.agreements) {
    if (std::find(known.agreements.begin(), known.agreements.end(), one) ==
        known.agreements.end()) {
      result.agreements.push_back(one);
    }
  }
  return result;
}

std::optional<Millis> SeenIncident::ahead() const {
  if (!first_lost || !incident.announced) return std::nullopt;
  return *incident.announced - *first_lost;
}

std::vector<ProviderIncident> SeenIncidents::incidents() const {
  std::vector<ProviderIncident> all;
  for (const SeenIncident& one : each) all.push_back(one.incident);
  return all;
}

SeenIncidents see_incidents(const Assessment& assessment, std::vector<ProviderIncident> incidents) {
  SeenIncidents result;
  std::erase_if(incidents, [&](const ProviderIncident& one) {
    return !one.span().overlaps(assessment.cycle.span);
  });
  if (incidents.empty()) return result;
  std::stable_sort(incidents.begin(), incidents.end(),
                   [](const auto& a, const auto& b) { return a.begin < b.begin; });
  const std::vector<Interval> lost = lost_intervals(assessment);
  std::vector<Interval> spans;
  for (ProviderIncident& one : incidents) {
    spans.push_back(one.span());
    result.each.push_back(seen(lost, std::move(one)));
  }
  for (const Interval& interval : lost) {
    ++(overlaps_any(spans, interval) ? result.inside : result.outside);
  }
  return result;
}

}  // namespace recoup::core
