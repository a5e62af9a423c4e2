#include "web/pages/page_frame.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "core/assess.h"
#include "core/classify.h"
#include "core/text.h"
#include "record/percent_encoding.h"
#include "report/html_text.h"
#include "web/pages/page_lists.h"
#include "web/pages/page_next.h"
#include "web/pages/pages.h"

namespace recoup::web {
namespace {

constexpr std::size_t kRecordsPerPage = 100;
// More targets than that nobody looks through; an address may still name another.
constexpr std::size_t kMostSources = 200;

// The interval of the contract that holds the instant.
core::Interval interval_of(const Counting& counting, core::Instant at) {
  const core::Millis length = counting.version.interval();
  const core::Instant begin = counting.begin + (at - counting.begin) / length * length;
  return {begin, begin + length};
}

// Whether an exclusion touches the interval.
bool is_excluded(const Counting& counting, const core::Interval& interval) {
  return std::any_of(
      counting.exclusions.begin(), counting.exclusions.end(),
      [&](const core::ExclusionWindow& window) { return window.span.overlaps(interval); });
}

std::string_view counts_as(const Counting& counting, const record::Evidence& record) {
  const bool excluded = is_excluded(counting, interval_of(counting, record.at));
  const auto* answer = std::get_if<core::Answered>(&record.outcome);
  const bool refused = answer != nullptr && answer->refused;
  switch (core::classify(counting.version, record.outcome).verdict) {
    case core::Verdict::error: return excluded ? "excluded" : "an Error";
    case core::Verdict::served:
      return excluded ? "excluded" : refused ? "served (refused for our fault)" : "served";
    case core::Verdict::not_a_request: return "no Request";
    case core::Verdict::unattributed: return "unattributed";
    case core::Verdict::refused: return "left out (refused for our fault)";
    case core::Verdict::missed: return "not sent";
    case core::Verdict::unread: return "not read";
  }
  return "";
}

// "02:00:00.204": the line above says of which day, and that it is UTC.
std::string moment_text(core::Instant at) {
  std::string text = core::to_text(at);
  text.pop_back();
  return text.substr(text.find('T') + 1);
}

std::string outcome_text(const core::Outcome& outcome) {
  std::string text = core::to_text(outcome);
  return text.substr(0, text.find('!'));
}

using SeenRequests = std::vector<record::Evidence>;

// A column that only some pages have: without it where all its cells would be empty.
struct Shown {
  report::Column column;
  Html (*cell)(const record::Evidence&);
};

std::vector<Shown> columns_of(const SeenRequests& records) {
  std::vector<Shown> all{
      {{"ms", true},
       [](const record::Evidence& one) {
         return one.duration.count() == 0
                    ? Html()
                    : Html(core::grouped(std::to_string(one.duration.count())));
       }},
      {{"Seen by"}, [](const record::Evidence& one) { return report::outside_html(one.source); }},
      {{"Request id"},
       [](const record::Evidence& one) {
         return one.request_id.empty() ? Html() : Html("<code>{}</code>", one.request_id);
       }},
      {{"Answered by"}, [](const record::Evidence& one) { return Html(one.peer); }},
      {{"What was asked"},
       [](const record::Evidence& one) { return report::outside_html(one.detail); }}};
  std::erase_if(all, [&](const Shown& each) {
    return std::all_of(records.begin(), records.end(),
                       [&](const record::Evidence& one) { return each.cell(one).empty(); });
  });
  return all;
}

// The line above the records of one interval.
Html group_title(const Counting& counting, const core::Interval& interval, std::uint64_t records) {
  Html title("<b>{}</b>, {} here", report::span_text(interval),
             core::counted(records, "failed request"));
  if (is_excluded(counting, interval)) title += " <span class=\"tag note\">excluded</span>";
  return title;
}

}  // namespace

Counting counting_of(const core::Judgement& judgement) {
  return {*judgement.version, judgement.assessment.cycle.span.begin,
          judgement.agreement.exclusions};
}

Html evidence_table(const Counting& counting, const std::vector<record::Evidence>& records) {
  const std::vector<Shown> shown = columns_of(records);
  std::vector<report::Column> columns{{"At (UTC)"}, {"Outcome"}, {"Counts as"}};
  for (const Shown& each : shown) columns.push_back(each.column);
  report::HtmlTable table("records", "Requests that did not go well, from the first, by interval",
                          columns);
  for (auto at = records.begin(); at != records.end();) {
    const core::Interval interval = interval_of(counting, at->at);
    const auto end = std::find_if(
        at, records.end(), [&](const record::Evidence& one) { return !interval.contains(one.at); });
    table.group(group_title(counting, interval, static_cast<std::uint64_t>(end - at)));
    const bool excluded = is_excluded(counting, interval);
    for (; at != end; ++at) {
      std::vector<Html> cells{moment_text(at->at), outcome_text(at->outcome),
                              counts_as(counting, *at)};
      for (const Shown& each : shown) cells.push_back(each.cell(*at));
      table.row(cells, excluded ? "out" : "");
    }
  }
  return table.scrolling("dense");
}

std::string place_text(const EvidencePlace& place) {
  return fmt::format("{},{}", core::to_text(place.at), place.skip);
}

std::optional<EvidencePlace> parse_place(const std::string& text) {
  const auto comma = text.find(',');
  const auto at = core::parse_instant(text.substr(0, comma));
  if (!at) return std::nullopt;
  EvidencePlace place{*at};
  if (comma == std::string::npos) return place;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + comma + 1, last, place.skip);
  if (error != std::errc() || end != last) return std::nullopt;
  return place;
}

std::string evidence_address(const std::string& id, core::Month month, const EvidencePlace& place,
                             const EvidenceFilter& filter) {
  std::string address =
      fmt::format("{}/evidence?after={}", month_address(id, month), place_text(place));
  if (!filter.outcome.empty()) address += "&outcome=" + record::percent_encoded(filter.outcome);
  if (!filter.source.empty()) address += "&source=" + record::percent_encoded(filter.source);
  return address;
}

// What is not shown because it is gone.
Html removed_html(const EvidencePage& page) {
  if (!page.removed_until) return {};
  return report::paragraph(
      Html("Records of before {} were removed, as no claim could need them any more "
           "(<code>evidence_days</code> of <code>[keep]</code>); what they were counted as stays.",
           core::to_text(*page.removed_until)));
}

namespace {

// Narrows the list, without a script. Outcomes to choose from are those of the page; any part of
// another does as well.
Html filter_form(const Call& call, const EvidenceFilter& filter,
                 const std::vector<record::Evidence>& records) {
  std::set<std::string> outcomes;
  for (const record::Evidence& one : records) outcomes.insert(outcome_text(one.outcome));
  Html known;
  for (const std::string& outcome : outcomes) {
    known += Html("<option value=\"{}\"></option>\n", outcome);
  }
  std::set<std::string> sources;
  if (const auto series = call.site.records->series(call.id())) {
    for (const SeriesInfo& one : *series) {
      if (sources.size() < kMostSources) sources.insert(one.name);
    }
  }
  if (!filter.source.empty()) sources.insert(filter.source);
  Html choice;
  for (const std::string& source : sources) {
    choice += Html("<option value=\"{}\"{}>{}</option>\n", source,
                   source == filter.source ? Html(" selected") : "", report::outside_html(source));
  }
  return Html(
      "<form class=\"filter\" method=\"get\" action=\"{}/evidence\">\n"
      "<label for=\"outcome\">Outcome</label>\n<input type=\"search\" id=\"outcome\" "
      "name=\"outcome\" value=\"{}\" placeholder=\"503, or a part of it\" "
      "list=\"outcomes\">\n<datalist id=\"outcomes\">\n{}</datalist>\n"
      "<label for=\"source\">Seen by</label>\n<select id=\"source\" name=\"source\">\n"
      "<option value=\"\">all sources</option>\n{}</select>\n"
      "<button type=\"submit\">Show</button>\n</form>\n",
      month_address(call.id(), call.month), filter.outcome, known, choice);
}

}  // namespace

Html evidence_section(const MonthView& view) {
  constexpr std::string_view kTitle = "Failed requests";
  if (!view.evidence) return {};
  const Html removed = removed_html(*view.evidence);
  if (view.evidence->records.empty()) {
    return report::section("evidence", kTitle,
                           removed + report::paragraph("There is no record of a failed request."));
  }
  Html html = removed + evidence_table(counting_of(*view.judgement), view.evidence->records);
  const std::string all = month_address(view.id(), view.month()) + "/evidence";
  html += report::paragraph(view.evidence->next
                                ? Html("These are the first {}. {}", view.evidence->records.size(),
                                       link_html(all, "All of them, by outcome and source"))
                                : link_html(all, "By outcome and source"));
  return report::section("evidence", kTitle, html);
}

Response evidence_page(const Call& call) {
  if (call.site.records == nullptr) return needs_ledger();
  const core::Judgement& current = *call.agreement;
  const std::string& id = call.id();
  const core::Month month = call.month;
  const std::string after = query_of(call.request, "after");
  const core::Version* in_force = current.rule->in_force(month);
  const core::Version& version = in_force == nullptr ? *current.version : *in_force;
  const core::Cycle cycle = core::cycle_of(month, current.zone);
  const core::Interval span = cycle.span;
  const Counting counting{version,
                          core::counted_cycle(version, cycle, current.agreement).span.begin,
                          current.agreement.exclusions};
  EvidencePlace place{span.begin};
  if (!after.empty()) {
    const auto parsed = parse_place(after);
    if (!parsed || !span.contains(parsed->at)) {
      return problem_page(
          400, "There is no such place in the evidence.",
          link_html(month_address(id, month), "The month") + " shows where it begins.");
    }
    place = *parsed;
  }
  const EvidenceFilter filter{query_of(call.request, "outcome"), query_of(call.request, "source")};
  const auto page = call.site.records->evidence(id, span, place, filter, kRecordsPerPage);
  if (!page) {
    return problem_page(503, "The evidence cannot be read now.",
                        report::outside_html(page.error().message));
  }
  Frame frame;
  frame.title = fmt::format("{}, {}: failed requests", id, core::to_text(month));
  frame.crumbs = {{id_html(id), agreement_address(id)},
                  {report::month_name(month), month_address(id, month)},
                  {"Failed requests", ""}};
  frame.again = std::chrono::seconds(60);
  frame.main = claims_list(*call.snapshot, id, {});
  frame.main += Html("<h1 class=\"title\">Failed requests of {}</h1>\n", report::month_name(month));
  frame.main += filter_form(call, filter, page->records) + removed_html(*page);
  if (!page->records.empty()) {
    frame.main += evidence_table(counting, page->records);
  } else if (!page->is_cut) {
    frame.main +=
        report::paragraph(filter.empty() ? Html("There is no record of a failed request here.")
                                         : "No record of a failed request is like that.");
  }
  if (page->is_cut) {
    frame.main += report::paragraph(
        Html("Records of before {} were looked at; what follows is the next part.",
             report::instant_html(page->next->at)),
        "note");
  }
  Html pager;
  if (!after.empty()) {
    pager += link_html(evidence_address(id, month, {span.begin}, filter), "First") + "\n";
  }
  if (page->next) {
    pager += Html("<a rel=\"next\" href=\"{}\">Next {}</a>\n",
                  evidence_address(id, month, *page->next, filter), kRecordsPerPage);
  }
  if (!pager.empty()) {
    frame.main +=
        Html("<nav class=\"pager\" aria-label=\"Pages of failed requests\">\n{}</nav>\n", pager);
  }
  return framed(frame);
}

}  // namespace recoup::web
