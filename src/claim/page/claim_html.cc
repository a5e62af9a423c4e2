#include "claim/page/claim_html.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "claim/claim_words.h"
#include "claim/documents.h"
#include "claim/page/html_sections.h"
#include "core/figures.h"
#include "core/text.h"
#include "report/contract_words.h"
#include "report/html_text.h"
#include "report/robustness_words.h"
#include "report/style.h"
#include "report/votes_words.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

Html head(const Claim& claim) {
  return Html(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n"
      "<style>\n{}{}{}</style>\n</head>\n",
      subject_text(claim), report::colours_css(), report::picture_css(), report::page_css());
}

Html where(const Claim& claim) {
  const std::string& region = claim.agreement.region;
  return region.empty()
             ? ""
             : Html(" in <span class=\"nowrap\">{}</span>", report::outside_html(region));
}

Html verdict(const Claim& claim) {
  const core::Version& version = *claim.version;
  return report::paragraph(
      Html("In {}, {}{} had a Monthly Uptime Percentage of <strong class=\"bad\">{} %"
           "</strong>, less than the <strong>{} %</strong> that its contract commits to. A "
           "Service Credit of <strong>{}</strong> is due.",
           report::month_name(claim.assessment.cycle.month), claim.rule->service, where(claim),
           report::uptime_text(version, claim.assessment.uptime), version.commitment_text,
           money_html(*claim.credit.amount)),
      "verdict");
}

Html figure(std::string_view name, const Html& value, const Html& more) {
  return Html("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>\n", name, value, more);
}

Html key_figures(const Claim& claim, const report::FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  Html html = "<dl class=\"figures\">\n";
  html += figure("Amount claimed", money_html(*claim.credit.amount),
                 Html("{} % of {}", core::short_percent(claim.credit.share),
                      money_html(claim.credit.charge->amount)));
  html += figure("Monthly Uptime Percentage", report::uptime_text(*claim.version, a.uptime) + " %",
                 fmt::format("committed: {} %", claim.version->commitment_text));
  html += figure("Lost", core::counted(a.totals.below_100, words.noun),
                 fmt::format("of {}", core::grouped(a.parts.size())));
  html += figure("Errors", core::grouped(a.totals.errors),
                 fmt::format("of {}", core::counted(a.totals.requests, "Request")));
  return html + "</dl>\n";
}

// What a reviewer looks up first, beside the figures.
Html facts(const Claim& claim) {
  const core::Cycle& cycle = claim.assessment.cycle;
  const core::Version& version = *claim.version;
  Html html = "<dl class=\"facts\">\n";
  const auto fact = [&html](std::string_view name, const Html& value) {
    if (!value.empty()) html += Html("<div><dt>{}</dt><dd>{}</dd></div>\n", name, value);
  };
  fact("Account", claim.agreement.account);
  fact("Service", claim.rule->service);
  fact("Region", report::outside_html(claim.agreement.region));
  fact("Billing cycle", Html("{} up to, not including, {}", report::instant_html(cycle.span.begin),
                             report::instant_html(cycle.span.end)));
  fact("Contract", Html("{}, {}", report::version_words(version), version.source));
  fact("Service Credit",
       Html("{} %: Monthly Uptime Percentage {}", core::short_percent(claim.credit.share),
            report::tier_text(version.credits[*claim.assessment.tier])));
  fact("To be received", in_time_text(claim));
  fact("Issued", issued_text(claim));
  fact("Contact", claim.agreement.contact);
  return html + "</dl>\n";
}

// The worst of the lost time, for who reads no further.
Html worst(const Claim& claim, const report::FormulaWords& words) {
  constexpr std::size_t kMost = 10;
  const core::Assessment& a = claim.assessment;
  struct Lost {
    std::size_t index;
    core::IntervalPart part;
    core::Ratio availability;
  };
  std::vector<Lost> all;
  for (const auto& [i, part] : a.parts) {
    if (part.below_100()) all.push_back({i, part, *core::availability(part)});
  }
  const std::size_t shown = std::min(kMost, all.size());
  std::stable_sort(all.begin(), all.end(), [](const Lost& one, const Lost& other) {
    return one.availability < other.availability;
  });
  all.resize(shown);
  std::sort(all.begin(), all.end(),
            [](const Lost& one, const Lost& other) { return one.index < other.index; });
  report::HtmlTable table(
      "worst",
      shown == a.totals.below_100 ? Html("Every {}", words.listed)
                                  : Html("The {} worst of {}; all are under Intervals", shown,
                                         core::counted(a.totals.below_100, words.noun)),
      {{"Begin (UTC)"}, {"Requests", true}, {"Errors", true}, {"Availability, %", true}});
  for (const Lost& lost : all) {
    std::string begin = report::instant_text(a.interval_at(lost.index).begin);
    begin.resize(begin.size() - 4);
    table.row({begin, core::grouped(lost.part.requests), core::grouped(lost.part.errors),
               core::percent_text(lost.availability)});
  }
  return table.html();
}

// Sections that are there in any claim, and those that some have.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kSections{{
    {"month", "The month"},
    {"outage", "The lost time"},
    {"arithmetic", "The arithmetic"},
    {"credit", "The credit"},
    {"intervals", "Intervals"},
    {"requests", "Failed requests"},
    {"coverage", "What was measured"},
    {"exclusions", "Exclusions"},
    {"seal", "The seal"},
    {"contract", "The contract"},
    {"digests", "CloudTrail's signature"},
    {"timestamps", "Time, signed by a third party"},
    {"files", "Files"},
}};

bool has_section(const Claim& claim, std::string_view id) {
  if (id == "exclusions") return !claim.assessment.exclusions.empty();
  if (id == "seal") return claim.seal.has_value();
  if (id == "timestamps") return claim.stamps != nullptr;
  return id != "digests" || claim.digests != nullptr;
}

Html contents(const Claim& claim) {
  Html html = "<nav aria-label=\"Contents\">\n<ul>\n";
  for (const auto& [id, name] : kSections) {
    if (!has_section(claim, id)) continue;
    html += Html("<li><a href=\"#{}\">{}</a></li>\n", id, name);
  }
  return html + "</ul>\n</nav>\n";
}

Html page_header(const Claim& claim, const report::FormulaWords& words) {
  Html html = "<header>\n";
  if (claim.agreement.practice) html += report::paragraph(report::kPracticeNote, "practice");
  html += Html("<h1>Service Credit claim: {}, {}</h1>\n", report::outside_html(place_text(claim)),
               report::month_name(claim.assessment.cycle.month));
  if (const std::string partner = partner_text(claim); !partner.empty()) {
    html += report::paragraph(partner);
  }
  html += verdict(claim);
  if (const std::string robust = report::robust_words(claim); !robust.empty()) {
    html += report::paragraph(robust);
  }
  if (claim.robustness.votes) {
    const std::string votes = report::votes_sentence(*claim.robustness.votes);
    if (!votes.empty()) html += report::paragraph(votes);
  }
  return html + key_figures(claim, words) + facts(claim) + worst(claim, words) + "</header>\n";
}

Html page_footer(const Claim& claim) {
  return Html(
      "<footer>\n<p>Every figure on this page can be recomputed from the claim's own files: "
      "<code>recoup verify</code>.{}</p>\n</footer>\n",
      claim.agreement.practice ? Html(" {}.", report::kPracticeNote) : "");
}

}  // namespace

Html claim_html(const Claim& claim, const HtmlInput& input) {
  const report::FormulaWords words = report::words_of(*claim.version);
  Html html = head(claim);
  html += "<body>\n<a class=\"skip\" href=\"#main\">Skip to the month</a>\n";
  html += page_header(claim, words) + contents(claim);
  html += "<main id=\"main\">\n";
  html += month_section(claim, words);
  html += outage_section(claim, words);
  html += arithmetic_section(claim, words);
  html += credit_section(claim);
  html += intervals_section(claim, input.logged, words);
  html += requests_section(claim, input);
  html += coverage_section(claim, words);
  if (!claim.assessment.exclusions.empty()) html += exclusions_section(claim, words);
  html += seal_section(claim);
  html += contract_section(claim, words);
  html += digests_section(claim);
  html += timestamps_section(claim);
  html += files_section(input);
  html += "</main>\n" + page_footer(claim) + "</body>\n</html>\n";
  return html.with_percent_signs_kept();
}

}  // namespace recoup::claim
