#include "billing/charges.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "judge/cycles.h"
#include "judge/judge.h"
#include "judge/sealing.h"
#include "metrics/openmetrics.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

using core::Result;

// The agreement's billing cycles that may be sealed, oldest first; complains of each that cannot be
// judged, and says so in `exit`.
Result<void> add_months(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                        const ExportOptions& options, billing::Charges& charges,
                        std::vector<core::Judgement>& all, Exit& exit) {
  const core::Instant now = service::system_world().clock.wall();
  const auto zone = judge::zone_at(settings, now);
  if (!zone) return zone.error();
  const auto months = judge::months_seen(ledger, settings.agreement.id, *zone);
  if (!months) return months.error();
  for (const core::Month month : *months) {
    if ((options.from && month < *options.from) || (options.to && *options.to < month)) continue;
    if (now < core::cycle_of(month, *zone).span.end + judge::kSealGrace) continue;
    auto judged = judge::judge(ledger, settings, month, charges.of(settings.charged(), month), now);
    if (judged) {
      all.push_back(*std::move(judged));
    } else {
      exit = complain(judged.error(), kCouldNot);
    }
  }
  return {};
}

}  // namespace

Exit export_months(const ExportOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  if (!options.agreement.empty()) {
    if (const auto picked = pick(*settings, options.agreement); !picked) {
      return complain(picked.error(), kWrongWords);
    }
  }
  const auto ledger = open(*settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);
  Exit exit = kDone;
  billing::Charges charges;
  std::vector<core::Judgement> months;
  for (const config::AgreementSettings& one : settings->agreements) {
    if (!options.agreement.empty() && one.agreement.id != options.agreement) continue;
    if (auto done = add_months(**ledger, one, options, charges, months, exit); !done) {
      exit = complain(done.error(), kCouldNot);
    }
  }
  say(metrics::to_openmetrics(months));
  return exit;
}

}  // namespace recoup::cli
