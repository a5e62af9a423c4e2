#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "cli/workspace.h"
#include "core/text.h"
#include "judge/needed_evidence.h"
#include "report/json.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

using core::Instant;
using core::Result;

constexpr std::size_t kDaysAtOnce = 50;  // of series, in a transaction of some 100 ms
constexpr std::uint64_t kRecordsAtOnce = 2000;

// What became of one agreement's evidence.
struct Evidence {
  std::string agreement;
  std::optional<Instant> needed_from;             // nothing: all of it is needed
  std::uint64_t removed = 0;                      // now
  std::vector<record::RemovedEvidence> all = {};  // in all turns
};

struct Tidied {
  record::FoldTurn now;
  record::Folded folded;
  std::vector<Evidence> evidence;
};

Result<void> fold(ledger::Upkeep& ledger, Instant before, Tidied& tidied) {
  record::FoldOrder order{before, 0, kDaysAtOnce};
  while (true) {
    const auto turn = ledger.fold(order);
    if (!turn) return turn.error();
    tidied.now.days += turn->days;
    tidied.now.minutes += turn->minutes;
    tidied.now.bytes += turn->bytes;
    order.after = turn->next;
    if (turn->done) break;
  }
  const auto folded = ledger.folded();
  if (!folded) return folded.error();
  tidied.folded = *folded;
  return {};
}

Result<Evidence> remove(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                        core::Millis keep, Instant now) {
  Evidence evidence{settings.agreement.id, std::nullopt};
  const auto from = judge::evidence_needed_from(ledger, settings, keep, now);
  if (!from) return from.error();
  evidence.needed_from = *from;
  for (bool done = !*from; !done;) {
    const auto turn = ledger.remove_evidence({evidence.agreement, **from, kRecordsAtOnce});
    if (!turn) return turn.error();
    evidence.removed += turn->records;
    done = turn->done;
  }
  auto all = ledger.removed_evidence(evidence.agreement);
  if (!all) return all.error();
  evidence.all = *std::move(all);
  return evidence;
}

Result<Tidied> tidy(ledger::Ledger& ledger, const config::Settings& settings) {
  const Instant now = service::system_world().clock.wall();
  Tidied tidied;
  if (auto done = fold(ledger, now - settings.keep.minutes, tidied); !done) return done.error();
  for (const config::AgreementSettings& one : settings.agreements) {
    auto evidence = remove(ledger, one, settings.keep.evidence, now);
    if (!evidence) return evidence.error();
    tidied.evidence.push_back(*std::move(evidence));
  }
  while (true) {
    const auto more = ledger.give_back();
    if (!more) return more.error();
    if (!*more) return tidied;
  }
}

void print(const Tidied& tidied, bool dry_run) {
  say(fmt::format("{}folded {} ({} counts of minutes to {} bytes)", dry_run ? "would have " : "",
                  core::counted(tidied.now.days, "day") + " of series",
                  core::grouped(tidied.now.minutes), core::grouped(tidied.now.bytes)));
  if (!dry_run) {
    say(fmt::format("all in all {} are folded: {} counts in {} bytes",
                    core::counted(tidied.folded.days, "day") + " of series",
                    core::grouped(tidied.folded.minutes), core::grouped(tidied.folded.bytes)));
  }
  for (const Evidence& one : tidied.evidence) {
    if (!one.needed_from) {
      say(fmt::format("{}: all evidence is kept: no month is over with all that can become of it",
                      one.agreement));
    } else {
      say(fmt::format("{}: {}removed {} of evidence; from {} on all is kept", one.agreement,
                      dry_run ? "would have " : "", core::counted(one.removed, "record"),
                      core::to_text(*one.needed_from)));
    }
  }
  TextTable table({Column("AGREEMENT").cut_to(12), Column("SERIES").cut_to(16),
                   Column("REMOVED").right(), "ALL BEFORE",
                   Column("THE REST BEGINS AT THE LINK").goes(1)});
  bool any = false;
  for (const Evidence& one : tidied.evidence) {
    for (const record::RemovedEvidence& series : one.all) {
      any = true;
      table.add({one.agreement,
                 fmt::format("{} {} ({})", record::to_text(series.series.kind), series.series.name,
                             series.series.part),
                 core::grouped(series.records), core::to_text(series.until), series.head});
    }
  }
  if (any) table.print();
}

std::string json_of(const Tidied& tidied) {
  report::Json evidence = report::Json::array();
  for (const Evidence& one : tidied.evidence) {
    report::Json series = report::Json::array();
    for (const record::RemovedEvidence& each : one.all) {
      series.push_back({{"kind", record::to_text(each.series.kind)},
                        {"name", each.series.name},
                        {"part", each.series.part},
                        {"records", each.records},
                        {"until", report::instant_json(each.until)},
                        {"head", each.head}});
    }
    evidence.push_back({{"agreement", one.agreement},
                        {"needed_from", report::instant_json(one.needed_from)},
                        {"removed_now", one.removed},
                        {"removed", series}});
  }
  return report::indented(
      {{"folded_now",
        {{"days", tidied.now.days}, {"minutes", tidied.now.minutes}, {"bytes", tidied.now.bytes}}},
       {"folded",
        {{"days", tidied.folded.days},
         {"minutes", tidied.folded.minutes},
         {"bytes", tidied.folded.bytes}}},
       {"evidence", evidence}});
}

}  // namespace

Exit ledger_tidy(const LedgerTidyOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const auto ledger = options.dry_run ? ledger::open_copy(settings->ledger) : open(*settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);
  const auto tidied = tidy(**ledger, *settings);
  if (!tidied) return complain(tidied.error(), kCouldNot);
  if (options.json) {
    say(json_of(*tidied));
  } else {
    print(*tidied, options.dry_run);
  }
  return kDone;
}

}  // namespace recoup::cli
