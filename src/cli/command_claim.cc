#include <fmt/format.h>

#include "claim/claim.h"
#include "cli/commands.h"
#include "cli/system_clock.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "cli/write_claim.h"

namespace recoup::cli {

core::Result<std::vector<std::string>> write_claim(ledger::Ledger& ledger,
                                                   const core::Standing& standing,
                                                   const std::string& folder) {
  const claim::Claim claim{standing.agreement,  standing.rule,   standing.version,
                           standing.assessment, standing.credit, standing.zone};
  const auto evidence = [&](const std::function<void(const core::Evidence&)>& each) {
    return ledger.evidence(standing.agreement.id, standing.assessment.cycle.span, each);
  };
  return claim::write_claim(claim, evidence, folder);
}

Exit claim(const ClaimOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const auto agreement = pick(*settings, options.agreement);
  if (!agreement) return complain(agreement.error(), kWrongWords);
  const auto ledger = open(*settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);

  const auto standing =
      monitor::judge(**ledger, **agreement, options.month, charges_of(**agreement, options.month),
                     SystemClock().wall());
  if (!standing) return complain(standing.error(), kCouldNot);
  const auto files = write_claim(**ledger, *standing, options.folder);
  if (!files) return complain(files.error(), kCouldNot);

  for (const std::string& file : *files) say(fmt::format("wrote {}/{}", options.folder, file));
  if (standing->credit.amount) {
    say(fmt::format("claims {}: {}", core::to_text(*standing->credit.amount),
                    standing->credit.reason));
  }
  if (standing->assessment.deadline) {
    say(fmt::format("must be received before {}",
                    core::to_text(standing->assessment.deadline->safe)));
  }
  say(fmt::format("check it with: recoup verify {}", options.folder));
  return kDone;
}

}  // namespace recoup::cli
