#include "web/pages/page_agreement.h"

#include <algorithm>

#include <fmt/format.h>

#include "record/redact.h"
#include "report/html_text.h"
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

struct Part {
  std::string_view id;
  std::string_view name;
  Html html;
};

// A band of the page: what stands one below the other, and what beside that where there is room.
struct Band {
  std::vector<Part> left;
  std::vector<Part> right = {};
};

Html column(const std::vector<Part>& parts) {
  Html html;
  for (const Part& part : parts) html += part.html;
  return html;
}

Html contents(const std::vector<Band>& bands) {
  Html html = "<nav class=\"contents\" aria-label=\"On this page\">\n<ul>\n";
  for (const Band& band : bands) {
    for (const auto* parts : {&band.left, &band.right}) {
      for (const Part& part : *parts) {
        if (part.html.empty()) continue;
        html += Html("<li><a href=\"#{}\">{}</a></li>\n", part.id, part.name);
      }
    }
  }
  return html + "</ul>\n</nav>\n";
}

Html together(const std::vector<Band>& bands) {
  Html html = contents(bands);
  for (const Band& band : bands) {
    const Html right = column(band.right);
    html += right.empty() ? column(band.left)
                          : Html(
                                "<div class=\"pair\">\n<div>\n{}</div>\n<div>\n{}</div>\n"
                                "</div>\n",
                                column(band.left), right);
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
      view.faults.empty()) {
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
    if (!*judgement) return not_seen(call, view.months);
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
  frame.main = month_pager_html(view) + verdict_html(view);
  const std::string lost = fmt::format("Lost {}s", view.words.noun);
  frame.main += together({
      {{{"month", "The month", picture_section(view)}}},
      {{{"budget", "Budget", burn_section(view)}},
       {{"incident", "Incident", incident_section(view)}}},
      {{{"provider", "The provider says", provider_incidents_section(view)}}},
      {{{"uncounted", "Not counted", uncounted_section(view)}}},
      {{{"logs", "Logs", logs_section(view)}}},
      {{{"time", "Time", time_section(view)}}},
      {{{"lost", lost, lost_section(view)}},
       {{"latency", "Latency", latency_section(view)},
        {"coverage", "What was measured", coverage_section(view)},
        {"exclusions", "Exclusions", exclusions_section(view)}}},
      {{{"why", "Why", why_section(view)}}},
      {{{"evidence", "Failed requests", evidence_section(view)}}},
      {{{"credit", "Credit", credit_section(view)}},
       {{"claim", "Claim", claim_section(view)},
        {"what-if", "What if", what_if_section(call.site, view, query_of(call.request, "under"))}}},
      {{{"months", "Months", months_section(view)}}},
      {{{"contract", "Contract", contract_section(view)}}},
  });
  return framed(frame);
}

}  // namespace recoup::web
