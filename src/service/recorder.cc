#include "service/recorder.h"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

namespace recoup::service {
namespace {

using core::Result;

record::SeriesMinute to_row(record::SeriesId series, const sources::DirtyMinute& minute) {
  record::SeriesMinute row{series, minute.minute, {}};
  for (const auto& [outcome, count] : minute.counts) row.counts.push_back({outcome, count});
  return row;
}

sources::OutcomeCounts to_base(const std::vector<record::OutcomeCount>& stored) {
  sources::OutcomeCounts base;
  for (const auto& one : stored) base.emplace_back(one.outcome, one.count);
  return base;
}

std::optional<core::Instant> oldest_of(const record::Batch& batch) {
  std::optional<core::Instant> oldest;
  const auto add = [&](core::Instant at) { oldest = std::min(oldest.value_or(at), at); };
  for (const auto& minute : batch.minutes) add(minute.minute);
  for (const auto& gap : batch.gaps) add(gap.gap.span.begin);
  return oldest;
}

std::string seconds(core::Millis duration) {
  return fmt::format("{}.{:03} s", duration.count() / 1000, duration.count() % 1000);
}

void log_step(const sources::ClockStep& step) {
  const core::Millis zero(0);
  if (step.suspended > zero && step.by <= zero) {
    spdlog::warn("clock: the machine was suspended for {}, which the wall clock did not count",
                 seconds(step.suspended));
  }
  if (step.by < zero) {
    spdlog::warn(
        "clock: the wall clock was set back by {}, to {}: the minutes that it shows again "
        "keep what was counted in them",
        seconds(-step.by), core::to_text(step.at));
  }
  if (step.by <= zero) return;
  const std::string span = fmt::format("nobody measured for {} before {}: a gap of every probe",
                                       seconds(step.by), core::to_text(step.at));
  if (step.reason() == core::NotSent::suspended) {
    spdlog::warn("clock: the machine was suspended for {}; {}", seconds(step.suspended), span);
  } else {
    spdlog::warn(
        "clock: the wall clock jumped forward by {}, because it was set or a virtual "
        "machine was paused; {}",
        seconds(step.by), span);
  }
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
  std::vector<record::SeriesKey> keys;
  for (const auto& probe : probes_) {
    keys.push_back({probe.agreement, record::SeriesKind::probe, probe.settings.id, vantage});
  }
  auto series = ledger_.series(keys);
  if (!series) return series.error();
  series_ = *std::move(series);
  for (std::size_t i = 0; i < series_.size(); ++i) {
    const auto probe = static_cast<sources::ProbeIndex>(i);
    if (auto known = find_known(probe, now); !known) return known;
    const auto accounted = ledger_.accounted(series_[i]);
    if (!accounted) return accounted.error();
    if (*accounted) {
      resume(**accounted, now);
    } else {
      // From here on it is watched: what a crash takes of its first second is in a gap, too.
      const core::Millis every = probes_[i].settings.every;
      batch_.accounted.push_back({series_[i], now - every, every});
    }
  }
  if (set_back_ > core::Millis(0)) {
    batch_.clock_steps.push_back({now, -set_back_});
    spdlog::warn(
        "clock: the ledger is accounted for until {}: the wall clock was set back by {} or more "
        "while the service did not run, and for how long it did not is not known; see that the "
        "machine's clock is right",
        core::to_text(now + set_back_), seconds(set_back_));
  }
  if (auto done = record(); !done) return done.error();
  return {};
}

// A wall clock that was set back may show minutes again that an earlier run counted in.
Result<void> Recorder::find_known(sources::ProbeIndex probe, core::Instant now) {
  const auto newest = ledger_.newest_minute(series_[probe]);
  if (!newest) return newest.error();
  if (*newest) board_.known_until(probe, std::max(core::minute_of(now), **newest));
  return {};
}

void Recorder::resume(const record::Accounted& last, core::Instant now) {
  if (last.until > now) {
    // For how long nobody measured cannot be known; the stops from here on must be.
    batch_.accounted.push_back({last.series, now, last.every});
    set_back_ = std::max(set_back_, last.until - now);
    return;
  }
  const core::Interval silent{last.until + last.every, now};
  if (!silent.empty()) batch_.gaps.push_back({last.series, {silent, last.every}});
}

Result<std::optional<core::Instant>> Recorder::record() {
  if (!whole_) {
    if (auto done = gather(); !done) return done.error();
  }
  if (!batch_.empty()) {
    if (auto done = ledger_.write(batch_); !done) return done.error();
  }
  const auto oldest = oldest_of(batch_);
  batch_ = {};
  whole_ = false;
  durable_ = gathered_;
  return oldest;
}

Unwritten Recorder::unwritten() const {
  const sources::Gathered all = board_.gathered();
  return {all.counted - durable_, batch_.evidence.size() + all.evidence_waiting};
}

// Drains the board. A minute that an earlier run began is taken whole: what the ledger has of it is
// given to the board, which is drained again until no minute lacks its base. Until then nothing is
// written: evidence must not be durable without its counts.
Result<void> Recorder::gather() {
  for (bool lacking = true; lacking;) {
    sources::Drained drained = board_.drain();
    gathered_ = drained.counted;
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
  for (const auto& one : drained.gaps) batch_.gaps.push_back({series_[one.probe], one.gap});
  for (const auto& step : drained.clock_steps) {
    log_step(step);
    if (step.by != core::Millis(0)) batch_.clock_steps.push_back({step.at, step.by});
  }
}

}  // namespace recoup::service
