#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/sql/connection.h"
#include "ledger/tables/fold_table.h"
#include "ledger/tables/outcome_ids.h"
#include "ledger/tables/resource_table.h"
#include "record/records.h"

namespace recoup::ledger {

// TallyTable is the tables of what was counted, minute by minute, folded or not, and of what was
// not: up to when probes are accounted for, gaps, and steps of the clock. All methods throw
// Failure. For one thread at a time.
class TallyTable {
 public:
  // All outlive the table.
  TallyTable(Connection& connection, OutcomeIds& outcomes, ResourceTable& resources,
             FoldTable& folds);

  // Inside a transaction.
  void put(record::SeriesId series, const record::SeriesMinute& row);
  void put(const record::Checkpoint& row);
  void put(const record::SeriesGap& row);
  void put(const record::SeriesUnseen& row);
  void put(const record::ClockStep& step);

  // Changes a count by so many; one that is 0 then is gone. Inside a transaction.
  void change(record::SeriesId series, std::int64_t minute, std::int64_t outcome, std::int64_t by);

  // Of one series what nobody saw, by begin; takes others in its place.
  std::vector<core::Unseen> unseen(record::SeriesId series);
  void replace_unseen(record::SeriesId series, const std::vector<core::Unseen>& unseen);

  // As the methods of TallyStore of the same names.
  std::vector<core::OutcomeCount> counts(record::SeriesId series, core::Minute minute);
  std::optional<record::Checkpoint> checkpoint(record::SeriesId series);
  std::optional<core::Minute> newest_minute(record::SeriesId series);
  core::Tallies tallies(const std::string& agreement, const core::Interval& span);
  std::vector<record::SourceTallies> by_source(const std::string& agreement,
                                               const core::Interval& span);
  std::vector<std::pair<std::string, core::Gap>> probe_gaps(const std::string& agreement,
                                                            const core::Interval& span);
  std::vector<record::SourceTallies> probed_elsewhere(const std::string& agreement,
                                                      const core::Interval& span);
  std::vector<record::ClockStep> clock_steps(const core::Interval& span);
  std::optional<core::Interval> seen(const std::string& agreement);
  std::optional<core::Instant> seen_from(const std::string& agreement, core::Instant from);

  // Throws Failure where the agreement's counts add up to more than core::kMostCounted.
  void check_total(const std::string& agreement);

 private:
  using Resources = std::unordered_map<record::SeriesId, std::string>;  // those of series

  struct Reading;  // of rows of counts into Tallies

  void read_rows(const std::string& agreement, const core::Interval& span,
                 const Resources& resources, core::Tallies& tallies);
  void read_unseen(const std::string& agreement, const core::Interval& span,
                   const Resources& resources, core::Tallies& tallies);
  void read_series(record::SeriesId series, const core::Interval& span, bool is_folded,
                   const std::string& resource, core::Tallies& tallies);
  void read_gaps(const std::string& agreement, const core::Interval& span,
                 const Resources& resources, core::Tallies& tallies);

  OutcomeIds& outcomes_;
  ResourceTable& resources_;
  FoldTable& folds_;
  Statement put_count_;
  Statement raise_;
  Statement lower_;
  Statement remove_none_;
  Statement put_checkpoint_;
  Statement put_gap_;
  Statement put_unseen_;
  Statement unseen_of_;
  Statement remove_unseen_;
  Statement put_clock_step_;
  Statement counts_;
  Statement checkpoint_;
  Statement newest_;
  Statement tallies_;
  Statement folded_;
  Statement folded_series_;
  Statement sources_;
  Statement of_series_;
  Statement gaps_;
  Statement unseen_;
  Statement probe_gaps_;
  Statement elsewhere_;
  Statement elsewhere_folded_;
  Statement clock_steps_;
  Statement seen_;
  Statement all_counts_;
  Statement all_folded_;
  Statement seen_from_;
  Statement seen_on_;
};

}  // namespace recoup::ledger
