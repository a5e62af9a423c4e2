#include <algorithm>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "report/html_text.h"
#include "report/words.h"
#include "web/pages/page_month.h"

namespace recoup::web {
namespace {

using report::paragraph;

std::string amount(const core::Credit& credit) {
  if (credit.share == core::Ratio() || !credit.amount) return {};
  return paragraph(
      fmt::format("{} % × {} = <b>{}</b>", report::short_percent(credit.share),
                  claim::money_html(credit.charge->amount), claim::money_html(*credit.amount)),
      "formula");
}

std::string charge(const core::Credit& credit) {
  if (credit.charge) return claim::charge_html(*credit.charge);
  if (!credit.charge_error.empty()) {
    return paragraph("The charges are not known: " + report::outside_html(credit.charge_error) +
                     ".");
  }
  return paragraph(
      "What the service cost in the month is not known: name a bill or a price book under "
      "<code>[agreement.charges]</code> in recoup.toml.");
}

std::string seal(const record::ClaimMonth& month, const core::Zone& zone) {
  if (!month.seal) {
    return month.due ? paragraph(fmt::format("The month is not sealed; it will be from {} on.",
                                             moment_html(*month.due, zone)))
                     : paragraph("The month is not sealed.");
  }
  const record::Seal& sealed = *month.seal;
  std::string html = paragraph(
      fmt::format("Sealed at {} as revision {}{}: SHA-256 <code>{}</code>.",
                  moment_html(sealed.at, zone), sealed.revision,
                  sealed.signature.empty() ? "" : ", signed", report::escape_html(sealed.digest)));
  if (sealed.changes.empty()) return html;
  std::vector<std::string> changes;
  for (const std::string& change : sealed.changes) changes.push_back(report::outside_html(change));
  return html + paragraph(fmt::format("What changed against revision {}:", sealed.revision - 1)) +
         report::list(changes);
}

std::string life(const record::ClaimLife& life) {
  std::string text = fmt::format("<span class=\"tag {}\">{}</span>", life.warn ? "bad" : "none",
                                 record::to_text(life.state));
  const std::string asked = life.ground.amount && life.state != record::ClaimState::nothing
                                ? claim::money_html(*life.ground.amount)
                                : "";
  if (life.state != record::ClaimState::credited) {
    if (!asked.empty()) text += " " + asked;
  } else {
    // What was given, not what was asked for.
    text += life.credited ? " " + claim::money_html(*life.credited)
                          : std::string(" an amount that was not noted");
    if (!asked.empty()) text += fmt::format(" ({} can be claimed)", asked);
  }
  if (!life.case_id.empty()) text += ", case " + report::outside_html(life.case_id);
  if (life.days_left && *life.days_left >= 0 && life.state == record::ClaimState::claimable) {
    text += fmt::format(", {} left",
                        report::counted(static_cast<std::uint64_t>(*life.days_left), "day"));
  }
  return paragraph(text);
}

std::string deadlines(const MonthView& view) {
  const auto& deadline = view.assessment().deadline;
  if (!deadline) return paragraph("The contract names no date for a claim.");
  const core::Zone& zone = view.standing->zone;
  if (deadline->safe == deadline->literal) {
    return paragraph(
        fmt::format("It must be received before {}.", moment_html(deadline->safe, zone)));
  }
  return paragraph(fmt::format(
      "It must be received before {} by the earlier reading of the contract, and before {} by its "
      "literal reading.",
      moment_html(deadline->safe, zone), moment_html(deadline->literal, zone)));
}

// What to mend before the claim is written, in the words of the command line and the notes.
std::string lacks_html(const std::vector<claim::Lack>& lacks) {
  if (lacks.empty()) return {};
  std::vector<std::string> items;
  for (const claim::Lack& lack : lacks) {
    items.push_back(
        fmt::format("{}{}. What to do: {}.",
                    lack.refuses ? "<strong>It is not written like this:</strong> " : "",
                    report::outside_html(lack.text), report::outside_html(lack.help)));
  }
  return "<h3>What it lacks</h3>\n" + report::list(items);
}

}  // namespace

std::string credit_section(const MonthView& view) {
  const core::Standing& standing = *view.standing;
  const std::string& reason = standing.credit.reason;
  std::string html = paragraph(fmt::format("Why, or why not: {}.", report::outside_html(reason)));
  html += claim::tiers_html(*standing.version, standing.assessment);
  html += "<h3>The charges</h3>\n" + charge(standing.credit) + amount(standing.credit);
  return report::section("credit", "The credit", html);
}

std::string claim_section(const MonthView& view) {
  const record::ClaimMonth* month = view.claim();
  std::string html;
  if (view.running) {
    html += paragraph("A claim can be written when the month is over.");
  } else if (month != nullptr) {
    html += life(month->life);
  }
  if (view.standing->credit.share > core::Ratio()) html += deadlines(view);
  if (month != nullptr) html += seal(*month, view.standing->zone);
  html += lacks_html(view.lacks);
  if (!view.running && view.standing->credit.eligible) {
    html += paragraph(
        fmt::format("<a class=\"download\" href=\"{}/claim.zip\">Download the claim</a> "
                    "<small>as a .zip file; it does not change what is noted of the claim</small>",
                    month_address(view.id(), view.month())));
  }
  return report::section("claim", "The claim", html);
}

}  // namespace recoup::web
