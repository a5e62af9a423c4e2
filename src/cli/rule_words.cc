#include "cli/rule_words.h"

#include <fmt/format.h>

#include "cli/terminal.h"

namespace recoup::cli {
namespace {

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

std::string part_month_in_words(core::PartMonth part_month) {
  switch (part_month) {
    case core::PartMonth::full: return "counts like any other";
    case core::PartMonth::used_time: return "the time in which the service was used is the cycle";
    case core::PartMonth::none: return "is no cycle: there is no claim for it";
  }
  return {};
}

std::string error_in_words(const core::ErrorRule& rule) {
  std::string words = core::status_words(rule);
  if (!rule.statuses.empty()) words = "status " + words;
  if (!rule.names.empty()) {
    words +=
        fmt::format("{}the error {}", words.empty() ? "" : " with ", fmt::join(rule.names, " or "));
  }
  for (const std::string& way : core::other_error_words(rule)) {
    words += (words.empty() ? "" : ", or ") + way;
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
  std::string words = "below " + brief_percent(tier.below);
  if (tier.at_least) words += " and at least " + brief_percent(*tier.at_least);
  return fmt::format("{}: {} of the charges", words, brief_percent(tier.credit));
}

std::string deadline_in_words(const core::Deadline& deadline) {
  const std::string literal = reading_in_words(deadline.from, deadline.literal);
  if (deadline.safe == deadline.literal) return literal;
  return fmt::format("{}; by the safe reading {}", literal,
                     reading_in_words(deadline.from, deadline.safe));
}

std::string not_before_in_words(const core::NotBefore& earliest) {
  const std::string count = counted(earliest.count, "day", "days");
  if (!earliest.business_days) return fmt::format("{} after the end of the cycle", count);
  return fmt::format(
      "after {} from Monday to Friday of the month that follows the cycle; whose "
      "holidays count is not stated, and none is left out",
      count);
}

std::string automatic_in_words(const core::AutomaticCredit& automatic) {
  const std::string disputed =
      automatic.disputed_days ? fmt::format(", in a dispute within {}", *automatic.disputed_days)
                              : "";
  return fmt::format(
      "the credit comes by itself: there is no claim to write; watch the bill: it "
      "is due within {}{} of the end of the cycle",
      counted(automatic.within_days, "day", "days"), disputed);
}

std::string payment_in_words(const core::Payment& payment) {
  const char* from = payment.confirmation ? "confirmed by the provider" : "asked for";
  if (!payment.cycles) {
    return fmt::format("within {} after it was {}", counted(payment.count, "day", "days"), from);
  }
  return fmt::format("by the end of {} after the one in which it was {}",
                     payment.count == 1 ? "the cycle" : fmt::format("the {} cycles", payment.count),
                     from);
}

std::string cap_in_words(const core::Cap& cap) {
  if (cap.amount) return core::to_text(*cap.amount) + " in a cycle";
  return brief_percent(*cap.share) + " of the charges of a cycle";
}

std::string listed(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string dates_of(const core::Rule& rule) {
  std::vector<std::string> all;
  for (const core::Version& version : rule.versions) all.push_back(core::to_text(version.date()));
  return listed(all);
}

std::string status_in_words(const core::Version& version) {
  if (version.status == core::Status::partial)
    return "partial, it lacks " + listed(version.missing);
  if (version.supplied.empty()) return "complete";
  return "complete; you supplied " + listed(version.supplied);
}

}  // namespace recoup::cli
