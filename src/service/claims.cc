#include "service/claims.h"

#include <fcntl.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <functional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "claim/digests.h"
#include "claim/documents.h"
#include "claim/logs.h"
#include "claim/notes.h"
#include "claim/out_file.h"
#include "claim/readiness.h"
#include "claim/write_claim.h"
#include "judge/sealing.h"
#include "judge/stamps.h"
#include "service/zip.h"

namespace recoup::service {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::Result;

// --- the claim, for either way out --------------------------------------------------------------

claim::ReadEvidence evidence_of(ledger::EvidenceStore& ledger, const core::Judgement& judgement) {
  return [&ledger, &judgement](const std::function<void(const record::Evidence&)>& each) {
    return ledger.evidence(judgement.agreement.id, judgement.assessment.cycle.span, each);
  };
}

// By the month's newest seal, where there is one.
Result<void> set_seal(ledger::Seals& ledger, claim::Claim& claim) {
  const auto seals = ledger.seals(claim.agreement.id);
  if (!seals) return seals.error();
  const record::Seal* newest = judge::newest_seal(*seals, claim.assessment.cycle.month);
  if (newest != nullptr) claim.seal = *newest;
  return {};
}

// What CloudTrail signed of the month; its files come later than what they tell of.
Result<void> set_digests(ledger::DigestStore& ledger, claim::Claim& claim) {
  constexpr core::Millis kMostLate = std::chrono::hours(24);
  const core::Interval& span = claim.assessment.cycle.span;
  auto kept = ledger.digests(claim.agreement.id, span, kMostLate);
  if (!kept) return kept.error();
  auto digests =
      claim::claim_digests(record::digest_evidence_of(*std::move(kept), claim.agreement.account,
                                                      claim.agreement.region, span),
                           span);
  if (!digests) return digests.error();
  claim.digests = *std::move(digests);
  return {};
}

// What a third party signed of the month.
Result<void> set_stamps(ledger::Ledger& ledger, claim::Claim& claim) {
  auto stamped =
      judge::stamped_time(ledger, claim.agreement.id, claim.assessment.cycle.span, claim.asked);
  if (!stamped) return stamped.error();
  if (!stamped->none()) {
    claim.stamps = std::make_shared<const record::StampedTime>(*std::move(stamped));
  }
  return {};
}

// The claim for that judgement as things are in the ledger, and what it lacks; only the contract's
// refusals where it gives none.
struct Draft {
  claim::Claim claim;
  std::vector<std::string> refusals = {};
  claim::Logged logged = {};
};

Result<Draft> draft_of(ledger::Ledger& ledger, const core::Judgement& judgement,
                       const record::SealKey* key, core::Instant now, const std::string& twin) {
  Draft draft{claim::Claim{judgement}};
  claim::Claim& claim = draft.claim;
  claim.key = key;
  claim.asked = now;
  claim.twin = twin;
  const core::Instant due = claim.assessment.cycle.span.end + judge::kSealGrace;
  if (now < due) claim.late_until = due;
  const auto& earliest = claim.assessment.not_before;
  if (earliest && now < *earliest) claim.too_early_until = *earliest;
  if (auto done = set_seal(ledger, claim); !done) return done.error();
  draft.refusals = claim::refusals(claim);
  if (!draft.refusals.empty()) return draft;
  if (auto done = set_digests(ledger, claim); !done) return done.error();
  if (auto done = set_stamps(ledger, claim); !done) return done.error();
  auto logged = claim::count_logged(claim, evidence_of(ledger, claim));
  if (!logged) return logged.error();
  draft.logged = *std::move(logged);
  claim.lacks = claim::readiness(claim, draft.logged);
  return draft;
}

// The user's own notes, at that path, on a claim in `folder`.
Result<void> write_notes(const claim::Claim& claim, const fs::path& path,
                         const std::string& folder) {
  const auto parent = path.parent_path().string();
  claim::OutFile out(parent.empty() ? "." : parent, path.filename().string());
  out.append(claim::notes_text(claim, folder));
  const auto written = out.finish();
  if (!written) return written.error();
  return {};
}

// --- into a folder ------------------------------------------------------------------------------

// A claim that is with the provider already stays where it is.
Result<void> note_written(ledger::ClaimEvents& ledger, const ClaimTask& task,
                          const claim::Claim& claim) {
  const auto events = ledger.claim_events(claim.agreement.id);
  if (!events) return events.error();
  const record::ClaimLife life = record::claim_life(record::ground_of(claim), *events, task.now);
  if (!record::check_step(life, record::ClaimStep::written)) return {};
  record::ClaimEvent event;
  event.agreement = claim.agreement.id;
  event.month = claim.assessment.cycle.month;
  event.at = task.now;
  event.amount = claim.credit.amount;
  event.folder = fs::absolute(task.folder).lexically_normal().string();
  event.revision = claim.seal ? claim.seal->revision : 0;
  return ledger.add_claim_event(event);
}

std::string sealed_text(const claim::Claim& claim) {
  if (!claim.seal) return claim::not_sealed_text(claim);
  return fmt::format("sealed at {} as revision {}, SHA-256 {}", core::to_text(claim.seal->at),
                     claim.seal->revision, claim.seal->digest);
}

// --- packed -------------------------------------------------------------------------------------

// Scratch is a new folder that is removed with all that is in it.
class Scratch {
 public:
  static Result<Scratch> make() {
    std::error_code code;
    const fs::path base = fs::temp_directory_path(code);
    std::string name = (base / "recoup-claim-XXXXXX").string();
    if (code || mkdtemp(name.data()) == nullptr) {
      return Error{fmt::format("no folder can be made to pack the claim in: {}",
                               code ? code.message() : std::strerror(errno))};
    }
    return Scratch(name);
  }
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }

 private:
  explicit Scratch(fs::path path) : path_(std::move(path)) {}

  fs::path path_;
};

Result<std::shared_ptr<web::OpenFile>> open_file(const fs::path& path) {
  const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) return Error{"the packed claim cannot be read"};
  return std::make_shared<web::OpenFile>(handle);
}

}  // namespace

Result<Readiness> claim_readiness(ledger::Ledger& ledger, const core::Judgement& judgement,
                                  core::Instant now, const std::string& twin) {
  auto draft = draft_of(ledger, judgement, nullptr, now, twin);
  if (!draft) return draft.error();
  return Readiness{std::move(draft->refusals), std::move(draft->claim.lacks)};
}

Result<WrittenClaim> write_sealed_claim(ledger::Ledger& ledger, const ClaimTask& task) {
  auto draft = draft_of(ledger, task.judgement, task.key, task.now, task.twin);
  if (!draft) return draft.error();
  claim::Claim& claim = draft->claim;
  // A month that gives no claim is left to the service to seal.
  if (!draft->refusals.empty()) {
    return Error{fmt::format("the claim is refused: {}", fmt::join(draft->refusals, "; "))};
  }
  claim.accepted = task.accepted;
  if (const auto refused = claim::refusal(claim.lacks, claim.accepted)) return *refused;

  // From here on the claim rests on the seal that the month has now.
  const auto sealed = judge::seal_if_due(ledger, task.judgement, task.journal, task.key, task.now,
                                         judge::kSealGrace, judge::OpenCharge::counts);
  if (!sealed) return sealed.error();
  if (auto done = set_seal(ledger, claim); !done) return done.error();
  claim.lacks = claim::readiness(claim, draft->logged);

  auto names = claim::write_claim(claim, evidence_of(ledger, task.judgement), task.folder);
  if (!names) return names.error();
  WrittenClaim written{*std::move(names), sealed_text(claim), claim::notes_path(task.folder),
                       claim.lacks};
  if (auto done = note_written(ledger, task, claim); !done) return done.error();
  // The notes of a claim that was in the same folder before give way to those of the new one.
  std::error_code ignored;
  fs::remove(written.notes, ignored);
  if (auto done = write_notes(claim, written.notes, task.folder); !done) return done.error();
  return written;
}

Result<web::ClaimFiles> pack_claim(ledger::Ledger& ledger, const core::Judgement& judgement,
                                   const record::SealKey* key, core::Instant now,
                                   const std::string& twin) {
  const std::string root = fmt::format("claim-{}-{}", judgement.agreement.id,
                                       core::to_text(judgement.assessment.cycle.month));
  const auto refused = [&](std::vector<std::string> why) {
    return web::ClaimFiles{root + ".zip", nullptr, std::move(why)};
  };
  auto draft = draft_of(ledger, judgement, key, now, twin);
  if (!draft) return draft.error();
  const claim::Claim& claim = draft->claim;
  if (!draft->refusals.empty()) return refused(std::move(draft->refusals));
  if (const auto why = claim::refusal(claim.lacks, {})) return refused({why->message, why->help});

  const auto scratch = Scratch::make();
  if (!scratch) return scratch.error();
  const fs::path folder = scratch->path() / root;
  auto names = claim::write_claim(claim, evidence_of(ledger, judgement), folder.string());
  // A claim that says otherwise than its seal is refused as it is written.
  if (!names) return refused({names.error().message});
  for (std::string& name : *names) name = root + '/' + name;
  const fs::path notes = claim::notes_path(folder.string());
  if (auto done = write_notes(claim, notes, root); !done) return done.error();
  names->push_back(notes.filename().string());
  const fs::path packed = scratch->path() / (root + ".zip");
  if (auto done = zip_files(scratch->path().string(), *names, packed.string()); !done) {
    return Error{"the claim cannot be packed: " + done.error().message};
  }
  auto file = open_file(packed);
  if (!file) return file.error();
  return web::ClaimFiles{root + ".zip", *std::move(file), {}};
}

}  // namespace recoup::service
