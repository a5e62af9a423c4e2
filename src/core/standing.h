#pragma once

#include <memory>

#include "core/agreement.h"
#include "core/assessment.h"
#include "core/credit.h"
#include "core/rule.h"
#include "core/zone.h"

namespace recoup::core {

// Standing is where one agreement stands in one cycle; shared by all outputs, never changed.
struct Standing {
  Agreement agreement;
  const Rule* rule = nullptr;        // lives as long as the settings it came from
  const Version* version = nullptr;  // likewise
  std::shared_ptr<const void> keep;  // whatever keeps `rule` alive
  Assessment assessment;
  Credit credit;
  Zone zone = Zone::utc();  // of the assessment's cycle
};

}  // namespace recoup::core
