#include "ledger/tables/event_table.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>

#include "ledger/tables/columns.h"

namespace recoup::ledger {
namespace {

using core::Instant;
using core::Interval;
using record::TrailMark;

constexpr std::array<std::string_view, 3> kMarks{"off", "on", "outage"};

std::string day_text(std::int64_t minute) {
  const core::Minute at{std::chrono::minutes(minute)};
  return core::to_text(core::Date(std::chrono::floor<std::chrono::days>(at)));
}

Interval minute_span(std::int64_t minute) {
  const core::Minute begin{std::chrono::minutes(minute)};
  return {begin, begin + std::chrono::minutes(1)};
}

}  // namespace

// Adding is one file's events on their way in, by time, so that neighbouring rows are written
// together.
class EventTable::Adding {
 public:
  Adding(EventTable& at, const Trail& trail, std::int64_t file, const record::Events& events)
      : at_(at), trail_(trail), file_(file), events_(events), corrections_(at.corrections(trail)) {
    for (const core::Outcome& outcome : events.outcomes) {
      outcomes_.push_back(at.to_.outcomes.id(outcome));
    }
    for (const record::Evidence& one : events.evidence) evidence_.emplace(one.tie, &one);
  }

  record::TrailAdded run() {
    std::vector<const record::Event*> order;
    order.reserve(events_.events.size());
    for (const record::Event& event : events_.events) order.push_back(&event);
    std::sort(order.begin(), order.end(), [](const record::Event* a, const record::Event* b) {
      return std::tuple(a->at, a->id) < std::tuple(b->at, b->id);
    });
    for (const record::Event* event : order) add(*event);
    at_.count(changes_);
    return added_;
  }

 private:
  void add(const record::Event& event) {
    const std::int64_t minute = number(core::minute_of(event.at));
    if (minute < day_begin_ || minute >= day_begin_ + kMinutesOfDay) {
      day_ = at_.day_of(trail_, minute);
      day_begin_ = number(core::Minute(std::chrono::floor<std::chrono::days>(event.at)));
    }
    const Row row{day_,
                  minute,
                  static_cast<std::int64_t>(event.id),
                  file_,
                  outcomes_[event.outcome],
                  event.corrected};
    if (!event.corrected && is_corrected_elsewhere(row)) {
      at_.put_again(row);
      ++added_.duplicates;
    } else if (at_.put(row)) {
      counts(row);
      if (event.corrected) take_over_elsewhere(row);
    } else {
      met_again(row);
    }
  }

  bool is_corrected_elsewhere(const Row& row) const {
    const auto [first, last] = corrections_.equal_range(row.id);
    return std::any_of(first, last, [&](const auto& one) { return one.second != row.minute; });
  }

  // The record that was first told of the request may be of another minute.
  void take_over_elsewhere(const Row& row) {
    corrections_.emplace(row.id, row.minute);
    for (const Row& first : at_.near(at_.find_by_id_, trail_, row)) {
      if (first.minute != row.minute) gives_way(first);
    }
  }

  void met_again(const Row& row) {
    const auto found = at_.rows(at_.find_.query(row.series, row.minute, row.id));
    if (found.empty()) throw Failure({"expected the record that another one is alike, got none"});
    const Row& known = found.front();
    if (row.corrected && !known.corrected) {
      gives_way(known);
      at_.put(row);
      counts(row);
      corrections_.emplace(row.id, row.minute);
      return;
    }
    ++added_.duplicates;
    if (known.file != row.file || known.corrected != row.corrected) at_.put_again(row);
  }

  void gives_way(const Row& row) {
    --changes_[{row.series, row.minute, row.outcome}];
    at_.forget_evidence(row);
    at_.remove(row);
    at_.put_again(row);
    ++added_.corrected;
    --added_.counted;
  }

  void counts(const Row& row) {
    ++changes_[{row.series, row.minute, row.outcome}];
    ++added_.counted;
    added_.is_new = true;
    const auto found = evidence_.find(static_cast<std::uint64_t>(row.id));
    if (found != evidence_.end()) at_.to_.evidence.put(row.series, *found->second);
  }

  EventTable& at_;
  const Trail& trail_;
  std::int64_t file_;
  const record::Events& events_;
  Corrections& corrections_;            // of the trail, kept up to date
  std::vector<std::int64_t> outcomes_;  // numbers in the ledger
  record::SeriesId day_ = 0;
  std::int64_t day_begin_ = std::numeric_limits<std::int64_t>::max() / 2;
  std::unordered_map<std::uint64_t, const record::Evidence*> evidence_;
  Changes changes_;
  record::TrailAdded added_;
};

EventTable::EventTable(Connection& connection, const Needs& needs)
    : to_(needs),
      put_(connection,
           "INSERT INTO event (series, minute, id, file, outcome, corrected) "
           "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (series, minute, id) DO NOTHING"),
      find_(connection,
            "SELECT series, minute, id, file, outcome, corrected FROM event "
            "WHERE series = $1 AND minute = $2 AND id = $3"),
      find_by_id_(connection,
                  "SELECT series, minute, event.id, file, outcome, corrected "
                  "FROM series JOIN event ON event.series = series.id "
                  "WHERE series.agreement = $1 AND series.kind = 'stream' AND series.name = $2 "
                  "AND series.part >= $3 AND series.part <= $4 AND event.id = $5"),
      remove_(connection, "DELETE FROM event WHERE series = $1 AND minute = $2 AND id = $3"),
      corrected_(connection,
                 "SELECT event.id, minute FROM series JOIN event ON event.series = series.id "
                 "WHERE series.agreement = $1 AND series.kind = 'stream' AND series.name = $2 "
                 "AND corrected = 1"),
      put_again_(connection,
                 "INSERT INTO event_again (series, minute, id, file, outcome, corrected) "
                 "VALUES ($1, $2, $3, $4, $5, $6) "
                 "ON CONFLICT (series, minute, id, file, corrected) DO NOTHING"),
      again_(connection,
             "SELECT series, minute, id, file, outcome, corrected FROM event_again "
             "WHERE series = $1 AND minute = $2 AND id = $3 ORDER BY corrected DESC, file"),
      again_by_id_(connection,
                   "SELECT series, minute, event_again.id, file, outcome, corrected "
                   "FROM series JOIN event_again ON event_again.series = series.id "
                   "WHERE series.agreement = $1 AND series.kind = 'stream' AND series.name = $2 "
                   "AND series.part >= $3 AND series.part <= $4 AND event_again.id = $5 "
                   "ORDER BY corrected DESC, file"),
      remove_again_(connection,
                    "DELETE FROM event_again WHERE series = $1 AND minute = $2 AND id = $3 "
                    "AND file = $4 AND corrected = $5"),
      of_file_(connection,
               "SELECT series, minute, event.id, file, outcome, corrected "
               "FROM series JOIN event ON event.series = series.id "
               "WHERE series.agreement = $1 AND series.kind = 'stream' AND series.name = $2 "
               "AND series.part >= $3 AND series.part <= $4 AND file = $5 "
               "ORDER BY series, minute, event.id"),
      remove_file_again_(connection,
                         "DELETE FROM event_again WHERE series IN (SELECT id FROM series "
                         "WHERE agreement = $1 AND kind = 'stream' AND name = $2 AND part >= $3 "
                         "AND part <= $4) AND file = $5"),
      put_mark_(connection,
                "INSERT INTO trail_mark (agreement, log, at_ms, kind, what, file) "
                "VALUES ($1, $2, $3, $4, $5, $6) "
                "ON CONFLICT (agreement, log, at_ms, kind, what, file) DO NOTHING"),
      marks_(connection,
             "SELECT DISTINCT at_ms, kind, what FROM trail_mark "
             "WHERE agreement = $1 AND log = $2 ORDER BY at_ms, kind, what"),
      remove_marks_(connection, "DELETE FROM trail_mark WHERE file = $1"),
      next_event_(connection,
                  "SELECT coalesce(min(minute), -1) FROM event JOIN series "
                  "ON series.id = event.series WHERE series.agreement = $1 AND series.name = $2 "
                  "AND series.kind = 'stream' AND series.part >= $3 AND minute > $4"),
      unseen_(connection,
              "SELECT begin_ms, end_ms, why FROM unseen WHERE series = $1 ORDER BY begin_ms"),
      remove_unseen_(connection, "DELETE FROM unseen WHERE series = $1") {}

void EventTable::begin() {
  series_.clear();
  corrections_.clear();
}

record::SeriesId EventTable::series_of(const Trail& trail) { return series_of(trail, ""); }

record::SeriesId EventTable::series_of(const Trail& trail, const std::string& part) {
  const auto [at, is_new] = series_.try_emplace({trail, part}, 0);
  if (is_new) {
    at->second = to_.series.id({trail.agreement, record::SeriesKind::stream, trail.log, part});
  }
  return at->second;
}

record::SeriesId EventTable::day_of(const Trail& trail, std::int64_t minute) {
  return series_of(trail, day_text(minute));
}

EventTable::Corrections& EventTable::corrections(const Trail& trail) {
  const auto [at, is_new] = corrections_.try_emplace(trail);
  if (is_new) {
    Rows found = corrected_.query(trail.agreement, trail.log);
    while (found.next()) at->second.emplace(found.integer(0), found.integer(1));
  }
  return at->second;
}

std::vector<EventTable::Row> EventTable::near(Statement& statement, const Trail& trail,
                                              const Row& row) {
  return rows(statement.query(trail.agreement, trail.log, day_text(row.minute - kMinutesOfDay),
                              day_text(row.minute + kMinutesOfDay), row.id));
}

std::vector<EventTable::Row> EventTable::rows(Rows found) {
  std::vector<Row> rows;
  while (found.next()) {
    rows.push_back({found.integer(0), found.integer(1), found.integer(2), found.integer(3),
                    found.integer(4), found.integer(5) != 0});
  }
  return rows;
}

bool EventTable::put(const Row& row) {
  return put_.change(row.series, row.minute, row.id, row.file, row.outcome,
                     std::int64_t{row.corrected ? 1 : 0}) > 0;
}

void EventTable::put_again(const Row& row) {
  put_again_.run(row.series, row.minute, row.id, row.file, row.outcome,
                 std::int64_t{row.corrected ? 1 : 0});
}

void EventTable::remove(const Row& row) { remove_.run(row.series, row.minute, row.id); }

void EventTable::count(const Changes& changes) {
  for (const auto& [what, by] : changes) {
    const auto& [series, minute, outcome] = what;
    if (by != 0) to_.tallies.change(series, minute, outcome, by);
  }
}

void EventTable::forget_evidence(const Row& row) {
  to_.evidence.remove(row.series, minute_span(row.minute), row.id);
}

record::TrailAdded EventTable::add(const Trail& trail, std::int64_t file,
                                   const record::Events& events) {
  for (const TrailMark& mark : events.marks) {
    put_mark_.run(trail.agreement, trail.log, number(mark.at),
                  kMarks[static_cast<std::size_t>(mark.kind)], mark.what, file);
  }
  return Adding(*this, trail, file, events).run();
}

// What counts in the place of a record that is gone; nothing where no other file has it.
std::optional<EventTable::Row> EventTable::next_in_line(const Trail& trail, const Row& gone) {
  auto same = rows(again_.query(gone.series, gone.minute, gone.id));
  if (!same.empty()) return same.front();
  if (!gone.corrected) return std::nullopt;
  same = near(again_by_id_, trail, gone);
  return same.empty() ? std::nullopt : std::optional(same.front());
}

Interval EventTable::remove(const Trail& trail, std::int64_t file, const Interval& of) {
  const std::string first = day_text(number(core::minute_of(of.begin)));
  const std::string last = day_text(number(core::minute_of(of.end)));
  remove_file_again_.run(trail.agreement, trail.log, first, last, file);
  remove_marks_.run(file);
  Interval span;
  Changes changes;
  for (const Row& gone : rows(of_file_.query(trail.agreement, trail.log, first, last, file))) {
    span = joined(span, minute_span(gone.minute));
    remove(gone);
    --changes[{gone.series, gone.minute, gone.outcome}];
    const auto next = next_in_line(trail, gone);
    const bool is_alike = next && next->outcome == gone.outcome && next->minute == gone.minute;
    if (!is_alike) forget_evidence(gone);
    if (!next) continue;
    span = joined(span, minute_span(next->minute));
    remove_again_.run(next->series, next->minute, next->id, next->file,
                      std::int64_t{next->corrected ? 1 : 0});
    put(*next);
    ++changes[{next->series, next->minute, next->outcome}];
  }
  count(changes);
  corrections_.clear();
  return span;
}

std::vector<core::Unseen> EventTable::unseen_of(const Trail& trail, Instant heard) {
  std::vector<TrailMark> marks;
  {
    Rows found = marks_.query(trail.agreement, trail.log);
    while (found.next()) {
      const auto kind = std::find(kMarks.begin(), kMarks.end(), found.text(1));
      if (kind == kMarks.end()) throw Failure({"expected a mark of a trail, got another word"});
      marks.push_back({instant(found.integer(0)),
                       static_cast<TrailMark::Kind>(kind - kMarks.begin()), found.string(2)});
    }
  }
  std::vector<core::Unseen> all;
  for (auto mark = marks.begin(); mark != marks.end(); ++mark) {
    if (mark->kind == TrailMark::Kind::on) continue;
    Interval span{mark->at, heard};
    const std::int64_t minute = number(core::minute_of(mark->at));
    if (mark->kind == TrailMark::Kind::outage) {
      span = minute_span(minute);
    } else {
      Rows next = next_event_.query(trail.agreement, trail.log, day_text(minute), minute);
      if (next.next() && next.integer(0) >= 0) span.end = minute_span(next.integer(0)).begin;
      const auto on = std::find_if(mark, marks.end(), [&](const TrailMark& each) {
        return each.kind == TrailMark::Kind::on && each.at > mark->at;
      });
      if (on != marks.end()) span.end = std::min(span.end, on->at);
    }
    const bool adjoins = !all.empty() && span.begin <= all.back().span.end;
    if (span.empty()) continue;
    if (adjoins) {
      all.back().span.end = std::max(all.back().span.end, span.end);
    } else {
      all.push_back({span, mark->what});
    }
  }
  return all;
}

Interval EventTable::note_unseen(const Trail& trail, Instant heard) {
  const record::SeriesId series = series_of(trail);
  const auto known = to_.tallies.checkpoint(series);
  if (known) heard = std::max(heard, known->watermark);
  to_.tallies.put(record::Checkpoint{series, heard, core::Millis(0), known ? known->place : ""});

  std::vector<core::Unseen> before;
  {
    Rows found = unseen_.query(series);
    while (found.next()) {
      before.push_back({{instant(found.integer(0)), instant(found.integer(1))}, found.string(2)});
    }
  }
  const std::vector<core::Unseen> now = unseen_of(trail, heard);
  if (before == now) return {};
  Interval changed;
  for (const core::Unseen& one : before) changed = joined(changed, one.span);
  for (const core::Unseen& one : now) changed = joined(changed, one.span);
  remove_unseen_.run(series);
  for (const core::Unseen& one : now) to_.tallies.put(record::SeriesUnseen{series, one});
  return changed;
}

Interval joined(const Interval& a, const Interval& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

}  // namespace recoup::ledger
