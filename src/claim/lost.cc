#include "claim/lost.h"

#include "record/redact.h"

namespace recoup::claim {
namespace {

void lost_in(const core::Intervals& parts, std::size_t before, const std::string& resource,
             const std::function<void(const LostInterval&)>& each) {
  for (const core::IntervalRun& run : parts.runs()) {
    if (!run.part.below_100()) continue;
    for (std::size_t i = run.first; i < run.end(); ++i) each({i, before + i, run.part, resource});
  }
}

}  // namespace

void for_each_lost(const core::Assessment& assessment,
                   const std::function<void(const LostInterval&)>& each) {
  if (assessment.resources.empty()) return lost_in(assessment.parts, 0, "", each);
  std::size_t before = 0;
  for (const core::ResourceShare& one : assessment.resources) {
    lost_in(one.parts, before, record::redact(one.name), each);
    before += one.parts.size();
  }
}

}  // namespace recoup::claim
