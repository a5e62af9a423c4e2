#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "core/text.h"
#include "judge/claim_rows.h"
#include "judge/reconcile.h"
#include "report/json.h"
#include "report/words.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

using billing::BillLine;
using core::Result;
using judge::AwaitedClaim;
using judge::FoundCredit;
using report::Json;

// Found is what the bills say of the claims of all agreements that were asked for.
struct Found {
  std::vector<AwaitedClaim> claims;
  judge::Reconciled reconciled;
};

// The bills that are looked through: those of the command line, or of the settings, each once.
class Bills {
 public:
  Bills(const ClaimsReconcileOptions& options, billing::Charges& charges)
      : options_(options), charges_(charges) {}

  // Of the command line, where it names some.
  Result<void> read_named(const documents::OnProgress& progress) {
    if (options_.files.empty()) return {};
    std::optional<billing::BillFormat> format;
    if (!options_.format.empty()) {
      const auto known = billing::parse_bill_format(options_.format);
      if (!known) return known.error();
      format = *known;
    }
    auto bill = billing::read_bill(format, options_.files, progress);
    if (!bill) return bill.error();
    named_ = bill->format;
    lines_ = std::move(bill->lines);
    return {};
  }

  // Reads the bills of one agreement, and says how its rows are known in them; nothing where it has
  // no bill, and none is named.
  Result<std::optional<billing::BillQuery>> query(const config::AgreementSettings& settings,
                                                  core::Month month) {
    const auto& own = settings.charges.bills;
    if (named_) {
      return std::optional(
          query_in(settings, own.empty() ? nothing_ : own.front(), *named_, month));
    }
    std::optional<billing::BillQuery> query;
    for (const billing::BillSettings& bill : own) {
      const auto read = charges_.read(bill);
      if (!*read) return read->error();
      if (seen_.insert(fmt::format("{}", fmt::join(bill.paths, "\n"))).second) {
        lines_.insert(lines_.end(), (*read)->lines.begin(), (*read)->lines.end());
      }
      if (!query) query = query_in(settings, bill, (*read)->format, month);
    }
    return query;
  }

  const std::vector<BillLine>& lines() const { return lines_; }

 private:
  // Where nobody said what the bill calls the service, its words have to say whose a credit is.
  static billing::BillQuery query_in(const config::AgreementSettings& settings,
                                     const billing::BillSettings& bill, billing::BillFormat format,
                                     core::Month month) {
    if (auto query = billing::bill_query(settings.charged(), bill, format, month)) return *query;
    billing::BillQuery query;
    if (!settings.agreement.region.empty()) query.region = settings.agreement.region;
    if (!settings.agreement.account.empty()) query.account = settings.agreement.account;
    query.month = month;
    return query;
  }

  const ClaimsReconcileOptions& options_;
  billing::Charges& charges_;
  const billing::BillSettings nothing_;
  std::optional<billing::BillFormat> named_;  // the format of the named ones
  std::set<std::string> seen_;
  std::vector<BillLine> lines_;
};

// The months of an agreement that something is owed for, or was asked for.
Result<void> add_claims(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                        billing::Charges& charges, Bills& bills, core::Instant now,
                        std::vector<AwaitedClaim>& out) {
  const auto rows = judge::claim_rows(ledger, settings, charges, now);
  if (!rows) return rows.error();
  const auto events = ledger.claim_events(settings.agreement.id);
  if (!events) return events.error();
  for (const record::ClaimMonth& row : rows->rows) {
    const core::Month month = row.life.ground.month;
    if (!row.life.ground.eligible && !row.life.submitted) continue;
    auto query = bills.query(settings, month);
    if (!query) return query.error();
    if (!*query) {
      say(
          prose(fmt::format("{}: no bill is named for it: name files, or a bill under "
                            "[agreement.charges] of recoup.toml",
                            settings.agreement.id)));
      return {};
    }
    AwaitedClaim claim{row.life,
                       core::Instant(std::chrono::sys_days((month + std::chrono::months(1)) /
                                                           std::chrono::day(1))),
                       **std::move(query),
                       {}};
    for (const record::ClaimEvent& event : *events) {
      if (event.month == month && event.step == record::ClaimStep::credited &&
          !event.note.empty()) {
        claim.notes.push_back(event.note);
      }
    }
    out.push_back(std::move(claim));
  }
  return {};
}

std::string name_of(const AwaitedClaim& claim) {
  return fmt::format("{} {}", claim.life.ground.agreement, core::to_text(claim.life.ground.month));
}

std::string place_of(const BillLine& line) {
  return line.line == 0 ? line.file : fmt::format("{}:{}", line.file, line.line);
}

std::string line_text(const BillLine& line) {
  std::string text = fmt::format("{}  {}  {}", place_of(line), billing::to_text(line.period),
                                 core::to_text(core::Money{line.amount, line.currency}));
  if (line.rows > 1) text += fmt::format(" in {} rows", line.rows);
  if (line.voucher) text += ", paid by a voucher";
  if (!line.description.empty()) text += fmt::format("  \"{}\"", line.description);
  return text;
}

// One word for a shell.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

std::string note_of(const FoundCredit& credit) {
  std::vector<std::string> parts;
  for (const BillLine& line : credit.lines) {
    parts.push_back(fmt::format("{}: {}{}{}", judge::reference_of(line),
                                core::to_text(core::Money{line.amount, line.currency}),
                                line.description.empty() ? "" : ", ", line.description));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

// When the bill was complete; now where that is to come, or before what was noted last.
core::Instant time_of_credit(const FoundCredit& credit, const AwaitedClaim& claim,
                             core::Instant now) {
  const core::Instant end(std::chrono::sys_days(credit.lines.front().period.end));
  const core::Instant from = claim.life.submitted.value_or(claim.cycle_end);
  return end > now || end < from ? now : end;
}

std::string command_of(const FoundCredit& credit, const AwaitedClaim& claim, core::Instant now) {
  const core::Instant at = time_of_credit(credit, claim, now);
  return fmt::format(
      "recoup claims mark --agreement {} --month {} credited --amount {} --currency {}{} --note {}",
      claim.life.ground.agreement, core::to_text(claim.life.ground.month),
      core::exact_text(credit.all.amount), credit.all.currency,
      at == now ? "" : " --at " + core::to_text(at), quoted(note_of(credit)));
}

// What part of what was asked for is there with it.
std::optional<core::Ratio> share_of(const FoundCredit& credit, const AwaitedClaim& claim) {
  record::ClaimLife life = claim.life;
  life.credited = credit.all;
  return life.credited_share();
}

std::string share_text(const FoundCredit& credit, const AwaitedClaim& claim) {
  const auto share = share_of(credit, claim);
  if (!share) return "";
  const std::string together = claim.life.credited ? ", with what was given before" : "";
  return fmt::format("{} % of the {} asked for{}", (*share * core::Ratio(100, 1)).to_shortest(2),
                     core::to_text(*claim.life.asked), together);
}

Result<void> mark(ledger::Ledger& ledger, const FoundCredit& credit, const AwaitedClaim& claim,
                  core::Instant now) {
  record::ClaimEvent event;
  event.agreement = claim.life.ground.agreement;
  event.month = claim.life.ground.month;
  event.step = record::ClaimStep::credited;
  event.amount = credit.all;
  event.note = note_of(credit);
  event.revision = claim.life.ground.revision;
  const auto events = ledger.claim_events(event.agreement);
  if (!events) return events.error();
  const record::ClaimEvent* last = record::last_step(*events, event.agreement, event.month);
  event.at = time_of_credit(credit, claim, now);
  if (last != nullptr) event.at = std::max(event.at, last->at);
  if (auto may = record::check_step(claim.life, event.step); !may) return may;
  return ledger.add_claim_event(event);
}

void print_credits(const Found& found, bool marked, core::Instant now) {
  for (const FoundCredit& credit : found.reconciled.credits) {
    const AwaitedClaim& claim = found.claims[credit.claim];
    say(prose(fmt::format("{}: {}, {} credited: {}", name_of(claim),
                          record::to_text(claim.life.state), core::to_text(credit.given),
                          credit.why)));
    if (const std::string share = share_text(credit, claim); !share.empty()) {
      say(prose("   " + share));
    }
    for (const BillLine& line : credit.lines) say("   " + line_text(line));
    say(marked ? "   marked: credited" : "   to note it: " + command_of(credit, claim, now));
  }
}

void print_unclear(const Found& found) {
  if (found.reconciled.unclear.empty()) return;
  say("\nCredits that were not chosen:");
  for (const judge::UnclearCredit& unclear : found.reconciled.unclear) {
    std::vector<std::string> names;
    for (const std::size_t i : unclear.claims) names.push_back(name_of(found.claims[i]));
    say("  " + line_text(unclear.line));
    say(prose(fmt::format("     {}{}", unclear.why,
                          names.empty() ? "" : "; it may be of " + core::listed(names, "or"))));
  }
}

void print_corrections(const Found& found) {
  if (found.reconciled.corrections.empty()) return;
  say("\nCharges that a later bill corrects:");
  for (const judge::FoundCorrection& correction : found.reconciled.corrections) {
    const record::ClaimLife& life = found.claims[correction.claim].life;
    say(fmt::format("  {}: {}", name_of(found.claims[correction.claim]),
                    line_text(correction.line)));
    if (!life.ground.amount) continue;
    const std::string now = core::to_text(*life.ground.amount);
    if (!life.submitted) {
      say(prose(fmt::format("     it was not submitted yet: the claim is of {} now", now)));
    } else if (life.is_corrected()) {
      say(prose(
          fmt::format("     it was submitted with {}, and would be of {} now: tell the provider "
                      "where that is to your disadvantage",
                      core::to_text(*life.asked), now)));
    } else {
      say(prose(fmt::format(
          "     it was submitted with {}; the figure sealed is still {}",
          life.asked ? core::to_text(*life.asked) : "an amount that was not noted", now)));
    }
  }
}

void print_waiting(const Found& found) {
  std::set<std::size_t> credited;
  for (const FoundCredit& credit : found.reconciled.credits) credited.insert(credit.claim);
  bool first = true;
  for (std::size_t i = 0; i < found.claims.size(); ++i) {
    const record::ClaimLife& life = found.claims[i].life;
    if (!life.waits() || credited.contains(i)) continue;
    if (std::exchange(first, false)) say("\nOn no bill so far:");
    say(prose(
        fmt::format("  {}: {}{}", name_of(found.claims[i]), record::to_text(life.state),
                    life.credit_due ? ", due before " + core::to_text(*life.credit_due) : "")));
  }
}

Json line_json(const BillLine& line) {
  return {{"file", report::json_text(line.file)},
          {"line", line.line == 0 ? Json(nullptr) : Json(line.line)},
          {"rows", line.rows},
          {"period", billing::to_text(line.period)},
          {"class", billing::to_text(line.class_)},
          {"voucher", line.voucher},
          {"account", report::json_text(line.account)},
          {"service", report::json_text(line.service)},
          {"cloud_region", report::json_text(line.region)},
          {"amount", report::money_json(core::Money{line.amount, line.currency})},
          {"description", report::json_text(line.description)}};
}

Json name_json(const AwaitedClaim& claim) {
  return {{"agreement", claim.life.ground.agreement},
          {"month", core::to_text(claim.life.ground.month)}};
}

Json found_json(const Found& found, bool marked, core::Instant now) {
  Json credits = Json::array();
  for (const FoundCredit& credit : found.reconciled.credits) {
    const AwaitedClaim& claim = found.claims[credit.claim];
    Json one = name_json(claim);
    one["given"] = report::money_json(credit.given);
    one["credited"] = report::money_json(credit.all);
    one["credited_percent"] = report::percent_json(share_of(credit, claim));
    one["why"] = credit.why;
    one["lines"] = Json::array();
    for (const BillLine& line : credit.lines) one["lines"].push_back(line_json(line));
    one["command"] = command_of(credit, claim, now);
    one["marked"] = marked;
    credits.push_back(std::move(one));
  }
  Json unclear = Json::array();
  for (const judge::UnclearCredit& each : found.reconciled.unclear) {
    Json claims = Json::array();
    for (const std::size_t i : each.claims) claims.push_back(name_json(found.claims[i]));
    unclear.push_back(
        {{"line", line_json(each.line)}, {"claims", std::move(claims)}, {"why", each.why}});
  }
  Json corrections = Json::array();
  for (const judge::FoundCorrection& each : found.reconciled.corrections) {
    const record::ClaimLife& life = found.claims[each.claim].life;
    Json one = name_json(found.claims[each.claim]);
    one["line"] = line_json(each.line);
    one["submitted"] = life.submitted.has_value();
    one["asked"] = report::money_json(life.submitted ? life.asked : std::nullopt);
    one["amount"] = report::money_json(life.ground.amount);
    corrections.push_back(std::move(one));
  }
  return {{"credits", std::move(credits)},
          {"unclear", std::move(unclear)},
          {"corrections", std::move(corrections)},
          {"known", found.reconciled.known}};
}

void print(const Found& found, bool marked, core::Instant now) {
  print_credits(found, marked, now);
  print_unclear(found);
  print_corrections(found);
  print_waiting(found);
  if (found.reconciled.known > 0) {
    say(fmt::format("\n{} of the bills {} noted before.",
                    core::counted(found.reconciled.known, "credit"),
                    found.reconciled.known == 1 ? "was" : "were"));
  }
  if (found.reconciled.credits.empty()) say("no credit of a claim that waits was found");
}

}  // namespace

Exit claims_reconcile(const ClaimsReconcileOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  if (!options.agreement.empty()) {
    if (const auto known = pick(*settings, options.agreement); !known) {
      return complain(known.error(), kWrongWords);
    }
  }
  const auto ledger = open(*settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);

  const core::Instant now = service::SystemClock().wall();
  Exit exit = kDone;
  Found found;
  {
    ProgressLine progress("reading bills");
    const auto show = [&](const documents::Progress& p) { progress.show(p.read, p.size); };
    billing::Charges charges(show);
    Bills bills(options, charges);
    if (auto read = bills.read_named(show); !read) return complain(read.error(), kWrongWords);
    // One whose bill cannot be read does not silence the others.
    for (const auto& agreement : settings->agreements) {
      if (!options.agreement.empty() && agreement.agreement.id != options.agreement) continue;
      auto added = add_claims(**ledger, agreement, charges, bills, now, found.claims);
      if (!added) exit = complain(added.error(), kCouldNot);
    }
    found.reconciled = judge::reconcile(found.claims, bills.lines());
  }
  if (options.mark) {
    for (const FoundCredit& credit : found.reconciled.credits) {
      const auto done = mark(**ledger, credit, found.claims[credit.claim], now);
      if (!done) return complain(done.error(), kCouldNot);
    }
  }
  if (options.json) {
    say(report::indented(found_json(found, options.mark, now)));
  } else {
    print(found, options.mark, now);
  }
  return exit;
}

}  // namespace recoup::cli
