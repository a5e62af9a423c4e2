#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/text.h"
#include "report/html_text.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

using core::Charge;

Html origin(const std::string& from, const std::string& note) {
  return report::outside_html(from) + (note.empty() ? Html() : ": " + report::outside_html(note));
}

Html charge_table(const Charge& charge) {
  report::HtmlTable table("charge", fmt::format("Line by line, in {}", charge.amount.currency),
                          {{"For"}, {"Calculation"}, {"Amount", true}});
  for (const core::ChargeLine& line : charge.lines) {
    table.row({report::outside_html(line.item), report::outside_html(line.calculation),
               core::grouped(core::exact_text(line.amount))});
  }
  table.row({"Charge", origin(charge.from, charge.note),
             core::grouped(core::exact_text(charge.amount.amount))},
            "sum");
  return table.scrolling("loose");
}

Html remarks(const Charge& charge) {
  std::vector<Html> items;
  if (!charge.final) items.emplace_back("The provider may still change this charge.");
  for (const std::string& remark : charge.remarks) items.push_back(report::outside_html(remark));
  for (const core::OtherFigure& other : charge.others) {
    items.push_back(Html("For comparison, {}: {}.", report::outside_html(other.from),
                         money_html(other.amount)));
  }
  return items.empty() ? Html() : report::list(items);
}

// Share × charge, and what became of the digits after the second.
Html amount_line(const core::Credit& credit) {
  const core::Money& amount = *credit.amount;
  const Html shown = money_html(amount);
  std::string line =
      fmt::format("{} % × {} {} = ", core::short_percent(credit.share),
                  core::grouped(core::exact_text(credit.charge->amount.amount)), amount.currency);
  if (credit.capped) line += "more than the contract credits for a cycle, at most ";
  const std::string exact = core::exact_text(amount.amount);
  if (exact != core::amount_text(amount)) {
    line += fmt::format("{} {}, cut to two digits: ", core::grouped(exact), amount.currency);
  }
  return report::paragraph(Html("{}<b>{}</b>", line, shown), "formula");
}

Html minimum_line(const core::Version& version) {
  if (!version.minimum_credit) return {};
  return report::paragraph(Html("The contract gives a credit of more than {}, and this is more.",
                                money_html(*version.minimum_credit)),
                           "note");
}

}  // namespace

Html money_html(const core::Money& money) {
  return Html("{} {}", core::grouped(core::amount_text(money)), money.currency);
}

Html tiers_html(const core::Version& version, const core::Assessment& assessment) {
  report::HtmlTable table("tiers", "The contract's Service Credits; the marked one was reached",
                          {{"Monthly Uptime Percentage"}, {"Service Credit", true}, {"Reached"}});
  for (std::size_t i = 0; i < version.credits.size(); ++i) {
    const core::Tier& tier = version.credits[i];
    const bool reached = assessment.tier == i;
    table.row({report::tier_text(tier), core::short_percent(tier.credit) + " %",
               reached ? fmt::format("yes: {} %", report::uptime_text(version, assessment.uptime))
                       : "no"},
              reached ? "marked" : "");
  }
  Html html = table.html();
  if (!version.credit_base.empty()) {
    html +=
        report::paragraph(Html("Of what: {}.", report::outside_html(version.credit_base)), "note");
  }
  return html;
}

Html charge_html(const core::Charge& charge) { return charge_table(charge) + remarks(charge); }

Html credit_section(const Claim& claim) {
  Html html = tiers_html(*claim.version, claim.assessment);
  core::Charge charge = *claim.credit.charge;
  charge.others.clear();  // for the user's notes
  html += "<h3>The charge</h3>\n" + charge_html(charge);
  html += "<h3>The amount</h3>\n" + amount_line(claim.credit);
  html += minimum_line(*claim.version);
  return report::section("credit", "The credit", html);
}

}  // namespace recoup::claim
