#pragma once

#include <functional>
#include <memory>
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
  std::string signer = {};             // the public key of whoever does; set as it is written
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

// Known is what a claim is held against beside its own files.
struct Known {
  // The time zone of that name; nothing where there is none.
  std::function<std::optional<core::Zone>(const std::string& name)> zone;
  // The contract of that id, as it was published; null where none is known.
  std::function<std::shared_ptr<const core::Rule>(const std::string& id)> rule;
};

// Recomputes a claim from its own files: the list of files, checksums, signatures, the Monthly
// Uptime Percentage by the formula of claim.json over intervals.log, the failed requests of each
// interval in requests.log, the seal, and the contract against the published one. Then the whole
// claim is written again, in memory, from the counts and terms of claim.json, and every file but
// the lines of the request log must be the same byte for byte. What that leaves to be believed is
// in `unchecked`. With a public key (hexadecimal digits) SHA256SUMS must be signed by its owner.
core::Result<Verification> verify_claim(const std::string& folder, const Known& known,
                                        const std::string& key = "");

}  // namespace recoup::claim
