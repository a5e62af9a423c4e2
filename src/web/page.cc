#include "web/page.h"

#include <algorithm>
#include <memory>
#include <vector>

#include <fmt/format.h>

namespace recoup::web {
namespace {

using core::Ratio;
using core::Standing;
using Standings = std::vector<std::shared_ptr<const Standing>>;

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="30">
<title>Recoup</title>
<style>
:root { color-scheme: light dark; --text: #1c2430; --soft: #5a6675; --line: #d9dee5;
  --back: #ffffff; --card: #f6f8fa; --bad: #a8201a; --bad-back: #fdecea; --good: #1d6b3a;
  --good-back: #e6f4ea; --note: #7a4b00; --note-back: #fff3d6; --link: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e9f0; --soft: #9aa7b7; --line: #323c49;
  --back: #12171d; --card: #1a2129; --bad: #ff9a92; --bad-back: #47201e; --good: #7fd49b;
  --good-back: #183524; --note: #f3c872; --note-back: #40310f; --link: #82b7f5; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 1.5rem 1rem 3rem; background: var(--back);
  color: var(--text); font: 16px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0; }
p { margin: .3rem 0 1.2rem; color: var(--soft); }
a { color: var(--link); }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { text-align: left; font-size: .8rem; font-weight: 600; color: var(--soft); padding: .4rem .7rem;
  border-bottom: 2px solid var(--line); vertical-align: bottom; }
td { padding: .7rem; border-bottom: 1px solid var(--line); vertical-align: top; }
.number { text-align: right; }
.number, .date { white-space: nowrap; }
.id { font-weight: 600; overflow-wrap: anywhere; }
small { display: block; color: var(--soft); font-size: .82rem; font-weight: 400; }
.tag { display: inline-block; white-space: nowrap; padding: .05rem .5rem; border-radius: 1rem;
  font-size: .85rem; font-weight: 600; }
.bad { color: var(--bad); background: var(--bad-back); }
.good { color: var(--good); background: var(--good-back); }
.note { color: var(--note); background: var(--note-back); }
@media (max-width: 86rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tr, td { display: block; }
  tbody { display: grid; gap: 1rem; margin-bottom: 1rem;
    grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); }
  tr { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
    padding: .4rem 0; }
  td, td.number { border: 0; padding: .3rem .9rem; display: flex; justify-content: space-between;
    gap: 1rem; text-align: right; white-space: normal; }
  td::before { content: attr(data-label); color: var(--soft); font-weight: 400; flex: none; }
  td.id { display: block; text-align: left; font-size: 1.05rem; }
  td.id::before { content: none; }
}
</style>
</head>
<body>
<h1>Recoup</h1>
)";

constexpr std::string_view kTableHead = R"(<table>
<thead><tr><th scope="col">Agreement</th><th scope="col">State</th>
<th scope="col" class="number">Uptime to date</th><th scope="col" class="number">Commitment</th>
<th scope="col" class="number">Budget left</th>
<th scope="col" class="number">Credit</th><th scope="col">Claim before</th>
<th scope="col" class="number">Requests</th><th scope="col" class="number">Errors</th>
<th scope="col" class="number">Missed</th></tr></thead>
<tbody>
)";

Ratio loss(const Standing& s) { return Ratio(1, 1) - s.assessment.uptime; }
Ratio allowed(const Standing& s) { return Ratio(1, 1) - s.version->commitment; }

// By how much of its allowed loss is used up; multiplied out, since none may be allowed.
bool worse(const std::shared_ptr<const Standing>& a, const std::shared_ptr<const Standing>& b) {
  if (a->assessment.met != b->assessment.met) return b->assessment.met;
  const Ratio left = loss(*a) * allowed(*b);
  const Ratio right = loss(*b) * allowed(*a);
  if (left != right) return left > right;
  return a->agreement.id < b->agreement.id;
}

std::size_t digits_after_point(const Ratio& share) {
  const std::string text = (share * Ratio::whole(100)).to_shortest(12);
  const auto point = text.find('.');
  return point == std::string::npos ? 0 : text.size() - point - 1;
}

// Cut to three digits more than the finest bound of the contract: a shown uptime lies on the same
// side of every bound as the exact one.
std::string uptime_text(const Standing& s) {
  std::size_t digits = digits_after_point(s.version->commitment);
  for (const core::Tier& tier : s.version->credits) {
    digits = std::max(digits, digits_after_point(tier.below));
  }
  return (s.assessment.uptime * Ratio::whole(100))
      .to_decimal(static_cast<int>(digits) + 3, core::Rounding::cut);
}

std::string uptime_cell(const Standing& s) {
  return s.assessment.totals.measured == 0 ? "&ndash;" : uptime_text(s) + "&nbsp;%";
}

// "2,678,400", "-1,999.5": a decimal with its whole part in groups.
std::string grouped(std::string text) {
  const auto first = static_cast<std::ptrdiff_t>(text.starts_with('-') ? 1 : 0);
  for (auto at = static_cast<std::ptrdiff_t>(std::min(text.find('.'), text.size())) - 3; at > first;
       at -= 3) {
    text.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return text;
}

std::string grouped(std::uint64_t n) { return grouped(std::to_string(n)); }

// With three digits that say something: "89.28", "0.0892", "-2.91".
std::string budget_text(const Ratio& left) {
  constexpr int kDigits = 3;
  constexpr int kMost = 12;
  Ratio size = left < Ratio() ? Ratio() - left : left;
  int digits = kDigits;
  for (; size < Ratio(1, 10) && digits < kMost; ++digits) size *= Ratio(10, 1);
  return grouped(left == Ratio() ? "0" : left.to_shortest(digits));
}

// What may still be lost: so many intervals without any Availability, or so many failed Requests.
std::string budget_cell(const Standing& s) {
  const bool of_requests = std::holds_alternative<core::RequestRatio>(s.version->formula);
  if (of_requests && s.assessment.totals.requests == 0) return "&ndash;";
  std::string unit = of_requests ? "Requests" : "minutes";
  if (!of_requests && s.assessment.interval != std::chrono::minutes(1)) {
    unit = fmt::format("{}-minute intervals", s.assessment.interval.count());
  }
  return fmt::format("<div>{}<small>{}</small></div>", budget_text(s.assessment.budget_left), unit);
}

std::string state_cell(const Standing& s) {
  const core::Assessment& a = s.assessment;
  if (!a.met) {
    return fmt::format(R"(<div><span class="tag {}">{}</span><small>{}</small></div>)",
                       a.breach_certain ? "bad" : "note",
                       a.breach_certain ? "Breach certain" : "Below commitment so far",
                       escape_html(s.credit.reason));
  }
  if (a.totals.measured == 0) {
    return R"(<div><span class="tag note">Not measured yet</span></div>)";
  }
  return fmt::format(R"(<div><span class="tag good">Met so far</span><small>{}</small></div>)",
                     a.totals.errors == 0 ? "no Errors" : "Errors within the commitment");
}

std::string credit_cell(const Standing& s) {
  if (s.credit.share == Ratio()) return "none";
  const std::string percent = (s.credit.share * Ratio::whole(100)).to_shortest(12);
  if (!s.credit.amount) return fmt::format("{}&nbsp;% of the charges", percent);
  return fmt::format("<div>{}<small>{}&nbsp;% of the charges</small></div>",
                     escape_html(core::to_text(*s.credit.amount)), percent);
}

std::string deadline_cell(const Standing& s) {
  if (s.assessment.met || !s.assessment.deadline) return "&ndash;";
  return core::to_text(
      core::Date(std::chrono::floor<std::chrono::days>(s.assessment.deadline->safe)));
}

std::string cell(std::string_view css, std::string_view label, std::string_view html) {
  return fmt::format("<td class=\"{}\" data-label=\"{}\">{}</td>\n", css, label, html);
}

std::string row(const Standing& s) {
  const core::Totals& totals = s.assessment.totals;
  std::string name = escape_html(s.agreement.id);
  if (s.agreement.practice) name += R"( <span class="tag note">practice data</span>)";
  name += fmt::format("<small>{}{}{}</small>", escape_html(s.rule->service),
                      s.agreement.region.empty() ? "" : ", ", escape_html(s.agreement.region));
  std::string html = "<tr>\n" + cell("id", "Agreement", name);
  html += cell("", "State", state_cell(s));
  html += cell("number", "Uptime to date", uptime_cell(s));
  html += cell("number", "Commitment", escape_html(s.version->commitment_text) + "&nbsp;%");
  html += cell("number", "Budget left", budget_cell(s));
  html += cell("number", "Credit", credit_cell(s));
  html += cell("date", "Claim before", deadline_cell(s));
  html += cell("number", "Requests", grouped(totals.requests));
  html += cell("number", "Errors", grouped(totals.errors));
  html += cell("number", "Missed", grouped(totals.missed));
  return html + "</tr>\n";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '"': html += "&quot;"; break;
      case '\'': html += "&#39;"; break;
      default: html += c;
    }
  }
  return html;
}

std::string page_html(const core::Snapshot& snapshot) {
  Standings standings = snapshot.standings;
  std::sort(standings.begin(), standings.end(), worse);
  std::string html(kHead);
  if (standings.empty()) {
    html += snapshot.ready ? "<p>There are no agreements.</p>\n"
                           : "<p>Nothing was assessed yet. This page looks again by itself.</p>\n";
  } else {
    html += fmt::format(
        "<p>Where each agreement stands in its running billing cycle, at {}.</p>\n",
        core::to_text(core::Instant(std::chrono::floor<std::chrono::seconds>(snapshot.at))));
    html += kTableHead;
    for (const auto& standing : standings) html += row(*standing);
    html += "</tbody>\n</table>\n";
  }
  return html + "<p><a href=\"/metrics\">Metrics</a> for Prometheus</p>\n</body>\n</html>\n";
}

}  // namespace recoup::web
