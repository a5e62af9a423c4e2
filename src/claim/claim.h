#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/agreement.h"
#include "core/assessment.h"
#include "core/credit.h"
#include "core/evidence.h"
#include "core/rule.h"
#include "core/seal.h"
#include "core/signature.h"
#include "core/zone.h"

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
  std::optional<core::Seal> seal = {};
  std::optional<core::Instant> late_until = {};
  const core::SealKey* key = nullptr;  // signs SHA256SUMS where it is there; not owned
};

// ReadEvidence calls its argument for every evidence record of the cycle, by time.
using ReadEvidence =
    std::function<core::Result<void>(const std::function<void(const core::Evidence&)>&)>;

// Why this claim cannot be written; empty if it can. The first line is the reason that decides.
std::vector<std::string> refusals(const Claim& claim);

// What a claim without a seal says of that: "not sealed", and until when logs may still come late.
std::string not_sealed_text(const Claim& claim);

// Writes subject.txt, body.md, intervals.log, requests.log (and requests-2.log, … where a support
// case takes no file so large), claim.html, create-case.json or what else the provider's support
// system takes, claim.json, SHA256SUMS and, with a key, SHA256SUMS.sig into the folder, which is
// made and must be new or empty. The names of the files written, in that order. Refused claims, and
// those whose seal says otherwise than they do, write nothing.
core::Result<std::vector<std::string>> write_claim(const Claim& claim, const ReadEvidence& evidence,
                                                   const std::string& folder);

// What verify found in a claim's folder.
struct Verification {
  std::vector<std::string> agreed;     // one sentence a check that held
  std::vector<std::string> differs;    // one sentence a check that did not, naming file and line
  std::vector<std::string> unchecked;  // what the files alone cannot show, and why
  bool ok() const { return differs.empty(); }
};

// Recomputes a claim from its own files alone: checksums, the Monthly Uptime Percentage by the
// formula that claim.json states over intervals.log, the tier, the amount, the failed requests of
// each interval in requests.log, the seal's digest and figures, what the page and the support
// case's file repeat, and signatures. With a public key (hexadecimal digits) the claim must be
// signed, by its owner.
core::Result<Verification> verify_claim(const std::string& folder, const std::string& key = "");

}  // namespace recoup::claim
