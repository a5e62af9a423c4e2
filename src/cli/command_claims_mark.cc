#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/said.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "judge/claim_rows.h"
#include "judge/cycles.h"
#include "report/words.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

using core::Error;
using core::Result;
using record::ClaimLife;
using record::ClaimStep;

bool is_currency(const std::string& text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// The amount that was said, in the currency that was said or is the claim's.
Result<std::optional<core::Money>> amount_of(const ClaimsMarkOptions& options,
                                             const ClaimLife& life) {
  if (!options.amount) {
    // A later correction of the charges does not change what was asked for.
    const bool asks = options.step == ClaimStep::submitted;
    return asks ? life.asked : std::optional<core::Money>();
  }
  if (!options.currency.empty()) {
    if (is_currency(options.currency)) {
      return std::optional(core::Money{*options.amount, options.currency});
    }
    return Error{fmt::format("expected a currency like USD, got '{}'", options.currency)};
  }
  if (life.ground.amount) {
    return std::optional(core::Money{*options.amount, life.ground.amount->currency});
  }
  return Error{"expected --currency with the --amount, got none", "",
               "the claim's own amount is not known"};
}

Exit refuse(const Error& error, const ClaimLife& life) {
  const std::string help =
      fmt::format("recoup assess --agreement {} --month {} says why; recoup claims shows all",
                  life.ground.agreement, core::to_text(life.ground.month));
  return complain({error.message, error.where, error.help.empty() ? help : error.help}, kCouldNot);
}

std::string event_in_words(const record::ClaimEvent& event) {
  std::string text = fmt::format("{} {}: {}", event.agreement, core::to_text(event.month),
                                 record::to_text(event.step));
  if (event.amount) text += ", " + core::to_text(*event.amount);
  if (!event.case_id.empty()) text += ", case " + event.case_id;
  return text;
}

// What was left unsaid and is good to have.
void hint(const record::ClaimEvent& event, const ClaimLife& life) {
  if (event.step == ClaimStep::submitted && life.case_id.empty()) {
    say("   note the provider's case when you have it: the same again with --case ID");
  }
  if (event.step == ClaimStep::credited && !event.amount) {
    say("   note how much it was: the same again with --amount AMOUNT");
  }
}

// When the step was taken: not in the future, nor before the month's newest step. On the day of
// that one it is taken for as late as it.
Result<core::Instant> time_of(const Workplace& at, const ClaimsMarkOptions& options,
                              core::Month month, core::Instant now) {
  if (!options.at) return now;
  const bool whole_day = std::holds_alternative<core::SaidDay>(*options.at);
  const auto said = whole_day ? core::instant_in(core::Zone::utc(), *options.at, now)
                              : instant_of(*at.agreement, *options.at, now);
  if (!said) return said.error();
  core::Instant taken = *said;
  if (taken > now) {
    return Error{fmt::format("expected a time that has come, got --at {}", core::to_text(taken))};
  }
  const core::Interval day{taken, taken + std::chrono::days(1)};
  const auto events = at.ledger->claim_events(options.agreement);
  if (!events) return events.error();
  for (const record::ClaimEvent& event : *events) {
    if (event.month != month || event.at <= taken) continue;
    if (whole_day && day.contains(event.at)) {
      taken = event.at;
      continue;
    }
    return Error{
        fmt::format("expected a time after the step before, {} at {}, got --at {}",
                    record::to_text(event.step), core::to_text(event.at), core::to_text(*said)),
        "", "recoup claims unmark takes that step back"};
  }
  return taken;
}

Exit mark(const Workplace& at, const ClaimsMarkOptions& options) {
  const core::Instant now = service::SystemClock().wall();
  const auto month = month_of(*at.agreement, options.month, now);
  if (!month) return complain(month.error(), kWrongWords);
  ProgressLine progress("reading bills");
  billing::Charges charges([&](const documents::Progress& p) { progress.show(p.read, p.size); });
  const auto row = judge::claim_row(*at.ledger, *at.agreement, charges, *month, now);
  if (!row) return complain(row.error(), kCouldNot);
  const auto amount = amount_of(options, row->life);
  if (!amount) return complain(amount.error(), kWrongWords);
  if (const auto may = record::check_step(row->life, options.step); !may) {
    return refuse(may.error(), row->life);
  }

  const auto taken = time_of(at, options, *month, now);
  if (!taken) return refuse(taken.error(), row->life);
  const record::ClaimEvent event{options.agreement,        *month,  *taken,       options.step,
                                 options.case_id,          *amount, options.note, "",
                                 row->life.ground.revision};
  if (auto done = at.ledger->add_claim_event(event); !done) {
    return complain(done.error(), kCouldNot);
  }
  const auto after = judge::claim_row(*at.ledger, *at.agreement, charges, *month, now);
  if (!after) return complain(after.error(), kCouldNot);
  say(event_in_words(event));
  if (const std::string more = report::payment_words(after->life); !more.empty()) say("   " + more);
  hint(event, after->life);
  if (const std::string next = report::next_step(after->life); !next.empty()) {
    say("   next: " + next);
  }
  return kDone;
}

Exit unmark(const Workplace& at, const ClaimsUnmarkOptions& options) {
  const core::Instant now = service::SystemClock().wall();
  const auto month = month_of(*at.agreement, options.month, now);
  if (!month) return complain(month.error(), kWrongWords);
  const auto events = at.ledger->claim_events(options.agreement);
  if (!events) return complain(events.error(), kCouldNot);
  const record::ClaimEvent* last = record::last_step(*events, options.agreement, *month);
  if (last == nullptr) {
    return complain({"expected a step of the claim to take back, got none",
                     fmt::format("{} {}", options.agreement, core::to_text(*month)),
                     "recoup claims shows where each claim stands"},
                    kCouldNot);
  }
  // Behind what it takes back, should the clock have been set back in between.
  record::ClaimEvent event{options.agreement, *month, std::max(now, last->at), ClaimStep::unmarked};
  event.note = options.note;
  if (auto done = at.ledger->add_claim_event(event); !done) {
    return complain(done.error(), kCouldNot);
  }
  ProgressLine progress("reading bills");
  billing::Charges charges([&](const documents::Progress& p) { progress.show(p.read, p.size); });
  const auto after = judge::claim_row(*at.ledger, *at.agreement, charges, *month, now);
  if (!after) return complain(after.error(), kCouldNot);
  say(fmt::format("taken back: {}; the history keeps both\n   it is {} again",
                  event_in_words(*last), record::to_text(after->life.state)));
  if (const std::string next = report::next_step(after->life); !next.empty()) {
    say("   next: " + next);
  }
  return kDone;
}

}  // namespace

Exit claims_unmark(const ClaimsUnmarkOptions& options) {
  return with_agreement(options.config, options.agreement,
                        [&](const Workplace& at) { return unmark(at, options); });
}

Exit claims_mark(const ClaimsMarkOptions& options) {
  return with_agreement(options.config, options.agreement,
                        [&](const Workplace& at) { return mark(at, options); });
}

}  // namespace recoup::cli
