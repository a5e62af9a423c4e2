#include <functional>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "billing/request_cost.h"
#include "cli/commands.h"
#include "cli/rule_words.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "cli/workspace.h"
#include "core/text.h"
#include "judge/plan.h"
#include "report/contract_words.h"
#include "report/formula_words.h"
#include "report/json.h"

namespace recoup::cli {
namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr seconds kPeriods[] = {seconds(1),  seconds(5),  seconds(10), seconds(15),
                                seconds(30), seconds(60), seconds(300)};

std::string failures(const judge::Resolution& resolution) {
  return resolution.failures ? core::grouped(*resolution.failures) : "-";
}

// What a period costs; nothing for a contract without published prices of requests.
using CostOf = std::function<std::optional<core::Money>(std::uint64_t requests)>;

std::vector<std::string> row(const core::Version& version, core::Millis every,
                             const CostOf& cost_of) {
  const auto in = [&](int length) { return judge::resolution_of(version, {every}, days(length)); };
  const judge::Resolution month = in(30);
  const auto requests = static_cast<std::uint64_t>(days(30) / every);
  const auto cost = cost_of(requests);
  return {core::to_text(every),
          month.requests.to_shortest(2),
          core::grouped(requests),
          cost ? fmt::format("{} {}", core::exact_text(cost->amount), cost->currency) : "",
          month.smallest_loss ? percent(*month.smallest_loss) : "-",
          fmt::format("{} / {} / {}", failures(in(28)), failures(month), failures(in(31))),
          month.needs};
}

// A row of the table as JSON.
report::Json period_json(const core::Version& version, core::Millis every, const CostOf& cost_of) {
  const auto in = [&](int length) { return judge::resolution_of(version, {every}, days(length)); };
  const auto failures_in = [&](int length) {
    const auto failures = in(length).failures;
    return failures ? report::Json(*failures) : report::Json(nullptr);
  };
  const judge::Resolution month = in(30);
  const auto requests = static_cast<std::uint64_t>(days(30) / every);
  return {{"every", core::to_text(every)},
          {"requests_in_interval", month.requests.to_shortest(2)},
          {"requests_in_30_days", requests},
          {"cost_in_30_days", report::money_json(cost_of(requests))},
          {"smallest_loss", report::percent_json(month.smallest_loss)},
          {"breach_in_28_days", failures_in(28)},
          {"breach_in_30_days", failures_in(30)},
          {"breach_in_31_days", failures_in(31)},
          {"needs", month.needs.empty() ? report::Json(nullptr) : report::Json(month.needs)}};
}

report::Json plan_json(const rules::Contract& contract, const std::string& region,
                       const CostOf& cost_of) {
  const core::Version& version = *contract.version;
  report::Json periods = report::Json::array();
  for (const core::Millis every : kPeriods) periods.push_back(period_json(version, every, cost_of));
  return {{"sla", contract.rule->id},
          {"version", core::to_text(version.date())},
          {"service", contract.rule->service},
          {"region", region},
          {"commitment", version.commitment_text},
          {"interval", core::to_text(core::Millis(version.interval()))},
          {"periods", std::move(periods)}};
}

void print_title(const rules::Contract& contract, const std::string& region) {
  const core::Version& version = *contract.version;
  say(prose(fmt::format("{}{}{} ({}, {}): {} % promised", contract.rule->service,
                        region.empty() ? "" : ", ", region, contract.rule->id,
                        report::version_words(version), version.commitment_text)));
  for (const auto& words : report::words_of(version).definitions) say(prose("  " + words));
  if (version.status == core::Status::partial) {
    say(prose("  partial: terms that the text does not state are assumed; it lacks " +
              listed(version.missing)));
  }
}

}  // namespace

Exit plan(const PlanOptions& options) {
  const auto catalog = load_catalog(options.config);
  if (!catalog) return complain(catalog.error(), kWrongWords);
  const auto contract = rules::find_contract(**catalog, options.rule, std::nullopt);
  if (!contract) return complain(contract.error(), kWrongWords);
  const auto books = load_books(options.config);
  if (!books) return complain(books.error(), kWrongWords);
  const core::Version& version = *contract->version;
  const CostOf cost_of = [&](std::uint64_t requests) {
    return billing::cost_of_requests(**books, contract->rule->id, options.region, requests);
  };
  if (options.json) {
    say(report::indented(plan_json(*contract, options.region, cost_of)));
    return kDone;
  }
  print_title(*contract, options.region);
  const bool priced = cost_of(1).has_value();
  TextTable table({"EVERY", Column("IN " + core::to_text(core::Millis(version.interval()))).right(),
                   Column("IN 30 DAYS").right(), Column("COST").right(),
                   Column("SMALLEST LOSS").right().goes(1),
                   Column("BREACH IN 28 / 30 / 31 DAYS").right(),
                   Column("HOW, IN 30 DAYS").cut_to(16)});
  for (const core::Millis every : kPeriods) table.add(row(version, every, cost_of));
  table.print();
  say(
      aside("A breach is the smallest number of failed requests that falls below the "
            "commitment, without other traffic. One probe in one Region; every further one adds "
            "its requests."));
  if (priced) {
    say(
        aside("The cost is by published prices, with the free requests of a month not used "
              "elsewhere: see `recoup estimate`."));
  }
  return kDone;
}

}  // namespace recoup::cli
