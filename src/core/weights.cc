#include "core/weights.h"

namespace recoup::core {

Weights::Weights(const Formula& formula, const Assessment& assessment)
    : divided_by_(Share::errors), whole_(assessment.counted) {
  if (std::holds_alternative<MeanOfIntervals>(formula)) {
    divided_by_ = Share::requests;
  } else if (std::holds_alternative<RequestRatio>(formula)) {
    divided_by_ = Share::none;
    whole_ = assessment.totals.requests;
  }
}

std::uint64_t Weights::share_of(const IntervalPart& part) const {
  switch (divided_by_) {
    case Share::requests: return part.requests;
    case Share::errors: return part.errors;
    case Share::none: return 1;
  }
  return 1;
}

Ratio Weights::cost(const IntervalPart& part) const {
  if (!part.below_100()) return {};
  return Ratio::whole(part.errors * part.lost) / Ratio::whole(share_of(part)) /
         Ratio::whole(whole_);
}

void Weights::Sum::add(const IntervalPart& part, std::uint64_t errors) {
  if (part.below_100()) by_share_[weights_.share_of(part)] += errors * part.lost;
}

Ratio Weights::Sum::total() const {
  Ratio sum;
  for (const auto& [share, errors] : by_share_) sum += Ratio::whole(errors) / Ratio::whole(share);
  return by_share_.empty() ? sum : sum / Ratio::whole(weights_.whole_);
}

}  // namespace recoup::core
