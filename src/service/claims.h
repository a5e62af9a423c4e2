#pragma once

#include <string>
#include <vector>

#include "claim/claim.h"
#include "core/judgement.h"
#include "ledger/ledger.h"
#include "web/site/records.h"

// The claim of a month as files: in a folder of the user's, and packed for whoever asks the
// service. Both are the same claim, made in one way.
namespace recoup::service {

// Readiness is whether a month's claim can be written.
struct Readiness {
  std::vector<std::string> refusals;  // why the contract gives none; empty where it gives one
  std::vector<claim::Lack> lacks;     // of one that it gives
};

// That of a claim for the judgement, as things are in the ledger. `twin` says in words what else
// claims the same, and is empty where nothing does.
core::Result<Readiness> claim_readiness(ledger::Ledger& ledger, const core::Judgement& judgement,
                                        core::Instant now, const std::string& twin);

// The claim for that judgement as a .zip file that has no name any more: it is gone when it is
// closed. By the month's newest seal, where there is one; nothing is sealed, and nothing noted in
// the ledger. `key` signs, and may be null; `twin` is as for claim_readiness(). What stops the
// claim is for the command line to accept.
core::Result<web::ClaimFiles> pack_claim(ledger::Ledger& ledger, const core::Judgement& judgement,
                                         const record::SealKey* key, core::Instant now,
                                         const std::string& twin);

// WrittenClaim is a claim that was written into a folder.
struct WrittenClaim {
  std::vector<std::string> names;  // of its files
  std::string sealed;              // by which seal, or that there is none yet, in words
  std::string notes;               // the path of the user's own notes on it
  std::vector<claim::Lack> lacks;
};

// What a claim is written with.
struct ClaimTask {
  const core::Judgement& judgement;
  std::uint64_t journal = 0;             // the ledger's newest entry before the judgement was made
  const record::SealKey* key = nullptr;  // signs; may be null
  core::Instant now;
  std::string folder;
  std::vector<std::string> accepted = {};  // of claim::kAccepts: written all the same
  std::string twin = {};                   // as for claim_readiness()
};

// Seals the month where that is due, writes its claim with the ledger's evidence, the user's notes
// beside the folder, and notes in the ledger that it was written. A claim that lacks what its
// contract demands is refused, unless the user accepts that.
core::Result<WrittenClaim> write_sealed_claim(ledger::Ledger& ledger, const ClaimTask& task);

}  // namespace recoup::service
