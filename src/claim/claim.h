#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/judgement.h"
#include "record/evidence.h"
#include "record/seal.h"
#include "record/signature.h"

namespace recoup::claim {

struct ClaimDigests;

// Lack is something for which a provider may turn the claim down, though its contract gives it. It
// is told to the user before the claim is written, and stands in no file of the claim.
struct Lack {
  std::string text;      // what is so, a sentence
  std::string help;      // what to do about it, a sentence
  bool refuses = false;  // such a claim is written only if the user insists
};

// Claim is the judgement that is claimed by, and what else its files show. The rule's texts decide
// what it must hold.
struct Claim : core::Judgement {
  // The newest seal of the month, which must say what the claim says; or, where there is none yet,
  // until when logs may still come late.
  std::optional<record::Seal> seal = {};
  std::optional<core::Instant> late_until = {};
  std::shared_ptr<const ClaimDigests> digests = {};  // CloudTrail's; null: none are known
  std::vector<Lack> lacks = {};                      // the gravest first; set by readiness()
  const record::SealKey* key = nullptr;  // signs SHA256SUMS where it is there; not owned
  std::string signer = {};               // the public key of whoever does; set as it is written
};

// ReadEvidence calls its argument for every evidence record of the cycle, by time.
using ReadEvidence =
    std::function<core::Result<void>(const std::function<void(const record::Evidence&)>&)>;

}  // namespace recoup::claim
