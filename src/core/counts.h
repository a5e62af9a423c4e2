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

  // All intervals of the cycle; their states are not known yet, nor which of them are lost.
  IntervalRuns runs() const;
  const ProbesDue& probes() const { return probes_; }
  UncountedFailures uncounted() const;

 private:
  class Open;

  void add_requests(const std::vector<Classified>& judged, const Tallies& tallies);
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
  std::map<Outcome, Minute> first_;  // of the Errors: the newest that repeats none
  std::map<Outcome, UncountedOutcome> uncounted_;
  ProbesDue probes_;
  CountedTotal total_;
};

}  // namespace recoup::core
