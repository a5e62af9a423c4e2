#include "service/uncounted_log.h"

#include <spdlog/spdlog.h>

namespace recoup::service {

void UncountedLog::tell(const core::Judgement& judgement) {
  const core::UncountedFailures& uncounted = judgement.assessment.uncounted;
  if (uncounted.outcomes.empty()) return;
  const std::string& id = judgement.agreement.id;
  auto& told = told_[id];
  for (const core::UncountedOutcome& one : uncounted.outcomes) {
    if (told.size() == kMost) return;
    if (!told.insert(one.outcome).second) continue;
    spdlog::warn("{}: not counted as an Error: {}", id, core::to_text(one));
    if (told.size() < kMost) continue;
    spdlog::warn(
        "{}: further outcomes that are not counted are not logged; `recoup assess "
        "--agreement {}` shows them",
        id, id);
  }
}

}  // namespace recoup::service
