#include <algorithm>
#include <filesystem>
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "claim/readiness.h"
#include "cli/commands.h"
#include "cli/said.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "judge/sealing.h"
#include "report/json.h"
#include "service/claims.h"
#include "service/seal_key.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

using core::Result;

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
Result<std::string> warning_of(ledger::ClaimEvents& ledger, const core::Judgement& judgement,
                               core::Instant now) {
  const auto events = ledger.claim_events(judgement.agreement.id);
  if (!events) return events.error();
  const record::ClaimLife life = record::claim_life(record::ground_of(judgement), *events, now);
  const bool credited = life.state == record::ClaimState::credited || life.credited;
  const bool with_provider = life.waits() && life.submitted;
  if (!credited && !with_provider) return std::string();
  std::string text = fmt::format("warning: {} {} was {} already", judgement.agreement.id,
                                 core::to_text(life.ground.month), record::to_text(life.state));
  if (!life.case_id.empty()) text += ", case " + life.case_id;
  if (life.credited) text += ": " + core::to_text(*life.credited);
  return text + (credited ? "; that stays noted: send these files only to ask for what is missing"
                          : "; send these files only to add to the case");
}

void warn(const claim::Lack& lack) {
  fmt::print(stderr, "warning: {}\nhelp: {}\n", lack.text, lack.help);
}

report::Json lack_json(const claim::Lack& lack) {
  return {{"text", lack.text},
          {"help", lack.help},
          {"accept", lack.stops() ? report::Json(lack.accept) : report::Json(nullptr)}};
}

// Whether the claim can be written; nothing is.
Exit check(ledger::Ledger& ledger, const core::Judgement& judgement, const ClaimOptions& options,
           core::Month month, core::Instant now, const std::string& twin) {
  const auto readiness = service::claim_readiness(ledger, judgement, now, twin);
  if (!readiness) return complain(readiness.error(), kCouldNot);
  const auto stops = claim::refusal(readiness->lacks, options.accepted);
  const bool ready = readiness->refusals.empty() && !stops;
  if (options.json) {
    report::Json lacks = report::Json::array();
    for (const claim::Lack& lack : readiness->lacks) lacks.push_back(lack_json(lack));
    say(report::indented({{"agreement", options.agreement},
                          {"month", core::to_text(month)},
                          {"ready", ready},
                          {"refusals", readiness->refusals},
                          {"lacks", std::move(lacks)}}));
    return ready ? kDone : kCouldNot;
  }
  for (const std::string& refusal : readiness->refusals) say(prose("refused: " + refusal));
  for (const claim::Lack& lack : readiness->lacks) {
    const bool accepted = std::find(options.accepted.begin(), options.accepted.end(),
                                    lack.accept) != options.accepted.end();
    say(prose(fmt::format("{}: {}",
                          !lack.stops() ? "warning"
                          : accepted    ? "accepted"
                                        : "stops",
                          lack.text)));
    say(prose(fmt::format("  {}{}", lack.help,
                          lack.stops() ? fmt::format("; or --accept {}", lack.accept) : "")));
  }
  say(fmt::format("the claim of {}, {} {}", options.agreement, core::to_text(month),
                  ready ? "is ready" : "is not ready"));
  return ready ? kDone : kCouldNot;
}

Exit claim_in(const Workplace& place, const ClaimOptions& options) {
  const auto key = service::seal_key(place.settings);
  if (!key) return complain(key.error(), kWrongWords);
  ledger::Ledger& ledger = *place.ledger;
  const core::Instant now = service::SystemClock().wall();
  const auto month = month_of(*place.agreement, options.month, now);
  if (!month) return complain(month.error(), kWrongWords);
  const auto journal = judge::journal_end(ledger, options.agreement);
  if (!journal) return complain(journal.error(), kCouldNot);
  const auto judgement =
      judge::judge(ledger, *place.agreement, *month, charges_of(*place.agreement, *month), now);
  if (!judgement) return complain(judgement.error(), kCouldNot);
  const std::string twin = place.settings.twin_of(options.agreement);
  if (options.check) return check(ledger, *judgement, options, *month, now, twin);
  const auto warning = warning_of(ledger, *judgement, now);
  if (!warning) return complain(warning.error(), kCouldNot);
  const auto files = service::write_sealed_claim(
      ledger,
      {*judgement, *journal, *key ? &**key : nullptr, now, options.folder, options.accepted, twin});
  if (!files) return complain(files.error(), kCouldNot);

  for (const claim::Lack& lack : files->lacks) warn(lack);
  for (const std::string& file : files->names) {
    say(fmt::format("wrote {}/{}", options.folder, file));
  }
  say(fmt::format("wrote {}, for you alone", files->notes));
  if (judgement->credit.amount) {
    say(fmt::format("claims {}: {}", core::to_text(*judgement->credit.amount),
                    judgement->credit.reason));
  }
  if (const auto& earliest = judgement->assessment.not_before; earliest && now < *earliest) {
    say(fmt::format("is not taken before {}", core::to_text(*earliest)));
  }
  if (const auto& deadline = judgement->assessment.deadline) say(deadline_text(*deadline, now));
  say(files->sealed);
  say(fmt::format("check it with: recoup verify {}", options.folder));
  if (!warning->empty()) fmt::print(stderr, "{}\n", *warning);
  return kDone;
}

}  // namespace

Exit claim(const ClaimOptions& options) {
  if (options.folder.empty() && !options.check) {
    return complain({"expected --out FOLDER, or --check, got neither", "",
                     "--out claim-kms-2026-10 writes the claim there"},
                    kWrongWords);
  }
  return with_agreement(options.config, options.agreement,
                        [&](const Workplace& place) { return claim_in(place, options); });
}

}  // namespace recoup::cli
