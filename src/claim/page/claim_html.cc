#include "claim/page/claim_html.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "claim/documents.h"
#include "claim/page/html_sections.h"
#include "core/text.h"
#include "report/html_text.h"
#include "report/style.h"
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
  if (a.deadline) {
    const core::Date day(std::chrono::floor<std::chrono::days>(a.deadline->literal));
    html += figure("To be received before", core::to_text(day),
                   report::instant_text(a.deadline->literal).substr(11));
  }
  return html + "</dl>\n";
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kSections{{
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
    {"deadline", "Deadline"},
    {"files", "Files"},
}};

Html contents() {
  Html html = "<nav aria-label=\"Contents\">\n<ul>\n";
  for (const auto& [id, name] : kSections) {
    html += Html("<li><a href=\"#{}\">{}</a></li>\n", id, name);
  }
  return html + "</ul>\n</nav>\n";
}

Html page_header(const Claim& claim, const report::FormulaWords& words) {
  Html html = "<header>\n";
  if (claim.agreement.practice) html += report::paragraph(report::kPracticeNote, "practice");
  html += Html("<h1>Service Credit claim: {}, {}</h1>\n", report::outside_html(place_text(claim)),
               report::month_name(claim.assessment.cycle.month));
  return html + verdict(claim) + key_figures(claim, words) + "</header>\n";
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
  html += page_header(claim, words) + contents();
  html += "<main id=\"main\">\n";
  html += month_section(claim, words);
  html += outage_section(claim, words);
  html += arithmetic_section(claim, words);
  html += credit_section(claim);
  html += intervals_section(claim, input.logged, words);
  html += requests_section(claim, input);
  html += coverage_section(claim, words);
  html += exclusions_section(claim, words);
  html += seal_section(claim);
  html += contract_section(claim, words);
  html += deadline_section(claim);
  html += files_section(input);
  html += "</main>\n" + page_footer(claim) + "</body>\n</html>\n";
  return html.with_percent_signs_kept();
}

}  // namespace recoup::claim
