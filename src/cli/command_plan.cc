#include <algorithm>
#include <functional>
#include <iterator>

#include <fmt/format.h>

#include "billing/request_cost.h"
#include "cli/commands.h"
#include "cli/rule_words.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "core/text.h"
#include "judge/plan.h"
#include "report/contract_words.h"
#include "report/formula_words.h"

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

// Where failed requests may not lie anywhere.
bool needs_words(const core::Version& version) {
  return std::any_of(std::begin(kPeriods), std::end(kPeriods), [&](core::Millis every) {
    return !judge::resolution_of(version, {every}, days(30)).needs.empty();
  });
}

void print_title(const rules::Contract& contract, const std::string& region) {
  const core::Version& version = *contract.version;
  say(fmt::format("{}{}{} ({}, {}): {} % promised", contract.rule->service,
                  region.empty() ? "" : ", ", region, contract.rule->id,
                  report::version_words(version), version.commitment_text));
  for (const auto& sentence : report::words_of(version).definitions) say("  " + sentence);
  if (version.status == core::Status::partial) {
    say("  partial: terms that the text does not state are assumed; it lacks " +
        listed(version.missing));
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
  print_title(*contract, options.region);
  const CostOf cost_of = [&](std::uint64_t requests) {
    return billing::cost_of_requests(**books, contract->rule->id, options.region, requests);
  };
  const bool priced = cost_of(1).has_value();
  TextTable table({"EVERY", "IN " + core::to_text(core::Millis(version.interval())), "IN 30 DAYS",
                   priced ? "COST" : "", "SMALLEST LOSS SHOWN", "BREACH IN 28 / 30 / 31 DAYS",
                   needs_words(version) ? "HOW, IN 30 DAYS" : ""});
  for (const core::Millis every : kPeriods) table.add(row(version, every, cost_of));
  table.print();
  say("  A breach is the smallest number of failed requests that falls below the commitment, "
      "without\n  other traffic. One probe in one Region; every further one adds its requests.");
  if (priced) {
    say("  The cost is by published prices, with the free requests of a month not used elsewhere: "
        "see\n  `recoup estimate`.");
  }
  return kDone;
}

}  // namespace recoup::cli
