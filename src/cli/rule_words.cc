#include "cli/rule_words.h"

#include <fmt/format.h>

#include "cli/terminal.h"

namespace recoup::cli {
namespace {

std::string text(std::chrono::minutes length) { return core::to_text(core::Millis(length)); }

struct FormulaInWords {
  std::string operator()(const core::MeanOfIntervals& f) const {
    return fmt::format(
        "the mean of the Availabilities of all {} intervals of the cycle; one without "
        "Requests {}",
        text(f.interval),
        f.silent == core::Silent::available ? "is 100 % available" : "is left out");
  }
  std::string operator()(const core::DowntimeRuns& f) const {
    std::string words = fmt::format(
        "the share of the cycle's minutes outside Downtime Periods: {} or more consecutive "
        "minutes, each with more than {} Errors",
        f.at_least.count(), short_percent(f.more_than));
    if (f.minimum_requests > 0) {
      words += fmt::format(", together with at least {} Requests", f.minimum_requests);
    }
    return words;
  }
  std::string operator()(const core::BadWindows& f) const {
    return fmt::format(
        "the share of the cycle outside bad windows: {} each, with more than {} Errors",
        text(f.window), short_percent(f.more_than));
  }
  std::string operator()(const core::AllFailed& f) const {
    return fmt::format(
        "the share of the cycle outside {} intervals in which every Request met an Error",
        text(f.interval));
  }
  std::string operator()(const core::RequestRatio& f) const {
    std::string words = "the share of the cycle's Requests that met no Error";
    if (f.repeats.count() > 0) {
      words += fmt::format("; an Error that repeats one of the same outcome within {} is left out",
                           text(f.repeats));
    }
    return words;
  }
};

// "two cycles", for the count of one reading.
std::string counted(int count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string reading_in_words(core::DeadlineFrom from, int count) {
  switch (from) {
    case core::DeadlineFrom::cycles:
      return fmt::format("by the end of the cycle {} after the incident's",
                         counted(count, "cycle", "cycles"));
    case core::DeadlineFrom::cycle_end:
      return fmt::format("within {} of the end of the cycle", counted(count, "day", "days"));
    case core::DeadlineFrom::months:
      return fmt::format("within {} of the end of the cycle", counted(count, "month", "months"));
    case core::DeadlineFrom::incident:
      return fmt::format("within {} of the incident", counted(count, "day", "days"));
    case core::DeadlineFrom::eligibility:
      return fmt::format("within {} of becoming eligible", counted(count, "day", "days"));
  }
  return {};
}

}  // namespace

std::string formula_in_words(const core::Version& version) {
  return std::visit(FormulaInWords{}, version.formula);
}

std::string part_month_in_words(core::PartMonth part_month) {
  switch (part_month) {
    case core::PartMonth::full: return "counts like any other";
    case core::PartMonth::used_time: return "the time in which the service was used is the cycle";
    case core::PartMonth::none: return "is no cycle: there is no claim for it";
  }
  return {};
}

std::string error_in_words(const core::ErrorRule& rule) {
  std::vector<std::string> statuses;
  for (const core::StatusRange& range : rule.statuses) statuses.push_back(core::to_text(range));
  std::string words;
  if (!statuses.empty()) words = fmt::format("status {}", fmt::join(statuses, " or "));
  if (!rule.names.empty()) {
    words +=
        fmt::format("{}the error {}", words.empty() ? "" : " with ", fmt::join(rule.names, " or "));
  }
  if (rule.no_answer_within) {
    words += fmt::format("{}no answer within {} s", words.empty() ? "" : ", or ",
                         rule.no_answer_within->count());
  }
  if (!rule.needs_request_id.empty()) {
    words += fmt::format("; a probe's answer must have the header {}", rule.needs_request_id);
  }
  return words;
}

std::string tier_in_words(const core::Tier& tier) {
  std::string words = "below " + short_percent(tier.below);
  if (tier.at_least) words += " and at least " + short_percent(*tier.at_least);
  return fmt::format("{}: {} of the charges", words, short_percent(tier.credit));
}

std::string deadline_in_words(const core::Deadline& deadline) {
  const std::string literal = reading_in_words(deadline.from, deadline.literal);
  if (deadline.safe == deadline.literal) return literal;
  return fmt::format("{}; by the safe reading {}", literal,
                     reading_in_words(deadline.from, deadline.safe));
}

std::string listed(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string status_in_words(const core::Version& version) {
  if (version.status == core::Status::partial)
    return "partial, it lacks " + listed(version.missing);
  if (version.supplied.empty()) return "complete";
  return "complete; you supplied " + listed(version.supplied);
}

}  // namespace recoup::cli
