#include "web/pages/page_judgement.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/figures.h"
#include "core/text.h"
#include "report/budget_words.h"
#include "report/formula_words.h"
#include "report/html_text.h"
#include "report/measured_words.h"
#include "report/words.h"

namespace recoup::web {
namespace {

using core::Judgement;
using core::Ratio;
using report::Html;

constexpr char kDash[] = "&ndash;";

std::string_view css_of(report::State state) {
  switch (state) {
    case report::State::certain: return "bad";
    case report::State::below: return "note";
    case report::State::silent: return "none";
    case report::State::met: return "good";
  }
  return "";
}

// Met, as far as anybody knows: hardly anything was looked at.
bool is_met_unseen(const Judgement& judgement) {
  return report::state_of(judgement) == report::State::met && report::is_hardly_measured(judgement);
}

}  // namespace

std::string state_text(const Judgement& judgement) {
  const bool over = judgement.assessment.complete;
  if (is_met_unseen(judgement)) return over ? "Hardly measured" : "Hardly measured yet";
  switch (report::state_of(judgement)) {
    case report::State::certain: return over ? "Not met" : "Breach certain";
    case report::State::below: return "Below so far";
    case report::State::silent: return over ? "Not measured" : "Not measured yet";
    case report::State::met: return over ? "Met" : "Met so far";
  }
  return {};
}

Html state_tag_html(const Judgement& judgement) {
  const report::State shown =
      is_met_unseen(judgement) ? report::State::silent : report::state_of(judgement);
  return Html("<span class=\"tag {}\">{}</span>", css_of(shown), state_text(judgement));
}

bool gives_credit(const Judgement& judgement) {
  return judgement.assessment.complete ? judgement.credit.eligible : judgement.credit.expected;
}

std::string measured_text(const Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  return fmt::format("{} of {} measured", core::grouped(a.totals.measured),
                     core::counted(a.parts.size() - a.totals.ahead,
                                   report::words_of(judgement.version->formula).noun));
}

Html uptime_html(const Judgement& judgement) {
  if (!judgement.assessment.is_measured()) return kDash;
  return report::uptime_text(*judgement.version, judgement.assessment.uptime) + " %";
}

std::string uncounted_text(const Judgement& judgement) {
  const std::uint64_t total = judgement.assessment.uncounted.total();
  if (total == 0) return {};
  return core::counted(total, "answer") + " of 5xx";
}

Html left_bar_html(const Judgement& judgement) {
  if (!judgement.assessment.is_measured()) return {};
  const report::BudgetWords words = report::budget_words(judgement);
  return Html(
      "<svg class=\"bar left{}\" aria-hidden=\"true\" focusable=\"false\" height=\"4\">"
      "<rect class=\"all\" width=\"100%\" height=\"4\"/><rect width=\"{}%\" height=\"4\"/></svg>",
      words.overspent ? Html(" over") : "", words.overspent ? 100 : words.left_percent);
}

Html credit_html(const Judgement& judgement) {
  const core::Credit& credit = judgement.credit;
  if (!judgement.assessment.is_measured()) return kDash;
  if (credit.share == Ratio()) return "none";
  if (credit.amount) return claim::money_html(*credit.amount);
  return Html("{} % of the charges", core::short_percent(credit.share));
}

Html subject_html(const Judgement& judgement) {
  const std::string& region = judgement.agreement.region;
  Html html = judgement.rule->service;
  if (!region.empty()) {
    html += Html(" in <span class=\"nowrap\">{}</span>", report::outside_html(region));
  }
  return html;
}

core::Instant next_deadline(const core::DeadlineDates& deadline, core::Instant now) {
  return now < deadline.safe ? deadline.safe : deadline.literal;
}

Html practice_tag_html() { return R"(<span class="tag note">practice data</span>)"; }

}  // namespace recoup::web
