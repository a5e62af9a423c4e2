#include "web/pages/page_frame.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/assess.h"
#include "core/classify.h"
#include "core/text.h"
#include "report/html_text.h"
#include "web/pages/page_lists.h"
#include "web/pages/pages.h"

namespace recoup::web {
namespace {

constexpr std::size_t kRecordsPerPage = 100;

// Whether an exclusion touches the interval that holds the instant.
bool is_excluded(const Counting& counting, core::Instant at) {
  const core::Millis length = counting.version.interval();
  const core::Instant begin = counting.begin + (at - counting.begin) / length * length;
  const core::Interval interval{begin, begin + length};
  return std::any_of(
      counting.exclusions.begin(), counting.exclusions.end(),
      [&](const core::ExclusionWindow& window) { return window.span.overlaps(interval); });
}

std::string_view counts_as(const Counting& counting, const record::Evidence& record) {
  const bool excluded = is_excluded(counting, record.at);
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

// "2026-10-03 02:00:00.204": the column's head says that it is UTC.
std::string moment_text(core::Instant at) {
  std::string text = core::to_text(at);
  text.pop_back();
  text[text.find('T')] = ' ';
  return text;
}

std::string outcome_text(const core::Outcome& outcome) {
  std::string text = core::to_text(outcome);
  return text.substr(0, text.find('!'));
}

}  // namespace

Counting counting_of(const core::Judgement& judgement) {
  return {*judgement.version, judgement.assessment.cycle.span.begin,
          judgement.agreement.exclusions};
}

Html evidence_table(const Counting& counting, const std::vector<record::Evidence>& records) {
  report::HtmlTable table("records", "Requests that did not go well, from the first",
                          {{"At (UTC)"},
                           {"Outcome"},
                           {"Counts as"},
                           {"ms", true},
                           {"Request id"},
                           {"Answered by"},
                           {"What was asked"}});
  for (const record::Evidence& record : records) {
    table.row({moment_text(record.at), outcome_text(record.outcome), counts_as(counting, record),
               record.duration.count() == 0
                   ? Html()
                   : core::grouped(std::to_string(record.duration.count())),
               record.request_id.empty() ? Html() : Html("<code>{}</code>", record.request_id),
               record.peer, report::outside_html(record.detail)});
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

std::string evidence_address(const std::string& id, core::Month month, const EvidencePlace& place) {
  return fmt::format("{}/evidence?after={}", month_address(id, month), place_text(place));
}

// What is not shown because it is gone.
Html removed_html(const EvidencePage& page) {
  if (!page.removed_until) return {};
  return report::paragraph(
      Html("Records of before {} were removed, as no claim could need them any more "
           "(<code>evidence_days</code> of <code>[keep]</code>); what they were counted as stays.",
           core::to_text(*page.removed_until)));
}

Html evidence_section(const MonthView& view) {
  constexpr std::string_view kTitle = "Failed requests";
  if (!view.evidence) return {};
  const Html removed = removed_html(*view.evidence);
  if (view.evidence->records.empty()) {
    return report::section("evidence", kTitle,
                           removed + report::paragraph("There is no record of a failed request."));
  }
  Html html = removed + evidence_table(counting_of(*view.judgement), view.evidence->records);
  if (view.evidence->next) {
    html += report::paragraph(
        Html("These are the first {}. {}", view.evidence->records.size(),
             link_html(evidence_address(view.id(), view.month(), *view.evidence->next),
                       "All the others")));
  }
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
  const auto page = call.site.records->evidence(id, span, place, kRecordsPerPage);
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
  frame.main = Html("<h1 class=\"title\">Failed requests of {}</h1>\n", report::month_name(month));
  frame.main += removed_html(*page);
  frame.main += page->records.empty()
                    ? report::paragraph("There is no record of a failed request here.")
                    : evidence_table(counting, page->records);
  Html pager;
  if (!after.empty()) pager += link_html(month_address(id, month) + "/evidence", "First") + "\n";
  if (page->next) {
    pager += Html("<a rel=\"next\" href=\"{}\">Next {}</a>\n",
                  evidence_address(id, month, *page->next), kRecordsPerPage);
  }
  if (!pager.empty()) {
    frame.main +=
        Html("<nav class=\"pager\" aria-label=\"Pages of failed requests\">\n{}</nav>\n", pager);
  }
  return framed(frame);
}

}  // namespace recoup::web
