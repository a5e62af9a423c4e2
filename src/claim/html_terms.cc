#include <fmt/format.h>

#include "claim/html_sections.h"
#include "claim/html_text.h"
#include "claim/seal.h"
#include "claim/words.h"

namespace recoup::claim {
namespace {

std::string bounds(const Claim& claim) {
  const core::Assessment& a = claim.assessment;
  if (a.totals.missed == 0) return {};
  return paragraph(fmt::format(
      "Had every request that was not sent met an Error, the Monthly Uptime Percentage would be {} "
      "%; had every one been served, {} %, which {}.",
      percent_text(a.lower), percent_text(a.upper),
      a.upper < claim.version->commitment ? "is below the Service Commitment too"
                                          : "would meet the Service Commitment"));
}

std::string resolution(const core::Assessment& a) {
  std::string text =
      fmt::format("The breach rests on {} in {}.", counted(a.totals.errors_below_100, "Error"),
                  counted(a.totals.below_100, "lost interval"));
  if (a.smallest_loss) {
    text += fmt::format(" The smallest loss that could have been seen is {} %.",
                        percent_text(*a.smallest_loss));
  }
  return paragraph(text);
}

// A web address as a link, anything else as it is.
std::string source_html(const std::string& source) {
  const std::string text = escape_html(source);
  if (!source.starts_with("https://") || source.find(' ') != std::string::npos) return text;
  return fmt::format("<a href=\"{0}\" rel=\"noreferrer\">{0}</a>", text);
}

std::string clauses(std::string_view title, const std::vector<core::Clause>& clauses) {
  if (clauses.empty()) return {};
  std::vector<std::string> items;
  for (const core::Clause& clause : clauses) {
    items.push_back(fmt::format("{}{}{}", outside_html(clause.name),
                                clause.name.empty() ? "" : ": ", outside_html(clause.text)));
  }
  return fmt::format("<h3>{}</h3>\n", title) + list(items);
}

std::string escaped_list(const std::vector<std::string>& words) {
  return outside_html(fmt::format("{}", fmt::join(words, ", ")));
}

std::string used_in_part(const Claim& claim) {
  const core::Agreement& agreement = claim.agreement;
  if (!claim.assessment.cycle.in_part) return {};
  std::string text = "The service was used";
  if (agreement.since) text += " from " + instant_html(*agreement.since);
  if (agreement.until) text += " up to, not including, " + instant_html(*agreement.until);
  return paragraph(text + (claim.version->part_month == core::PartMonth::used_time
                               ? "; that time alone counts."
                               : "; the whole billing cycle counts."));
}

}  // namespace

std::string coverage_section(const Claim& claim, const FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  const core::Totals& totals = a.totals;
  Table table("covered", "What counts, and what does not", {{""}, {"", true}});
  table.row({fmt::format("{}s in which Requests were measured", words.noun),
             fmt::format("{} of {}", grouped(totals.measured), grouped(a.parts.size()))});
  table.row({"requests that are no Requests under the contract", grouped(totals.not_requests)});
  table.row(
      {"error answers that cannot be attributed to the provider", grouped(totals.unattributed)});
  if (a.uncounted.total() > 0) {
    table.row({"answers of 5xx that are not counted as Errors", grouped(a.uncounted.total())});
  }
  table.row({"requests that were due and not sent", grouped(totals.missed)});
  if (a.probes.due() != 0) {
    table.row({"our own probes: sent, of all that were due",
               fmt::format("{} of {}", grouped(a.probes.sent), grouped(a.probes.due()))});
  }
  return section("coverage", "What was measured", table.text() + bounds(claim) + resolution(a));
}

std::string exclusions_section(const Claim& claim, const FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  if (a.exclusions.empty()) {
    return section("exclusions", "Exclusions",
                   paragraph("No time was excluded from the measurement."));
  }
  Table table("excluded",
              fmt::format("Every {} that one of these touches {}", words.noun, words.outside),
              {{"From"}, {"To"}, {"Why"}, {"Uptime without it, %", true}});
  for (const core::ExclusionEffect& exclusion : a.exclusions) {
    const core::Interval& span = exclusion.window.span;
    table.row({instant_html(span.begin),
               span.end >= core::kOpenEnd ? "open" : instant_html(span.end),
               fmt::format("<div class=\"wide\">{}</div>", outside_html(exclusion.window.reason)),
               percent_text(exclusion.uptime_without)});
  }
  return section("exclusions", "Exclusions", table.scrolling_text());
}

std::string seal_section(const Claim& claim) {
  if (!claim.seal) {
    std::string text = not_sealed_text(claim);
    text.front() = 'N';
    return section("seal", "The seal", paragraph(text + "."));
  }
  const core::Seal seal = shown_seal(*claim.seal, claim.agreement).seal;
  std::string html = paragraph(
      fmt::format("What was measured, and this verdict, were sealed at {} as revision {}: SHA-256 "
                  "<code>{}</code>.",
                  instant_html(seal.at), seal.revision, escape_html(seal.digest)));
  if (!seal.public_key.empty()) {
    html += paragraph(
        fmt::format("Signed with the Ed25519 key <code>{}</code>.", escape_html(seal.public_key)));
  }
  if (seal.changes.empty()) return section("seal", "The seal", html);
  std::vector<std::string> changes;
  for (const std::string& change : seal.changes) changes.push_back(escape_html(change));
  html += paragraph(fmt::format("What changed against revision {}:", seal.revision - 1));
  return section("seal", "The seal", html + list(changes));
}

std::string contract_section(const Claim& claim, const FormulaWords& words) {
  const core::Version& version = *claim.version;
  const core::Interval& cycle = claim.assessment.cycle.span;
  std::string html =
      paragraph(fmt::format("{}: the version of {}, read at {}.", escape_html(claim.rule->service),
                            core::to_text(version.effective), source_html(version.source)));
  html += paragraph(fmt::format(
      "The billing cycle is from {} up to, not including, {} ({}). The grid of {}s begins with it; "
      "a request belongs to the {} that holds its start.",
      instant_html(cycle.begin), instant_html(cycle.end), escape_html(claim.zone.name()),
      words.noun, words.noun));
  html += used_in_part(claim);
  if (!version.supplied.empty()) {
    html += paragraph(fmt::format(
        "The text that was read does not state these terms; the customer supplied them: {}.",
        escaped_list(version.supplied)));
  }
  if (!version.claim.needs.empty()) {
    html += paragraph(
        fmt::format("To be added to the claim by hand: {}.", escaped_list(version.claim.needs)));
  }
  html += clauses("What the figure and the credit rest on", version.clauses);
  html += clauses("What the contract excludes", version.exclusions);
  html += paragraph(fmt::format("The rule that was applied: {}, SHA-256 <code>{}</code>",
                                escape_html(claim.rule->id), escape_html(version.digest)),
                    "note");
  return section("contract", "The contract", html);
}

std::string deadline_section(const Claim& claim) {
  const auto& deadline = claim.assessment.deadline;
  std::string text = "The contract names no date by which this claim must be received.";
  if (deadline) {
    text = fmt::format("This claim must be received before {}.", instant_html(deadline->literal));
  }
  return section("deadline", "Deadline", paragraph(text));
}

std::string files_section(const HtmlInput& input) {
  Table table("sums", "What belongs to this page", {{"File"}, {"Bytes", true}, {"SHA-256"}});
  for (const WrittenFile& file : input.files) {
    table.row(
        {escape_html(file.name), grouped(file.bytes), fmt::format("<code>{}</code>", file.sha256)});
  }
  std::string html = table.scrolling_text();
  html += paragraph(
      "claim.json has all figures for a program to read, and the digests of these files and of "
      "this page. SHA256SUMS has the digests of all.",
      "note");
  return section("files", "Files", html);
}

}  // namespace recoup::claim
