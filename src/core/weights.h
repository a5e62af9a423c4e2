#pragma once

#include <cstdint>
#include <map>

#include "core/assessment.h"

namespace recoup::core {

// Weights says what a lost interval takes from the Monthly Uptime Percentage by its contract's
// formula, as a fraction of 1, and what each of its Errors has in that. In a mean and in a ratio
// that is what the uptime would gain without them; where an interval is lost as a whole, its Errors
// share that equally, and where it is lost for several resources, all Errors in it share it all.
// The costs of all lost intervals are together what the month lost.
class Weights {
 public:
  Weights(const Formula& formula, const Assessment& assessment);

  // Of an interval; 0 where it is not lost.
  Ratio cost(const IntervalPart& part) const;

  // Sum adds up what Errors of lost intervals cost, exactly.
  class Sum {
   public:
    explicit Sum(const Weights& weights) : weights_(weights) {}

    // So many Errors of this interval; those of one that is not lost cost nothing.
    void add(const IntervalPart& part, std::uint64_t errors);

    Ratio total() const;

   private:
    const Weights& weights_;
    std::map<std::uint64_t, std::uint64_t> by_share_;  // Errors by Weights::share_of()
  };

 private:
  // What an interval's Errors are divided by before they are added up.
  enum class Share { requests, errors, none };

  std::uint64_t share_of(const IntervalPart& part) const;

  Share divided_by_;
  std::uint64_t whole_;  // what the sum is divided by: intervals, or Requests
};

}  // namespace recoup::core
