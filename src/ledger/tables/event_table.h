#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "ledger/sql/connection.h"
#include "ledger/tables/evidence_table.h"
#include "ledger/tables/outcome_ids.h"
#include "ledger/tables/series_table.h"
#include "ledger/tables/tally_table.h"
#include "record/trail.h"

namespace recoup::ledger {

// EventTable is the tables of trails' records: each is counted once, whichever files have it. Its
// series are one for each agreement, log and UTC day, so that what is taken back breaks the chains
// of those days alone. All methods throw Failure, and stand inside a transaction. For one thread at
// a time.
class EventTable {
 public:
  // The tables that it counts in; they outlive it.
  struct Needs {
    OutcomeIds& outcomes;
    SeriesTable& series;
    TallyTable& tallies;
    EvidenceTable& evidence;
  };
  EventTable(Connection& connection, const Needs& needs);

  // Whose events they are.
  struct Trail {
    std::string agreement;
    std::string log;
    auto operator<=>(const Trail&) const = default;
  };

  // Forgets what is known of the days: at the begin of a transaction.
  void begin();

  // The series of the trail itself, which its files and what nobody saw are kept under.
  record::SeriesId series_of(const Trail& trail);

  // Counts what is new of a file's events, and keeps their evidence, between begin() and end() of
  // the evidence.
  record::TrailAdded add(const Trail& trail, std::int64_t file, const record::Events& events);

  // Takes the events of a file back, which are of the time `of`; what other files have of them
  // counts from now on. Returns the time that changed.
  core::Interval remove(const Trail& trail, std::int64_t file, const core::Interval& of);

  // Works out anew which times of the trail nobody saw, from its marks and events; `heard`: up to
  // when the files told of anything. Returns the time in which it changed.
  core::Interval note_unseen(const Trail& trail, core::Instant heard);

 private:
  // A record as its row has it; outcome and file by their numbers in the ledger.
  struct Row {
    record::SeriesId series = 0;
    std::int64_t minute = 0;
    std::int64_t id = 0;
    std::int64_t file = 0;
    std::int64_t outcome = 0;
    bool corrected = false;
  };
  // How much the counts change, by series, minute and outcome.
  using Changes = std::map<std::tuple<record::SeriesId, std::int64_t, std::int64_t>, std::int64_t>;
  // The minutes of a trail's corrected records, by their ids: there are few.
  using Corrections = std::multimap<std::int64_t, std::int64_t>;
  class Adding;

  record::SeriesId series_of(const Trail& trail, const std::string& part);
  record::SeriesId day_of(const Trail& trail, std::int64_t minute);
  Corrections& corrections(const Trail& trail);
  static std::vector<Row> rows(Rows found);
  // Of the minute's day and the days beside it.
  std::vector<Row> near(Statement& statement, const Trail& trail, const Row& row);
  bool put(const Row& row);
  void put_again(const Row& row);
  void remove(const Row& row);
  std::optional<Row> next_in_line(const Trail& trail, const Row& gone);
  void count(const Changes& changes);
  void forget_evidence(const Row& row);
  std::vector<core::Unseen> unseen_of(const Trail& trail, core::Instant heard);

  Needs to_;
  std::map<std::tuple<Trail, std::string>, record::SeriesId> series_;
  std::map<Trail, Corrections> corrections_;
  Statement put_;
  Statement find_;
  Statement find_by_id_;
  Statement remove_;
  Statement corrected_;
  Statement put_again_;
  Statement again_;
  Statement again_by_id_;
  Statement remove_again_;
  Statement of_file_;
  Statement remove_file_again_;
  Statement put_mark_;
  Statement marks_;
  Statement remove_marks_;
  Statement next_event_;
  Statement unseen_;
  Statement remove_unseen_;
};

// The shortest time that holds both; an empty one holds nothing.
core::Interval joined(const core::Interval& a, const core::Interval& b);

}  // namespace recoup::ledger
