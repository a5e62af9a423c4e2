#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/agreement.h"
#include "core/classify.h"
#include "core/intervals.h"
#include "core/outcome.h"
#include "core/rule.h"
#include "core/tally.h"
#include "core/zone.h"

namespace recoup::core {

// Sums over intervals. Requests and Errors of excluded intervals are not in them.
struct Totals {
  std::uint64_t measured = 0, silent = 0, excluded = 0, ahead = 0;  // intervals; together all
  std::uint64_t below_100 = 0;                                      // intervals
  std::uint64_t errors_below_100 = 0;                               // Errors in these
  std::uint64_t requests = 0, errors = 0, not_requests = 0, unattributed = 0, missed = 0;
  std::uint64_t indirect = 0, indirect_errors = 0;  // IntervalPart::indirect
  std::uint64_t unseen = 0;                         // intervals that are not excluded
  std::uint64_t unread = 0;                         // lines of logs that could not be read
  std::uint64_t refused = 0;                        // answers left out (Verdict::refused)
  std::uint64_t reported_errors = 0;                // of the Errors, by local processes alone

  void add(const IntervalPart& part, std::uint64_t count = 1);  // so many intervals that are alike
  // Whether nothing is known that may have been a Request and was not seen as one.
  bool is_sure() const { return missed == 0 && unread == 0 && refused == 0 && unseen == 0; }
};

// ProbesDue accounts for every time a probe of the agreement was due in the cycle.
struct ProbesDue {
  std::uint64_t sent = 0;
  MissedCounts missed{};

  std::uint64_t due() const { return std::accumulate(missed.begin(), missed.end(), sent); }
};

// UncountedOutcome is what answers with a status of 5xx came to that are not counted as Errors.
struct UncountedOutcome {
  Outcome outcome;
  std::uint64_t count = 0;
  Uncounted reason = Uncounted::status;
  std::string clause;  // why, in words a user can check against the contract
};

// "500 came 240 times; 500 is not an Error: an Error is a Request that returns 5xx with
// InternalError".
std::string to_text(const UncountedOutcome& uncounted);

// UncountedFailures are all answers of the cycle with a status of 5xx that are not counted as
// Errors, those in excluded intervals among them. The uptime does not know of them: whoever reads
// it should.
struct UncountedFailures {
  std::vector<UncountedOutcome> outcomes;            // the most frequent first
  std::array<std::uint64_t, kUncounteds> reasons{};  // sums by Uncounted

  std::uint64_t total() const {
    return std::accumulate(reasons.begin(), reasons.end(), std::uint64_t{0});
  }
};

// IndirectCalls are the calls of a cycle that other services of the provider made for the account.
// "Request" is an invocation by directly calling the API (AWS KMS SLA): whether these are some can
// be read either way, and both readings are shown.
struct IndirectCalls {
  std::uint64_t requests = 0;  // outside excluded intervals
  std::uint64_t errors = 0;    // of these
  bool counted = false;        // in the uptime
  Ratio uptime_otherwise;      // if they were counted and are not, or the other way round
};

// RefusedAnswers are those of the cycle that refused our own signature, clock or credentials, the
// ones in excluded intervals among them. The others of `all` are no Requests under the contract.
struct RefusedAnswers {
  std::uint64_t all = 0;
  std::uint64_t served = 0;    // Requests that did not fail, by the contract's letter
  std::uint64_t left_out = 0;  // Verdict::refused

  bool operator==(const RefusedAnswers&) const = default;
};

// Source is one kind of what brought counts of a cycle, and what it cannot see: whoever reads the
// uptime should know.
struct Source {
  // "probe", "csm", how a log is written: "alb", or which engine was asked: "clickhouse"; empty:
  // that is not known.
  std::string kind;
  std::vector<std::string> names;          // of its probes, logs or queries, in order
  std::string cannot_see;                  // a sentence
  std::vector<std::string> vantages = {};  // that its requests were sent from, in order
  // Some of what it counted, and the uptime rests on, is no count but an estimate of one.
  bool estimated = false;
};

// Overlap is two sources that were both counted and may have seen the same Requests.
struct Overlap {
  std::string one, other;  // "the log sdk (csm)"
};

// Comparison sets what one log saw that is compared, and not counted, against what the logs saw
// that are: the same Requests, seen by another. Intervals that are excluded are left out of all
// sums.
struct Comparison {
  struct Sum {
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;
  };

  std::string log;
  // Intervals in which either saw a Request.
  std::uint64_t alike = 0;          // both as many Requests and as many Errors
  std::uint64_t differing = 0;      // both some, and not as many
  std::uint64_t only_counted = 0;   // only the logs that are counted saw any
  std::uint64_t only_compared = 0;  // only this one did
  Sum counted;
  Sum compared;
  // Errors that this one saw beyond those that were counted, interval by interval.
  std::uint64_t more_errors = 0;
  // What this log alone would give; nothing where it saw no Request.
  std::optional<Ratio> uptime;
  bool met = true;
  std::optional<std::size_t> tier;
  Intervals parts;  // what it saw; empty where only the sums are known

  std::uint64_t intervals() const { return alike + differing + only_counted + only_compared; }
};

// Until when a step towards the credit must be done, by both ways to read the text.
struct DeadlineDates {
  Instant safe;     // the end, not included
  Instant literal;  // the end, not included
};

// The deadline of a claim with the first step towards the credit as the safe date: that of a
// notice, where there is one and it is earlier.
std::optional<DeadlineDates> first_deadline(const std::optional<DeadlineDates>& deadline,
                                            const std::optional<DeadlineDates>& notice);

// CreditDue says until when a credit that comes by itself is due.
struct CreditDue {
  Instant by;
  std::optional<Instant> disputed;  // in a dispute
};

// ResourceShare is what was seen of one of several resources whose time a contract sums, and what
// it lost of that.
struct ResourceShare {
  std::string name;  // of Version::resources
  Intervals parts;
  Totals totals;

  // Whether it was watched: one that was not counts as available.
  bool is_measured() const { return totals.measured > 0; }
};

// ExclusionEffect is an exclusion that touches the cycle, and the uptime without it.
struct ExclusionEffect {
  ExclusionWindow window;
  Ratio uptime_without;
};

// Assessment is the verdict on one agreement and one billing cycle: everything that any output
// shows. Percentages are fractions of 1.
struct Assessment {
  Cycle cycle;
  bool complete = false;  // the cycle was over at the time of judging
  std::chrono::minutes interval{0};
  Intervals parts;
  // Where the time of several resources is summed, `below_100` has an interval once for each that
  // was lost in it, and `errors_below_100` the Errors of these alone.
  Totals totals;
  // Each of them, in the order of Version::resources; empty where no time is summed, or where no
  // source names the resource that it is of.
  std::vector<ResourceShare> resources;
  std::uint64_t unnamed = 0;  // Requests of sources that name none of these: left out
  // How many intervals the uptime is divided by, where it is not a ratio of Requests: those that
  // count, as many times as there is something that they are summed over.
  std::uint64_t counted = 0;
  ProbesDue probes;
  UncountedFailures uncounted;
  std::optional<IndirectCalls> indirect;  // nothing where there are none
  std::vector<Unseen> unseen;             // times of the cycle that a source did not see
  std::uint64_t key_store = 0;            // calls on keys in custom key stores: left out
  RefusedAnswers refused;
  // Answers with an error's name whose status nobody knows: served, as far as is known.
  std::vector<OutcomeCount> unclassified;

  // Where the counts came from. These four are the judge's to fill in: arithmetic knows counts.
  std::vector<Source> sources;
  std::vector<Overlap> overlaps;
  std::vector<Comparison> comparisons;  // by log
  Intervals logged;  // what the counted logs saw, without probes; empty where nothing is compared

  Ratio uptime;  // Monthly Uptime Percentage; while the cycle runs: if the rest is perfect
  // The uptime if every probe that was due and not sent, and all Requests of an interval that was
  // not seen as a whole, had met an Error, or been served.
  Ratio lower;
  Ratio upper;

  bool met = true;                        // uptime >= commitment
  std::optional<std::size_t> tier;        // index into the version's credits
  std::optional<DeadlineDates> deadline;  // for a claim about this cycle
  std::optional<DeadlineDates> notice;    // for telling of the incident, where that comes first
  std::optional<Instant> not_before;      // the first instant at which one is taken
  std::optional<CreditDue> due;           // where the credit comes without a claim
  // The smallest loss that could have been seen: what one Error more would cost where it costs
  // least. Nothing where nothing was measured, and where a family needs a run of Errors to see any.
  std::optional<Ratio> smallest_loss;

  // How much more may be lost before the commitment is: in intervals of total loss, negative when
  // overspent. Of all Requests so far for a ratio of Requests.
  Ratio budget_left;
  // Not met, and no Request that is still to come can change that. Intervals that are not closed
  // decide nothing, and where the figure is a ratio of Requests, nothing is certain before all are.
  // Certain by what was read so far: a log that is imported later may add to closed ones.
  bool breach_certain = false;
  Instant closed_until;  // the end of the last closed interval; the cycle's begin where none is
  std::vector<ExclusionEffect> exclusions;

  // Whether a Request of the cycle is known. Where none is, nobody knows the uptime: what `uptime`
  // then says is what the contract takes silence for, and is not to be shown as a measurement.
  bool is_measured() const { return totals.measured > 0; }

  // Whether the uptime rests on estimates of counts, so that it is one.
  bool is_estimated() const {
    for (const Source& source : sources) {
      if (source.estimated) return true;
    }
    return false;
  }

  // Whether the cycle had begun at the time of judging.
  bool has_begun() const { return complete || totals.ahead + totals.excluded < parts.size(); }

  // When the first step towards the credit must be done, and when the claim.
  std::optional<DeadlineDates> first_deadline() const;

  // The counts of its intervals, of each resource where there are several, for judging anew.
  ByResource by_resource() const;

  // Where interval `index` lies.
  Interval interval_at(std::size_t index) const;
};

}  // namespace recoup::core
