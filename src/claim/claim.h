#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/agreement.h"
#include "core/assessment.h"
#include "core/credit.h"
#include "core/rule.h"
#include "core/zone.h"
#include "record/evidence.h"
#include "record/seal.h"
#include "record/signature.h"

namespace recoup::claim {

// Claim is everything a claim is made of. The rule's texts decide what it must hold.
struct Claim {
  core::Agreement agreement;
  const core::Rule* rule = nullptr;        // not owned
  const core::Version* version = nullptr;  // not owned
  core::Assessment assessment;
  core::Credit credit;
  core::Zone zone = core::Zone::utc();  // of the assessment's cycle
  // The newest seal of the month, which must say what the claim says; or, where there is none yet,
  // until when logs may still come late.
  std::optional<record::Seal> seal = {};
  std::optional<core::Instant> late_until = {};
  const record::SealKey* key = nullptr;  // signs SHA256SUMS where it is there; not owned
  std::string signer = {};               // the public key of whoever does; set as it is written
};

// ReadEvidence calls its argument for every evidence record of the cycle, by time.
using ReadEvidence =
    std::function<core::Result<void>(const std::function<void(const record::Evidence&)>&)>;

}  // namespace recoup::claim
