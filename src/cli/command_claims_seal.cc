#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/said.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "core/text.h"
#include "judge/cycles.h"
#include "judge/judge.h"
#include "service/seal_key.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

using core::Month;
using judge::MonthToSeal;
using record::Seal;

// What the sealing of one agreement works with.
struct Work {
  const config::AgreementSettings& settings;
  ledger::Ledger& ledger;
  billing::Charges& charges;
  const record::SealKey* key;
  core::Instant now;
  std::optional<Month> only;

  const std::string& id() const { return settings.agreement.id; }
};

std::string uptime_words(const Seal& seal) {
  if (judge::is_unmeasured(seal)) return "not measured";
  return fmt::format("{}, by {} Request{}", percent(seal.uptime), core::grouped(seal.requests),
                     seal.requests == 1 ? "" : "s");
}

std::string amount_words(const Seal& seal) {
  if (!seal.eligible) {
    return judge::is_unmeasured(seal) ? "nobody can say" : "nothing to claim";
  }
  return fmt::format("{} of the charges = {} to claim", brief_percent(seal.share),
                     seal.amount ? core::to_text(*seal.amount) : "an unknown amount");
}

void print(const Seal& seal) {
  say(fmt::format("{} {}: sealed as revision {}", seal.agreement, core::to_text(seal.month),
                  seal.revision));
  for (const std::string& change : seal.changes) say(prose("  changed  " + change));
  say(prose("  uptime   " + uptime_words(seal)));
  say(prose("  credit   " + amount_words(seal)));
  say("  digest   " + seal.digest);
  say("  signed   " +
      (seal.public_key.empty() ? "no: recoup.toml names no signing_key" : "by " + seal.public_key));
}

// Says of the newest months, or of the one that was asked for, until when they are not due; how
// many there are.
core::Result<std::size_t> print_not_due(const Work& work, const core::Zone& zone) {
  const auto seen = work.ledger.seen(work.id());
  if (!seen) return seen.error();
  const Month running = zone.month_of(work.now);
  const std::vector<Month> months =
      work.only ? std::vector{*work.only} : std::vector{zone.month_after(running, -1), running};
  std::size_t count = 0;
  for (const Month month : months) {
    const core::Cycle cycle = core::cycle_of(month, zone);
    const core::Instant due = cycle.span.end + judge::kSealGrace;
    const bool is_known = work.only || (*seen && (*seen)->begin < cycle.span.end);
    if (due <= work.now || !is_known) continue;
    say(prose(fmt::format("{} {}: not due until {}: what was seen then may still come in",
                          work.id(), core::to_text(month), core::to_text(due))));
    ++count;
  }
  return count;
}

Exit seal_months(const Work& work, const std::vector<MonthToSeal>& months) {
  Exit exit = kDone;
  std::size_t unchanged = 0;
  std::size_t unjudged = 0;
  std::size_t unmeasured = 0;
  const auto before = work.ledger.seals(work.id());
  if (!before) return complain(before.error(), kCouldNot);
  for (const MonthToSeal& month : months) {
    if (work.only && month.month != *work.only) continue;
    if (!work.only && !judge::cycle_terms(work.settings, month.month)) {
      ++unjudged;
      continue;
    }
    const auto sealed =
        judge::judge_and_seal(work.ledger, work.settings, work.charges, month, work.key, work.now);
    if (!sealed) {
      exit = complain(sealed.error(), kCouldNot);
    } else if (*sealed) {
      print(**sealed);
    } else if (judge::newest_seal(*before, month.month) != nullptr) {
      ++unchanged;
    } else {
      ++unmeasured;
    }
  }
  if (unmeasured > 0) {
    say(fmt::format("{}: {} month{} not measured, and not sealed", work.id(), unmeasured,
                    unmeasured == 1 ? " was" : "s were"));
  }
  if (unchanged > 0) {
    say(fmt::format("{}: {} month{} as sealed before", work.id(), unchanged,
                    unchanged == 1 ? " is" : "s are"));
  }
  if (unjudged > 0) {
    say(fmt::format("{}: {} month{} before the contract's oldest known version and not sealed",
                    work.id(), unjudged, unjudged == 1 ? " is" : "s are"));
  }
  return exit;
}

bool names(const std::vector<MonthToSeal>& months, Month month) {
  return std::any_of(months.begin(), months.end(),
                     [&](const MonthToSeal& one) { return one.month == month; });
}

Exit seal_agreement(const Work& work) {
  const auto zone = judge::zone_at(work.settings, work.now);
  if (!zone) return complain(zone.error(), kCouldNot);
  const auto months =
      judge::months_to_seal(work.ledger, work.id(), *zone, work.now, judge::kSealGrace, true);
  if (!months) return complain(months.error(), kCouldNot);
  const Exit exit = seal_months(work, *months);
  const auto not_due = print_not_due(work, *zone);
  if (!not_due) return complain(not_due.error(), kCouldNot);
  if (!work.only && months->empty() && *not_due == 0) say(work.id() + ": nothing was seen yet");
  if (!work.only || names(*months, *work.only)) return exit;
  if (*not_due == 0) {
    say(fmt::format("{} {}: nothing was seen then, so that there is nothing to seal", work.id(),
                    core::to_text(*work.only)));
  }
  return kCouldNot;
}

}  // namespace

Exit claims_seal(const ClaimsSealOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  if (!options.agreement.empty()) {
    if (const auto known = pick(*settings, options.agreement); !known) {
      return complain(known.error(), kWrongWords);
    }
  }
  const auto key = service::seal_key(*settings);
  if (!key) return complain(key.error(), kWrongWords);
  const auto ledger = open(*settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);

  ProgressLine progress("reading bills");
  billing::Charges charges([&](const documents::Progress& p) { progress.show(p.read, p.size); });
  Exit exit = kDone;
  for (const auto& agreement : settings->agreements) {
    if (!options.agreement.empty() && agreement.agreement.id != options.agreement) continue;
    const core::Instant now = service::SystemClock().wall();
    Work work{agreement, **ledger, charges, *key ? &**key : nullptr, now, std::nullopt};
    if (options.month) {
      const auto month = month_of(agreement, *options.month, now);
      if (!month) return complain(month.error(), kWrongWords);
      work.only = *month;
    }
    if (const Exit one = seal_agreement(work); one != kDone) exit = one;
  }
  say("see where the claims stand with: recoup claims");
  return exit;
}

}  // namespace recoup::cli
