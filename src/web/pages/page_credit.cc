#include <algorithm>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/text.h"
#include "report/html_text.h"
#include "report/words.h"
#include "web/pages/page_month.h"

namespace recoup::web {
namespace {

using report::paragraph;

Html amount(const core::Credit& credit) {
  if (credit.share == core::Ratio() || !credit.amount) return {};
  return paragraph(
      Html("{} % × {} = <b>{}</b>", core::short_percent(credit.share),
           claim::money_html(credit.charge->amount), claim::money_html(*credit.amount)),
      "formula");
}

Html charge(const core::Credit& credit) {
  if (credit.charge) return claim::charge_html(*credit.charge);
  if (!credit.charge_error.empty()) {
    return paragraph("The charges are not known: " + report::outside_html(credit.charge_error) +
                     ".");
  }
  return paragraph(
      "What the service cost in the month is not known: name a bill or a price book under "
      "<code>[agreement.charges]</code> in recoup.toml.");
}

Html seal(const record::ClaimMonth& month, const core::Zone& zone) {
  if (!month.seal) {
    return month.due ? paragraph(Html("The month is not sealed; it will be from {} on.",
                                      moment_html(*month.due, zone)))
                     : paragraph("The month is not sealed.");
  }
  const record::Seal& sealed = *month.seal;
  Html html = paragraph(Html("Sealed at {} as revision {}{}: SHA-256 <code>{}</code>.",
                             moment_html(sealed.at, zone), sealed.revision,
                             sealed.signature.empty() ? Html() : ", signed", sealed.digest));
  if (sealed.changes.empty()) return html;
  std::vector<Html> changes;
  for (const std::string& change : sealed.changes) changes.push_back(report::outside_html(change));
  return html + paragraph(fmt::format("What changed against revision {}:", sealed.revision - 1)) +
         report::list(changes);
}

Html life(const record::ClaimLife& life) {
  const bool late = life.state == record::ClaimState::overdue ||
                    life.state == record::ClaimState::credited_in_part;
  Html text("<span class=\"tag {}\">{}</span>", life.warn || late ? Html("bad") : "none",
            record::to_text(life.state));
  const Html asked = life.ground.amount && life.state != record::ClaimState::nothing
                         ? claim::money_html(*life.ground.amount)
                         : "";
  const bool credited = life.state == record::ClaimState::credited || life.credited;
  if (!credited) {
    if (!asked.empty()) text += " " + asked;
  } else {
    // What was given, not what was asked for.
    text += life.credited ? " " + claim::money_html(*life.credited)
                          : Html(" an amount that was not noted");
    if (!asked.empty()) text += Html(" ({} can be claimed)", asked);
  }
  if (!life.case_id.empty()) text += ", case " + report::outside_html(life.case_id);
  if (life.days_left && *life.days_left >= 0 && life.state == record::ClaimState::claimable) {
    text +=
        fmt::format(", {} left", core::counted(static_cast<std::uint64_t>(*life.days_left), "day"));
  }
  const std::string payment = report::payment_words(life);
  return paragraph(text) +
         (payment.empty() ? Html() : paragraph(report::outside_html(payment) + "."));
}

Html received_before(const core::DeadlineDates& deadline, const core::Zone& zone) {
  if (deadline.safe == deadline.literal) {
    return paragraph(Html("It must be received before {}.", moment_html(deadline.safe, zone)));
  }
  return paragraph(Html(
      "It must be received before {} by the earlier reading of the contract, and before {} by its "
      "literal reading.",
      moment_html(deadline.safe, zone), moment_html(deadline.literal, zone)));
}

// The first of two steps, whose date is the safe one.
Html notice(const MonthView& view, const core::Zone& zone) {
  const auto& dates = view.assessment().notice;
  if (!dates) return {};
  return paragraph(Html(
      "The contract asks for a step before the claim: {}, before {} for the first incident and "
      "before {} for the last one.",
      view.judgement->version->claim.notice->how, moment_html(dates->safe, zone),
      moment_html(dates->literal, zone)));
}

Html deadlines(const MonthView& view) {
  const auto& deadline = view.assessment().deadline;
  const core::Zone& zone = view.judgement->zone;
  if (const auto& due = view.assessment().due) {
    Html text("The credit comes by itself, and there is no claim to write: watch the bill until {}",
              moment_html(due->by, zone));
    if (due->disputed) text += Html(", in a dispute until {}", moment_html(*due->disputed, zone));
    return paragraph(text + ".");
  }
  if (!deadline) return paragraph("The contract names no date for a claim.");
  Html html = notice(view, zone);
  if (const auto& earliest = view.assessment().not_before) {
    html += paragraph(Html("It is not taken before {}.", moment_html(*earliest, zone)));
  }
  return html + received_before(*deadline, zone);
}

// What to mend before the claim is written, in the words of the command line and the notes.
Html lacks_html(const std::vector<claim::Lack>& lacks) {
  if (lacks.empty()) return {};
  std::vector<Html> items;
  for (const claim::Lack& lack : lacks) {
    items.push_back(Html("{}{}. What to do: {}.",
                         lack.stops() ? Html("<strong>It is not written like this:</strong> ") : "",
                         report::outside_html(lack.text), report::outside_html(lack.help)));
  }
  return "<h3>What it lacks</h3>\n" + report::list(items);
}

}  // namespace

Html credit_section(const MonthView& view) {
  const core::Judgement& judgement = *view.judgement;
  const std::string& reason = judgement.credit.reason;
  Html html = paragraph(Html("Why, or why not: {}.", report::outside_html(reason)));
  html += claim::tiers_html(*judgement.version, judgement.assessment);
  html += "<h3>The charges</h3>\n" + charge(judgement.credit) + amount(judgement.credit);
  return report::section("credit", "The credit", html);
}

Html claim_section(const MonthView& view) {
  const record::ClaimMonth* month = view.claim();
  Html html;
  if (view.running) {
    html += paragraph("A claim can be written when the month is over.");
  } else if (month != nullptr) {
    html += life(month->life);
  }
  if (view.judgement->credit.share > core::Ratio()) html += deadlines(view);
  if (month != nullptr) html += seal(*month, view.judgement->zone);
  html += lacks_html(view.lacks);
  if (!view.running && view.judgement->credit.eligible) {
    html += paragraph(
        Html("<a class=\"download\" href=\"{}/claim.zip\">Download the claim</a> "
             "<small>as a .zip file; it does not change what is noted of the claim</small>",
             month_address(view.id(), view.month())));
  }
  return report::section("claim", "The claim", html);
}

}  // namespace recoup::web
