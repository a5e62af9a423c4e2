#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"
#include "record/phase_means.h"
#include "report/html_text.h"
#include "web/pages/page_month.h"

namespace recoup::web {
namespace {

using record::ProbeCounts;
using std::chrono::nanoseconds;

constexpr std::size_t kMostRows = 50;

std::vector<const ProbeCounts*> probes_of(const MonthView& view) {
  std::vector<const ProbeCounts*> own;
  for (const ProbeCounts& probe : view.snapshot->probes) {
    if (probe.agreement == view.id()) own.push_back(&probe);
  }
  return own;
}

std::uint64_t requests_of(const ProbeCounts& probe) {
  std::uint64_t all = 0;
  for (const auto& [outcome, n] : probe.outcomes) all += n;
  return all;
}

// In milliseconds, without their name.
Html millis_html(nanoseconds mean) {
  if (mean < std::chrono::microseconds(1)) return "&ndash;";
  std::string text = record::millis_text(mean);
  text.resize(text.find(' '));
  return text;
}

// "These are 50 of 60 probes."
Html of_more(std::size_t shown, std::size_t all, std::string_view noun) {
  if (all <= shown) return {};
  return report::paragraph(fmt::format("These are {} of {}.", shown, core::counted(all, noun)),
                           "note");
}

Html phases_html(const std::vector<const ProbeCounts*>& probes) {
  report::HtmlTable table("phases",
                          "Where the time of a request goes: means in milliseconds, since the "
                          "service started",
                          {{"Probe"},
                           {"Requests", true},
                           {"Name", true},
                           {"Connection", true},
                           {"TLS", true},
                           {"Sending", true},
                           {"Waiting", true},
                           {"Answer", true},
                           {"Whole", true}});
  std::size_t rows = 0, all = 0;
  for (const ProbeCounts* probe : probes) {
    const std::uint64_t requests = requests_of(*probe);
    nanoseconds whole{0};
    for (const nanoseconds each : probe->phases) whole += each;
    if (requests == 0 || whole == nanoseconds(0) || ++all > kMostRows) continue;
    ++rows;
    std::vector<Html> cells{report::outside_html(probe->probe), core::grouped(requests)};
    // The mean of the whole is that of the phases together, each cut for itself.
    nanoseconds mean_whole{0};
    for (const nanoseconds each : record::means_of(probe->phases, requests)) {
      cells.push_back(millis_html(each));
      mean_whole += each;
    }
    cells.push_back(millis_html(mean_whole));
    table.row(cells);
  }
  return rows == 0 ? Html() : table.scrolling() + of_more(rows, all, "probe");
}

Html checks_html(const std::vector<const ProbeCounts*>& probes) {
  report::HtmlTable table(
      "checks",
      "Checks beside the contract, of which no Error is made, since the service "
      "started",
      {{"Probe"}, {"Check"}, {"Made", true}, {"Failed", true}, {"Now"}});
  std::vector<std::pair<const ProbeCounts*, const record::CheckCounts*>> rows;
  for (const ProbeCounts* probe : probes) {
    for (const record::CheckCounts& check : probe->checks) rows.emplace_back(probe, &check);
  }
  if (rows.empty()) return {};
  // What fails now comes first.
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.second->why.empty() < b.second->why.empty();
  });
  const std::size_t all = rows.size();
  rows.resize(std::min(all, kMostRows));
  for (const auto& row : rows) {
    const record::CheckCounts& check = *row.second;
    table.row({report::outside_html(row.first->probe), report::outside_html(check.check),
               core::grouped(check.made), core::grouped(check.failed),
               check.made == 0     ? Html("not made yet")
               : check.why.empty() ? Html("holds")
                                   : Html("<strong>fails</strong>: {}", check.why)});
  }
  return table.scrolling("loose") + of_more(rows.size(), all, "check");
}

Html block(std::string_view name, const std::string& text) {
  if (text.empty()) return {};
  // In a text ends of lines become blanks.
  std::vector<Html> lines;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    lines.emplace_back(line);
  }
  return Html("<h3>{}</h3>\n<pre class=\"said\" tabindex=\"0\">{}</pre>\n", name,
              report::joined(lines, "\n"));
}

// "503, 84 ms", and the checks that fail.
std::string summary_of(const record::Exchange& one) {
  std::string text =
      fmt::format("{}: {}, {}", core::to_text(one.result.started),
                  core::to_text(one.result.outcome), record::millis_text(one.result.duration));
  for (const record::CheckResult& check : one.result.checks) {
    if (check.failed()) text += fmt::format("; check {} fails", check.check);
  }
  return text;
}

// "kms, to kms.eu-west-1.amazonaws.com": which of a list's targets it was. A probe of one target
// alone has that in its own name.
std::string name_of(const record::Exchange& one) {
  const bool named = one.target.empty() || one.probe.ends_with('/' + one.target);
  return named ? one.probe : fmt::format("{}, to {}", one.probe, one.target);
}

Html failure_html(const record::Exchange& one) {
  Html html("<details>\n<summary>{}, {}</summary>\n", report::outside_html(name_of(one)),
            report::outside_html(summary_of(one)));
  std::vector<Html> facts{Html("Time: {}", record::phases_text(one.result.phases))};
  if (!one.why.empty()) facts.push_back(Html("No answer: {}", one.why));
  if (!one.peer.empty()) facts.push_back(Html("Answered by {}", one.peer));
  for (const record::CheckResult& check : one.result.checks) {
    if (check.failed()) {
      facts.push_back(Html("Check {}: {}", report::outside_html(check.check), check.why));
    }
  }
  html += report::list(facts);
  html += block("Asked", one.asked);
  html += block("Answered", one.answered);
  html += block(one.body_is_cut ? "Its body begins with" : "Its body", one.body);
  return html + "</details>\n";
}

Html failures_html(const MonthView& view) {
  if (view.failures.empty()) return {};
  Html html = report::paragraph(
      "The last requests that did not go as their probe expects, whatever the contract says of "
      "them, since the service started. Secrets and what is confidential are masked.");
  for (const record::Exchange& one : view.failures) html += failure_html(one);
  return html;
}

}  // namespace

Html why_section(const MonthView& view) {
  if (!view.running) return {};
  const auto probes = probes_of(view);
  const Html html = phases_html(probes) + checks_html(probes) + failures_html(view);
  return html.empty() ? Html()
                      : report::section("why", "Why requests fail, and what takes time", html);
}

}  // namespace recoup::web
