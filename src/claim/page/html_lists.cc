#include <array>
#include <string_view>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/figures.h"
#include "report/html_text.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

// A longer list is folded up on a screen.
constexpr std::size_t kMostOpen = 50;
// More than the five-minute intervals of any month: only lists of minutes can be longer.
constexpr std::size_t kMostRows = 10'000;

std::string folded(std::size_t rows, std::string_view what, std::string table) {
  if (rows <= kMostOpen) return table;
  return fmt::format("<details>\n<summary>Show {} {}</summary>\n{}</details>\n",
                     report::grouped(rows), what, table);
}

// The columns of a line of requests.log: only the last may hold blanks.
std::array<std::string_view, 8> columns_of(std::string_view line) {
  std::array<std::string_view, 8> columns;
  for (std::size_t i = 0; i + 1 < columns.size(); ++i) {
    const std::size_t end = std::min(line.find(' '), line.size());
    columns[i] = line.substr(0, end);
    line.remove_prefix(std::min(line.find_first_not_of(' ', end), line.size()));
  }
  columns.back() = line;
  return columns;
}

// "2026-10-03 02:00:00.204": the column's head says that it is UTC.
std::string moment(std::string_view instant) {
  std::string text(instant);
  if (text.ends_with('Z')) text.pop_back();
  const auto at = text.find('T');
  if (at != std::string::npos) text[at] = ' ';
  return report::escape_html(text);
}

std::string begin_text(core::Instant at) {
  std::string text = report::instant_text(at);
  text.resize(text.size() - 4);
  return text;
}

}  // namespace

std::string intervals_section(const Claim& claim, const Logged& logged,
                              const report::FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  report::Table table("lost", fmt::format("Every {}", words.listed),
                      {{"Begin (UTC)"},
                       {"Requests", true},
                       {"Errors", true},
                       {"In requests.log", true},
                       {"Availability, %", true}});
  std::size_t rows = 0;
  for (const auto& [i, part] : a.parts) {
    if (rows == kMostRows) break;
    if (!part.lost) continue;
    ++rows;
    table.row({begin_text(a.interval_at(i).begin), report::grouped(part.requests),
               report::grouped(part.errors), report::grouped(logged.by_interval[i]),
               report::percent_text(*core::availability(part))});
  }
  std::string html = report::paragraph(fmt::format(
      "{} took from the uptime. Each lasts {} from its begin and does not include its end. The "
      "Availability is cut after 12 digits. The same list for a program: intervals.log.",
      report::counted(a.totals.below_100, words.noun), report::length_text(a.interval)));
  if (a.totals.below_100 > rows) {
    html +=
        report::paragraph(fmt::format("Here are the first {}; intervals.log has all {}.",
                                      report::grouped(rows), report::grouped(a.totals.below_100)));
  }
  html += folded(rows, words.noun + "s", table.scrolling_text());
  return report::section("intervals", "Intervals", html);
}

std::string requests_section(const Claim& claim, const HtmlInput& input) {
  const Logged& logged = input.logged;
  report::Table table("failed", "Failed requests, from the first",
                      {{"At (UTC)"},
                       {"Status", true},
                       {"Error"},
                       {"Request id"},
                       {"ms", true},
                       {"What was asked"}});
  for (const std::string& line : input.requests) {
    const auto c = columns_of(line);
    table.row({moment(c[0]), report::escape_html(c[2]), report::escape_html(c[3]),
               fmt::format("<code>{}</code>", report::escape_html(c[4])), report::escape_html(c[5]),
               report::escape_html(c[7])});
  }
  std::string html = report::paragraph(fmt::format(
      "{} of {} that count have a record. Confidential text and addresses are replaced by "
      "asterisks.",
      report::grouped(logged.total), report::counted(logged.total + logged.missing, "Error")));
  if (logged.missing > 0) {
    html += report::paragraph(fmt::format(
        "{} counted by a source that keeps no record of single requests.",
        report::counted(logged.missing, "Error") + (logged.missing == 1 ? " was" : " were")));
  }
  if (input.requests.empty()) return report::section("requests", "Failed requests", html);
  if (logged.total > input.requests.size()) {
    html += report::paragraph(fmt::format("Here are the first {}; requests.log has all {}.",
                                          report::grouped(input.requests.size()),
                                          report::grouped(logged.total)));
  }
  html += folded(input.requests.size(), "failed requests", table.scrolling_text("dense"));
  if (claim.assessment.totals.unattributed > 0) {
    html += report::paragraph(
        "Error answers that cannot be attributed to the provider are not among them.");
  }
  return report::section("requests", "Failed requests", html);
}

}  // namespace recoup::claim
