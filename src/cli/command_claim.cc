#include <filesystem>
#include <functional>

#include <fmt/format.h>

#include "claim/claim.h"
#include "claim/logs.h"
#include "claim/notes.h"
#include "claim/out_file.h"
#include "cli/commands.h"
#include "cli/system_clock.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "cli/write_claim.h"
#include "monitor/sealing.h"

namespace recoup::cli {
namespace {

using core::Result;

// The month's newest seal, made now where that is due; or until when it has to wait.
Result<void> seal(ledger::Ledger& ledger, const ClaimTask& task, claim::Claim& claim) {
  const core::Cycle& cycle = claim.assessment.cycle;
  if (task.now < cycle.span.end + monitor::kSealGrace) {
    claim.late_until = cycle.span.end + monitor::kSealGrace;
  }
  const auto made = monitor::seal_if_due(ledger, task.standing, task.journal, task.key, task.now,
                                         monitor::kSealGrace, monitor::OpenCharge::counts);
  if (!made) return made.error();
  const auto seals = ledger.seals(claim.agreement.id);
  if (!seals) return seals.error();
  if (const core::Seal* newest = monitor::newest_seal(*seals, cycle.month)) claim.seal = *newest;
  return {};
}

// A claim that is with the provider already stays where it is.
Result<void> note_written(ledger::Ledger& ledger, const ClaimTask& task,
                          const claim::Claim& claim) {
  const auto events = ledger.claim_events(claim.agreement.id);
  if (!events) return events.error();
  const core::ClaimLife life = core::claim_life(core::ground_of(task.standing), *events, task.now);
  if (!core::check_step(life, core::ClaimStep::written)) return {};
  core::ClaimEvent event;
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

// Until when the provider must have it, or that it is too late.
std::string deadline_text(const core::DeadlineDates& deadline, core::Instant now) {
  const std::string safe = core::to_text(deadline.safe);
  const std::string literal = core::to_text(deadline.literal);
  if (now < deadline.safe) return "must be received before " + safe;
  if (now < deadline.literal) {
    return fmt::format(
        "late: by the safe reading it had to be received before {}, by the literal one it must be "
        "before {}",
        safe, literal);
  }
  return fmt::format("too late: by either reading it had to be received before {}", literal);
}

// What the provider has, or gave, already: the same may not be asked for twice.
Result<std::string> warning_of(ledger::Ledger& ledger, const core::Standing& standing,
                               core::Instant now) {
  const auto events = ledger.claim_events(standing.agreement.id);
  if (!events) return events.error();
  const core::ClaimLife life = core::claim_life(core::ground_of(standing), *events, now);
  const bool credited = life.state == core::ClaimState::credited;
  if (!credited && life.state != core::ClaimState::submitted) return std::string();
  std::string text = fmt::format("warning: {} {} was {} already", standing.agreement.id,
                                 core::to_text(life.ground.month), core::to_text(life.state));
  if (!life.case_id.empty()) text += ", case " + life.case_id;
  if (life.credited) text += ": " + core::to_text(*life.credited);
  return text + (credited ? "; that stays noted: send these files only to ask for what is missing"
                          : "; send these files only to add to the case");
}

void warn(const claim::Lack& lack) {
  fmt::print(stderr, "warning: {}\nhelp: {}\n", lack.text, lack.help);
}

Exit claim_in(const Workplace& place, const ClaimOptions& options) {
  if (const auto* twice = place.settings.find_double(options.agreement)) {
    return complain({twice->complaint}, kWrongWords);
  }
  const auto key = seal_key(place.settings);
  if (!key) return complain(key.error(), kWrongWords);
  ledger::Ledger& ledger = *place.ledger;
  const core::Instant now = SystemClock().wall();
  const auto journal = monitor::journal_end(ledger, options.agreement);
  if (!journal) return complain(journal.error(), kCouldNot);
  const auto standing = monitor::judge(ledger, *place.agreement, options.month,
                                       charges_of(*place.agreement, options.month), now);
  if (!standing) return complain(standing.error(), kCouldNot);
  const auto warning = warning_of(ledger, *standing, now);
  if (!warning) return complain(warning.error(), kCouldNot);
  const auto files = write_claim(
      ledger, {*standing, *journal, *key ? &**key : nullptr, now, options.folder, options.force});
  if (!files) return complain(files.error(), kCouldNot);

  for (const claim::Lack& lack : files->lacks) warn(lack);
  for (const std::string& file : files->names) {
    say(fmt::format("wrote {}/{}", options.folder, file));
  }
  say(fmt::format("wrote {}, for you alone", files->notes));
  if (standing->credit.amount) {
    say(fmt::format("claims {}: {}", core::to_text(*standing->credit.amount),
                    standing->credit.reason));
  }
  if (const auto& deadline = standing->assessment.deadline) say(deadline_text(*deadline, now));
  say(files->sealed);
  say(fmt::format("check it with: recoup verify {}", options.folder));
  if (!warning->empty()) fmt::print(stderr, "{}\n", *warning);
  return kDone;
}

}  // namespace

Result<ClaimFiles> write_claim(ledger::Ledger& ledger, const ClaimTask& task) {
  const core::Standing& standing = task.standing;
  claim::Claim claim{standing.agreement,  standing.rule,   standing.version,
                     standing.assessment, standing.credit, standing.zone};
  claim.key = task.key;
  const auto evidence = [&](const std::function<void(const core::Evidence&)>& each) {
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

Exit claim(const ClaimOptions& options) {
  return with_agreement(options.config, options.agreement,
                        [&](const Workplace& place) { return claim_in(place, options); });
}

}  // namespace recoup::cli
