#include "monitor/recorder.h"

#include <algorithm>
#include <utility>

namespace recoup::monitor {
namespace {

using core::Result;

ledger::SeriesMinute to_row(ledger::SeriesId series, const sources::DirtyMinute& minute) {
  ledger::SeriesMinute row{series, minute.minute, {}};
  for (const auto& [outcome, count] : minute.counts) row.counts.push_back({outcome, count});
  return row;
}

sources::OutcomeCounts to_base(const std::vector<ledger::OutcomeCount>& stored) {
  sources::OutcomeCounts base;
  for (const auto& one : stored) base.emplace_back(one.outcome, one.count);
  return base;
}

}  // namespace

std::vector<sources::probe::Probe> watched_probes(const config::Settings& settings) {
  std::vector<sources::probe::Probe> probes;
  for (const auto& agreement : settings.agreements) {
    for (const auto& probe : agreement.probes) probes.push_back({agreement.agreement.id, probe});
  }
  return probes;
}

Result<void> Recorder::start(const std::string& vantage, core::Instant now) {
  std::vector<ledger::SeriesKey> keys;
  for (const auto& probe : probes_) {
    keys.push_back({probe.agreement, ledger::SeriesKind::probe, probe.settings.id, vantage});
  }
  auto series = ledger_.series(keys);
  if (!series) return series.error();
  series_ = *std::move(series);
  for (std::size_t i = 0; i < series_.size(); ++i) {
    const auto accounted = ledger_.accounted(series_[i]);
    if (!accounted) return accounted.error();
    if (*accounted) resume(static_cast<sources::ProbeIndex>(i), **accounted, now);
  }
  return record();
}

void Recorder::resume(sources::ProbeIndex probe, const ledger::Accounted& last, core::Instant now) {
  board_.known_until(probe, core::minute_of(std::max(now, last.until)));
  const core::Interval silent{last.until + last.every, now};
  if (!silent.empty()) batch_.gaps.push_back({last.series, {silent, last.every}});
}

Result<void> Recorder::record() {
  if (!whole_) {
    if (auto done = gather(); !done) return done;
  }
  if (!batch_.empty()) {
    if (auto done = ledger_.write(batch_); !done) return done;
  }
  batch_ = {};
  whole_ = false;
  return {};
}

// Drains the board. A minute that an earlier run began is taken whole: what the ledger has of it is
// given to the board, which is drained again until no minute lacks its base. Until then nothing is
// written: evidence must not be durable without its counts.
Result<void> Recorder::gather() {
  for (bool lacking = true; lacking;) {
    sources::Drained drained = board_.drain();
    const auto fetched = fetch_bases(drained);
    add_to_batch(std::move(drained));
    if (!fetched) return fetched.error();
    lacking = *fetched;
  }
  whole_ = true;
  return {};
}

// Whether there was a minute that needed its base.
Result<bool> Recorder::fetch_bases(const sources::Drained& drained) {
  bool needed = false;
  for (const auto& minute : drained.minutes) {
    if (!minute.needs_base) continue;
    const auto stored = ledger_.counts(series_[minute.probe], minute.minute);
    if (!stored) return stored.error();
    board_.set_base(minute.probe, minute.minute, to_base(*stored));
    needed = true;
  }
  return needed;
}

void Recorder::add_to_batch(sources::Drained drained) {
  for (const auto& minute : drained.minutes) {
    if (!minute.needs_base) batch_.minutes.push_back(to_row(series_[minute.probe], minute));
  }
  for (auto& one : drained.evidence) {
    batch_.evidence.push_back({series_[one.probe], std::move(one.evidence)});
  }
  for (const auto& one : drained.accounted) {
    batch_.accounted.push_back({series_[one.probe], one.until, probes_[one.probe].settings.every});
  }
  for (const auto& step : drained.clock_steps) batch_.clock_steps.push_back({step.at, step.by});
}

}  // namespace recoup::monitor
