#pragma once

#include <string>
#include <vector>

#include "core/agreement.h"
#include "core/assessment.h"
#include "core/credit.h"
#include "core/rule.h"

namespace recoup::claim {

// So many outcomes of answers that are not counted are listed; their sums are of all.
inline constexpr std::size_t kMostUncounted = 100;

// Verdict is what `recoup assess` shows of one agreement; nothing in it is owned.
struct Verdict {
  const core::Agreement* agreement;
  const core::Rule* rule;
  const core::Version* version;
  const core::Assessment* assessment;
  const core::Credit* credit;
  bool under = false;  // what-if: judged by another contract than the agreement's
};

// A JSON array with one object per verdict, as the design's §5.3 has it, indented by two; the
// object of one verdict alone. Where nothing was measured, the uptime, its bounds and whether the
// commitment was met are null.
std::string to_json(const std::vector<Verdict>& verdicts);
std::string to_json(const Verdict& verdict);

}  // namespace recoup::claim
