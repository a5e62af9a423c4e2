#include "web/pages/page_owed.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/figures.h"
#include "report/html_text.h"
#include "report/words.h"
#include "web/pages/page_frame.h"
#include "web/pages/page_standing.h"

namespace recoup::web {
namespace {

using record::ClaimLife;

constexpr std::size_t kMostClaims = 8;

// Rank puts the worst first: what is broken, what lost something, what nobody knows, the rest.
struct Rank {
  int group;
  core::Ratio used;  // of the budget
};

Rank rank_of(const core::Standing& standing) {
  core::Ratio used = core::budget_used(standing.assessment, *standing.version);
  if (!standing.assessment.met) return {0, std::move(used)};
  if (used > core::Ratio()) return {1, std::move(used)};
  return {state_of(standing) == State::silent ? 2 : 3, {}};
}

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

Owed owed_by(const std::vector<Line>& lines, core::Instant now) {
  Owed owed;
  for (const Line& line : lines) {
    const bool running = gives_credit(*line.standing);
    if (!line.open.empty()) ++owed.agreements_now;
    if (running) ++owed.agreements_later;
    for (const ClaimLife* life : line.open) {
      ++owed.claims;
      owed.now.add(life->ground.amount);
      take_first(owed.now_before, end_of(life->ground.deadline, now));
    }
    if (!running) continue;
    ++owed.cycles;
    owed.later.add(line.standing->credit.amount);
    take_first(owed.later_before, end_of(line.standing->assessment.deadline, now));
  }
  return owed;
}

std::string before(const std::optional<core::Instant>& end) {
  if (!end) return {};
  return fmt::format(", claim before <strong class=\"nowrap\">{}</strong>", deadline_text(*end));
}

std::string some(std::uint64_t number, std::uint64_t all) {
  if (all == 1) return "Your agreement";
  return fmt::format("{} of {} agreements", report::grouped(number), report::grouped(all));
}

std::string how_much(const Sums& sums) {
  const std::string sum = sums.html();
  return sum.empty() ? "; how much is not known until the charges are"
                     : ": <strong>" + sum + "</strong>";
}

std::string sentence(const Owed& owed, std::uint64_t all) {
  // A month that still runs gives nothing yet.
  if (owed.agreements_now == 0 && owed.agreements_later > 0) {
    return report::paragraph(
        fmt::format("<strong class=\"bad\">{}</strong> would owe you money if the month ended "
                    "now{}{}.",
                    some(owed.agreements_later, all), how_much(owed.later),
                    before(owed.later_before)),
        "verdict");
  }
  if (owed.agreements_now == 0) {
    return report::paragraph(
        all == 1 ? "Your agreement owes you no money."
                 : fmt::format("None of {} agreements owes you money.", report::grouped(all)),
        "verdict");
  }
  return report::paragraph(
      fmt::format("<strong class=\"bad\">{}</strong> owe{} you money{}{}.",
                  some(owed.agreements_now, all), owed.agreements_now == 1 ? "s" : "",
                  how_much(owed.now), before(owed.now_before)),
      "verdict");
}

// The two parts of the sum, where there are two; and how the others stand.
std::string parts(const Owed& owed, const std::vector<Line>& lines) {
  std::vector<std::string> items;
  const auto sum_of = [](const Sums& sums) {
    const std::string html = sums.html();
    return html.empty() ? "an amount that is not known" : html;
  };
  if (owed.claims > 0) {
    items.push_back(fmt::format("<strong>Now:</strong> {} from {}{}.", sum_of(owed.now),
                                report::counted(owed.claims, "earlier month"),
                                before(owed.now_before)));
  }
  if (owed.cycles > 0) {
    items.push_back(fmt::format("<strong>When the running month is over:</strong> {} from {}{}.",
                                sum_of(owed.later), report::counted(owed.cycles, "agreement"),
                                before(owed.later_before)));
  }
  std::array<std::uint64_t, kStates> counts{};
  for (const Line& line : lines) ++counts[static_cast<std::size_t>(state_of(*line.standing))];
  const auto count = [&](State state) { return counts[static_cast<std::size_t>(state)]; };
  std::string rest =
      fmt::format("<strong>This month so far:</strong> {} met", report::grouped(count(State::met)));
  if (count(State::certain) > 0) {
    rest += fmt::format(", {} certainly breached", report::grouped(count(State::certain)));
  }
  if (count(State::below) > 0) {
    rest += fmt::format(", {} below the commitment", report::grouped(count(State::below)));
  }
  if (count(State::silent) > 0) {
    rest += fmt::format(", {} not measured", report::grouped(count(State::silent)));
  }
  items.push_back(rest + ".");
  const auto uncounted = std::count_if(lines.begin(), lines.end(), [](const Line& line) {
    return line.standing->assessment.uncounted.total() > 0;
  });
  if (uncounted > 0) {
    items.push_back(fmt::format(
        "<strong class=\"bad\">Not counted:</strong> answers of 5xx under {}; see there why.",
        report::counted(static_cast<std::uint64_t>(uncounted), "agreement")));
  }
  std::string html = "<ul class=\"plain\">\n";
  for (const std::string& item : items) html += fmt::format("<li>{}</li>\n", item);
  return html + "</ul>\n";
}

std::string days_left(const ClaimLife& life) {
  if (!life.days_left) return "&ndash;";
  if (*life.days_left < 0) return "the earlier reading has passed";
  if (*life.days_left == 0) return "the last day";
  return report::counted(static_cast<std::uint64_t>(*life.days_left), "day");
}

// The open claims of earlier months, the most urgent first.
std::string open_table(const std::vector<Line>& lines, core::Instant now) {
  std::vector<const ClaimLife*> open;
  for (const Line& line : lines) open.insert(open.end(), line.open.begin(), line.open.end());
  if (open.empty()) return {};
  const auto end = [&](const ClaimLife* life) {
    return end_of(life->ground.deadline, now).value_or(core::kOpenEnd);
  };
  std::stable_sort(open.begin(), open.end(), [&](auto* a, auto* b) { return end(a) < end(b); });
  report::Table table("claims", "Claims of earlier months that wait for you, the most urgent first",
                      {{"Claim"}, {"Amount", true}, {"State"}, {"Claim before"}, {"Left"}});
  for (std::size_t i = 0; i < std::min(open.size(), kMostClaims); ++i) {
    const ClaimLife& life = *open[i];
    const auto& ground = life.ground;
    table.row({link_html(month_address(ground.agreement, ground.month) + "#claim",
                         fmt::format("{}, {}", id_html(ground.agreement),
                                     report::month_name(ground.month))),
               ground.amount ? claim::money_html(*ground.amount) : "not known",
               std::string(record::to_text(life.state)),
               ground.deadline ? deadline_text(end(&life)) : "&ndash;", days_left(life)},
              life.warn ? "marked" : "");
  }
  std::string html = table.scrolling_text();
  if (open.size() > kMostClaims) {
    html += report::paragraph(
        fmt::format("{} more: {}.", report::grouped(open.size() - kMostClaims),
                    link_html("/?state=claim", "the agreements with open claims")));
  }
  return html;
}

}  // namespace

std::vector<Line> lines_of(const report::Snapshot& snapshot) {
  std::map<std::string_view, std::vector<const ClaimLife*>> open;
  for (const record::PastCycles& past : snapshot.past) {
    for (const ClaimLife& life : past.claims) {
      if (is_open(life)) open[past.agreement].push_back(&life);
    }
  }
  std::vector<std::pair<Rank, Line>> ranked;
  for (const auto& standing : snapshot.standings) {
    const auto found = open.find(standing->agreement.id);
    ranked.push_back(
        {rank_of(*standing),
         {standing, found == open.end() ? std::vector<const ClaimLife*>() : found->second}});
  }
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    if (a.first.group != b.first.group) return a.first.group < b.first.group;
    if (a.first.used != b.first.used) return a.first.used > b.first.used;
    return a.second.standing->agreement.id < b.second.standing->agreement.id;
  });
  std::vector<Line> lines;
  for (auto& [rank, line] : ranked) lines.push_back(std::move(line));
  return lines;
}

void Sums::add(const std::optional<core::Money>& amount) {
  if (!amount) {
    ++unknown_;
    return;
  }
  // What a claim asks for is cut to two digits; the sum is of what is asked for.
  by_currency_[amount->currency] += *core::Ratio::parse(core::amount_text(*amount));
}

std::string Sums::html() const {
  std::string html;
  for (const auto& [currency, sum] : by_currency_) {
    if (!html.empty()) html += " and ";
    html += fmt::format("<span class=\"nowrap\">{}</span>", claim::money_html({sum, currency}));
  }
  return html.empty() || unknown_ == 0 ? html : html + " and more";
}

std::string owed_html(const report::Snapshot& snapshot, const std::vector<Line>& lines) {
  if (lines.empty()) {
    return report::paragraph(snapshot.ready
                                 ? "There are no agreements."
                                 : "Nothing was assessed yet. This page looks again by itself.",
                             "verdict");
  }
  // Nobody is owed made-up money, unless there is nothing else to look at.
  const auto is_real = [](const Line& line) { return !line.standing->agreement.practice; };
  std::vector<Line> counted;
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(counted), is_real);
  std::string html;
  if (counted.empty()) {
    html += report::paragraph(report::kPracticeNote, "practice");
    counted = lines;
  }
  const Owed owed = owed_by(counted, snapshot.at);
  html += sentence(owed, counted.size()) + parts(owed, counted);
  if (!snapshot.ready) html += report::paragraph("Not every agreement was assessed yet.", "note");
  return html + open_table(counted, snapshot.at);
}

}  // namespace recoup::web
