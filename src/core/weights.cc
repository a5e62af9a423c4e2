#include "core/weights.h"

namespace recoup::core {

Weights::Weights(const Formula& formula, const Assessment& assessment)
    : divisor_(Divisor::errors), whole_(assessment.parts.size()) {
  if (const auto* mean = std::get_if<MeanOfIntervals>(&formula)) {
    divisor_ = Divisor::requests;
    if (mean->silent == Silent::left_out) whole_ -= assessment.totals.silent;
  } else if (std::holds_alternative<RequestRatio>(formula)) {
    divisor_ = Divisor::none;
    whole_ = assessment.totals.requests;
  }
}

std::uint64_t Weights::share_of(const IntervalPart& part) const {
  switch (divisor_) {
    case Divisor::requests: return part.requests;
    case Divisor::errors: return part.errors;
    case Divisor::none: return 1;
  }
  return 1;
}

Ratio Weights::cost(const IntervalPart& part) const {
  if (!part.lost) return {};
  return Ratio::whole(part.errors) / Ratio::whole(share_of(part)) / Ratio::whole(whole_);
}

void Weights::Sum::add(const IntervalPart& part, std::uint64_t errors) {
  if (part.lost) by_share_[weights_.share_of(part)] += errors;
}

Ratio Weights::Sum::total() const {
  Ratio sum;
  for (const auto& [share, errors] : by_share_) sum += Ratio::whole(errors) / Ratio::whole(share);
  return by_share_.empty() ? sum : sum / Ratio::whole(weights_.whole_);
}

}  // namespace recoup::core
