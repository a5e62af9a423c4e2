#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "cli/workspace.h"
#include "core/text.h"
#include "judge/claim_rows.h"
#include "judge/cycles.h"
#include "report/claim_totals.h"
#include "report/json.h"
#include "report/measured_words.h"
#include "report/words.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

using record::ClaimLife;

std::string seal_cell(const record::ClaimMonth& row, core::Instant now) {
  if (!row.seal) return row.due ? "not sealed yet" : "";
  const std::string revision = fmt::format("revision {}", row.seal->revision);
  // Something came since.
  return row.due && *row.due <= now ? revision + ", to be sealed again" : revision;
}

// Days are of interest while something can be submitted.
std::string days_cell(const ClaimLife& life) {
  const bool open =
      life.state == record::ClaimState::claimable || life.state == record::ClaimState::written;
  return open && life.days_left ? std::to_string(*life.days_left) : "";
}

std::string money_cell(const std::optional<core::Money>& money) {
  return money ? core::to_text(*money) : "";
}

// In days where that is exact, as it is in UTC.
std::string date_cell(core::Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  return at == day ? core::to_text(core::Date(day)) : core::to_text(at);
}

// What there is to do, and what is lost, catches the eye.
Paint paint_of(std::string_view state) {
  for (const record::ClaimState one :
       {record::ClaimState::claimable, record::ClaimState::written, record::ClaimState::overdue}) {
    if (state == record::to_text(one)) return Paint::look;
  }
  if (state == record::to_text(record::ClaimState::credited)) return Paint::good;
  for (const record::ClaimState one : {record::ClaimState::refused, record::ClaimState::expired}) {
    if (state == record::to_text(one)) return Paint::bad;
  }
  return Paint::none;
}

void add_row(TextTable& table, const record::ClaimMonth& row, core::Instant now) {
  const ClaimLife& life = row.life;
  const auto& deadline = life.ground.deadline;
  table.add({life.ground.agreement, core::to_text(life.ground.month),
             std::string(record::to_text(life.state)), row.uptime ? percent(*row.uptime) : "",
             row.measured ? report::measured_time(*row.measured) : "",
             row.uptime ? core::grouped(*row.requests) : "",
             row.share ? brief_percent(*row.share) : "", money_cell(life.ground.amount),
             deadline ? date_cell(deadline->safe) : "",
             deadline && deadline->literal != deadline->safe ? date_cell(deadline->literal) : "",
             days_cell(life), life.case_id, life.credit_due ? date_cell(*life.credit_due) : "",
             money_cell(life.credited), seal_cell(row, now)});
}

// "2015-03 to 2019-12, 2020-05".
std::string stretches(const std::vector<core::Month>& months) {
  std::string text;
  for (std::size_t i = 0; i < months.size();) {
    std::size_t last = i;
    while (last + 1 < months.size() && months[last + 1] == months[last] + std::chrono::months(1)) {
      ++last;
    }
    text += (text.empty() ? "" : ", ") + core::to_text(months[i]);
    if (last > i) text += " to " + core::to_text(months[last]);
    i = last + 1;
  }
  return text;
}

// What is to be known of months that are not in the table.
void print_left_out(const std::string& agreement, const judge::ClaimRows& rows) {
  if (rows.unjudged > 0) {
    say(prose(fmt::format("  {}: {} more cannot be judged: {}; {}", agreement, rows.unjudged,
                          rows.why_unjudged.message, rows.why_unjudged.help)));
  }
  if (!rows.unseen.empty()) {
    say(prose(fmt::format("  {}: {} without any measurement: {}", agreement,
                          core::counted(rows.unseen.size(), "month"), stretches(rows.unseen))));
  }
  if (rows.older > 0) {
    say(prose(fmt::format("  {}: {} older ones are not sealed and not shown: recoup claims seal",
                          agreement, rows.older)));
  }
}

// What the table has no column for.
void print_payments(const std::vector<record::ClaimMonth>& rows) {
  for (const record::ClaimMonth& row : rows) {
    const ClaimLife& life = row.life;
    const bool waits = life.state == record::ClaimState::submitted && !life.is_corrected();
    const std::string words = report::payment_words(life);
    if (waits || words.empty() || life.state == record::ClaimState::claimable) continue;
    say(prose(fmt::format("  {} {}: {}", life.ground.agreement, core::to_text(life.ground.month),
                          words)));
  }
}

// Sums by year, provider and state.
void print_totals(const std::vector<report::ClaimTotal>& totals) {
  if (totals.empty()) return say("  nothing could be claimed so far");
  TextTable table({"YEAR", "PROVIDER", Column("STATE").coloured(paint_of), Column("CLAIMS").right(),
                   Column("AMOUNT").right(), Column("CREDITED").right()});
  for (const report::ClaimTotal& one : totals) {
    const bool known = !one.currency.empty();
    table.add({std::to_string(one.year), one.provider, std::string(record::to_text(one.state)),
               core::grouped(one.claims),
               known ? core::to_text(core::Money{one.amount, one.currency}) : "not known",
               known && one.credited > core::Ratio()
                   ? core::to_text(core::Money{one.credited, one.currency})
                   : ""});
  }
  table.print();
}

void print_next(const std::vector<record::ClaimMonth>& rows, core::Instant now) {
  std::vector<std::string> steps;
  bool to_seal = false;
  for (const record::ClaimMonth& row : rows) {
    to_seal = to_seal || (row.due && *row.due <= now);
    if (const std::string step = report::next_step(row.life); !step.empty()) steps.push_back(step);
  }
  if (to_seal) steps.insert(steps.begin(), "recoup claims seal");
  if (steps.empty()) return;
  say("\nNext:");
  for (const std::string& step : steps) say("  " + step);
}

void print(const std::vector<record::ClaimMonth>& rows, core::Instant now) {
  if (rows.empty()) return say("  no billing cycle with anything seen in it is over");
  TextTable table({Column("AGREEMENT").cut_to(12), "MONTH", Column("STATE").coloured(paint_of),
                   Column("UPTIME").right().goes(3), Column("MEASURED").right().goes(3),
                   Column("REQUESTS").right().goes(7), Column("CREDIT").right().goes(4),
                   Column("AMOUNT").right(), Column("DEADLINE").goes(2), Column("LITERAL").goes(8),
                   Column("DAYS LEFT").right(), Column("CASE").goes(5),
                   Column("CREDIT DUE").goes(1), Column("CREDITED").right().goes(1),
                   Column("SEAL").goes(6)});
  for (const record::ClaimMonth& row : rows) add_row(table, row, now);
  table.print();
}

}  // namespace

Exit claims(const ClaimsOptions& options) {
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
  std::vector<record::ClaimMonth> all;
  std::vector<std::pair<std::string, judge::ClaimRows>> by_agreement;
  Exit exit = kDone;
  {
    ProgressLine progress("reading bills");
    billing::Charges charges([&](const documents::Progress& p) { progress.show(p.read, p.size); });
    for (const auto& agreement : settings->agreements) {
      if (!options.agreement.empty() && agreement.agreement.id != options.agreement) continue;
      auto rows = judge::claim_rows(**ledger, agreement, charges, now);
      if (!rows) {
        // One that cannot be judged does not silence the others.
        exit = complain(rows.error(), kCouldNot);
        continue;
      }
      all.insert(all.end(), rows->rows.begin(), rows->rows.end());
      by_agreement.emplace_back(agreement.agreement.id, *std::move(rows));
    }
  }
  if (options.totals) {
    std::vector<std::pair<std::string, const ClaimLife*>> claims;
    for (const record::ClaimMonth& month : all) {
      const auto* of = settings->find(month.life.ground.agreement);
      if (!of->agreement.practice) claims.emplace_back(of->rule->provider, &month.life);
    }
    const auto totals = report::claim_totals(claims);
    if (options.json) {
      say(report::indented(report::claim_totals_json(totals)));
    } else {
      print_totals(totals);
    }
    return exit;
  }
  if (options.json) {
    report::Json list = report::Json::array();
    for (const record::ClaimMonth& month : all) list.push_back(report::claim_month_json(month));
    say(report::indented(list));
    return exit;
  }
  print(all, now);
  print_payments(all);
  for (const auto& [agreement, rows] : by_agreement) print_left_out(agreement, rows);
  print_next(all, now);
  return exit;
}

}  // namespace recoup::cli
