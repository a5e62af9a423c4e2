#include "service/query_reading.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/classify.h"
#include "sources/query/engine.h"

namespace recoup::service {
namespace {

using core::Result;
using namespace std::chrono_literals;

// What is older may be sealed, by the clock of whoever wrote it: as of logs.
constexpr auto kSealedAfter = 1h;

constexpr std::size_t kMostRecords = 10'000;  // of one answer
constexpr std::size_t kMostNames = 500;       // of outcomes that records are asked for

using OutcomeCounts = std::map<core::Outcome, std::uint64_t>;

core::Instant up_to_minute(core::Instant at) {
  return std::chrono::floor<std::chrono::minutes>(at);
}

sources::StatusOf status_of(const config::AgreementSettings& agreement,
                            const config::QuerySettings& query) {
  if (!query.by_error_name) return nullptr;
  return [&agreement](std::string_view name) { return agreement.status_of(name); };
}

bool is_error(const config::AgreementSettings& agreement, const core::Outcome& outcome) {
  return core::classify(agreement.rule->versions.back(), outcome).verdict == core::Verdict::error;
}

// The minutes of the answer whose counts are others than the ledger's, each as a whole: what is not
// in the answer any more has a count of 0.
Result<std::vector<record::SeriesMinute>> changed_minutes(ledger::TallyStore& ledger,
                                                          record::SeriesId series,
                                                          const QueryAnswer& answer,
                                                          std::uint64_t& added) {
  std::vector<record::SeriesMinute> changed;
  const auto newest = ledger.newest_minute(series);
  if (!newest) return newest.error();
  for (core::Instant at = answer.span.begin; at < answer.span.end; at += 1min) {
    const core::Minute minute = core::minute_of(at);
    const auto found = answer.counts.minutes.find(minute);
    const bool may_be_there = *newest && minute <= **newest;
    if (found == answer.counts.minutes.end() && !may_be_there) continue;
    OutcomeCounts now = found == answer.counts.minutes.end() ? OutcomeCounts() : found->second;
    OutcomeCounts before;
    if (may_be_there) {
      const auto stored = ledger.counts(series, minute);
      if (!stored) return stored.error();
      for (const core::OutcomeCount& one : *stored) before[one.outcome] = one.count;
    }
    for (const auto& [outcome, count] : before) now.try_emplace(outcome, 0);
    record::SeriesMinute row{series, minute, {}};
    for (const auto& [outcome, count] : now) {
      const auto found_before = before.find(outcome);
      const std::uint64_t known = found_before == before.end() ? 0 : found_before->second;
      if (known != count) row.counts.push_back({outcome, count});
      if (known < count) added += count - known;
    }
    if (!row.counts.empty()) changed.push_back(std::move(row));
  }
  return changed;
}

// The records of failures in the minutes that changed: of none more than were counted.
std::vector<record::Evidence> records_of(const config::AgreementSettings& agreement,
                                         const config::QuerySettings& query,
                                         const QueryAnswer& answer,
                                         const std::set<core::Minute>& changed,
                                         const std::stop_token& stop,
                                         std::optional<core::Error>& failed) {
  std::vector<core::Minute> minutes;
  std::set_intersection(changed.begin(), changed.end(), answer.counts.worth_minutes.begin(),
                        answer.counts.worth_minutes.end(), std::back_inserter(minutes));
  if (minutes.empty() || query.query.evidence.empty()) return {};
  std::vector<std::string> names(answer.counts.worth_names.begin(),
                                 answer.counts.worth_names.end());
  names.resize(std::min(names.size(), kMostNames));
  const core::Interval span{minutes.front(), core::Instant(minutes.back()) + 1min};
  auto found = sources::ask_evidence(query.query, span, names, kMostRecords,
                                     status_of(agreement, query), stop);
  if (!found) {
    failed = found.error();
    return {};
  }
  std::map<core::Minute, OutcomeCounts> left = answer.counts.minutes;
  std::set<std::pair<core::Instant, std::uint64_t>> seen;
  std::vector<record::Evidence> kept;
  for (record::Evidence& one : *found) {
    const core::Minute minute = core::minute_of(one.at);
    std::uint64_t& room = left[minute][one.outcome];
    if (!changed.contains(minute) || room == 0 || !seen.emplace(one.at, one.tie).second) continue;
    --room;
    kept.push_back(std::move(one));
  }
  return kept;
}

}  // namespace

Result<QueryPlace> find_place(ledger::Ledger& ledger, const std::string& agreement,
                              const config::QuerySettings& query) {
  QueryPlace place;
  place.key = {agreement, record::SeriesKind::query, query.id,
               std::string(to_text(query.query.engine))};
  const auto id = ledger.series(place.key);
  if (!id) return id.error();
  place.series = *id;
  const auto all = ledger.all_series(agreement);
  if (!all) return all.error();
  for (const record::SeriesState& one : *all) {
    const bool is_it = one.key.kind == place.key.kind && one.key.name == place.key.name;
    if (!is_it || !one.checkpoint) continue;
    place.watermark =
        std::max(place.watermark.value_or(core::Instant()), one.checkpoint->watermark);
  }
  return place;
}

core::Interval due_span(const config::QuerySettings& query, const core::Agreement& agreement,
                        const QueryPlace& place, core::Instant now) {
  const core::Instant end = up_to_minute(now - query.delay);
  const core::Date today(std::chrono::floor<std::chrono::days>(now));
  core::Instant begin = std::chrono::sys_days(today.year() / today.month() / 1);
  if (query.from) begin = *query.from;
  if (place.watermark) {
    // A clock that was set back looks no further into the future than it shows.
    begin = std::min(*place.watermark, end) - query.reread;
    begin = std::max(begin, query.from.value_or(core::Instant()));
  }
  begin = up_to_minute(std::max(begin, agreement.since.value_or(core::Instant())));
  return begin < end ? core::Interval{begin, end} : core::Interval{end, end};
}

Result<QueryAnswer> ask_query(const config::AgreementSettings& agreement,
                              const config::QuerySettings& query, const core::Interval& span,
                              const record::WorthARecord& worth, const std::stop_token& stop) {
  QueryAnswer answer{{span.begin, std::min(span.end, span.begin + kQueryPart)}, {}};
  auto counts =
      sources::ask_counts(query.query, answer.span, status_of(agreement, query), worth, stop);
  if (!counts) return counts.error();
  answer.counts = *std::move(counts);
  return answer;
}

Result<QueryWritten> write_answer(ledger::Ledger& ledger,
                                  const config::AgreementSettings& agreement,
                                  const config::QuerySettings& query, const QueryAnswer& answer,
                                  QueryPlace& place, core::Instant now, const std::stop_token& stop,
                                  std::optional<core::Error>& engine_error) {
  QueryWritten written;
  auto changed = changed_minutes(ledger, place.series, answer, written.added);
  if (!changed) return changed.error();
  for (const auto& [minute, outcomes] : answer.counts.minutes) {
    if (!outcomes.empty()) written.told.push_back(minute);
    for (const auto& [outcome, count] : outcomes) {
      written.requests += count;
      if (is_error(agreement, outcome)) written.errors += count;
    }
  }
  record::Batch batch;
  std::set<core::Minute> minutes;
  for (record::SeriesMinute& row : *changed) {
    minutes.insert(row.minute);
    batch.minutes.push_back(std::move(row));
  }
  auto records = records_of(agreement, query, answer, minutes, stop, engine_error);
  if (engine_error) return written;
  for (record::Evidence& one : records) batch.evidence.push_back({place.series, std::move(one)});
  written.changed = minutes.size();
  written.evidence = batch.evidence.size();
  if (!minutes.empty()) written.touched = {*minutes.begin(), *minutes.rbegin() + 1min};
  written.is_late = !minutes.empty() && written.touched.begin < now - kSealedAfter;
  if (written.is_late) {
    batch.corrections.push_back({agreement.agreement.id, written.touched, query.id});
  }
  // What is asked anew, or beyond a time that was left out, does not move the place.
  const bool joins = !place.watermark || answer.span.begin <= *place.watermark;
  const bool is_further = !place.watermark || answer.span.end > *place.watermark;
  if (joins && is_further) {
    batch.checkpoints.push_back({place.series, answer.span.end, core::Millis(0)});
  }
  if (!batch.empty()) {
    if (auto done = ledger.write(batch); !done) return done.error();
  }
  if (joins && is_further) place.watermark = answer.span.end;
  return written;
}

}  // namespace recoup::service
