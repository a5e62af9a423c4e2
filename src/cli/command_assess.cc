#include <fmt/format.h>

#include "claim/json.h"
#include "cli/commands.h"
#include "cli/print_standing.h"
#include "cli/system_clock.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "monitor/judge.h"

namespace recoup::cli {
namespace {

using Standings = std::vector<core::Standing>;

core::Result<Standings> judge_all(ledger::Ledger& ledger, const config::Settings& settings,
                                  const AssessOptions& options, core::Instant now) {
  Standings standings;
  for (const auto& agreement : settings.agreements) {
    if (!options.agreement.empty() && agreement.agreement.id != options.agreement) continue;
    auto month = monitor::month_at(agreement, now);
    if (options.month) month = *options.month;
    if (!month) return month.error();
    auto standing = monitor::judge(ledger, agreement, *month, now);
    if (!standing) return standing.error();
    standings.push_back(*std::move(standing));
  }
  return standings;
}

void print_json(const Standings& standings) {
  std::vector<claim::Verdict> verdicts;
  for (const core::Standing& one : standings) {
    verdicts.push_back({&one.agreement, one.rule, one.version, &one.assessment, &one.credit});
  }
  say(claim::to_json(verdicts));
}

}  // namespace

Exit assess(const AssessOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  if (!options.agreement.empty()) {
    if (const auto known = pick(*settings, options.agreement); !known) {
      return complain(known.error(), kWrongWords);
    }
  }
  const auto ledger = open(*settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);
  const auto standings = judge_all(**ledger, *settings, options, SystemClock().wall());
  if (!standings) return complain(standings.error(), kCouldNot);
  if (options.json) {
    print_json(*standings);
  } else {
    for (const core::Standing& one : *standings) print_standing(one);
  }
  return kDone;
}

}  // namespace recoup::cli
