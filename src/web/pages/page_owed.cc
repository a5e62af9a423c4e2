#include "web/pages/page_owed.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/figures.h"
#include "core/text.h"
#include "report/claim_totals.h"
#include "report/html_text.h"
#include "report/words.h"
#include "web/pages/page_frame.h"
#include "web/pages/page_judgement.h"

namespace recoup::web {
namespace {

using record::ClaimLife;

constexpr std::size_t kMostClaims = 8;

// What is owed, in all and until when.
struct Owed {
  std::uint64_t agreements_now = 0;    // that owe for an earlier month
  std::uint64_t agreements_later = 0;  // that would owe if the running month ended now
  Sums now;                            // claims of earlier months
  Sums later;                          // of the running cycles
  std::uint64_t claims = 0;
  std::uint64_t cycles = 0;
  std::optional<core::Instant> now_before;
  std::optional<core::Instant> later_before;
};

// Takes the earlier of two ends.
void take_first(std::optional<core::Instant>& first, const std::optional<core::Instant>& other) {
  if (other && (!first || *other < *first)) first = other;
}

std::optional<core::Instant> end_of(const std::optional<core::DeadlineDates>& deadline,
                                    core::Instant now) {
  if (!deadline) return std::nullopt;
  return next_deadline(*deadline, now);
}

Owed owed_by(const std::vector<report::Ranked>& lines, core::Instant now) {
  Owed owed;
  for (const report::Ranked& line : lines) {
    const bool running = gives_credit(*line.judgement);
    if (!line.open.empty()) ++owed.agreements_now;
    if (running) ++owed.agreements_later;
    for (const ClaimLife* life : line.open) {
      ++owed.claims;
      owed.now.add(life->ground.amount);
      take_first(owed.now_before, end_of(life->ground.deadline, now));
    }
    if (!running) continue;
    ++owed.cycles;
    owed.later.add(line.judgement->credit.amount);
    take_first(owed.later_before, end_of(line.judgement->assessment.first_deadline(), now));
  }
  return owed;
}

Html before(const std::optional<core::Instant>& end) {
  if (!end) return {};
  return Html(", claim before <strong class=\"nowrap\">{}</strong>", deadline_text(*end));
}

std::string some(std::uint64_t number, std::uint64_t all) {
  if (all == 1) return "Your agreement";
  return fmt::format("{} of {} agreements", core::grouped(number), core::grouped(all));
}

Html how_much(const Sums& sums) {
  const Html sum = sums.html();
  return sum.empty() ? Html("; how much is not known until the charges are")
                     : ": <strong>" + sum + "</strong>";
}

Html sentence(const Owed& owed, std::uint64_t all) {
  // A month that still runs gives nothing yet.
  if (owed.agreements_now == 0 && owed.agreements_later > 0) {
    return report::paragraph(
        Html("<strong class=\"bad\">{}</strong> would owe you money if the month ended "
             "now{}{}.",
             some(owed.agreements_later, all), how_much(owed.later), before(owed.later_before)),
        "verdict");
  }
  if (owed.agreements_now == 0) {
    return report::paragraph(
        all == 1 ? Html("Your agreement owes you no money.")
                 : Html("None of {} agreements owes you money.", core::grouped(all)),
        "verdict");
  }
  return report::paragraph(
      Html("<strong class=\"bad\">{}</strong> owe{} you money{}{}.", some(owed.agreements_now, all),
           owed.agreements_now == 1 ? Html("s") : "", how_much(owed.now), before(owed.now_before)),
      "verdict");
}

// The two parts of the sum, where there are two; and how the others stand.
Html parts(const Owed& owed, const std::vector<report::Ranked>& lines) {
  std::vector<Html> items;
  const auto sum_of = [](const Sums& sums) {
    const Html html = sums.html();
    return html.empty() ? "an amount that is not known" : html;
  };
  if (owed.claims > 0) {
    items.push_back(Html("<strong>Now:</strong> {} from {}{}.", sum_of(owed.now),
                         core::counted(owed.claims, "earlier month"), before(owed.now_before)));
  }
  if (owed.cycles > 0) {
    items.push_back(Html("<strong>When the running month is over:</strong> {} from {}{}.",
                         sum_of(owed.later), core::counted(owed.cycles, "agreement"),
                         before(owed.later_before)));
  }
  std::array<std::uint64_t, report::kStates> counts{};
  for (const report::Ranked& line : lines)
    ++counts[static_cast<std::size_t>(report::state_of(*line.judgement))];
  const auto count = [&](report::State state) { return counts[static_cast<std::size_t>(state)]; };
  Html rest =
      Html("<strong>This month so far:</strong> {} met", core::grouped(count(report::State::met)));
  if (count(report::State::certain) > 0) {
    rest += Html(", {} certainly breached", core::grouped(count(report::State::certain)));
  }
  if (count(report::State::below) > 0) {
    rest += Html(", {} below the commitment", core::grouped(count(report::State::below)));
  }
  if (count(report::State::silent) > 0) {
    rest += Html(", {} not measured", core::grouped(count(report::State::silent)));
  }
  items.push_back(rest + ".");
  const auto uncounted = std::count_if(lines.begin(), lines.end(), [](const report::Ranked& line) {
    return line.judgement->assessment.uncounted.total() > 0;
  });
  if (uncounted > 0) {
    items.push_back(
        Html("<strong class=\"bad\">Not counted:</strong> answers of 5xx under {}; see there why.",
             core::counted(static_cast<std::uint64_t>(uncounted), "agreement")));
  }
  Html html = "<ul class=\"plain\">\n";
  for (const Html& item : items) html += Html("<li>{}</li>\n", item);
  return html + "</ul>\n";
}

Html days_left(const ClaimLife& life) {
  if (!life.days_left) return "&ndash;";
  if (*life.days_left < 0) return "the earlier reading has passed";
  if (*life.days_left == 0) return "the last day";
  return core::counted(static_cast<std::uint64_t>(*life.days_left), "day");
}

// The open claims of earlier months, the most urgent first.
Html open_table(const std::vector<report::Ranked>& lines, core::Instant now) {
  std::vector<const ClaimLife*> open;
  for (const report::Ranked& line : lines)
    open.insert(open.end(), line.open.begin(), line.open.end());
  if (open.empty()) return {};
  const auto end = [&](const ClaimLife* life) {
    return end_of(life->ground.deadline, now).value_or(core::kOpenEnd);
  };
  std::stable_sort(open.begin(), open.end(), [&](auto* a, auto* b) { return end(a) < end(b); });
  report::HtmlTable table("claims",
                          "Claims of earlier months that wait for you, the most urgent first",
                          {{"Claim"}, {"Amount", true}, {"State"}, {"Claim before"}, {"Left"}});
  for (std::size_t i = 0; i < std::min(open.size(), kMostClaims); ++i) {
    const ClaimLife& life = *open[i];
    const auto& ground = life.ground;
    table.row(
        {link_html(month_address(ground.agreement, ground.month) + "#claim",
                   Html("{}, {}", id_html(ground.agreement), report::month_name(ground.month))),
         ground.amount ? claim::money_html(*ground.amount) : "not known",
         record::to_text(life.state), ground.deadline ? Html(deadline_text(end(&life))) : "&ndash;",
         days_left(life)},
        life.warn ? "marked" : "");
  }
  Html html = table.scrolling();
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
  return table.scrolling();
}

}  // namespace

void Sums::add(const std::optional<core::Money>& amount) {
  if (!amount) {
    ++unknown_;
    return;
  }
  // What a claim asks for is cut to two digits; the sum is of what is asked for.
  by_currency_[amount->currency] += *core::Ratio::parse(core::amount_text(*amount));
}

Html Sums::html() const {
  Html html;
  for (const auto& [currency, sum] : by_currency_) {
    if (!html.empty()) html += " and ";
    html += Html("<span class=\"nowrap\">{}</span>", claim::money_html({sum, currency}));
  }
  return html.empty() || unknown_ == 0 ? html : html + " and more";
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
  const Owed owed = owed_by(counted, snapshot.at);
  html += sentence(owed, counted.size()) + parts(owed, counted);
  if (!snapshot.ready) html += report::paragraph("Not every agreement was assessed yet.", "note");
  return html + open_table(counted, snapshot.at) + waiting_table(snapshot) +
         totals_table(report::claim_totals(snapshot));
}

}  // namespace recoup::web
