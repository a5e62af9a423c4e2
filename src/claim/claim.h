#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/judgement.h"
#include "record/evidence.h"
#include "record/seal.h"
#include "record/signature.h"
#include "record/stamp.h"

namespace recoup::claim {

struct ClaimDigests;

// Lack is something for which a provider may turn the claim down, though its contract gives it. It
// is told to the user before the claim is written, and stands in no file of the claim.
struct Lack {
  std::string text;  // what is so, a sentence
  std::string help;  // what to do about it, a sentence
  // It stops the claim, unless the user accepts it by this name: one of kAccepts; empty: it does
  // not.
  std::string accept = {};

  bool stops() const { return !accept.empty(); }
};

// By what names a user accepts what stops a claim: Errors without a record of the request, a
// deadline that has passed, a charge that is only estimated, Requests that two logs both brought,
// another agreement of the same contract, account and Region, and counts that are only estimated.
inline constexpr std::array<std::string_view, 6> kAccepts{"missing-records",  "late",
                                                          "estimated-charge", "counted-twice",
                                                          "two-agreements",   "estimated-counts"};

// Claim is the judgement that is claimed by, and what else its files show. The rule's texts decide
// what it must hold.
struct Claim : core::Judgement {
  // The newest seal of the month, which must say what the claim says; or, where there is none yet,
  // until when logs may still come late.
  std::optional<record::Seal> seal = {};
  std::optional<core::Instant> late_until = {};
  std::shared_ptr<const ClaimDigests> digests = {};  // CloudTrail's; null: none are known
  // What a third party signed of its time; null: nothing.
  std::shared_ptr<const record::StampedTime> stamps = {};
  // Where the contract takes no claim yet: before when.
  std::optional<core::Instant> too_early_until = {};
  std::vector<Lack> lacks = {};            // the gravest first; set by readiness()
  std::vector<std::string> accepted = {};  // of kAccepts, by the user
  core::Instant asked = {};                // when it is written
  std::string twin = {};  // in words, what else claims by the same contract, account and Region
  const record::SealKey* key = nullptr;  // signs SHA256SUMS where it is there; not owned
  std::string signer = {};               // the public key of whoever does; set as it is written
};

// ReadEvidence calls its argument for every evidence record of the cycle, by time.
using ReadEvidence =
    std::function<core::Result<void>(const std::function<void(const record::Evidence&)>&)>;

}  // namespace recoup::claim
