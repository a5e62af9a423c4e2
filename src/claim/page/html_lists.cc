#include <string>
#include <string_view>

#include <fmt/format.h>

#include "claim/lost.h"
#include "claim/page/html_sections.h"
#include "core/figures.h"
#include "core/text.h"
#include "report/html_text.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

// A longer list is folded up on a screen.
constexpr std::size_t kMostOpen = 50;
// More than the five-minute intervals of any month: only lists of minutes can be longer.
constexpr std::size_t kMostRows = 10'000;

Html folded(std::size_t rows, std::string_view what, const Html& table) {
  if (rows <= kMostOpen) return table;
  return Html("<details>\n<summary>Show {} {}</summary>\n{}</details>\n", core::grouped(rows), what,
              table);
}

// "2026-10-03 02:00:00.204": the column's head says that it is UTC.
Html moment(core::Instant at) {
  std::string text = report::instant_with_millis(at);
  text.pop_back();
  text[text.find('T')] = ' ';
  return text;
}

std::string begin_text(core::Instant at) {
  std::string text = report::instant_text(at);
  text.resize(text.size() - 4);
  return text;
}

}  // namespace

Html intervals_section(const Claim& claim, const Logged& logged,
                       const report::FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  std::vector<report::Column> columns{{"Begin (UTC)"},
                                      {"Requests", true},
                                      {"Errors", true},
                                      {"In requests.log", true},
                                      {"Availability, %", true}};
  if (!a.resources.empty()) columns.push_back({"Resource"});
  report::HtmlTable table("lost", fmt::format("Every {}", words.listed), columns);
  std::size_t rows = 0;
  for_each_lost(a, [&](const LostInterval& lost) {
    if (rows == kMostRows) return;
    ++rows;
    std::vector<Html> cells{begin_text(a.interval_at(lost.index).begin),
                            core::grouped(lost.part.requests), core::grouped(lost.part.errors),
                            core::grouped(logged.by_interval[lost.place]),
                            core::percent_text(*core::availability(lost.part))};
    if (!lost.resource.empty()) cells.push_back(report::outside_html(lost.resource));
    table.row(cells);
  });
  Html html = report::paragraph(fmt::format(
      "{} took from the uptime. Each lasts {} from its begin and does not include its end. The "
      "Availability is cut after 12 digits. The same list for a program: intervals.log.",
      core::counted(a.totals.below_100, words.noun), report::length_text(a.interval)));
  if (a.totals.below_100 > rows) {
    html += report::paragraph(fmt::format("Here are the first {}; intervals.log has all {}.",
                                          core::grouped(rows), core::grouped(a.totals.below_100)));
  }
  html += folded(rows, words.noun + "s", table.scrolling());
  return report::section("intervals", "Intervals", html);
}

Html requests_section(const Claim& claim, const HtmlInput& input) {
  const Logged& logged = input.logged;
  report::HtmlTable table("failed", "Failed requests, from the first",
                          {{"At (UTC)"},
                           {"Status", true},
                           {"Error"},
                           {"Request id"},
                           {"ms", true},
                           {"What was asked"}});
  for (const RequestRow& row : input.requests) {
    table.row({moment(row.at), row.status, row.error, Html("<code>{}</code>", row.request_id),
               std::to_string(row.duration.count()), row.detail});
  }
  Html html = report::paragraph(fmt::format(
      "{} of {} that count have a record. Confidential text and addresses are replaced by "
      "asterisks.",
      core::grouped(logged.total), core::counted(logged.total + logged.missing, "Error")));
  if (logged.missing > 0) {
    html += report::paragraph(fmt::format(
        "{} counted by a source that keeps no record of single requests.",
        core::counted(logged.missing, "Error") + (logged.missing == 1 ? " was" : " were")));
  }
  if (input.requests.empty()) return report::section("requests", "Failed requests", html);
  if (logged.total > input.requests.size()) {
    html += report::paragraph(fmt::format("Here are the first {}; requests.log has all {}.",
                                          core::grouped(input.requests.size()),
                                          core::grouped(logged.total)));
  }
  html += folded(input.requests.size(), "failed requests", table.scrolling("dense"));
  if (claim.assessment.totals.unattributed > 0) {
    html += report::paragraph(
        "Error answers that cannot be attributed to the provider are not among them.");
  }
  return report::section("requests", "Failed requests", html);
}

}  // namespace recoup::claim
