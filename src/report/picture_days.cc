#include "report/picture_days.h"

#include <algorithm>

#include "core/figures.h"

namespace recoup::report {
namespace {

using core::Instant;
using core::IntervalState;
constexpr core::Millis kCell = std::chrono::minutes(5);

core::Date local_date(const core::Zone& zone, Instant at) {
  return core::Date(std::chrono::floor<std::chrono::days>(at + zone.offset_at(at)));
}

std::vector<PictureDay> empty_days(const core::Interval& cycle, const core::Zone& zone) {
  std::vector<PictureDay> days;
  auto date = std::chrono::sys_days(local_date(zone, cycle.begin));
  while (zone.begin_of(date) < cycle.end) {
    PictureDay day;
    day.date = date;
    date += std::chrono::days(1);
    day.day = {zone.begin_of(day.date), zone.begin_of(date)};
    if (!day.day.empty()) days.push_back(std::move(day));
  }
  return days;
}

// The part of `span` that lies in the cell of the day that holds `at`.
core::Interval cell_at(const PictureDay& day, const core::Interval& span, Instant at) {
  const core::Interval inside{at, std::min(span.end, day.day.end)};
  if (span.length() >= kCell) return inside;
  const Instant cell = day.day.begin + (at - day.day.begin) / kCell * kCell;
  return {at, std::min(inside.end, cell + kCell)};
}

bool same_cell(const PictureDay& day, Instant a, Instant b) {
  return (a - day.day.begin) / kCell == (b - day.day.begin) / kCell;
}

void count(const core::IntervalPart& part, PictureDay& day, Stretch& cell) {
  ++cell.intervals;
  ++day.intervals[static_cast<std::size_t>(look_of(part))];
  if (part.state != IntervalState::excluded) {
    day.requests += part.requests;
    day.errors += part.errors;
  }
  if (!part.lost) return;
  ++cell.lost;
  ++day.lost;
  cell.requests += part.requests;
  cell.errors += part.errors;
}

// Puts an interval into the cells of one day. A cell that several share looks like the worst.
void add(const core::IntervalPart& part, const core::Interval& span, PictureDay& day) {
  const bool begins_here = span.begin >= day.day.begin;
  const bool shares = span.length() < kCell;
  bool counted = !begins_here;
  for (Instant at = std::max(span.begin, day.day.begin); at < std::min(span.end, day.day.end);) {
    const core::Interval piece = cell_at(day, span, at);
    const bool open =
        shares && !day.stretches.empty() && same_cell(day, day.stretches.back().span.begin, at);
    if (!open) day.stretches.push_back({piece});
    Stretch& cell = day.stretches.back();
    cell.span.end = piece.end;
    cell.look = open ? std::max(cell.look, look_of(part)) : look_of(part);
    if (!counted) count(part, day, cell);
    counted = true;
    at = piece.end;
  }
}

void merge_neighbours(std::vector<Stretch>& stretches) {
  std::vector<Stretch> merged;
  for (const Stretch& next : stretches) {
    if (merged.empty() || merged.back().look != next.look) {
      merged.push_back(next);
      continue;
    }
    Stretch& last = merged.back();
    last.span.end = next.span.end;
    last.intervals += next.intervals;
    last.lost += next.lost;
    last.requests += next.requests;
    last.errors += next.errors;
  }
  stretches = std::move(merged);
}

Look lost_look(const core::IntervalPart& part) {
  if (part.errors >= part.requests) return Look::lost_5;
  const core::Ratio rate = *core::error_rate(part.requests, part.errors);
  if (rate <= core::Ratio(1, 100)) return Look::lost_1;
  if (rate <= core::Ratio(5, 100)) return Look::lost_2;
  return rate <= core::Ratio(25, 100) ? Look::lost_3 : Look::lost_4;
}

}  // namespace

std::string_view css_of(Look look) {
  constexpr std::array<std::string_view, kLooks> kWords{"served", "ahead",  "silent", "excluded",
                                                        "errors", "lost-1", "lost-2", "lost-3",
                                                        "lost-4", "lost-5"};
  return kWords[static_cast<std::size_t>(look)];
}

std::string_view look_words(Look look) {
  constexpr std::array<std::string_view, kLooks> kWords{"no Error",
                                                        "not begun yet",
                                                        "silent, no Request",
                                                        "excluded",
                                                        "Errors, but not lost",
                                                        "lost, up to 1 % Errors",
                                                        "lost, up to 5 % Errors",
                                                        "lost, up to 25 % Errors",
                                                        "lost, more than 25 % Errors",
                                                        "lost, every Request"};
  return kWords[static_cast<std::size_t>(look)];
}

Look look_of(const core::IntervalPart& part) {
  switch (part.state) {
    case IntervalState::excluded: return Look::excluded;
    case IntervalState::ahead: return Look::ahead;
    case IntervalState::silent: return Look::silent;
    case IntervalState::measured: break;
  }
  if (part.lost) return lost_look(part);
  return part.errors > 0 ? Look::errors : Look::served;
}

std::vector<PictureDay> picture_days(const core::Assessment& assessment, const core::Zone& zone) {
  std::vector<PictureDay> days = empty_days(assessment.cycle.span, zone);
  auto day = days.begin();
  for (const auto& [i, part] : assessment.parts) {
    const core::Interval span = assessment.interval_at(i);
    while (day != days.end() && day->day.end <= span.begin) ++day;
    // An interval reaches into the next day where the cycle began between two of its grid's lines.
    for (auto at = day; at != days.end() && at->day.overlaps(span); ++at) {
      add(part, span, *at);
    }
  }
  for (PictureDay& each : days) merge_neighbours(each.stretches);
  return days;
}

}  // namespace recoup::report
