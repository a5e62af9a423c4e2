#include "service/recorder.h"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

namespace recoup::service {
namespace {

using core::Result;

std::optional<core::Instant> oldest_of(const record::Batch& batch) {
  std::optional<core::Instant> oldest;
  const auto add = [&](core::Instant at) { oldest = std::min(oldest.value_or(at), at); };
  for (const auto& minute : batch.minutes) add(minute.minute);
  for (const auto& gap : batch.gaps) add(gap.gap.span.begin);
  for (const auto& unseen : batch.unseen) add(unseen.unseen.span.begin);
  return oldest;
}

std::string seconds(core::Millis duration) {
  return fmt::format("{}.{:03} s", duration.count() / 1000, duration.count() % 1000);
}

void log_step(const record::ClockStep& step) {
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

Result<void> Recorder::add(sources::Source& source, core::Instant now) {
  std::vector<sources::Counted> counted = source.series();
  std::erase_if(counted, [](const sources::Counted& one) { return one.resumed; });
  std::vector<record::SeriesKey> keys;
  for (const sources::Counted& one : counted) keys.push_back(one.key);
  const auto ids = ledger_.series(keys);
  if (!ids) return ids.error();
  std::vector<sources::Known> known;
  for (const record::SeriesId id : *ids) {
    auto found = look_up(id, now);
    if (!found) return found.error();
    known.push_back(*std::move(found));
  }

  // From here on nothing fails: a source goes on with all of its series or with none.
  set_back_ = core::Millis(0);
  for (std::size_t i = 0; i < counted.size(); ++i) {
    source.resume(counted[i].key, known[i]);
    if (counted[i].key.kind == record::SeriesKind::probe) vantage_ = counted[i].key.part;
    if (known[i].checkpoint) {
      go_on(*known[i].checkpoint, now);
    } else if (const core::Millis every = counted[i].every; every > core::Millis(0)) {
      // From here on it is watched: what a crash takes of its first second is in a gap, too.
      batch_.checkpoints.push_back({known[i].series, now - every, every, {}, counted[i].targets});
    }
  }
  if (set_back_ > core::Millis(0)) {
    batch_.clock_steps.push_back({now, -set_back_, core::Millis(0), vantage_});
    spdlog::warn(
        "clock: the ledger is accounted for until {}: the wall clock was set back by {} or more "
        "while the service did not run, and for how long it did not is not known; see that the "
        "machine's clock is right",
        core::to_text(now + set_back_), seconds(set_back_));
  }
  if (std::find(sources_.begin(), sources_.end(), &source) == sources_.end()) {
    sources_.push_back(&source);
  }
  return {};
}

Result<sources::Known> Recorder::look_up(record::SeriesId series, core::Instant now) {
  sources::Known known{series, {}, {}};
  auto checkpoint = ledger_.checkpoint(series);
  if (!checkpoint) return checkpoint.error();
  known.checkpoint = *std::move(checkpoint);
  const auto newest = ledger_.newest_minute(series);
  if (!newest) return newest.error();
  // A wall clock that was set back may show minutes again that an earlier run counted in.
  if (*newest) known.newest = std::max(core::minute_of(now), **newest);
  return known;
}

void Recorder::go_on(const record::Checkpoint& last, core::Instant now) {
  if (last.every == core::Millis(0)) return;
  if (last.watermark > now) {
    // For how long nobody measured cannot be known; the stops from here on must be.
    batch_.checkpoints.push_back({last.series, now, last.every, {}, last.targets});
    set_back_ = std::max(set_back_, last.watermark - now);
    return;
  }
  const core::Interval silent{last.watermark + last.every, now};
  const core::Gap gap{silent, last.every, core::NotSent::stopped, {}, last.targets};
  if (!silent.empty()) batch_.gaps.push_back({last.series, gap});
}

Result<std::optional<core::Instant>> Recorder::record() {
  // What could not be written before, and then what came meanwhile.
  if (auto done = write(); !done) return done.error();
  const auto stored = [&](record::SeriesId series, core::Minute minute) {
    return ledger_.counts(series, minute);
  };
  for (sources::Source* source : sources_) {
    for (bool more = true; more;) {
      auto batch = source->take(stored);
      if (!batch) return batch.error();
      batch_ = *std::move(batch);
      more = batch_.more;
      for (record::ClockStep& step : batch_.clock_steps) {
        log_step(step);
        step.vantage = vantage_;
      }
      std::erase_if(batch_.clock_steps,
                    [](const record::ClockStep& step) { return step.by == core::Millis(0); });
      if (auto done = write(); !done) return done.error();
    }
  }
  return std::exchange(oldest_, std::nullopt);
}

Result<void> Recorder::write() {
  if (!batch_.empty()) {
    if (auto done = ledger_.write(batch_); !done) return done;
  }
  if (const auto oldest = oldest_of(batch_)) oldest_ = std::min(oldest_.value_or(*oldest), *oldest);
  batch_ = {};
  return {};
}

sources::Unwritten Recorder::unwritten() const {
  sources::Unwritten all{batch_.counted, batch_.evidence.size()};
  for (const sources::Source* source : sources_) {
    const sources::Unwritten waiting = source->waiting();
    all.counts += waiting.counts;
    all.evidence += waiting.evidence;
  }
  return all;
}

}  // namespace recoup::service
