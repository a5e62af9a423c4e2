#pragma once

#include <chrono>
#include <map>
#include <vector>

#include "core/assessment.h"
#include "core/classify.h"
#include "core/intervals.h"
#include "core/rule.h"
#include "core/tally.h"

namespace recoup::core {

// Counts is what tallies come to under one version of a contract, before anything is judged:
// Requests and Errors by interval of a cycle, what became of our own probes, and failures that are
// not counted. A month of tallies by the minute is a megabyte; what they come to, packed, is some
// hundred bytes where probes are steady, and tens of kilobytes where no interval is like another.
class Counts {
 public:
  // The version outlives it.
  Counts(const Version& version, const Interval& cycle);

  // Adds what was seen. What lies outside the cycle is left out.
  void add(const Tallies& tallies);

  // Packs all intervals before the newest one that anything was counted in. What is added
  // afterwards was seen later, in minutes of its own.
  void pack();

  // An error where all that was added is more than kMostCounted: then no sum of it holds.
  Result<void> check_total() const { return total_.check(); }

  // All intervals of the cycle; their states are not known yet, nor which of them are lost. Of each
  // resource in the order of Version::resources, where the contract sums the time of several and a
  // source names the one that it is of; otherwise once.
  ByResource by_resource() const;
  const ProbesDue& probes() const { return probes_; }
  UncountedFailures uncounted() const;

  // Times of the cycle that a source did not see, in order of what was added; what adjoins is one.
  const std::vector<Unseen>& unseen() const { return unseen_; }

  // Calls of the cycle on keys in custom key stores, which are left out.
  std::uint64_t key_store() const { return key_store_; }

  RefusedAnswers refused() const { return refused_; }

  // Requests whose source names none of several resources, though others do: they are left out,
  // since nobody knows whose time they are of.
  std::uint64_t unnamed() const;

  // Answers of the cycle whose error has a name that no status is known for, the most frequent
  // first.
  std::vector<OutcomeCount> unclassified() const;

 private:
  class Open;
  struct Single {};

  // Of one resource, or of all Requests alike.
  Counts(const Version& version, const Interval& cycle, Single single);

  void add_by_resource(const Tallies& tallies);
  IntervalRuns runs() const;
  void mark_unseen(const Interval& span);
  void add_requests(const std::vector<Classified>& judged, const Tallies& tallies);
  void add_unseen(const std::vector<Unseen>& unseen);
  void add_asides(const std::vector<Classified>& judged, const Tallies& tallies);
  void add_reported(const std::vector<Classified>& judged, const Tallies& tallies);
  void leave_out_repeats(const std::vector<Classified>& judged, const Tallies& tallies);
  void add_gaps(const std::vector<Gap>& gaps);
  void add_probes(const Tallies& tallies);
  void add_uncounted(const std::vector<Classified>& judged, const Tallies& tallies);

  const Version* version_;
  Interval cycle_;
  std::chrono::minutes length_;      // of an interval
  std::chrono::minutes repeats_{0};  // RequestRatio::repeats; 0 for the other families
  Intervals packed_;                 // the first ones
  std::vector<IntervalPart> open_;   // those behind them, up to the newest with a count
  // Of each of several resources whose time is summed, and behind them of sources that name none;
  // empty where it is not. Then nothing is in `packed_` and `open_`.
  std::vector<Counts> each_;
  bool named_ = false;               // a source that was added names one of the resources
  std::map<Outcome, Minute> first_;  // of the Errors: the newest that repeats none
  std::map<Outcome, UncountedOutcome> uncounted_;
  std::map<Outcome, std::uint64_t> unclassified_;
  std::uint64_t key_store_ = 0;
  RefusedAnswers refused_;
  std::vector<Unseen> unseen_;
  ProbesDue probes_;
  CountedTotal total_;
};

}  // namespace recoup::core
