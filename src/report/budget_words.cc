#include "report/budget_words.h"

#include <algorithm>
#include <chrono>
#include <variant>

#include <fmt/format.h>

#include "core/figures.h"
#include "core/text.h"

namespace recoup::report {
namespace {

using core::Ratio;

std::string whole_text(const Ratio& value) { return value.to_decimal(0, core::Rounding::cut); }

// "48", and "0.4" where less than one percent is left.
std::string share_text(const Ratio& share) {
  const Ratio percent = share * Ratio(100, 1);
  return percent < Ratio(1, 1) ? percent.to_shortest(2) : whole_text(percent);
}

std::string two_units(std::int64_t large, std::string_view name, std::int64_t small,
                      std::string_view unit) {
  return small == 0 ? fmt::format("{} {}", large, name)
                    : fmt::format("{} {} {} {}", large, name, small, unit);
}

// What is lost is of intervals or of Requests: each in its own words.
std::string amount_text(const core::Judgement& judgement, const Ratio& amount) {
  if (std::holds_alternative<core::RequestRatio>(judgement.version->formula)) {
    const std::string number = amount.to_shortest(1);
    return core::grouped(number) + (number == "1" ? " Request" : " Requests");
  }
  const core::Millis interval = judgement.assessment.interval;
  return time_text(amount * Ratio::whole(static_cast<std::uint64_t>(interval.count())));
}

}  // namespace

std::string time_text(const Ratio& millis) {
  using namespace std::chrono;
  const Ratio seconds_exact = millis * Ratio(1, 1000);
  if (seconds_exact < Ratio(10, 1)) return seconds_exact.to_shortest(1) + " s";
  const seconds whole(std::stoll(whole_text(seconds_exact)));
  if (whole < minutes(1)) return fmt::format("{} s", whole.count());
  const auto m = floor<minutes>(whole);
  if (whole < hours(1)) return two_units(m.count(), "min", (whole - m).count(), "s");
  const auto h = floor<hours>(whole);
  if (whole < days(2)) return two_units(h.count(), "h", floor<minutes>(whole - h).count(), "min");
  const auto d = floor<days>(whole);
  return two_units(d.count(), "days", floor<hours>(whole - d).count(), "h");
}

BudgetWords budget_words(const core::Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  if (!a.is_measured()) return {};
  const core::UptimeTerms terms = core::uptime_terms(judgement.version->formula, a);
  const Ratio allowed = terms.all * core::allowed_loss(*judgement.version);
  BudgetWords words;
  const auto left = core::budget_left(a, *judgement.version);
  if (!left) {
    words.overspent = terms.lost > Ratio();
    words.left = words.overspent ? "overspent" : "none";
    words.of = "nothing may be lost";
    return words;
  }
  if (*left >= Ratio()) {
    words.left =
        fmt::format("{} left ({} %)", amount_text(judgement, a.budget_left), share_text(*left));
    words.of = fmt::format("of {} that may be lost", amount_text(judgement, allowed));
    words.left_percent = std::stoi(whole_text(*left * Ratio(100, 1)));
    if (*left > Ratio()) words.left_percent = std::max(words.left_percent, 1);
    return words;
  }
  words.overspent = true;
  const Ratio used = core::budget_used(a, *judgement.version);
  words.left = used < Ratio(2, 1) ? "overspent by " + amount_text(judgement, terms.lost - allowed)
                                  : core::grouped(whole_text(used)) + " times overspent";
  words.of = fmt::format("{} lost, {} may be", amount_text(judgement, terms.lost),
                         amount_text(judgement, allowed));
  return words;
}

}  // namespace recoup::report
