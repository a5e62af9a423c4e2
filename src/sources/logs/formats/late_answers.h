#pragma once

#include <vector>

#include "sources/logs/format_options.h"
#include "sources/logs/intake.h"

namespace recoup::sources {

// LateAnswers tells answers that took longer than a contract allows, in formats that say how long
// each took.
class LateAnswers {
 public:
  explicit LateAnswers(const FormatOptions& options) : after_(options.late_after) {}

  // Whether anybody asks: few contracts do, and a time costs time to read.
  bool are_asked_for() const { return !after_.empty(); }

  // The outcome of a request that took so long, which says the longest of the times that passed.
  core::OutcomeTable::Id of(core::OutcomeTable::Id outcome, core::Millis took,
                            Intake& intake) const {
    core::Millis longest{0};
    for (const core::Millis time : after_) {
      if (took > time) longest = time;
    }
    if (longest == core::Millis(0)) return outcome;
    const auto* answer = std::get_if<core::Answered>(&intake.outcomes()[outcome]);
    if (answer == nullptr) return outcome;
    core::Answered late = *answer;
    late.later_than = longest;
    return intake.outcomes().id(late);
  }

 private:
  std::vector<core::Millis> after_;  // in order
};

}  // namespace recoup::sources
