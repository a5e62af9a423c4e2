#include "sources/minute_counters.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace recoup::sources {
namespace {

using core::Instant;
using core::Minute;

// A minute may still get late answers for as long as a timeout; after that a clean one is dropped.
constexpr std::chrono::minutes kKept{5};

template <typename Counts>
void bump(Counts& counts, core::OutcomeTable::Id outcome, std::uint64_t by) {
  for (auto& each : counts) {
    if (each.outcome == outcome) {
      each.count += by;
      return;
    }
  }
  counts.push_back({outcome, by});
}

}  // namespace

CounterId MinuteCounters::add(const record::SeriesKey& key, core::Millis every) {
  const auto [known, is_new] = by_key_.try_emplace(key, static_cast<CounterId>(series_.size()));
  if (is_new) {
    series_.push_back(std::make_unique<Series>());
    series_.back()->key = &known->first;
  }
  Series& series = at(known->second);
  series.every = every;
  series.retired = false;
  return known->second;
}

void MinuteCounters::retire(CounterId id) {
  at(id).retired = true;
  mark_changed(id);
}

std::vector<Counted> MinuteCounters::series() const {
  std::vector<Counted> all;
  for (const auto& series : series_) {
    if (series) all.push_back({*series->key, series->every, series->id != 0, series->targets});
  }
  return all;
}

void MinuteCounters::resume(const record::SeriesKey& key, const Known& known) {
  Series& series = at(by_key_.at(key));
  series.id = known.series;
  if (known.newest) series.known_until = std::max(series.known_until, *known.newest);
}

void MinuteCounters::count(CounterId id, Minute minute, core::OutcomeTable::Id outcome,
                           std::uint64_t by) {
  MinuteTally& tally = tally_of(id, minute);
  bump(tally.counts, outcome, by);
  tally.dirty = true;
  counted_ += by;
  mark_changed(id);
}

void MinuteCounters::keep(CounterId id, record::Evidence evidence) {
  if (evidence_.size() >= most_evidence_) {
    ++evidence_dropped_;
    return;
  }
  evidence.tie = evidence_count_++;
  evidence_.push_back({id, std::move(evidence)});
}

void MinuteCounters::checkpoint(CounterId id, Instant watermark, std::string place) {
  at(id).place = std::move(place);
  progress(id, watermark);
}

void MinuteCounters::step(const record::ClockStep& step) {
  steps_.push_back(step);
  for (CounterId id = 0; id < series_.size(); ++id) {
    if (!has(id)) continue;
    const Series& series = at(id);
    const bool on_schedule = series.every > core::Millis(0);
    if (on_schedule && series.watermark) progress(id, *series.watermark + step.by);
  }
}

void MinuteCounters::progress(CounterId id, Instant watermark) {
  at(id).watermark = watermark;
  at(id).progressed = true;
  mark_changed(id);
}

void MinuteCounters::mark_changed(CounterId id) {
  if (at(id).changed) return;
  at(id).changed = true;
  changed_.push_back(id);
}

MinuteCounters::MinuteTally& MinuteCounters::tally_of(CounterId id, Minute minute) {
  Series& series = at(id);
  // The newest minute is last, and nearly always the one that is looked for.
  for (auto tally = series.minutes.rbegin(); tally != series.minutes.rend(); ++tally) {
    if (tally->minute == minute) return *tally;
  }
  // It may have been evicted itself just now, so what is known is asked for afterwards.
  evict(series, minute);
  const bool lacks_base = minute <= series.known_until;
  if (lacks_base) lacking_.emplace(id, minute);
  series.minutes.push_back({minute, {}, false, lacks_base});
  return series.minutes.back();
}

// A minute that was written and will hardly change again need not be kept.
void MinuteCounters::evict(Series& series, Minute newest) {
  for (const MinuteTally& tally : series.minutes) newest = std::max(newest, tally.minute);
  const Minute oldest = newest - kKept;
  std::erase_if(series.minutes, [&](const MinuteTally& tally) {
    const bool old = tally.minute < oldest && !tally.dirty;
    if (old) series.known_until = std::max(series.known_until, tally.minute);
    return old;
  });
}

std::vector<MinuteCounters::Lacking> MinuteCounters::lacking() const {
  std::vector<Lacking> all;
  for (const auto& [id, minute] : lacking_) all.push_back({id, at(id).id, minute});
  return all;
}

void MinuteCounters::set_base(const Lacking& lacking,
                              const std::vector<core::OutcomeCount>& counts) {
  if (lacking_.erase({lacking.id, lacking.minute}) == 0) return;
  MinuteTally& tally = tally_of(lacking.id, lacking.minute);
  for (const auto& [outcome, count] : counts) bump(tally.counts, outcomes_.id(outcome), count);
  tally.lacks_base = false;
}

record::Batch MinuteCounters::take() {
  assert(lacking_.empty());
  record::Batch out;
  out.counted = counted_ - taken_;
  taken_ = counted_;
  for (auto& [id, evidence] : evidence_) out.evidence.push_back({at(id).id, std::move(evidence)});
  for (const auto& [id, gap] : gaps_) out.gaps.push_back({at(id).id, gap});
  for (auto& [id, unseen] : unseen_) out.unseen.push_back({at(id).id, std::move(unseen)});
  evidence_.clear();
  gaps_.clear();
  unseen_.clear();
  out.clock_steps = std::exchange(steps_, {});
  const auto changed = std::exchange(changed_, {});
  out.minutes.reserve(changed.size());
  out.checkpoints.reserve(changed.size());
  for (const CounterId id : changed) take_series(id, out);
  return out;
}

void MinuteCounters::take_series(CounterId id, record::Batch& out) {
  Series& series = at(id);
  series.changed = false;
  for (MinuteTally& tally : series.minutes) {
    if (!tally.dirty) continue;
    tally.dirty = false;
    record::SeriesMinute& minute = out.minutes.emplace_back();
    minute.series = series.id;
    minute.minute = tally.minute;
    minute.counts.reserve(tally.counts.size());
    for (const Count& each : tally.counts) {
      minute.counts.push_back({outcomes_[each.outcome], each.count});
    }
  }
  if (series.progressed) {
    out.checkpoints.push_back(
        {series.id, *series.watermark, series.every, series.place, series.targets});
    series.progressed = false;
  }
  if (!series.retired) return;
  by_key_.erase(by_key_.find(*series.key));
  series_[id].reset();
}

}  // namespace recoup::sources
