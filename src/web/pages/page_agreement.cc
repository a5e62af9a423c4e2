#include "web/pages/page_agreement.h"

#include <algorithm>

#include <fmt/format.h>

#include "record/redact.h"
#include "report/html_text.h"
#include "web/pages/page_next.h"
#include "web/pages/pages.h"

namespace recoup::web {
namespace {

Html fault(std::string_view what, const core::Error& error) {
  return Html("{} could not be read: {}.", what, report::outside_html(error.message));
}

// Everything beside the verdict; what cannot be read is a fault of the view.
void add_details(const Call& call, MonthView& view) {
  Records& records = *call.site.records;
  if (auto claims = records.claims(view.id())) {
    view.claims = *std::move(claims);
  } else {
    view.faults.push_back(fault("What became of claims", claims.error()));
  }
  view.contracts = records.contracts(view.id());
  const core::Interval span = view.assessment().cycle.span;
  if (auto page = records.evidence(view.id(), span, {span.begin}, kFirstEvidence)) {
    view.evidence = *std::move(page);
  } else {
    view.faults.push_back(fault("The evidence", page.error()));
  }
  if (view.running || !view.judgement->credit.eligible) return;
  if (auto lacks = records.readiness(*view.judgement)) {
    view.lacks = *std::move(lacks);
  } else {
    view.faults.push_back(fault("What the claim lacks", lacks.error()));
  }
}

// A band of the page: what stands one below the other, and what beside that where there is room.
struct Band {
  Html left;
  Html right = {};
};

// A part of the page, which the bar at its top leads to.
struct Part {
  std::string_view id;
  std::string_view name;
  std::vector<Band> bands;
};

Html bands_html(const std::vector<Band>& bands) {
  Html html;
  for (const Band& band : bands) {
    if (band.left.empty() || band.right.empty()) {
      html += band.left + band.right;
      continue;
    }
    html += Html("<div class=\"pair\">\n<div>\n{}</div>\n<div>\n{}</div>\n</div>\n", band.left,
                 band.right);
  }
  return html;
}

// The bar stays where it is when the page is scrolled, and works by addresses alone.
Html bar_html(const MonthView& view, const std::vector<Part>& parts) {
  Html html =
      "<div class=\"sticky\">\n<nav class=\"parts\" aria-label=\"Parts of this page\">\n<ul>\n"
      "<li><a href=\"#overview\">Overview</a></li>\n";
  for (const Part& part : parts) {
    html += Html("<li><a href=\"#{}\">{}</a></li>\n", part.id, part.name);
  }
  return html + "</ul>\n</nav>\n" + month_pager_html(view) + "</div>\n";
}

// What a reader sees first: the verdict and what to do, the month beside it, the figures.
Html top_html(const MonthView& view) {
  return Html(
      "<div class=\"top\" id=\"overview\">\n<div class=\"told\">\n{}{}</div>\n"
      "<div class=\"seen\">\n{}</div>\n<div class=\"counted\">\n{}</div>\n</div>\n",
      verdict_html(view), next_html(view), picture_section(view), figures_html(view));
}

Html parts_html(const std::vector<Part>& parts) {
  Html html;
  for (const Part& part : parts) {
    html += Html("<div class=\"part\" id=\"{0}\">\n<h2 class=\"part-name\">{1}</h2>\n{2}</div>\n",
                 part.id, part.name, bands_html(part.bands));
  }
  return html;
}

Response not_seen(const Call& call, const std::vector<core::Month>& months) {
  const std::string& id = call.id();
  const Html what = months.empty() ? link_html(agreement_address(id), "Its running month")
                                   : Html("Something was seen from {} on, of that month not: {}.",
                                          report::month_name(months.front()),
                                          link_html(agreement_address(id), "the running month"));
  return problem_page(404, fmt::format("Nothing was seen in {}.", report::month_name(call.month)),
                      what);
}

// A month that something was seen of, and that no version of the contract is known for.
Response without_terms(const Call& call) {
  return problem_page(
      200,
      fmt::format("No version of the contract is known for {}.", report::month_name(call.month)),
      Html("What was seen of it is kept, and is judged as soon as its terms are known. {}",
           link_html(agreement_address(call.id()), "The running month")));
}

// Whether there is a claim for the month: it has a page then, whatever else is known of it.
bool has_claim(const report::Snapshot& snapshot, const std::string& id, core::Month month) {
  for (const record::PastCycles& past : snapshot.past) {
    if (past.agreement != id) continue;
    for (const record::ClaimLife& life : past.claims) {
      if (life.ground.month == month && life.state != record::ClaimState::nothing) return true;
    }
  }
  return false;
}

}  // namespace

std::variant<MonthView, Response> view_of(const Call& call) {
  const std::string& id = call.id();
  MonthView view;
  view.snapshot = call.snapshot;
  view.running = call.running();
  if (call.site.records == nullptr) {
    if (!call.running()) return needs_ledger();
    view.judgement = call.agreement;
    view.faults.emplace_back(
        "The ledger cannot be read here: earlier months, evidence and claims "
        "are missing.");
    view.words = report::words_of(*view.judgement->version);
    return view;
  }
  if (auto months = call.site.records->months(id)) {
    view.months = *std::move(months);
  } else {
    view.faults.push_back(fault("The months", months.error()));
  }
  const core::Month now = call.running_month();
  if (view.months.empty() || view.months.back() < now) view.months.push_back(now);
  if (std::find(view.months.begin(), view.months.end(), call.month) == view.months.end() &&
      view.faults.empty() && !has_claim(*call.snapshot, id, call.month)) {
    return not_seen(call, view.months);
  }
  if (call.running()) {
    view.judgement = call.agreement;
  } else {
    auto judgement = call.site.records->judgement(id, call.month);
    if (!judgement) {
      return problem_page(503, "The month could not be judged.",
                          report::outside_html(judgement.error().message));
    }
    if (!*judgement) return without_terms(call);
    view.judgement = **judgement;
  }
  view.words = report::words_of(*view.judgement->version);
  return view;
}

Response month_page(const Call& call) {
  auto found = view_of(call);
  if (auto* page = std::get_if<Response>(&found)) return *std::move(page);
  MonthView& view = std::get<MonthView>(found);
  if (call.site.records != nullptr) add_details(call, view);
  if (view.running && call.site.failures) {
    view.failures = call.site.failures(view.id(), kMostFailures);
  }

  Frame frame;
  frame.title = fmt::format("{}, {}", record::redact(view.id()), report::month_name(view.month()));
  frame.crumbs = {{id_html(view.id()), agreement_address(view.id())},
                  {report::month_name(view.month()), ""}};
  if (!view.running) frame.again = std::chrono::seconds(60);
  const std::vector<Part> parts{
      {"part-evidence",
       "Evidence",
       {{lost_section(view),
         latency_section(view) + coverage_section(view) + exclusions_section(view)},
        {why_section(view)},
        {evidence_section(view)},
        {time_section(view)}}},
      {"part-money",
       "Money",
       {{credit_section(view), claim_section(view)}, {months_section(view)}}},
      {"part-contract", "Contract", {{contract_section(view)}, {what_if_section(call, view)}}},
  };
  frame.main = bar_html(view, parts) + other_claims_html(view);
  for (const Html& fault : view.faults) frame.main += report::paragraph(fault, "fault");
  frame.main += top_html(view);
  frame.main += bands_html({{burn_section(view), incident_section(view)},
                            {provider_incidents_section(view)},
                            {uncounted_section(view)},
                            {logs_section(view)}});
  frame.main += parts_html(parts);
  return framed(frame);
}

}  // namespace recoup::web
