#include <fmt/format.h>

#include "claim/documents.h"
#include "claim/page/html_sections.h"
#include "claim/shown_claim.h"
#include "core/text.h"
#include "report/asides.h"
#include "report/contract_words.h"
#include "report/html_text.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

Html bounds(const Claim& claim) {
  const core::Assessment& a = claim.assessment;
  if (a.totals.is_sure()) return {};
  return report::paragraph(fmt::format(
      "Had every {} met an Error, the Monthly Uptime Percentage would be {} %; had every one been "
      "served, {} %, which {}.",
      report::not_sent_words(a.totals), core::percent_text(a.lower), core::percent_text(a.upper),
      a.upper < claim.version->commitment ? "is below the Service Commitment too"
                                          : "would meet the Service Commitment"));
}

Html resolution(const core::Assessment& a) {
  std::string text = fmt::format("The breach rests on {} in {}.",
                                 core::counted(a.totals.errors_below_100, "Error"),
                                 core::counted(a.totals.below_100, "lost interval"));
  if (a.smallest_loss) {
    text += fmt::format(" The smallest loss that could have been seen is {} %.",
                        core::percent_text(*a.smallest_loss));
  }
  return report::paragraph(text);
}

// A web address as a link, anything else as it is.
Html source_html(const std::string& source) {
  if (!source.starts_with("https://") || source.find(' ') != std::string::npos) return source;
  return Html("<a href=\"{0}\" rel=\"noreferrer\">{0}</a>", source);
}

Html clauses(std::string_view title, const std::vector<core::Clause>& clauses) {
  if (clauses.empty()) return {};
  std::vector<Html> items;
  for (const core::Clause& clause : clauses) {
    items.push_back(Html("{}{}{}", report::outside_html(clause.name),
                         clause.name.empty() ? Html() : ": ", report::outside_html(clause.text)));
  }
  return Html("<h3>{}</h3>\n", title) + report::list(items);
}

// Where the terms were read that stand elsewhere, and when.
Html sources(const core::Version& version) {
  std::vector<Html> items;
  for (const auto& [term, source] : version.sources) {
    Html item("{}: {}", term, source_html(source.at));
    if (!source.read.empty()) item += ", read on " + source.read;
    if (!source.note.empty()) item += Html("; {}", report::outside_html(source.note));
    items.push_back(std::move(item));
  }
  if (items.empty() && version.source_read.empty()) return {};
  if (items.empty()) return report::paragraph("It was read on " + version.source_read + ".");
  Html html = "<h3>Where single terms were read</h3>\n" + report::list(items);
  if (version.source_read.empty()) return html;
  return html + report::paragraph("The others were read on " + version.source_read + ".");
}

Html words_html(const std::vector<std::string>& words) {
  return report::outside_html(fmt::format("{}", fmt::join(words, ", ")));
}

Html used_in_part(const core::Judgement& judgement) {
  const core::Agreement& agreement = judgement.agreement;
  if (!judgement.assessment.cycle.in_part) return {};
  Html text = "The service was used";
  if (agreement.since) text += " from " + report::instant_html(*agreement.since);
  if (agreement.until) text += " up to, not including, " + report::instant_html(*agreement.until);
  return report::paragraph(text + (judgement.version->part_month == core::PartMonth::used_time
                                       ? Html("; that time alone counts.")
                                       : "; the whole billing cycle counts."));
}

}  // namespace

Html coverage_section(const Claim& claim, const report::FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  const core::Totals& totals = a.totals;
  report::HtmlTable table("covered", "What counts, and what does not", {{""}, {"", true}});
  table.row(
      {fmt::format("{}s in which Requests were measured", words.noun),
       fmt::format("{} of {}", core::grouped(totals.measured), core::grouped(a.parts.size()))});
  table.row(
      {"requests that are no Requests under the contract", core::grouped(totals.not_requests)});
  table.row({"error answers that cannot be attributed to the provider",
             core::grouped(totals.unattributed)});
  if (a.uncounted.total() > 0) {
    table.row(
        {"answers of 5xx that are not counted as Errors", core::grouped(a.uncounted.total())});
  }
  table.row({"requests that were due and not sent", core::grouped(totals.missed)});
  if (a.probes.due() != 0) {
    table.row(
        {"our own probes: sent, of all that were due",
         fmt::format("{} of {}", core::grouped(a.probes.sent), core::grouped(a.probes.due()))});
  }
  return report::section("coverage", "What was measured",
                         table.html() + bounds(claim) + resolution(a));
}

Html exclusions_section(const core::Judgement& judgement, const report::FormulaWords& words) {
  const core::Assessment& a = judgement.assessment;
  if (a.exclusions.empty()) {
    return report::section("exclusions", "Exclusions",
                           report::paragraph("No time was excluded from the measurement."));
  }
  report::HtmlTable table(
      "excluded", fmt::format("Every {} that one of these touches {}", words.noun, words.outside),
      {{"From"}, {"To"}, {"Why"}, {"Uptime without it, %", true}});
  for (const core::ExclusionEffect& exclusion : a.exclusions) {
    const core::Interval& span = exclusion.window.span;
    table.row({report::instant_html(span.begin),
               span.end >= core::kOpenEnd ? Html("open") : report::instant_html(span.end),
               Html("<div class=\"wide\">{}</div>", report::outside_html(exclusion.window.reason)),
               core::percent_text(exclusion.uptime_without) +
                   (exclusion.uptime_without > a.uptime ? " (it lowers the uptime)" : "")});
  }
  return report::section("exclusions", "Exclusions", table.scrolling());
}

Html seal_section(const Claim& claim) {
  if (!claim.seal) {
    std::string text = not_sealed_text(claim);
    text.front() = 'N';
    return report::section("seal", "The seal", report::paragraph(text + "."));
  }
  const record::Seal seal = shown_seal(*claim.seal, claim.agreement).seal;
  Html html = report::paragraph(
      Html("What was measured, and this verdict, were sealed at {} as revision {}: SHA-256 "
           "<code>{}</code>.",
           report::instant_html(seal.at), seal.revision, seal.digest));
  if (!seal.public_key.empty()) {
    html +=
        report::paragraph(Html("Signed with the Ed25519 key <code>{}</code>.", seal.public_key));
  }
  if (seal.changes.empty()) return report::section("seal", "The seal", html);
  const std::vector<Html> changes(seal.changes.begin(), seal.changes.end());
  html += report::paragraph(fmt::format("What changed against revision {}:", seal.revision - 1));
  return report::section("seal", "The seal", html + report::list(changes));
}

Html contract_section(const core::Judgement& judgement, const report::FormulaWords& words) {
  const core::Version& version = *judgement.version;
  const core::Interval& cycle = judgement.assessment.cycle.span;
  Html html = report::paragraph(
      Html("{}: the {}, {} {}.", judgement.rule->service, report::version_words(version),
           version.read ? Html("at") : Html("read at"), source_html(version.source)));
  if (!version.effective) {
    html += report::paragraph("When that text came into force is not known.");
  }
  html += sources(version);
  html += report::paragraph(Html(
      "The billing cycle is from {} up to, not including, {} ({}). The grid of {}s begins with it; "
      "a request belongs to the {} that holds its start.",
      report::instant_html(cycle.begin), report::instant_html(cycle.end), judgement.zone.name(),
      words.noun, words.noun));
  html += used_in_part(judgement);
  if (!version.supplied.empty()) {
    html += report::paragraph(
        Html("The text that was read does not state these terms; the customer supplied them: {}.",
             words_html(version.supplied)));
  }
  if (!version.claim.needs.empty()) {
    html += report::paragraph(
        Html("To be added to the claim by hand: {}.", words_html(version.claim.needs)));
  }
  html += clauses("What the figure and the credit rest on", version.clauses);
  html += clauses("What the contract excludes", version.exclusions);
  html += report::paragraph(Html("The rule that was applied: {}, SHA-256 <code>{}</code>",
                                 judgement.rule->id, version.digest),
                            "note");
  return report::section("contract", "The contract", html);
}

Html deadline_section(const Claim& claim) {
  const auto& deadline = claim.assessment.deadline;
  Html text = "The contract names no date by which this claim must be received.";
  if (deadline) {
    text = Html("This claim must be received before {}.", report::instant_html(deadline->literal));
  }
  if (const auto& first = claim.assessment.notice) {
    text += Html(
        " Before it the contract asks for {}: before {} for the first incident, and before {} for "
        "the last one.",
        report::outside_html(claim.version->claim.notice->how), report::instant_html(first->safe),
        report::instant_html(first->literal));
  }
  if (const auto& earliest = claim.assessment.not_before) {
    text += Html(" The contract takes none before {}.", report::instant_html(*earliest));
  }
  return report::section("deadline", "Deadline", report::paragraph(text));
}

Html files_section(const HtmlInput& input) {
  report::HtmlTable table("sums", "What belongs to this page",
                          {{"File"}, {"Bytes", true}, {"SHA-256"}});
  for (const WrittenFile& file : input.files) {
    table.row({file.name, core::grouped(file.bytes), Html("<code>{}</code>", file.sha256)});
  }
  Html html = table.scrolling();
  html += report::paragraph(
      "claim.json has all figures for a program to read, and the digests of these files and of "
      "this page. SHA256SUMS has the digests of all.",
      "note");
  return report::section("files", "Files", html);
}

}  // namespace recoup::claim
