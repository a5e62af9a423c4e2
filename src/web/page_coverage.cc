#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "claim/html_sections.h"
#include "claim/html_text.h"
#include "claim/words.h"
#include "web/page_month.h"

namespace recoup::web {
namespace {

// A section of claim.html is made from a claim: this is one of what the page knows.
claim::Claim claim_of(const core::Standing& standing) {
  claim::Claim made;
  made.agreement = standing.agreement;
  made.rule = standing.rule;
  made.version = standing.version;
  made.assessment = standing.assessment;
  made.credit = standing.credit;
  made.zone = standing.zone;
  return made;
}

std::string_view missed_words(core::NotSent reason) {
  switch (reason) {
    case core::NotSent::late: return "not sent or not waited for: our scheduler was late";
    case core::NotSent::overrun: return "not sent: too many were still in flight";
    case core::NotSent::resources: return "not sent: no descriptor, memory or port";
    case core::NotSent::stopped: return "not sent: the service did not run";
    case core::NotSent::suspended: return "not sent: the machine was suspended";
    case core::NotSent::clock: return "not sent: the wall clock jumped over it";
  }
  return "";
}

void probe_rows(const core::ProbesDue& probes, claim::Table& table) {
  if (probes.due() == 0) return;
  table.row({"probes due", claim::grouped(probes.due())});
  table.row({"sent", claim::grouped(probes.sent)});
  for (const auto reason : core::kNotSents) {
    const std::uint64_t missed = probes.missed[static_cast<std::size_t>(reason)];
    if (missed > 0) table.row({std::string(missed_words(reason)), claim::grouped(missed)});
  }
}

std::string bounds(const core::Standing& standing) {
  const core::Assessment& a = standing.assessment;
  if (a.totals.missed == 0 || !a.is_measured()) return {};
  const core::Ratio& promised = standing.version->commitment;
  std::string text = fmt::format(
      "Had every request that was not sent met an Error, the uptime would be {} %; had each been "
      "served, {} %.",
      claim::percent_text(a.lower), claim::percent_text(a.upper));
  const bool decides = (a.lower < promised) != (a.upper < promised);
  text += decides ? " Whether the commitment is met depends on them." : " Both say the same.";
  return claim::paragraph(text);
}

std::string resolution(const core::Assessment& a) {
  if (!a.smallest_loss) return {};
  std::string text = fmt::format("The smallest loss that could have been seen is {} %.",
                                 claim::percent_text(*a.smallest_loss));
  if (a.totals.below_100 > 0) {
    text += fmt::format(" The loss rests on {} in {}.",
                        claim::counted(a.totals.errors_below_100, "Error"),
                        claim::counted(a.totals.below_100, "lost interval"));
  }
  return claim::paragraph(text);
}

}  // namespace

std::string coverage_section(const MonthView& view) {
  const core::Assessment& a = view.assessment();
  const core::Totals& totals = a.totals;
  claim::Table table("covered", "What counts, and what does not", {{""}, {"", true}});
  table.row(
      {fmt::format("{}s measured", view.words.noun),
       fmt::format("{} of {}", claim::grouped(totals.measured), claim::grouped(a.parts.size()))});
  table.row({view.words.silent, claim::grouped(totals.silent)});
  if (totals.excluded > 0) table.row({"excluded", claim::grouped(totals.excluded)});
  if (totals.ahead > 0) table.row({"not begun yet", claim::grouped(totals.ahead)});
  table.row({"no Requests under the contract", claim::grouped(totals.not_requests)});
  table.row({"error answers that may not be the provider's", claim::grouped(totals.unattributed)});
  probe_rows(a.probes, table);
  return claim::section("coverage", "What was measured",
                        table.text() + bounds(*view.standing) + resolution(a));
}

std::string uncounted_section(const MonthView& view) {
  constexpr std::size_t kMost = 20;
  const core::UncountedFailures& uncounted = view.assessment().uncounted;
  if (uncounted.total() == 0) return {};
  claim::Table table("uncounted-list", "Answers of 5xx that are not counted as Errors",
                     {{"Outcome"}, {"Came", true}, {"Why it is not counted"}});
  const std::size_t shown = std::min(kMost, uncounted.outcomes.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const core::UncountedOutcome& one = uncounted.outcomes[i];
    table.row({fmt::format("<code>{}</code>", claim::outside_html(core::to_text(one.outcome))),
               claim::grouped(one.count), claim::outside_html(one.clause)});
  }
  std::string html = claim::paragraph(
      "The uptime does not know of these. Where they are an outage, see that the probe or the log "
      "says what the contract asks for: <code>recoup check</code> names what is missing.");
  html += table.scrolling_text("loose");
  if (shown < uncounted.outcomes.size()) {
    html += claim::paragraph(
        fmt::format("And {} that came less often.",
                    claim::counted(uncounted.outcomes.size() - shown, "other outcome")),
        "note");
  }
  return claim::section("uncounted", "Failures that are not counted", html);
}

std::string exclusions_section(const MonthView& view) {
  return claim::exclusions_section(claim_of(*view.standing), view.words);
}

std::string contract_section(const MonthView& view) {
  return claim::contract_section(claim_of(*view.standing), view.words);
}

}  // namespace recoup::web
