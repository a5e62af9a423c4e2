#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/agreement.h"
#include "core/assessment.h"
#include "core/credit.h"
#include "core/evidence.h"
#include "core/rule.h"
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
};

// ReadEvidence calls its argument for every evidence record of the cycle, by time.
using ReadEvidence =
    std::function<core::Result<void>(const std::function<void(const core::Evidence&)>&)>;

// Why this claim cannot be written; empty if it can. The first line is the reason that decides.
std::vector<std::string> refusals(const Claim& claim);

// Writes subject.txt, body.md, intervals.log, requests.log (and requests-2.log, … where a support
// case takes no file so large), claim.html, create-case.json or what else the provider's support
// system takes, claim.json and SHA256SUMS into the folder, which is made and must be new or empty.
// The names of the files written, in that order. Refused claims write nothing.
core::Result<std::vector<std::string>> write_claim(const Claim& claim, const ReadEvidence& evidence,
                                                   const std::string& folder);

// What verify found in a claim's folder.
struct Verification {
  std::vector<std::string> agreed;   // one sentence a check that held
  std::vector<std::string> differs;  // one sentence a check that did not, naming file and line
  bool ok() const { return differs.empty(); }
};

// Recomputes a claim from its own files alone: checksums, the Monthly Uptime Percentage by the
// formula that claim.json states over intervals.log, the tier, the amount, the failed requests of
// each interval in requests.log.
core::Result<Verification> verify_claim(const std::string& folder);

}  // namespace recoup::claim
