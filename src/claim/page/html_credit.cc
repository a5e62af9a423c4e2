#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "report/html_text.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

using core::Charge;

std::string origin(const std::string& from, const std::string& note) {
  return report::outside_html(from) + (note.empty() ? "" : ": " + report::outside_html(note));
}

std::string charge_table(const Charge& charge) {
  report::Table table(
      "charge", fmt::format("Line by line, in {}", report::escape_html(charge.amount.currency)),
      {{"For"}, {"Calculation"}, {"Amount", true}});
  for (const core::ChargeLine& line : charge.lines) {
    table.row({report::outside_html(line.item), report::outside_html(line.calculation),
               report::grouped(core::exact_text(line.amount))});
  }
  table.row({"Charge", origin(charge.from, charge.note),
             report::grouped(core::exact_text(charge.amount.amount))},
            "sum");
  return table.scrolling_text("loose");
}

std::string remarks(const Charge& charge) {
  std::vector<std::string> items;
  if (!charge.final) items.emplace_back("The provider may still change this charge.");
  for (const std::string& remark : charge.remarks) items.push_back(report::outside_html(remark));
  for (const core::OtherFigure& other : charge.others) {
    items.push_back(fmt::format("For comparison, {}: {}.", report::outside_html(other.from),
                                money_html(other.amount)));
  }
  return items.empty() ? "" : report::list(items);
}

// Share × charge, and what became of the digits after the second.
std::string amount_line(const core::Credit& credit) {
  const core::Money& amount = *credit.amount;
  const std::string shown = money_html(amount);
  std::string line = fmt::format("{} % × {} {} = ", report::short_percent(credit.share),
                                 report::grouped(core::exact_text(credit.charge->amount.amount)),
                                 report::escape_html(amount.currency));
  const std::string exact = core::exact_text(amount.amount);
  if (exact != core::amount_text(amount)) {
    line += fmt::format("{} {}, cut to two digits: ", report::grouped(exact),
                        report::escape_html(amount.currency));
  }
  return report::paragraph(fmt::format("{}<b>{}</b>", line, shown), "formula");
}

std::string minimum_line(const core::Version& version) {
  if (!version.minimum_credit) return {};
  return report::paragraph(
      fmt::format("The contract gives a credit of more than {}, and this is more.",
                  money_html(*version.minimum_credit)),
      "note");
}

}  // namespace

std::string money_html(const core::Money& money) {
  return fmt::format("{} {}", report::grouped(core::amount_text(money)),
                     report::escape_html(money.currency));
}

std::string tiers_html(const core::Version& version, const core::Assessment& assessment) {
  report::Table table("tiers", "The contract's Service Credits; the marked one was reached",
                      {{"Monthly Uptime Percentage"}, {"Service Credit", true}, {"Reached"}});
  for (std::size_t i = 0; i < version.credits.size(); ++i) {
    const core::Tier& tier = version.credits[i];
    const bool reached = assessment.tier == i;
    table.row(
        {report::escape_html(report::tier_text(tier)), report::short_percent(tier.credit) + " %",
         reached ? fmt::format("yes: {} %", report::uptime_text(version, assessment.uptime))
                 : "no"},
        reached ? "marked" : "");
  }
  std::string html = table.text();
  if (!version.credit_base.empty()) {
    html += report::paragraph(
        fmt::format("Of what: {}.", report::outside_html(version.credit_base)), "note");
  }
  return html;
}

std::string charge_html(const core::Charge& charge) {
  return charge_table(charge) + remarks(charge);
}

std::string credit_section(const Claim& claim) {
  std::string html = tiers_html(*claim.version, claim.assessment);
  html += "<h3>The charge</h3>\n" + charge_html(*claim.credit.charge);
  html += "<h3>The amount</h3>\n" + amount_line(claim.credit);
  html += minimum_line(*claim.version);
  return report::section("credit", "The credit", html);
}

}  // namespace recoup::claim
