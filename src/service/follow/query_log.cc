#include "service/follow/query_log.h"

#include <algorithm>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace recoup::service {
namespace {

using core::Result;
using core::Unseen;
using namespace std::chrono_literals;

constexpr const char* kAway = "the query was not answered";
constexpr const char* kUnmeasured = "the engine has no samples";

// That a time grows, of which nothing was seen, is kept so often.
constexpr auto kKeepGrowthEvery = 5min;
// An engine that does not answer is asked again so soon, at most.
constexpr auto kTryAgain = 1min;

// What is left of the times outside the span.
void cut(std::vector<Unseen>& times, const core::Interval& span) {
  std::vector<Unseen> left;
  for (const Unseen& one : times) {
    const core::Instant end = std::min(one.span.end, span.begin);
    const core::Instant begin = std::max(one.span.begin, span.end);
    if (one.span.begin < end) left.push_back({{one.span.begin, end}, one.why});
    if (begin < one.span.end) left.push_back({{begin, one.span.end}, one.why});
  }
  times = std::move(left);
}

// Adds a time behind the others; one that adjoins the last makes that longer.
void append(std::vector<Unseen>& times, const core::Interval& span, const char* why) {
  if (span.empty()) return;
  if (!times.empty() && times.back().span.end >= span.begin) {
    times.back().span.end = std::max(times.back().span.end, span.end);
  } else {
    times.push_back({span, why});
  }
}

// Whether the times differ by no more than how far the last one reaches.
bool only_grew(const std::vector<Unseen>& before, std::vector<Unseen> now) {
  if (before.empty() || before.size() != now.size()) return false;
  now.back().span.end = before.back().span.end;
  return before == now;
}

}  // namespace

QueryLog::QueryLog(const config::AgreementSettings& agreement, const config::QuerySettings& query,
                   const FollowContext& context, const QueryLog* before)
    : agreement_(agreement), query_(query), context_(context) {
  if (before != nullptr) counts_ = before->counts_;
  counts_.agreement = agreement.agreement.id;
  counts_.log = query.id;
  counts_.format = to_text(query.query.engine);
  counts_.is_query = true;
}

std::string QueryLog::name() const { return agreement_.agreement.id + '/' + query_.id; }

const std::string& QueryLog::address() const {
  return query_.query.url.empty() ? query_.query.connection : query_.query.url;
}

void QueryLog::put_off() {
  if (pending_.empty()) ask_next_ = std::max(ask_next_, context_.world.clock.mono() + 1s);
}

// Reads what the ledger knows of the query.
Result<void> QueryLog::begin() {
  if (has_begun_) return {};
  auto place = find_place(context_.ledger, agreement_.agreement.id, query_);
  if (!place) return place.error();
  const auto newest = context_.ledger.newest_minute(place->series);
  if (!newest) return newest.error();
  auto unseen = context_.ledger.silence(place->key);
  if (!unseen) return unseen.error();
  if (*newest) counts_.newest = core::Instant(**newest) + 1min;
  std::vector<Unseen> silent;
  for (const Unseen& one : *unseen) {
    (one.why == kAway ? away_ : one.why == kUnmeasured ? unmeasured_ : silent).push_back(one);
  }
  noted_ = *std::move(unseen);
  silence_.emplace(query_.silent_after, counts_.newest, std::move(silent), wall());
  place_ = *std::move(place);
  has_begun_ = true;
  return {};
}

Result<bool> QueryLog::look(const std::stop_token& stop) {
  if (auto done = begin(); !done) return done.error();
  const core::MonoTime mono = context_.world.clock.mono();
  if (pending_.empty()) {
    if (mono < ask_next_) return false;
    ask_next_ = mono + query_.every;
    pending_ = due_span(query_, agreement_.agreement, place_, wall());
    if (pending_.empty()) return false;
  }
  if (auto done = step(stop); !done) return done.error();
  if (failure_) {
    pending_ = {};
    ask_next_ = context_.world.clock.mono() + std::min<core::Millis>(query_.every, kTryAgain);
  }
  return !pending_.empty();
}

Result<QueryTotals> QueryLog::run(const std::optional<core::Interval>& span,
                                  const std::stop_token& stop) {
  if (auto done = begin(); !done) return done.error();
  pending_ = span ? *span : due_span(query_, agreement_.agreement, place_, wall());
  totals_.asked = pending_;
  while (!pending_.empty()) {
    if (auto done = step(stop); !done) return done.error();
    if (failure_) return *failure_;
  }
  return totals_;
}

Result<void> QueryLog::step(const std::stop_token& stop) {
  const auto answer = ask_query(agreement_, query_, pending_, context_.worth, stop);
  if (answer) return take(*answer, stop);
  return stop.stop_requested() ? give_up() : note_away(answer.error());
}

// The stop, and not the engine, ended it.
Result<void> QueryLog::give_up() {
  pending_ = {};
  return {};
}

Result<void> QueryLog::take(const QueryAnswer& answer, const std::stop_token& stop) {
  std::optional<core::Error> engine_error;
  const auto written =
      write_answer(context_.ledger, agreement_, query_, answer, place_, wall(), stop, engine_error);
  if (!written) return written.error();
  if (engine_error) {
    engine_error->message = "the records of failed requests: " + engine_error->message;
    return stop.stop_requested() ? give_up() : note_away(*engine_error);
  }
  pending_.begin = answer.span.end;
  note_answered(answer, *written);
  if (!written->touched.empty()) {
    context_.wrote(agreement_.agreement.id, written->touched.begin);
  }
  return note_times();
}

void QueryLog::note_answered(const QueryAnswer& answer, const QueryWritten& written) {
  if (failure_) spdlog::info("query {}: is answered again", name());
  failure_.reset();
  counts_.away_since.reset();
  counts_.away_why.clear();
  totals_.rows += answer.counts.rows;
  totals_.malformed += answer.counts.malformed;
  totals_.requests += written.requests;
  totals_.errors += written.errors;
  totals_.changed += written.changed;
  totals_.evidence += written.evidence;
  if (totals_.touched.empty()) {
    totals_.touched = written.touched;
  } else if (!written.touched.empty()) {
    totals_.touched.begin = std::min(totals_.touched.begin, written.touched.begin);
    totals_.touched.end = std::max(totals_.touched.end, written.touched.end);
  }
  if (totals_.examples.empty()) totals_.examples = answer.counts.examples;
  counts_.requests += written.added;
  counts_.malformed += answer.counts.malformed;
  if (written.is_late && written.added > 0) {
    counts_.late += written.added;
    spdlog::info("query {}: other counts of {} minutes that were judged before, from {}", name(),
                 written.changed, core::to_text(written.touched.begin));
  }
  const bool had_told = counts_.newest.has_value();
  // What is said again and again is nothing new.
  if (written.changed > 0 && !written.told.empty()) silence_->told(written.told, wall());
  counts_.newest = silence_->newest();
  // A time before anything was ever measured is none in which it was not.
  cut(away_, answer.span);
  cut(unmeasured_, answer.span);
  for (const core::Interval& one : answer.counts.unmeasured) {
    const bool is_within =
        had_told || (!written.told.empty() && one.begin > core::Instant(written.told.front()));
    if (is_within) append(unmeasured_, one, kUnmeasured);
  }
  std::sort(unmeasured_.begin(), unmeasured_.end(),
            [](const Unseen& a, const Unseen& b) { return a.span.begin < b.span.begin; });
  show_problems(answer);
}

void QueryLog::show_problems(const QueryAnswer& answer) {
  counts_.problems.clear();
  counts_.problem_files = 0;
  if (answer.counts.malformed == 0) return;
  const sources::MalformedRow& first = answer.counts.examples.front();
  counts_.problem_files = 1;
  counts_.problems.push_back(
      {"its answer",
       fmt::format("{} of {} rows malformed: expected {}, got {}", answer.counts.malformed,
                   answer.counts.rows, first.expected, first.got)});
}

// The engine did not answer: the time from where it was answered last is not seen.
Result<void> QueryLog::note_away(const core::Error& error) {
  const core::Instant begin = place_.watermark.value_or(pending_.begin);
  if (!failure_ || failure_->message != error.message) {
    spdlog::warn("query {}: not answered: {}{}{}", name(), error.message,
                 error.help.empty() ? "" : "; help: ", error.help);
  }
  failure_ = error;
  ++counts_.failures;
  counts_.away_since = begin;
  counts_.away_why = error.message;
  // Nothing is due before that.
  const core::Instant now = wall();
  if (now - begin < query_.every + query_.delay + kKeepGrowthEvery) return {};
  counts_.silent_since = begin;
  cut(away_, {begin, now});
  append(away_, {begin, now}, kAway);
  return note_times();
}

std::vector<Unseen> QueryLog::times() const {
  std::vector<Unseen> all = away_;
  all.insert(all.end(), unmeasured_.begin(), unmeasured_.end());
  // What Prometheus has no samples of is told already.
  if (query_.query.engine != sources::QueryEngine::prometheus) {
    all.insert(all.end(), silence_->times().begin(), silence_->times().end());
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Unseen& a, const Unseen& b) { return a.span.begin < b.span.begin; });
  // A series has one of each begin.
  const auto same = [](const Unseen& a, const Unseen& b) { return a.span.begin == b.span.begin; };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

Result<void> QueryLog::note_times() {
  const core::Instant now = wall();
  if (!failure_) {
    silence_->look(now);
    counts_.silent_since = silence_->since();
  }
  std::vector<Unseen> all = times();
  noted_at_ = std::min(noted_at_, now);
  if (all == noted_ || (only_grew(noted_, all) && now - noted_at_ < kKeepGrowthEvery)) return {};
  const auto changed = context_.ledger.note_silence({place_.key, all});
  if (!changed) return changed.error();
  noted_ = std::move(all);
  noted_at_ = now;
  if (!changed->empty()) context_.wrote(agreement_.agreement.id, changed->begin);
  return {};
}

}  // namespace recoup::service
