#pragma once

#include "core/classify.h"
#include "core/evidence.h"
#include "monitor/judge.h"

namespace recoup::monitor {

// How much evidence an explanation holds at most.
inline constexpr std::size_t kExplainedEvidence = 20;

struct ExplainedOutcome {
  core::Outcome outcome;
  std::uint64_t count = 0;
  core::Classified counts_as;
};

// Explanation is why one interval of a cycle counts as it does.
struct Explanation {
  core::Standing standing;  // of the cycle
  std::size_t index = 0;    // of the interval in it
  core::Interval span;
  std::vector<ExplainedOutcome> outcomes;
  std::uint64_t repeats = 0;    // Errors that are left out as repeats of an earlier one
  std::vector<core::Gap> gaps;  // cut to the interval
  std::vector<core::ExclusionWindow> exclusions;  // that touch it
  core::Ratio loss;  // what it takes from the Monthly Uptime Percentage, as a fraction of 1
  std::string why;   // whether it is lost under the contract's formula, and why, in words
  std::vector<core::Evidence> evidence;  // the first ones, by time
  std::uint64_t evidence_in_all = 0;

  const core::IntervalPart& part() const { return standing.assessment.parts[index]; }
};

// Explains the interval that holds the instant, from all that the ledger has of its cycle.
core::Result<Explanation> explain(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                                  core::Instant at, core::Instant now);

}  // namespace recoup::monitor
