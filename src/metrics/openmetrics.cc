#include "metrics/openmetrics.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "core/figures.h"

namespace recoup::metrics {
namespace {

using core::Instant;
using core::Judgement;

// One day of a cycle: 24 hours from its begin, of the last one what is left.
struct Day {
  core::Interval span;
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
};

std::vector<Day> days_of(const core::Assessment& assessment) {
  std::vector<Day> days;
  const core::Interval& cycle = assessment.cycle.span;
  for (Instant at = cycle.begin; at < cycle.end; at += std::chrono::days(1)) {
    days.push_back({{at, std::min<Instant>(at + std::chrono::days(1), cycle.end)}});
  }
  for (const auto& [index, part] : assessment.parts) {
    const core::Millis since = static_cast<std::int64_t>(index) * assessment.interval;
    const auto day = static_cast<std::size_t>(std::chrono::floor<std::chrono::days>(since).count());
    days[day].requests += part.requests;
    days[day].errors += part.errors;
  }
  return days;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// A figure of a day, or of the cycle that it is of; nothing where there is none.
using Value = std::function<std::optional<double>(const Judgement&, const Day&)>;

struct Family {
  const char* name;
  const char* help;
  Value value;
  bool has_currency = false;
};

double number(std::uint64_t count) { return static_cast<double>(count); }

std::optional<double> number(const std::optional<core::Ratio>& ratio) {
  if (!ratio) return std::nullopt;
  return ratio->to_double();
}

// Of a cycle that nobody measured there is no figure.
Value of_measured(std::function<std::optional<double>(const Judgement&)> value) {
  return [value = std::move(value)](const Judgement& one, const Day&) -> std::optional<double> {
    return one.assessment.is_measured() ? value(one) : std::nullopt;
  };
}

std::vector<Family> families() {
  return {
      {"recoup_day_requests", "Requests of a day, as the contract counts them.",
       [](const Judgement&, const Day& day) { return number(day.requests); }},
      {"recoup_day_errors", "Those of them that failed with an Error.",
       [](const Judgement&, const Day& day) { return number(day.errors); }},
      {"recoup_day_availability_ratio", "The rest of them as a ratio, where there were any.",
       [](const Judgement&, const Day& day) {
         return number(core::availability(day.requests, day.errors));
       }},
      {"recoup_day_loss_ratio", "What the day took from the uptime of its billing cycle.",
       [](const Judgement& one, const Day& day) -> std::optional<double> {
         if (!one.assessment.is_measured()) return std::nullopt;
         return core::loss_in(day.span, one.version->formula, one.assessment).to_double();
       }},
      {"recoup_month_uptime_ratio", "Monthly Uptime Percentage of the billing cycle, as a ratio.",
       of_measured([](const Judgement& one) { return one.assessment.uptime.to_double(); })},
      {"recoup_month_measured_ratio",
       "Intervals of the billing cycle with Requests that count, as a part of all: how much of the "
       "uptime was measured.",
       [](const Judgement& one, const Day&) {
         return number(core::measured_share(one.assessment));
       }},
      {"recoup_month_commitment_ratio", "What the contract promises for the billing cycle.",
       [](const Judgement& one, const Day&) { return one.version->commitment.to_double(); }},
      {"recoup_month_estimated", "Whether the uptime rests on estimates of counts.",
       of_measured([](const Judgement& one) { return one.assessment.is_estimated() ? 1.0 : 0.0; })},
      {"recoup_month_credit_ratio", "Part of the charges that the contract credits.",
       of_measured([](const Judgement& one) { return one.credit.share.to_double(); })},
      {"recoup_month_credit_eligible", "Whether the contract gives the credit, as far as is known.",
       of_measured([](const Judgement& one) { return one.credit.eligible ? 1.0 : 0.0; })},
      {"recoup_month_credit_amount", "Service Credit, in units of the currency.",
       of_measured([](const Judgement& one) -> std::optional<double> {
         if (!one.credit.amount) return std::nullopt;
         return one.credit.amount->amount.to_double();
       }),
       true}};
}

}  // namespace

std::string to_openmetrics(std::span<const Judgement> months) {
  std::vector<std::vector<Day>> days;
  days.reserve(months.size());
  for (const Judgement& one : months) days.push_back(days_of(one.assessment));
  std::string text;
  const auto out = std::back_inserter(text);
  for (const Family& family : families()) {
    fmt::format_to(out, "# HELP {} {}\n# TYPE {} gauge\n", family.name, family.help, family.name);
    for (std::size_t i = 0; i < months.size(); ++i) {
      const Judgement& month = months[i];
      std::string labels = fmt::format("agreement=\"{}\"", escaped(month.agreement.id));
      if (family.has_currency && month.credit.amount) {
        labels += fmt::format(",currency=\"{}\"", escaped(month.credit.amount->currency));
      }
      for (const Day& day : days[i]) {
        const std::optional<double> value = family.value(month, day);
        if (!value) continue;
        const auto at = std::chrono::floor<std::chrono::seconds>(day.span.begin.time_since_epoch());
        fmt::format_to(out, "{}{{{}}} {} {}\n", family.name, labels, *value, at.count());
      }
    }
  }
  return text + "# EOF";
}

}  // namespace recoup::metrics
