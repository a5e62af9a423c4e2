#include <fmt/format.h>

#include "claim/claim_words.h"
#include "claim/digests.h"
#include "claim/documents.h"
#include "claim/page/html_sections.h"
#include "claim/shown_claim.h"
#include "claim/timestamps.h"
#include "core/text.h"
#include "report/contract_words.h"
#include "report/html_text.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

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
    if (source.at == version.source) continue;
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
  Html html = report::paragraph(seen_by_text(claim));
  if (a.totals.measured != a.parts.size()) {
    html += report::paragraph(fmt::format("There were some in {} of {}.",
                                          core::grouped(a.totals.measured),
                                          core::counted(a.parts.size(), words.noun)));
  }
  const auto texts = counted_texts(claim);
  if (!texts.empty()) html += report::list({texts.begin(), texts.end()});
  return report::section("coverage", "What was measured", html);
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
  if (!claim.seal) return {};
  const record::Seal seal = shown_seal(*claim.seal, claim.agreement).seal;
  Html html = report::paragraph(Html("{}{} as revision {}: SHA-256 <code>{}</code>.", kSealedWords,
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
  html += clauses("What the figure and the credit rest on", version.clauses);
  html += clauses("What the contract excludes", version.exclusions);
  html += report::paragraph(Html("The rule that was applied: {}, SHA-256 <code>{}</code>",
                                 judgement.rule->id, version.digest),
                            "note");
  return report::section("contract", "The contract", html);
}

Html digests_section(const Claim& claim) {
  if (!claim.digests) return {};
  Html html = report::paragraph(Html(
      "CloudTrail signs each hour which log files it delivered, with a key that AWS publishes. "
      "{} The digests, the keys, and what they say of each file are in {} and {}; the text of "
      "the case has the commands that check one by hand.",
      digests_text(*claim.digests), kDigests, kDigestKeys));
  const auto open = not_proven(*claim.digests);
  if (!open.empty()) {
    std::vector<Html> items;
    for (const std::string& sentence : open) items.push_back(report::outside_html(sentence));
    html += report::list(items);
  }
  return report::section("digests", "CloudTrail&#39;s signature", html);
}

Html timestamps_section(const Claim& claim) {
  if (!claim.stamps) return {};
  const Html html = report::paragraph(Html(
      "{} The tokens and what they were given for are in {}/; the text of the case has the command "
      "that checks one by hand.",
      report::outside_html(stamps_text(*claim.stamps)), kStampFolder));
  return report::section("timestamps", "Time, signed by a third party", html);
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
