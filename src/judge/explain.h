#pragma once

#include "core/classify.h"
#include "judge/judge.h"
#include "judge/runs.h"
#include "record/evidence.h"

namespace recoup::judge {

struct ExplainedOutcome {
  core::Outcome outcome;
  std::uint64_t count = 0;
  core::Classified counts_as;
};

// Explanation is why one interval of a cycle counts as it does.
struct Explanation {
  core::Judgement judgement;  // of the cycle
  std::size_t index = 0;      // of the interval in it
  core::Interval span;
  std::vector<ExplainedOutcome> outcomes;  // all, counted or not; the most frequent first
  std::uint64_t repeats = 0;               // Errors that are left out as repeats of an earlier one
  std::vector<core::Gap> gaps;             // cut to the interval
  std::vector<core::ExclusionWindow> exclusions;  // that touch it
  core::Ratio loss;        // what it takes from the Monthly Uptime Percentage, as a fraction of 1
  std::string why;         // whether it is lost under the contract's formula, and why, in words
  std::optional<Run> run;  // the stretch of minutes above the threshold it is in
  std::vector<record::Evidence> evidence;  // the first ones, by time; redacted, the peers masked
  std::uint64_t evidence_in_all = 0;

  // Whether an exclusion keeps these from being Requests of the cycle: an Error as much as what was
  // served.
  bool is_excluded(core::Verdict verdict) const {
    return part().state == core::IntervalState::excluded &&
           (verdict == core::Verdict::error || verdict == core::Verdict::served);
  }

  core::IntervalPart part() const { return judgement.assessment.parts[index]; }
};

// The record as it may be shown: what is confidential in it, and who answered, stay here.
record::Evidence redacted(record::Evidence record);

// Explains the interval that holds the instant, from all that the ledger has of its cycle. Not
// more than `top` records of evidence are in it.
core::Result<Explanation> explain(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                                  core::Instant at, std::size_t top, core::Instant now);

}  // namespace recoup::judge
