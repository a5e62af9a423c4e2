#include "web/pages/page_standing.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/figures.h"
#include "core/text.h"
#include "report/html_text.h"
#include "report/terms.h"
#include "report/words.h"

namespace recoup::web {
namespace {

using core::Ratio;
using core::Standing;
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

// With three digits that say something: "89.28", "0.0892", "-2.91".
std::string short_number(const Ratio& value) {
  constexpr int kDigits = 3;
  constexpr int kMost = 12;
  Ratio size = value < Ratio() ? Ratio() - value : value;
  int digits = kDigits;
  for (; size < Ratio(1, 10) && digits < kMost; ++digits) size *= Ratio(10, 1);
  return core::grouped(value == Ratio() ? "0" : value.to_shortest(digits));
}

}  // namespace

std::string state_text(const Standing& standing) {
  const bool over = standing.assessment.complete;
  switch (report::state_of(standing)) {
    case report::State::certain: return over ? "Not met" : "Breach certain";
    case report::State::below: return "Below so far";
    case report::State::silent: return over ? "Not measured" : "Not measured yet";
    case report::State::met: return over ? "Met" : "Met so far";
  }
  return {};
}

Html state_tag_html(const Standing& standing) {
  return Html("<span class=\"tag {}\">{}</span>", css_of(report::state_of(standing)),
              state_text(standing));
}

bool gives_credit(const Standing& standing) {
  return standing.assessment.complete ? standing.credit.eligible : standing.credit.expected;
}

std::string measured_text(const Standing& standing) {
  const core::Assessment& a = standing.assessment;
  return fmt::format("{} of {} measured", core::grouped(a.totals.measured),
                     core::counted(a.parts.size() - a.totals.ahead,
                                   report::words_of(standing.version->formula).noun));
}

Html uptime_html(const Standing& standing) {
  if (!standing.assessment.is_measured()) return kDash;
  return report::uptime_text(*standing.version, standing.assessment.uptime) + " %";
}

std::string uncounted_text(const Standing& standing) {
  const std::uint64_t total = standing.assessment.uncounted.total();
  if (total == 0) return {};
  return core::counted(total, "answer") + " of 5xx";
}

BudgetText budget_text(const Standing& standing) {
  const core::Assessment& a = standing.assessment;
  const bool of_requests = std::holds_alternative<core::RequestRatio>(standing.version->formula);
  if (!a.is_measured()) return {kDash, ""};
  std::string unit = of_requests ? "Requests" : "minutes";
  if (!of_requests && a.interval != std::chrono::minutes(1)) {
    unit = fmt::format("{}-minute intervals", a.interval.count());
  }
  return {short_number(a.budget_left), unit};
}

Html used_bar_html(const Standing& standing) {
  constexpr int kAll = 100;
  if (!standing.assessment.is_measured()) return {};
  const Ratio used = core::budget_used(standing.assessment, *standing.version);
  int percent = kAll;
  if (used < Ratio(1, 1)) {
    percent = std::stoi((used * Ratio::whole(kAll)).to_decimal(0, core::Rounding::cut));
    // What is lost at all shows.
    if (used > Ratio()) percent = std::max(percent, 2);
  }
  return Html(
      "<svg class=\"bar{}\" aria-hidden=\"true\" focusable=\"false\" height=\"4\">"
      "<rect class=\"all\" width=\"100%\" height=\"4\"/><rect width=\"{}%\" height=\"4\"/></svg>",
      used > Ratio(1, 1) ? Html(" over") : "", percent);
}

Html credit_html(const Standing& standing) {
  const core::Credit& credit = standing.credit;
  if (!standing.assessment.is_measured()) return kDash;
  if (credit.share == Ratio()) return "none";
  if (credit.amount) return claim::money_html(*credit.amount);
  return Html("{} % of the charges", core::short_percent(credit.share));
}

Html subject_html(const Standing& standing) {
  const std::string& region = standing.agreement.region;
  Html html = standing.rule->service;
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
