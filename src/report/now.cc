#include "report/now.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/text.h"

namespace recoup::report {
namespace {

using core::Assessment;
using core::Instant;
using core::IntervalPart;

constexpr std::array<std::string_view, 6> kLabels{
    "Up", "Partly failing", "Failing", "Not measured", "Source silent", "Nobody measures"};

// How far back the newest measured interval is looked for before all are read.
constexpr std::size_t kNear = 60;

// A probe that gave no answer for longer than that is not heard of any more.
core::Millis patience(core::Millis every) {
  return std::max<core::Millis>(3 * every, std::chrono::minutes(1));
}

// What an interval takes until it is over and judged; a minute is the grain of all counts.
core::Millis grace(const Assessment& a) { return a.interval + std::chrono::minutes(1); }

bool is_measured(const IntervalPart& part) { return part.requests > 0; }
bool has_errors(const IntervalPart& part) { return is_measured(part) && part.errors > 0; }

// The newest measured interval; something was measured.
std::size_t newest_measured(const Assessment& a, Instant at) {
  const std::size_t now = interval_index(a, at);
  for (std::size_t back = 0; back <= std::min(now, kNear); ++back) {
    if (is_measured(a.parts[now - back])) return now - back;
  }
  std::size_t last = 0;
  for (const core::IntervalRun& run : a.parts.runs()) {
    if (is_measured(run.part)) last = run.end() - 1;
  }
  return last;
}

Condition condition_of(const IntervalPart& part) {
  if (!has_errors(part)) return Condition::up;
  return part.errors >= part.requests - part.errors ? Condition::failing : Condition::partly;
}

// Stretches of measured intervals that are alike, with Errors or without, as the month ends by now.
struct Trend {
  std::optional<std::size_t> first;        // measured
  std::optional<std::size_t> last;         // likewise
  std::optional<std::size_t> first_error;  // of the Errors that the newest ones have in a row
  std::optional<std::size_t> last_error;   // the newest interval with Errors
};

Trend trend_of(const Assessment& a) {
  Trend trend;
  for (const core::IntervalRun& run : a.parts.runs()) {
    if (!is_measured(run.part)) continue;
    if (!trend.first) trend.first = run.first;
    const bool joins = trend.last && *trend.last + 1 == run.first;
    trend.last = run.end() - 1;
    if (!has_errors(run.part)) {
      trend.first_error.reset();
      continue;
    }
    if (!trend.first_error || !joins) trend.first_error = run.first;
    trend.last_error = trend.last;
  }
  return trend;
}

std::string failure_words(const core::Outcome& outcome) {
  const auto* answered = std::get_if<core::Answered>(&outcome);
  if (answered == nullptr || answered->error_name.empty()) return core::to_text(outcome);
  return fmt::format("{} {}", answered->status, answered->error_name);
}

// Since when there was no Error, by what was counted; something was measured.
Instant clean_since(const Assessment& a, const Trend& trend, Instant at) {
  if (!trend.last_error) return a.interval_at(*trend.first).begin;
  return std::min(at, a.interval_at(*trend.last_error).end);
}

}  // namespace

std::string_view to_text(Condition condition) {
  return kLabels[static_cast<std::size_t>(condition)];
}

bool is_trouble(Condition condition) {
  return condition == Condition::failing || condition == Condition::partly;
}

bool is_dark(Condition condition) { return condition >= Condition::unseen; }

std::size_t interval_index(const Assessment& a, Instant at) {
  if (a.parts.empty() || at <= a.cycle.span.begin) return 0;
  const auto index = static_cast<std::size_t>((at - a.cycle.span.begin) / a.interval);
  return std::min(index, a.parts.size() - 1);
}

NowReader::NowReader(const Snapshot& snapshot) : snapshot_(snapshot) {
  for (const record::LastAnswer& one : snapshot.answers) answers_.emplace(one.agreement, &one);
  for (const record::FollowedLog& one : snapshot.logs) logs_.emplace(one.agreement, &one);
}

// One of a list says little: what its targets came to is in the intervals.
NowReader::Answers NowReader::answers_of(const std::string& agreement) const {
  Answers found;
  const record::LastAnswer* newest = nullptr;
  const auto [begin, end] = answers_.equal_range(agreement);
  for (auto at = begin; at != end; ++at) {
    const record::LastAnswer& one = *at->second;
    if (one.targets > 1 || snapshot_.at - one.at > patience(one.every)) continue;
    ++found.probes;
    if (one.expected) {
      auto& since = one.changed ? found.recovered : found.known_since;
      since = std::max(since.value_or(one.since), one.since);
      continue;
    }
    ++found.failing;
    found.failing_since = std::min(found.failing_since.value_or(one.since), one.since);
    if (newest == nullptr || newest->at < one.at) newest = &one;
  }
  if (newest != nullptr) found.what = failure_words(newest->outcome);
  return found;
}

const record::FollowedLog* NowReader::silent_log(const std::string& agreement) const {
  const auto [begin, end] = logs_.equal_range(agreement);
  for (auto at = begin; at != end; ++at) {
    if (at->second->silent_since || at->second->away_since) return at->second;
  }
  return nullptr;
}

Condition NowReader::condition(const core::Judgement& judgement) const {
  const Assessment& a = judgement.assessment;
  const Answers answers = answers_of(judgement.agreement.id);
  if (answers.probes > 0) {
    if (answers.failing == answers.probes) return Condition::failing;
    return answers.failing > 0 ? Condition::partly : Condition::up;
  }
  if (silent_log(judgement.agreement.id) != nullptr) return Condition::silent;
  if (!a.is_measured()) return Condition::nobody;
  const std::size_t newest = newest_measured(a, snapshot_.at);
  // A log comes as late as its writer writes it, and says so where it does not come.
  const bool late = snapshot_.at - a.interval_at(newest).end > grace(a);
  if (late && !logs_.contains(judgement.agreement.id)) return Condition::unseen;
  return condition_of(a.parts[newest]);
}

// The service may have been started anew meanwhile: the intervals know of what was before.
Instant NowReader::Answers::fails_since(const Assessment& a) const {
  const Trend trend = trend_of(a);
  if (!trend.first_error) return *failing_since;
  const core::Interval first = a.interval_at(*trend.first_error);
  const bool goes_on = a.interval_at(*trend.last).end > *failing_since;
  return goes_on && first.end <= *failing_since ? first.begin : *failing_since;
}

// An Error's interval goes on beyond the Error, and what failed may have been none.
Instant NowReader::Answers::well_since(const Assessment& a, Instant at) const {
  const Trend trend = trend_of(a);
  if (!trend.last) return recovered.value_or(*known_since);
  const Instant clean = clean_since(a, trend, at);
  if (!recovered) return clean;
  if (*recovered >= clean || !trend.last_error) return std::max(*recovered, clean);
  return *recovered >= a.interval_at(*trend.last_error).begin ? *recovered : clean;
}

Now NowReader::of(const core::Judgement& judgement) const {
  const Assessment& a = judgement.assessment;
  const Answers answers = answers_of(judgement.agreement.id);
  const Instant at = snapshot_.at;
  Now now{condition(judgement)};
  if (answers.probes > 0) {
    if (answers.failing == 0) {
      now.since = answers.well_since(a, at);
      return now;
    }
    now.since = answers.fails_since(a);
    now.what = answers.what;
    if (answers.failing < answers.probes) {
      now.what = fmt::format("{} of {} probes, {}", answers.failing, answers.probes, now.what);
    }
    return now;
  }
  if (const record::FollowedLog* log = silent_log(judgement.agreement.id)) {
    now.since = log->silent_since ? log->silent_since : log->away_since;
    now.what = log->log;
    return now;
  }
  const Trend trend = trend_of(a);
  if (!trend.last) return now;
  const Instant seen = std::min(at, a.interval_at(*trend.last).end);
  if (now.condition == Condition::unseen) {
    now.since = seen;
    return now;
  }
  now.since = is_trouble(now.condition) ? a.interval_at(*trend.first_error).begin
                                        : clean_since(a, trend, at);
  if (at - seen > grace(a)) now.as_of = seen;
  return now;
}

}  // namespace recoup::report
