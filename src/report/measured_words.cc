#include "report/measured_words.h"

#include <variant>

#include "core/figures.h"

namespace recoup::report {

using core::Ratio;

std::optional<Ratio> measured_so_far(const core::Assessment& assessment) {
  const core::Totals& totals = assessment.totals;
  return core::share_of(Ratio::whole(totals.measured),
                        Ratio::whole(totals.measured + totals.silent + totals.excluded));
}

std::string measured_time(const core::Assessment& assessment) {
  return measured_time(measured_so_far(assessment).value_or(Ratio()));
}

std::string measured_time(const Ratio& share) {
  if (share == Ratio()) return "nothing";
  if (share == Ratio(1, 1)) return "all";
  const Ratio percent = share * Ratio(100, 1);
  // Two digits that say something; near all of it, two behind the point.
  constexpr int kMost = 12;
  int digits = percent >= Ratio(99, 1) ? 2 : percent >= Ratio(10, 1) ? 0 : 1;
  for (Ratio small = percent; small < Ratio(1, 1) && digits < kMost; ++digits) {
    small *= Ratio(10, 1);
  }
  return percent.to_shortest(digits) + " %";
}

bool is_hardly_measured(const core::Judgement& judgement) {
  if (std::holds_alternative<core::RequestRatio>(judgement.version->formula)) return false;
  const auto share = measured_so_far(judgement.assessment);
  return share && *share < Ratio(1, 2);
}

}  // namespace recoup::report
