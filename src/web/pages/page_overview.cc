#include "web/pages/page_overview.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "record/percent_encoding.h"
#include "report/html_text.h"
#include "report/words.h"
#include "web/pages/page_frame.h"
#include "web/pages/page_owed.h"
#include "web/pages/page_standing.h"

namespace recoup::web {
namespace {

constexpr std::size_t kPerPage = 50;
constexpr std::size_t kLongestQuery = 100;

struct Choice {
  std::string_view word;
  std::string_view text;
};
constexpr std::array<Choice, 7> kChoices{{{"", "All"},
                                          {"claim", "Claim open"},
                                          {"breached", "Breached"},
                                          {"certain", "Breach certain"},
                                          {"below", "Below so far"},
                                          {"silent", "Not measured"},
                                          {"met", "Met so far"}}};

bool is_of(const Line& line, std::string_view word) {
  if (word.empty()) return true;
  if (word == "claim") return !line.open.empty();
  if (word == "breached") return !line.standing->assessment.met;
  return word == word_of(state_of(*line.standing));
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Filter is what the query asks for.
struct Filter {
  std::string text;  // as it was typed
  std::string state;
  std::size_t page = 1;

  bool narrows() const { return !text.empty() || !state.empty(); }

  bool has(const core::Standing& standing) const {
    const std::string wanted = lower_case(text);
    for (const std::string* field :
         {&standing.agreement.id, &standing.rule->service, &standing.agreement.region}) {
      if (lower_case(*field).find(wanted) != std::string::npos) return true;
    }
    return false;
  }

  std::string address(std::size_t number) const {
    std::vector<std::string> words;
    if (!text.empty()) words.push_back("q=" + record::percent_encoded(text));
    if (!state.empty()) words.push_back("state=" + state);
    if (number > 1) words.push_back(fmt::format("page={}", number));
    return words.empty() ? "/" : fmt::format("/?{}", fmt::join(words, "&amp;"));
  }
};

std::string value_of(const Request& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : found->second;
}

// What the query asks for, or what is wrong with it.
core::Result<Filter> filter_of(const Request& request) {
  Filter filter;
  filter.text = value_of(request, "q").substr(0, kLongestQuery);
  filter.state = value_of(request, "state");
  const auto known = [&](const Choice& choice) { return choice.word == filter.state; };
  if (std::none_of(kChoices.begin(), kChoices.end(), known)) {
    return core::Error{"There is no such state of an agreement."};
  }
  const std::string page = value_of(request, "page");
  if (page.empty()) return filter;
  const auto [end, error] = std::from_chars(page.data(), page.data() + page.size(), filter.page);
  if (error != std::errc() || end != page.data() + page.size() || filter.page == 0) {
    return core::Error{"Pages are numbered from 1."};
  }
  return filter;
}

std::string form(const Filter& filter, const std::vector<Line>& lines) {
  std::string html = fmt::format(
      "<form class=\"filter\" method=\"get\" action=\"/\" role=\"search\">\n"
      "<label for=\"q\">Find</label>\n<input id=\"q\" name=\"q\" type=\"search\" value=\"{}\" "
      "placeholder=\"id, service or Region\" maxlength=\"{}\" autocomplete=\"off\">\n"
      "<label for=\"state\">State</label>\n<select id=\"state\" name=\"state\">\n",
      report::escape_html(filter.text), kLongestQuery);
  for (const Choice& choice : kChoices) {
    const auto count = std::count_if(lines.begin(), lines.end(),
                                     [&](const Line& line) { return is_of(line, choice.word); });
    html += fmt::format("<option value=\"{}\"{}>{} ({})</option>\n", choice.word,
                        choice.word == filter.state ? " selected" : "", choice.text,
                        report::grouped(static_cast<std::uint64_t>(count)));
  }
  html += "</select>\n<button type=\"submit\">Show</button>\n";
  if (filter.narrows()) html += link_html("/", "All agreements") + "\n";
  return html + "</form>\n";
}

constexpr std::string_view kTableHead = R"(<table class="rows n3 n4 n5 n6">
<caption class="hidden">Agreements in their running billing cycle, the worst first</caption>
<thead><tr><th scope="col">Agreement</th><th scope="col">State</th><th scope="col">Uptime to date</th>
<th scope="col">Committed</th><th scope="col">Budget left</th><th scope="col">Credit</th>
<th scope="col">Claim before</th><th scope="col">Measured</th></tr></thead>
<tbody>
)";

std::string cell(std::string_view label, std::string_view html) {
  return fmt::format("<td data-label=\"{}\"><div>{}</div></td>\n", label, html);
}

std::string small(std::string_view html) { return fmt::format("<small>{}</small>", html); }

std::string name_cell(const core::Standing& standing) {
  const core::Agreement& agreement = standing.agreement;
  std::string html = link_html(agreement_address(agreement.id), id_html(agreement.id));
  if (agreement.practice) html += " " + practice_tag_html();
  html += small(fmt::format(
      "{}{}{}", report::escape_html(standing.rule->service), agreement.region.empty() ? "" : ", ",
      fmt::format("<span class=\"nowrap\">{}</span>", report::outside_html(agreement.region))));
  return fmt::format("<th scope=\"row\">{}</th>\n", html);
}

std::string state_cell(const Line& line) {
  const core::Standing& standing = *line.standing;
  const core::Totals& totals = standing.assessment.totals;
  std::string html = state_tag_html(standing);
  if (totals.errors > 0) html += small(report::counted(totals.errors, "Error"));
  if (const std::string text = uncounted_text(standing); !text.empty()) {
    html += small(fmt::format("<a class=\"late\" href=\"{}#uncounted\">{} not counted</a>",
                              agreement_address(standing.agreement.id), text));
  }
  return cell("State", html);
}

std::string budget_cell(const core::Standing& standing) {
  const BudgetText budget = budget_text(standing);
  return cell("Budget left", budget.number + small(budget.unit) + used_bar_html(standing));
}

// The running cycle's credit, and what earlier ones left open.
std::string credit_cell(const Line& line) {
  const core::Standing& standing = *line.standing;
  std::string html = credit_html(standing);
  if (standing.credit.amount && standing.credit.share > core::Ratio()) {
    html += small(fmt::format("tier {} %{}", report::short_percent(standing.credit.share),
                              gives_credit(standing) ? "" : ", not enough to claim"));
  }
  if (!line.open.empty()) {
    Sums sums;
    for (const record::ClaimLife* life : line.open) sums.add(life->ground.amount);
    const std::string sum = sums.html();
    html += small(fmt::format("+ {} from before", sum.empty() ? "more" : sum));
  }
  return cell("Credit", html);
}

std::string deadline_cell(const Line& line, core::Instant now) {
  std::vector<core::Instant> ends;
  const auto& running = line.standing->assessment.deadline;
  if (gives_credit(*line.standing) && running) ends.push_back(next_deadline(*running, now));
  for (const record::ClaimLife* life : line.open) {
    if (life->ground.deadline) ends.push_back(next_deadline(*life->ground.deadline, now));
  }
  const auto first = std::min_element(ends.begin(), ends.end());
  return cell("Claim before", first == ends.end() ? "&ndash;" : deadline_text(*first));
}

std::string fresh_cell(const core::Standing& standing, core::Instant now) {
  const auto until = measured_until(standing.assessment, now);
  if (!until) return cell("Measured", "nothing yet");
  const core::Millis age = now - *until;
  // An interval is judged when it is over, and a minute is the grain of all counts.
  if (age < standing.assessment.interval + std::chrono::minutes(1)) return cell("Measured", "now");
  return cell("Measured", fmt::format("<span class=\"late\">{} ago</span>", age_text(age)));
}

std::string row(const Line& line, core::Instant now) {
  const core::Standing& standing = *line.standing;
  std::string html = "<tr>\n" + name_cell(standing) + state_cell(line);
  html += cell("Uptime to date", uptime_html(standing) + small(measured_text(standing)));
  html += cell("Committed", report::escape_html(standing.version->commitment_text) + " %");
  html += budget_cell(standing) + credit_cell(line) + deadline_cell(line, now);
  return html + fresh_cell(standing, now) + "</tr>\n";
}

std::string pager(const Filter& filter, std::size_t pages, std::size_t found) {
  if (pages < 2) return {};
  std::string html = "<nav class=\"pager\" aria-label=\"Pages of agreements\">\n";
  if (filter.page > 1) {
    html +=
        fmt::format("<a rel=\"prev\" href=\"{}\">Previous</a>\n", filter.address(filter.page - 1));
  }
  const std::size_t first = (filter.page - 1) * kPerPage + 1;
  html +=
      fmt::format("<span>{} to {} of {}</span>\n", report::grouped(first),
                  report::grouped(std::min(found, first + kPerPage - 1)), report::grouped(found));
  if (filter.page < pages) {
    html += fmt::format("<a rel=\"next\" href=\"{}\">Next</a>\n", filter.address(filter.page + 1));
  }
  return html + "</nav>\n";
}

std::string agreements(const std::vector<Line>& lines, Filter filter, core::Instant now) {
  std::vector<const Line*> shown;
  for (const Line& line : lines) {
    if (is_of(line, filter.state) && filter.has(*line.standing)) shown.push_back(&line);
  }
  std::string html = form(filter, lines);
  if (shown.empty()) {
    return html + report::paragraph(
                      "No agreement is like that: " + link_html("/", "show all of them") + ".");
  }
  const std::size_t pages = (shown.size() + kPerPage - 1) / kPerPage;
  filter.page = std::min(filter.page, pages);
  html += kTableHead;
  const std::size_t first = (filter.page - 1) * kPerPage;
  for (std::size_t i = first; i < std::min(shown.size(), first + kPerPage); ++i) {
    html += row(*shown[i], now);
  }
  return html + "</tbody>\n</table>\n" + pager(filter, pages, shown.size());
}

}  // namespace

Response overview_page(const report::Snapshot& snapshot, const Request& request) {
  const auto filter = filter_of(request);
  if (!filter) return problem_page(400, filter.error().message, "Choose one from the list.");
  const std::vector<Line> lines = lines_of(snapshot);
  Frame frame;
  frame.main = "<h1 class=\"hidden\">What your providers owe you</h1>\n";
  frame.main += owed_html(snapshot, lines);
  if (!lines.empty()) {
    const core::Instant minute = core::minute_of(snapshot.at);
    frame.main +=
        report::section("agreements", "Agreements",
                        report::paragraph("Their running billing cycles, the worst first, as of " +
                                              report::instant_html(minute) + ".",
                                          "note") +
                            agreements(lines, *filter, snapshot.at));
  }
  return framed(frame);
}

}  // namespace recoup::web
