#include "web/pages/pages.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "core/text.h"
#include "record/percent_encoding.h"
#include "report/html_text.h"
#include "report/words.h"
#include "web/pages/page_frame.h"
#include "web/pages/page_judgement.h"
#include "web/pages/page_owed.h"
#include "web/pages/page_roles.h"

namespace recoup::web {
namespace {

constexpr std::size_t kRowsPerPage = 50;
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

bool is_of(const report::Ranked& line, std::string_view word) {
  if (word.empty()) return true;
  if (word == "claim") return !line.open.empty();
  if (word == "breached") return !line.judgement->assessment.met;
  return word == report::word_of(report::state_of(*line.judgement));
}

// Filter is what the query asks for.
struct Filter {
  std::string text;  // as it was typed
  std::string state;
  std::size_t page = 1;

  bool narrows() const { return !text.empty() || !state.empty(); }

  bool has(const core::Judgement& judgement) const {
    const std::string wanted = core::lower_case(text);
    for (const std::string* field :
         {&judgement.agreement.id, &judgement.rule->service, &judgement.agreement.region}) {
      if (core::lower_case(*field).find(wanted) != std::string::npos) return true;
    }
    return false;
  }

  std::string address(std::size_t number) const {
    std::vector<std::string> words;
    if (!text.empty()) words.push_back("q=" + record::percent_encoded(text));
    if (!state.empty()) words.push_back("state=" + state);
    if (number > 1) words.push_back(fmt::format("page={}", number));
    return words.empty() ? "/" : fmt::format("/?{}", fmt::join(words, "&"));
  }
};

// What the query asks for, or what is wrong with it.
core::Result<Filter> filter_of(const Request& request) {
  Filter filter;
  filter.text = query_of(request, "q").substr(0, kLongestQuery);
  filter.state = query_of(request, "state");
  const auto known = [&](const Choice& choice) { return choice.word == filter.state; };
  if (std::none_of(kChoices.begin(), kChoices.end(), known)) {
    return core::Error{"There is no such state of an agreement."};
  }
  const std::string page = query_of(request, "page");
  if (page.empty()) return filter;
  const auto [end, error] = std::from_chars(page.data(), page.data() + page.size(), filter.page);
  if (error != std::errc() || end != page.data() + page.size() || filter.page == 0) {
    return core::Error{"Pages are numbered from 1."};
  }
  return filter;
}

Html form(const Filter& filter, const std::vector<report::Ranked>& lines) {
  Html html(
      "<form class=\"filter\" method=\"get\" action=\"/\" role=\"search\">\n"
      "<label for=\"q\">Find</label>\n<input id=\"q\" name=\"q\" type=\"search\" value=\"{}\" "
      "placeholder=\"id, service or Region\" maxlength=\"{}\" autocomplete=\"off\">\n"
      "<label for=\"state\">State</label>\n<select id=\"state\" name=\"state\">\n",
      filter.text, kLongestQuery);
  for (const Choice& choice : kChoices) {
    const auto count = std::count_if(lines.begin(), lines.end(), [&](const report::Ranked& line) {
      return is_of(line, choice.word);
    });
    html += Html("<option value=\"{}\"{}>{} ({})</option>\n", choice.word,
                 choice.word == filter.state ? Html(" selected") : "", choice.text,
                 core::grouped(static_cast<std::uint64_t>(count)));
  }
  html += "</select>\n<button type=\"submit\">Show</button>\n";
  if (filter.narrows()) html += link_html("/", "All agreements") + "\n";
  return html + "</form>\n";
}

constexpr char kTableHead[] = R"(<table class="rows n3 n4 n5 n6">
<caption class="hidden">Agreements in their running billing cycle, the worst first</caption>
<thead><tr><th scope="col">Agreement</th><th scope="col">State</th><th scope="col">Uptime to date</th>
<th scope="col">Committed</th><th scope="col">Budget left</th><th scope="col">Credit</th>
<th scope="col">Claim before</th><th scope="col">Measured</th></tr></thead>
<tbody>
)";

Html cell(std::string_view label, const Html& html) {
  return Html("<td data-label=\"{}\"><div>{}</div></td>\n", label, html);
}

Html small(const Html& html) { return Html("<small>{}</small>", html); }

Html name_cell(const core::Judgement& judgement) {
  const core::Agreement& agreement = judgement.agreement;
  Html html = link_html(agreement_address(agreement.id), id_html(agreement.id));
  if (agreement.practice) html += " " + practice_tag_html();
  html +=
      small(Html("{}{}{}", judgement.rule->service, agreement.region.empty() ? Html() : ", ",
                 Html("<span class=\"nowrap\">{}</span>", report::outside_html(agreement.region))));
  return Html("<th scope=\"row\">{}</th>\n", html);
}

Html state_cell(const report::Ranked& line) {
  const core::Judgement& judgement = *line.judgement;
  const core::Totals& totals = judgement.assessment.totals;
  Html html = state_tag_html(judgement);
  if (totals.errors > 0) html += small(core::counted(totals.errors, "Error"));
  if (const std::string text = uncounted_text(judgement); !text.empty()) {
    html += small(Html("<a class=\"late\" href=\"{}#uncounted\">{} not counted</a>",
                       agreement_address(judgement.agreement.id), text));
  }
  return cell("State", html);
}

Html budget_cell(const core::Judgement& judgement) {
  const BudgetText budget = budget_text(judgement);
  return cell("Budget left", budget.number + small(budget.unit) + used_bar_html(judgement));
}

// The running cycle's credit, and what earlier ones left open.
Html credit_cell(const report::Ranked& line) {
  const core::Judgement& judgement = *line.judgement;
  Html html = credit_html(judgement);
  if (judgement.credit.amount && judgement.credit.share > core::Ratio()) {
    html += small(Html("tier {} %{}", core::short_percent(judgement.credit.share),
                       gives_credit(judgement) ? Html() : ", not enough to claim"));
  }
  if (!line.open.empty()) {
    Sums sums;
    for (const record::ClaimLife* life : line.open) sums.add(life->ground.amount);
    const Html sum = sums.html();
    html += small(Html("+ {} from before", sum.empty() ? "more" : sum));
  }
  return cell("Credit", html);
}

Html deadline_cell(const report::Ranked& line, core::Instant now) {
  std::vector<core::Instant> ends;
  const auto running = line.judgement->assessment.first_deadline();
  if (gives_credit(*line.judgement) && running) ends.push_back(next_deadline(*running, now));
  for (const record::ClaimLife* life : line.open) {
    if (life->ground.deadline) ends.push_back(next_deadline(*life->ground.deadline, now));
  }
  const auto first = std::min_element(ends.begin(), ends.end());
  return cell("Claim before", first == ends.end() ? Html("&ndash;") : deadline_text(*first));
}

Html fresh_cell(const core::Judgement& judgement, core::Instant now) {
  const auto until = report::measured_until(judgement.assessment, now);
  if (!until) return cell("Measured", "nothing yet");
  const core::Millis age = now - *until;
  // An interval is judged when it is over, and a minute is the grain of all counts.
  if (age < judgement.assessment.interval + std::chrono::minutes(1)) return cell("Measured", "now");
  return cell("Measured", Html("<span class=\"late\">{} ago</span>", age_text(age)));
}

Html row(const report::Ranked& line, core::Instant now) {
  const core::Judgement& judgement = *line.judgement;
  Html html = "<tr>\n" + name_cell(judgement) + state_cell(line);
  html += cell("Uptime to date", uptime_html(judgement) + small(measured_text(judgement)));
  html += cell("Committed", judgement.version->commitment_text + " %");
  html += budget_cell(judgement) + credit_cell(line) + deadline_cell(line, now);
  return html + fresh_cell(judgement, now) + "</tr>\n";
}

Html pager(const Filter& filter, std::size_t pages, std::size_t found) {
  if (pages < 2) return {};
  Html html = "<nav class=\"pager\" aria-label=\"Pages of agreements\">\n";
  if (filter.page > 1) {
    html += Html("<a rel=\"prev\" href=\"{}\">Previous</a>\n", filter.address(filter.page - 1));
  }
  const std::size_t first = (filter.page - 1) * kRowsPerPage + 1;
  html += Html("<span>{} to {} of {}</span>\n", core::grouped(first),
               core::grouped(std::min(found, first + kRowsPerPage - 1)), core::grouped(found));
  if (filter.page < pages) {
    html += Html("<a rel=\"next\" href=\"{}\">Next</a>\n", filter.address(filter.page + 1));
  }
  return html + "</nav>\n";
}

Html agreements(const std::vector<report::Ranked>& lines, Filter filter, core::Instant now) {
  std::vector<const report::Ranked*> shown;
  for (const report::Ranked& line : lines) {
    if (is_of(line, filter.state) && filter.has(*line.judgement)) shown.push_back(&line);
  }
  Html html = form(filter, lines);
  if (shown.empty()) {
    return html + report::paragraph(
                      "No agreement is like that: " + link_html("/", "show all of them") + ".");
  }
  const std::size_t pages = (shown.size() + kRowsPerPage - 1) / kRowsPerPage;
  filter.page = std::min(filter.page, pages);
  html += kTableHead;
  const std::size_t first = (filter.page - 1) * kRowsPerPage;
  for (std::size_t i = first; i < std::min(shown.size(), first + kRowsPerPage); ++i) {
    html += row(*shown[i], now);
  }
  return html + "</tbody>\n</table>\n" + pager(filter, pages, shown.size());
}

// What was written into the settings, and is not in force.
Html refused_settings_html(const report::SettingsState& settings) {
  Html html;
  for (const report::TargetListState& list : settings.lists) {
    if (list.problem.empty()) continue;
    html += report::paragraph(
                Html("<strong class=\"bad\">The targets of {}/{} are not those of their files:"
                     "</strong> the {} that were good last are probed.",
                     report::outside_html(list.agreement), report::outside_html(list.probe),
                     core::grouped(list.targets)),
                "fault") +
            Html("<pre>{}</pre>\n", report::outside_html(list.problem));
  }
  if (settings.problem.empty()) return html;
  return html +
         report::paragraph(
             Html("<strong class=\"bad\">The settings as they are now were not taken over</strong> "
                  "at {}: all goes on by those of {}.",
                  report::instant_html(*settings.problem_at), report::instant_html(settings.since)),
             "fault") +
         Html("<pre>{}</pre>\n", report::outside_html(settings.problem));
}

}  // namespace

Response overview_page(const Call& call) {
  const auto filter = filter_of(call.request);
  if (!filter) return problem_page(400, filter.error().message, "Choose one from the list.");
  const auto known = call.snapshot ? call.snapshot : std::make_shared<const report::Snapshot>();
  const report::Snapshot& snapshot = *known;
  const std::vector<report::Ranked> lines = report::ranked(snapshot);
  Frame frame;
  frame.main = "<h1 class=\"hidden\">What your providers owe you</h1>\n";
  if (snapshot.notices && !snapshot.notices->problem.empty()) {
    frame.main += report::paragraph(
        Html("<strong class=\"bad\">{} could not be told what there is to know:</strong> {}. It is "
             "tried again; see <code>[notify]</code> in recoup.toml.",
             report::outside_html(snapshot.notices->target),
             report::outside_html(snapshot.notices->problem)),
        "fault");
  }
  if (snapshot.upkeep && !snapshot.upkeep->failing.empty()) {
    frame.main += report::paragraph(
        Html("<strong class=\"bad\">The ledger could not be kept small:</strong> {}. It is tried "
             "again; what is measured goes on being recorded.",
             report::outside_html(snapshot.upkeep->failing)),
        "fault");
  }
  if (snapshot.settings) frame.main += refused_settings_html(*snapshot.settings);
  if (record::judges(snapshot.role)) frame.main += owed_html(snapshot, lines);
  if (!lines.empty()) {
    const core::Instant minute = core::minute_of(snapshot.at);
    frame.main +=
        report::section("agreements", "Agreements",
                        report::paragraph("Their running billing cycles, the worst first, as of " +
                                              report::instant_html(minute) + ".",
                                          "note") +
                            agreements(lines, *filter, snapshot.at));
  }
  frame.main += roles_html(snapshot);
  return framed(frame);
}

}  // namespace recoup::web
