#include "web/pages/page_owed.h"

#include <algorithm>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/text.h"
#include "report/claim_totals.h"
#include "report/html_text.h"
#include "report/provider_names.h"
#include "report/words.h"
#include "web/pages/page_frame.h"
#include "web/pages/page_judgement.h"

namespace recoup::web {
namespace {

using record::ClaimLife;

constexpr std::size_t kMostClaims = 8;

// What can be claimed today.
struct OwedNow {
  std::vector<std::string> providers;    // that owe it, each once
  std::vector<const ClaimLife*> claims;  // the most urgent first
  report::MoneySum sum;
};

// What the running cycles will give when they are over, whatever still comes.
struct OwedLater {
  std::vector<const core::Judgement*> cycles;
  report::MoneySum sum;
};

core::Instant end_of(const ClaimLife& life, core::Instant now) {
  const auto& deadline = life.ground.deadline;
  return deadline ? next_deadline(*deadline, now) : core::kOpenEnd;
}

OwedNow owed_now(const std::vector<report::Ranked>& lines, core::Instant now) {
  OwedNow owed;
  for (const report::Ranked& line : lines) {
    for (const ClaimLife* life : line.open) {
      if (!report::can_be_claimed(*life)) continue;
      const std::string provider = report::provider_name(line.judgement->rule->provider);
      if (std::find(owed.providers.begin(), owed.providers.end(), provider) ==
          owed.providers.end()) {
        owed.providers.push_back(provider);
      }
      owed.claims.push_back(life);
      owed.sum.add(life->ground.amount);
    }
  }
  std::stable_sort(owed.claims.begin(), owed.claims.end(),
                   [&](auto* a, auto* b) { return end_of(*a, now) < end_of(*b, now); });
  return owed;
}

OwedLater owed_later(const std::vector<report::Ranked>& lines) {
  OwedLater owed;
  for (const report::Ranked& line : lines) {
    if (!gives_credit(*line.judgement)) continue;
    owed.cycles.push_back(line.judgement.get());
    owed.sum.add(line.judgement->credit.amount);
  }
  return owed;
}

// "AWS and Google Cloud owe you 369.00 USD".
Html who_owes(const OwedNow& owed) {
  const Html sum = sum_html(owed.sum);
  return Html("<strong class=\"bad\">{} owe{} you {}</strong>", core::listed(owed.providers),
              owed.providers.size() == 1 ? Html("s") : "",
              sum.empty() ? Html("a Service Credit") : sum);
}

// "Claim before 1 November: 10 days left."
Html claim_before(const ClaimLife& life, const Html& claim, core::Instant now) {
  const std::string address = month_address(life.ground.agreement, life.ground.month) + "#claim";
  if (!life.ground.deadline) return Html("{}.", link_html(address, claim));
  const core::Instant end = end_of(life, now);
  const bool midnight = std::chrono::floor<std::chrono::days>(end) == end;
  const std::string when = midnight ? day_words(end, core::Zone::utc(), now) : deadline_text(end);
  return Html("{}: {}.",
              link_html(address, claim + Html(" before <span class=\"nowrap\">{}</span>", when)),
              days_left_html(life, now));
}

Html now_sentence(const OwedNow& owed, core::Instant now) {
  if (owed.claims.empty()) return "Nothing to claim today.";
  const ClaimLife& first = *owed.claims.front();
  const Html unknown =
      sum_html(owed.sum).empty() ? Html("; how much is not known until the charges are") : "";
  if (owed.claims.size() == 1) {
    return Html("{} for {}{}. {}", who_owes(owed), report::month_name(first.ground.month), unknown,
                claim_before(first, "Claim it", now));
  }
  return Html("{} in {} claims{}. {}", who_owes(owed), core::grouped(owed.claims.size()), unknown,
              claim_before(first, "Claim the first", now));
}

// The first instant at which a claim for the cycle is taken.
core::Instant claim_from(const core::Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  return std::max(a.cycle.span.end, a.not_before.value_or(a.cycle.span.end));
}

Html later_sentence(const OwedLater& owed, core::Instant now) {
  if (owed.cycles.empty()) return {};
  const core::Judgement* const first =
      *std::min_element(owed.cycles.begin(), owed.cycles.end(),
                        [](auto* a, auto* b) { return claim_from(*a) < claim_from(*b); });
  const bool by_itself = std::all_of(owed.cycles.begin(), owed.cycles.end(),
                                     [](auto* one) { return one->assessment.due.has_value(); });
  const Html when = by_itself ? Html("which comes by itself")
                              : Html("claim from <span class=\"nowrap\">{}</span>",
                                     day_words(claim_from(*first), first->zone, now));
  if (owed.cycles.size() == 1) {
    const std::string month = report::month_name(first->assessment.cycle.month);
    return Html(" {} will miss its SLA in {}: <strong>{}</strong>, {}.", subject_html(*first),
                month.substr(0, month.find(' ')), credit_html(*first), when);
  }
  const Html sum = sum_html(owed.sum);
  return Html(" The SLAs of {} agreements will be missed: <strong>{}</strong>, {}.",
              core::grouped(owed.cycles.size()),
              sum.empty() ? Html("how much is not known until the charges are") : sum, when);
}

// Nothing to claim is no good news where nobody looked.
Html unmeasured_sentence(const std::vector<report::Ranked>& lines) {
  const bool any = std::any_of(lines.begin(), lines.end(), [](const report::Ranked& line) {
    return line.judgement->assessment.is_measured();
  });
  return any ? Html() : " Nothing was measured yet this month.";
}

Html uncounted_html(const std::vector<report::Ranked>& lines) {
  const auto uncounted = std::count_if(lines.begin(), lines.end(), [](const report::Ranked& line) {
    return line.judgement->assessment.uncounted.total() > 0;
  });
  if (uncounted == 0) return {};
  return report::paragraph(
      Html("<strong class=\"bad\">Not counted:</strong> answers of 5xx under {}; see there why.",
           core::counted(static_cast<std::uint64_t>(uncounted), "agreement")));
}

Html money_figure(std::string_view name, const report::MoneySum& sum, const Html& more) {
  const Html known = sum_html(sum);
  return figure_html(name, sum.empty() ? Html("none") : known.empty() ? "not known" : known, more);
}

Html sums_html(const report::MoneyTotals& totals) {
  if (totals.empty()) return {};
  return Html("<dl class=\"figures\">\n{}{}{}</dl>\n",
              money_figure("Can be claimed", totals.claimable, "today"),
              money_figure("In flight", totals.in_flight, "asked for, and not given yet"),
              money_figure("Credited", totals.credited, Html("of months of {}", totals.year)));
}

Html open_cell(std::string_view label, const Html& html) {
  return Html("<td data-label=\"{}\"><div>{}</div></td>\n", label, html);
}

// The open claims of earlier months, the most urgent first; the sentence has said all of one alone.
Html open_table(const std::vector<report::Ranked>& lines, core::Instant now) {
  std::vector<const ClaimLife*> open;
  for (const report::Ranked& line : lines)
    open.insert(open.end(), line.open.begin(), line.open.end());
  if (open.empty() || (open.size() == 1 && report::can_be_claimed(*open.front()))) return {};
  std::stable_sort(open.begin(), open.end(),
                   [&](auto* a, auto* b) { return end_of(*a, now) < end_of(*b, now); });
  Html rows;
  for (std::size_t i = 0; i < std::min(open.size(), kMostClaims); ++i) {
    const ClaimLife& life = *open[i];
    const auto& ground = life.ground;
    const Html left = days_left_html(life, now);
    rows += Html(
        "<tr{}>\n<th scope=\"row\">{}</th>\n", life.warn ? Html(" class=\"marked\"") : "",
        link_html(month_address(ground.agreement, ground.month) + "#claim",
                  Html("{}, {}", id_html(ground.agreement), report::month_name(ground.month))));
    rows += open_cell("Amount", ground.amount ? claim::money_html(*ground.amount) : "not known");
    rows += open_cell("State", ground.due ? Html("comes by itself") : record::to_text(life.state));
    rows += open_cell("Claim before",
                      ground.deadline ? Html(deadline_text(end_of(life, now))) : "&ndash;");
    rows += open_cell("Left", left.empty() ? Html("&ndash;") : left) + "</tr>\n";
  }
  Html html(
      "<table class=\"rows n2\" id=\"claims\">\n<caption>Claims of earlier months that wait for "
      "you, the most urgent first</caption>\n<thead><tr><th scope=\"col\">Claim</th><th "
      "scope=\"col\">Amount</th><th scope=\"col\">State</th><th scope=\"col\">Claim before</th>"
      "<th scope=\"col\">Left</th></tr></thead>\n<tbody>\n{}</tbody>\n</table>\n",
      rows);
  if (open.size() > kMostClaims) {
    html += report::paragraph(Html("{} more: {}.", core::grouped(open.size() - kMostClaims),
                                   link_html("/?state=claim", "the agreements with open claims")));
  }
  return html;
}

// What the user asked for and did not get as a whole: late, in part, or in dispute.
Html waiting_table(const report::Snapshot& snapshot) {
  report::HtmlTable table("waiting", "Claims that are with a provider",
                          {{"Claim"}, {"Asked for", true}, {"State"}, {"What is to be said"}});
  std::size_t rows = 0;
  for (const record::PastCycles& past : snapshot.past) {
    for (const ClaimLife& life : past.claims) {
      if (!life.waits() || (!life.submitted && life.state != record::ClaimState::overdue)) continue;
      if (++rows > kMostClaims) continue;
      const bool bad = life.state == record::ClaimState::overdue ||
                       life.state == record::ClaimState::credited_in_part;
      table.row({link_html(month_address(past.agreement, life.ground.month) + "#claim",
                           Html("{}, {}", id_html(past.agreement),
                                report::month_name(life.ground.month))),
                 life.asked ? claim::money_html(*life.asked) : "not known",
                 record::to_text(life.state), report::outside_html(report::payment_words(life))},
                bad ? "marked" : "");
    }
  }
  if (rows == 0) return {};
  Html html = table.scrolling();
  if (rows > kMostClaims) {
    html += report::paragraph(
        fmt::format("{} more: recoup claims lists all.", core::grouped(rows - kMostClaims)));
  }
  return html;
}

Html totals_table(const std::vector<report::ClaimTotal>& totals) {
  if (totals.empty()) return {};
  report::HtmlTable table(
      "totals", "All claims by year, provider and state",
      {{"Year"}, {"Provider"}, {"State"}, {"Claims", true}, {"Amount", true}, {"Credited", true}});
  for (const report::ClaimTotal& one : totals) {
    const bool known = !one.currency.empty();
    table.row({std::to_string(one.year), report::outside_html(one.provider),
               record::to_text(one.state), core::grouped(one.claims),
               known ? claim::money_html({one.amount, one.currency}) : "not known",
               known && one.credited > core::Ratio()
                   ? claim::money_html({one.credited, one.currency})
                   : ""});
  }
  return Html("<details>\n<summary>All claims, by year</summary>\n{}</details>\n",
              table.scrolling());
}

}  // namespace

Html sum_html(const report::MoneySum& sum) {
  Html html;
  for (const auto& [currency, amount] : sum.by_currency()) {
    if (!html.empty()) html += " and ";
    html += Html("<span class=\"nowrap\">{}</span>", claim::money_html({amount, currency}));
  }
  return html.empty() || sum.unknown() == 0 ? html : html + " and more";
}

Html days_left_html(const ClaimLife& life, core::Instant now) {
  if (!life.ground.deadline) return {};
  const core::Instant end = next_deadline(*life.ground.deadline, now);
  if (end <= now) return "it has passed";
  const auto days = std::chrono::floor<std::chrono::days>(end - now).count();
  Html html = days == 0 ? Html("the last day")
                        : Html("{} left", core::counted(static_cast<std::uint64_t>(days), "day"));
  if (end != life.ground.deadline->safe) html += " by the later reading";
  return html;
}

std::string day_words(core::Instant at, const core::Zone& zone, core::Instant now) {
  const auto day_at = [&](core::Instant instant) {
    return core::Date(std::chrono::floor<std::chrono::days>(instant + zone.offset_at(instant)));
  };
  const core::Date day = day_at(at);
  std::string month = report::month_name(day.year() / day.month());
  if (day.year() == day_at(now).year()) month.resize(month.find(' '));
  return fmt::format("{} {}", static_cast<unsigned>(day.day()), month);
}

Html owed_html(const report::Snapshot& snapshot, const std::vector<report::Ranked>& lines) {
  if (lines.empty()) {
    return report::paragraph(snapshot.ready
                                 ? Html("There are no agreements.")
                                 : "Nothing was assessed yet. This page looks again by itself.",
                             "verdict");
  }
  // Nobody is owed made-up money, unless there is nothing else to look at.
  const auto is_real = [](const report::Ranked& line) {
    return !line.judgement->agreement.practice;
  };
  std::vector<report::Ranked> counted;
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(counted), is_real);
  Html html;
  if (counted.empty()) {
    html += report::paragraph(report::kPracticeNote, "practice");
    counted = lines;
  }
  const OwedNow now = owed_now(counted, snapshot.at);
  html += report::paragraph(now_sentence(now, snapshot.at) +
                                later_sentence(owed_later(counted), snapshot.at) +
                                unmeasured_sentence(counted),
                            "verdict");
  html += uncounted_html(counted);
  if (!snapshot.ready) html += report::paragraph("Not every agreement was assessed yet.", "note");
  return html + sums_html(report::money_totals(snapshot)) + open_table(counted, snapshot.at) +
         waiting_table(snapshot) + totals_table(report::claim_totals(snapshot));
}

}  // namespace recoup::web
