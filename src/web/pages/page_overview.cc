#include "web/pages/pages.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "core/text.h"
#include "record/percent_encoding.h"
#include "report/budget_words.h"
#include "report/html_text.h"
#include "report/now.h"
#include "report/recent_bars.h"
#include "report/words.h"
#include "web/pages/page_frame.h"
#include "web/pages/page_judgement.h"
#include "web/pages/page_owed.h"
#include "web/pages/page_roles.h"

namespace recoup::web {
namespace {

constexpr std::size_t kRowsPerPage = 50;
constexpr std::size_t kLongestQuery = 100;
// So many are seen at one look: a filter above them would be in the way.
constexpr std::size_t kFew = 8;

struct Choice {
  std::string_view word;
  std::string_view text;
};
constexpr std::array<Choice, 9> kChoices{{{"", "All"},
                                          {"claim", "Claim open"},
                                          {"failing", "Failing now"},
                                          {"dark", "Not seen now"},
                                          {"breached", "Breached"},
                                          {"certain", "Breach certain"},
                                          {"below", "Below so far"},
                                          {"silent", "Not measured"},
                                          {"met", "Met so far"}}};

// Line is one agreement of the list, and what its service is like now.
struct Line {
  const report::Ranked* ranked;
  report::Condition condition;

  const core::Judgement& judgement() const { return *ranked->judgement; }
};

bool is_of(const Line& line, std::string_view word) {
  if (word.empty()) return true;
  if (word == "claim") return !line.ranked->open.empty();
  if (word == "failing") return report::is_trouble(line.condition);
  if (word == "dark") return report::is_dark(line.condition);
  if (word == "breached") return !line.judgement().assessment.met;
  return word == report::word_of(report::state_of(line.judgement()));
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

std::uint64_t count_of(const std::vector<Line>& lines, std::string_view word) {
  return static_cast<std::uint64_t>(std::count_if(
      lines.begin(), lines.end(), [&](const Line& line) { return is_of(line, word); }));
}

Html form(const Filter& filter, const std::vector<Line>& lines) {
  if (lines.size() <= kFew && !filter.narrows()) return {};
  Html html(
      "<form class=\"filter\" method=\"get\" action=\"/\" role=\"search\">\n"
      "<label for=\"q\">Find</label>\n<input id=\"q\" name=\"q\" type=\"search\" value=\"{}\" "
      "placeholder=\"id, service or Region\" maxlength=\"{}\" autocomplete=\"off\">\n"
      "<label for=\"state\">State</label>\n<select id=\"state\" name=\"state\">\n",
      filter.text, kLongestQuery);
  for (const Choice& choice : kChoices) {
    html += Html("<option value=\"{}\"{}>{} ({})</option>\n", choice.word,
                 choice.word == filter.state ? Html(" selected") : "", choice.text,
                 core::grouped(count_of(lines, choice.word)));
  }
  html += "</select>\n<button type=\"submit\">Show</button>\n";
  if (filter.narrows()) html += link_html("/", "All agreements") + "\n";
  return html + "</form>\n";
}

constexpr char kTableHead[] = R"(<table class="rows agreements n4 n5 n6 n7">
<caption class="hidden">Agreements in their running billing cycle, the worst first</caption>
<thead><tr><th scope="col">Agreement</th><th scope="col">Now</th><th scope="col">This month</th>
<th scope="col">Uptime to date</th><th scope="col">Budget</th><th scope="col">Credit</th>
<th scope="col">Claim before</th></tr></thead>
<tbody>
)";

// One that says nothing is left out of a card.
Html cell(std::string_view label, const Html& html) {
  return Html("<td data-label=\"{}\"{}><div>{}</div></td>\n", label,
              html == Html("&ndash;") ? Html(" class=\"empty\"") : "", html);
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

std::string_view css_of(report::Condition condition) {
  switch (condition) {
    case report::Condition::up: return "good";
    case report::Condition::failing: return "bad";
    case report::Condition::partly: return "note";
    case report::Condition::unseen:
    case report::Condition::silent:
    case report::Condition::nobody: break;
  }
  return "none";
}

// "14:20Z", with its date where that is another day.
Html since_html(core::Instant since, core::Instant now) {
  constexpr std::size_t kDate = 10;
  constexpr std::size_t kMinutes = 16;  // "2026-10-03T14:20"
  const std::string text = core::to_text(since);
  std::string shown = text.substr(0, kMinutes);
  shown[kDate] = ' ';
  if (shown.compare(0, kDate, core::to_text(now), 0, kDate) == 0) shown.erase(0, kDate + 1);
  return Html("<time datetime=\"{}\">{}Z</time>", text, shown);
}

// "for 3 days"; "since 14:20Z, 503 KMSInternalException".
Html since_words(const report::Now& now, core::Instant at) {
  if (!now.since) return {};
  Html html;
  if (now.condition == report::Condition::up) {
    const core::Millis age = at - *now.since;
    html =
        age < std::chrono::minutes(1) ? Html("since a moment ago") : Html("for {}", age_text(age));
  } else {
    html = "since " + since_html(*now.since, at);
  }
  if (!now.what.empty()) html += Html(", {}", report::outside_html(now.what));
  if (now.as_of) html += ", seen until " + since_html(*now.as_of, at);
  return html;
}

Html now_cell(const Line& line, const report::NowReader& reader, core::Instant at) {
  const report::Now now = reader.of(line.judgement());
  Html html("<span class=\"tag {}\">{}</span>", css_of(now.condition),
            report::to_text(now.condition));
  if (const Html since = since_words(now, at); !since.empty()) html += small(since);
  return cell("Now", html + report::recent_bars_html(line.judgement(), at));
}

// What the month comes to so far.
Html state_cell(const core::Judgement& judgement) {
  const core::Totals& totals = judgement.assessment.totals;
  Html html = state_tag_html(judgement);
  if (totals.errors > 0) html += small(core::counted(totals.errors, "Error"));
  if (const std::string text = uncounted_text(judgement); !text.empty()) {
    html += small(Html("<a class=\"late\" href=\"{}#uncounted\">{} not counted</a>",
                       agreement_address(judgement.agreement.id), text));
  }
  return cell("This month", html);
}

Html uptime_cell(const core::Judgement& judgement) {
  return cell("Uptime to date",
              uptime_html(judgement) + small(measured_text(judgement)) +
                  small(Html("promised: {} %", judgement.version->commitment_text)));
}

Html budget_cell(const core::Judgement& judgement) {
  if (!judgement.assessment.is_measured()) return cell("Budget", "&ndash;");
  return cell("Budget", report::budget_words(judgement).left + left_bar_html(judgement));
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
    report::MoneySum sum;
    for (const record::ClaimLife* life : line.open) sum.add(life->ground.amount);
    const Html before = sum_html(sum);
    html += small(Html("+ {} from before", before.empty() ? "more" : before));
  }
  return cell("Credit", html);
}

// The first end of a time to claim, and how long that still is, or from when on a claim is taken.
Html deadline_cell(const report::Ranked& line, core::Instant now) {
  const record::ClaimLife* urgent = nullptr;
  std::optional<core::Instant> first;
  for (const record::ClaimLife* life : line.open) {
    if (!life->ground.deadline) continue;
    const core::Instant end = next_deadline(*life->ground.deadline, now);
    if (first && *first <= end) continue;
    first = end;
    urgent = life;
  }
  if (first) {
    Html left = days_left_html(*urgent, now);
    if (urgent->warn) left = Html("<span class=\"late\">{}</span>", left);
    return cell("Claim before", deadline_text(*first) + small(left));
  }
  const core::Judgement& judgement = *line.judgement;
  const auto running = judgement.assessment.first_deadline();
  if (!gives_credit(judgement) || !running) return cell("Claim before", "&ndash;");
  return cell("Claim before",
              deadline_text(next_deadline(*running, now)) +
                  small(Html("from {}",
                             day_words(judgement.assessment.cycle.span.end, judgement.zone, now))));
}

Html row(const Line& line, const report::NowReader& reader, core::Instant now) {
  const core::Judgement& judgement = line.judgement();
  return "<tr>\n" + name_cell(judgement) + now_cell(line, reader, now) + state_cell(judgement) +
         uptime_cell(judgement) + budget_cell(judgement) + credit_cell(*line.ranked) +
         deadline_cell(*line.ranked, now) + "</tr>\n";
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

// Of a list that is not seen at one look: how many are up, and how their months stand.
Html strip(const std::vector<Line>& lines) {
  if (lines.size() <= kFew) return {};
  const auto some = [&](std::string_view word, std::string_view text) {
    const std::uint64_t count = count_of(lines, word);
    return count == 0 ? Html()
                      : Html(" <a href=\"/?state={}\">{} {}</a>", word, core::grouped(count), text);
  };
  const std::uint64_t up = lines.size() - count_of(lines, "failing") - count_of(lines, "dark");
  return report::paragraph(
      Html("<b>Now:</b> {} up{}{} <b>This month so far:</b>{}{}{}{}", core::grouped(up),
           some("failing", "failing"), some("dark", "not seen"), some("met", "met"),
           some("below", "below the commitment"), some("certain", "certainly breached"),
           some("silent", "not measured")),
      "strip");
}

Html agreements(const std::vector<Line>& lines, const report::NowReader& reader, Filter filter,
                core::Instant now) {
  std::vector<const Line*> shown;
  for (const Line& line : lines) {
    if (is_of(line, filter.state) && filter.has(line.judgement())) shown.push_back(&line);
  }
  Html html = strip(lines) + form(filter, lines);
  if (shown.empty()) {
    return html + report::paragraph(
                      "No agreement is like that: " + link_html("/", "show all of them") + ".");
  }
  const std::size_t pages = (shown.size() + kRowsPerPage - 1) / kRowsPerPage;
  filter.page = std::min(filter.page, pages);
  html += kTableHead;
  const std::size_t first = (filter.page - 1) * kRowsPerPage;
  for (std::size_t i = first; i < std::min(shown.size(), first + kRowsPerPage); ++i) {
    html += row(*shown[i], reader, now);
  }
  return html + "</tbody>\n</table>\n" + pager(filter, pages, shown.size());
}

Html agreements_section(const report::Snapshot& snapshot, const std::vector<report::Ranked>& ranked,
                        const Filter& filter) {
  if (ranked.empty()) return {};
  const report::NowReader reader(snapshot);
  std::vector<Line> lines;
  lines.reserve(ranked.size());
  for (const report::Ranked& one : ranked) {
    lines.push_back({&one, reader.condition(*one.judgement)});
  }
  return report::section(
      "agreements", "Agreements",
      report::paragraph("Their running billing cycles, the worst first, as of " +
                            report::instant_html(core::minute_of(snapshot.at)) +
                            ". The bars are the newest 60 intervals; the same list "
                            "<a href=\"/api/v1/agreements?format=csv&amp;limit=1000\">as CSV</a>.",
                        "note") +
          agreements(lines, reader, filter, snapshot.at));
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
  frame.main += agreements_section(snapshot, lines, *filter);
  frame.main += roles_html(snapshot);
  return framed(frame);
}

}  // namespace recoup::web
