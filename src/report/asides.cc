#include "report/asides.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"
#include "record/redact.h"

namespace recoup::report {
namespace {

constexpr std::size_t kMost = 5;

std::string indirect_words(const core::IndirectCalls& calls) {
  std::string text = core::counted(calls.requests, "call");
  text += " by other services on the account's behalf";
  if (calls.errors > 0) text += fmt::format(", {}", core::counted(calls.errors, "Error"));
  const std::string otherwise = core::percent_text(calls.uptime_otherwise);
  return calls.counted
             ? fmt::format("Counted as Requests: {}. Without these the uptime would be {} %.", text,
                           otherwise)
             : fmt::format("Not counted: {}. With these as Requests the uptime would be {} %.",
                           text, otherwise);
}

std::string reported_words(const core::Totals& totals) {
  return fmt::format("Reported by local processes, through AWS SDKs: {} of {}.",
                     core::grouped(totals.reported_errors), core::counted(totals.errors, "Error"));
}

std::string unclassified_words(const std::vector<core::OutcomeCount>& outcomes) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(kMost, outcomes.size()); ++i) {
    const auto& answered = std::get<core::Answered>(outcomes[i].outcome);
    names.push_back(fmt::format("{} {}", record::redact(answered.error_name),
                                core::counted(outcomes[i].count, "time")));
  }
  if (outcomes.size() > kMost)
    names.push_back(fmt::format("{} other names", outcomes.size() - kMost));
  return fmt::format("Errors by a name that no status is known for, counted as served: {}.",
                     fmt::join(names, ", "));
}

std::string unseen_words(const std::vector<core::Unseen>& unseen) {
  std::vector<std::string> times;
  for (std::size_t i = 0; i < std::min(kMost, unseen.size()); ++i) {
    times.push_back(fmt::format("{} to {} ({})", core::to_text(unseen[i].span.begin),
                                core::to_text(unseen[i].span.end), unseen[i].why));
  }
  if (unseen.size() > kMost) times.push_back(fmt::format("{} other times", unseen.size() - kMost));
  return fmt::format("Not seen by the log, so that Requests may be missing: {}.",
                     fmt::join(times, "; "));
}

}  // namespace

std::vector<std::string> asides(const core::Assessment& assessment) {
  std::vector<std::string> all;
  if (assessment.indirect) all.push_back(indirect_words(*assessment.indirect));
  if (assessment.totals.reported_errors > 0) all.push_back(reported_words(assessment.totals));
  if (assessment.key_store > 0) {
    all.push_back(fmt::format("Left out: {} on keys in a custom key store.",
                              core::counted(assessment.key_store, "call")));
  }
  if (!assessment.unclassified.empty()) {
    all.push_back(unclassified_words(assessment.unclassified));
  }
  if (!assessment.unseen.empty()) all.push_back(unseen_words(assessment.unseen));
  return all;
}

std::string_view not_sent_words(const core::Totals& totals) {
  return totals.unseen == 0 ? "request that was not sent"
                            : "request that was not sent, or not seen,";
}

}  // namespace recoup::report
