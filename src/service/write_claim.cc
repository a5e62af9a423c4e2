#include "service/write_claim.h"

#include <filesystem>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "claim/documents.h"
#include "claim/logs.h"
#include "claim/notes.h"
#include "claim/out_file.h"
#include "claim/write_claim.h"
#include "judge/sealing.h"

namespace recoup::service {
namespace {

using core::Result;

// The month's newest seal, made now where that is due; or until when it has to wait.
Result<void> seal(ledger::Ledger& ledger, const ClaimTask& task, claim::Claim& claim) {
  const core::Cycle& cycle = claim.assessment.cycle;
  if (task.now < cycle.span.end + judge::kSealGrace) {
    claim.late_until = cycle.span.end + judge::kSealGrace;
  }
  const auto made = judge::seal_if_due(ledger, task.standing, task.journal, task.key, task.now,
                                       judge::kSealGrace, judge::OpenCharge::counts);
  if (!made) return made.error();
  const auto seals = ledger.seals(claim.agreement.id);
  if (!seals) return seals.error();
  if (const record::Seal* newest = judge::newest_seal(*seals, cycle.month)) claim.seal = *newest;
  return {};
}

// A claim that is with the provider already stays where it is.
Result<void> note_written(ledger::Ledger& ledger, const ClaimTask& task,
                          const claim::Claim& claim) {
  const auto events = ledger.claim_events(claim.agreement.id);
  if (!events) return events.error();
  const record::ClaimLife life =
      record::claim_life(record::ground_of(task.standing), *events, task.now);
  if (!record::check_step(life, record::ClaimStep::written)) return {};
  record::ClaimEvent event;
  event.agreement = claim.agreement.id;
  event.month = claim.assessment.cycle.month;
  event.at = task.now;
  event.amount = claim.credit.amount;
  event.folder = std::filesystem::absolute(task.folder).lexically_normal().string();
  event.revision = claim.seal ? claim.seal->revision : 0;
  return ledger.add_claim_event(event);
}

// The notes of a claim that was in the same folder before give way to those of the new one.
Result<void> write_notes(const claim::Claim& claim, const ClaimFiles& files,
                         const ClaimTask& task) {
  const std::filesystem::path path(files.notes);
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  const auto parent = path.parent_path().string();
  claim::OutFile out(parent.empty() ? "." : parent, path.filename().string());
  out.append(claim::notes_text(claim, files.lacks, task.folder));
  const auto written = out.finish();
  if (!written) return written.error();
  return {};
}

std::string sealed_text(const claim::Claim& claim) {
  if (!claim.seal) return claim::not_sealed_text(claim);
  return fmt::format("sealed at {} as revision {}, SHA-256 {}", core::to_text(claim.seal->at),
                     claim.seal->revision, claim.seal->digest);
}

}  // namespace

Result<ClaimFiles> write_claim(ledger::Ledger& ledger, const ClaimTask& task) {
  const core::Standing& standing = task.standing;
  claim::Claim claim{standing.agreement,  standing.rule,   standing.version,
                     standing.assessment, standing.credit, standing.zone};
  claim.key = task.key;
  const auto evidence = [&](const std::function<void(const record::Evidence&)>& each) {
    return ledger.evidence(standing.agreement.id, standing.assessment.cycle.span, each);
  };
  // A month that gives no claim is left to the service to seal.
  if (const auto reasons = claim::refusals(claim); !reasons.empty()) {
    return core::Error{fmt::format("the claim is refused: {}", fmt::join(reasons, "; "))};
  }
  const auto logged = claim::count_logged(claim, evidence);
  if (!logged) return logged.error();
  if (const auto refused = claim::refusal(claim::readiness(claim, *logged));
      refused && !task.force) {
    return *refused;
  }
  if (auto done = seal(ledger, task, claim); !done) return done.error();
  auto names = claim::write_claim(claim, evidence, task.folder);
  if (!names) return names.error();
  ClaimFiles files{*std::move(names), sealed_text(claim), claim::notes_path(task.folder),
                   claim::readiness(claim, *logged)};
  if (auto done = note_written(ledger, task, claim); !done) return done.error();
  if (auto done = write_notes(claim, files, task); !done) return done.error();
  return files;
}

}  // namespace recoup::service
