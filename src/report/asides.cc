#include "report/asides.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/text.h"
#include "record/redact.h"

namespace recoup::report {
namespace {

constexpr std::size_t kMost = 5;

std::string indirect_calls(const core::IndirectCalls& calls) {
  std::string text = core::counted(calls.requests, "call");
  text += " by other services on the account's behalf";
  return calls.errors > 0 ? text + fmt::format(", {}", core::counted(calls.errors, "Error")) : text;
}

std::string indirect_words(const core::IndirectCalls& calls) {
  const std::string text = indirect_calls(calls);
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

// Of the sources that are counted and only estimate.
std::string estimated_words(const core::Assessment& assessment) {
  std::vector<std::string> names;
  for (const core::Source& source : assessment.sources) {
    if (!source.estimated) continue;
    for (const std::string& name : source.names) {
      names.push_back(fmt::format("{} ({})", record::redact(name), source.kind));
    }
  }
  return fmt::format(
      "Estimated: what counters grew by between samples, in whole numbers a minute, "
      "by the query {}. The uptime is an estimate as well.",
      core::listed(names, "and"));
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

// Never an Error: the contract's letter counts them as served, or they are left out.
std::string refused_words(const core::RefusedAnswers& refused) {
  std::vector<std::string> parts;
  if (refused.served > 0) {
    parts.push_back(
        fmt::format("{} counted as Requests that did not fail, by the contract's letter",
                    core::grouped(refused.served)));
  }
  if (refused.left_out > 0) {
    parts.push_back(fmt::format("{} left out, which that letter would make Errors",
                                core::grouped(refused.left_out)));
  }
  const std::uint64_t none = refused.all - refused.served - refused.left_out;
  if (none > 0) parts.push_back(fmt::format("{} no Requests", core::grouped(none)));
  return fmt::format("Refused for our own signature, clock or credentials: {}, {}.",
                     core::counted(refused.all, "answer"), fmt::join(parts, ", "));
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

// What the log would make of the month where that is another verdict.
std::string verdict_words(const core::Assessment& a, const core::Comparison& c) {
  if (c.met != a.met) {
    return c.met ? ": the commitment would be met" : ": the commitment would not be met";
  }
  return c.tier == a.tier ? "" : ": another Service Credit would be due";
}

std::string comparison_words(const core::Assessment& a, const core::Comparison& c) {
  std::string text =
      fmt::format("Compared with the log {}, which is not counted: ", record::redact(c.log));
  if (c.intervals() == 0) return text + "neither it nor a log that is counted saw a Request.";
  text += fmt::format(
      "in {} of {} with a Request in either, both saw as many Requests and as many Errors.",
      core::grouped(c.alike), core::counted(c.intervals(), "interval"));
  if (c.more_errors > 0) {
    text += fmt::format(" It saw {} that the counted logs did not.",
                        core::counted(c.more_errors, "Error"));
  }
  if (c.uptime) {
    text += fmt::format(" By it alone the uptime would be {} %{}.", core::percent_text(*c.uptime),
                        verdict_words(a, c));
  }
  return text;
}

// What was counted, and what was not, without figures.
void add_counts(const core::Assessment& assessment, std::vector<std::string>& all) {
  if (assessment.is_estimated()) all.push_back(estimated_words(assessment));
  if (assessment.totals.reported_errors > 0) all.push_back(reported_words(assessment.totals));
  if (assessment.key_store > 0) {
    all.push_back(fmt::format("Left out: {} on keys in a custom key store.",
                              core::counted(assessment.key_store, "call")));
  }
  if (assessment.refused.all > 0) all.push_back(refused_words(assessment.refused));
  if (!assessment.unclassified.empty()) {
    all.push_back(unclassified_words(assessment.unclassified));
  }
  if (!assessment.unseen.empty()) all.push_back(unseen_words(assessment.unseen));
  if (assessment.totals.unread > 0) {
    all.push_back(
        fmt::format("Not counted: {} of logs that could not be read and may be a Request each.",
                    core::counted(assessment.totals.unread, "line")));
  }
}

}  // namespace

std::string overlap_words(const core::Overlap& overlap) {
  return fmt::format(
      "Counted twice where both saw them: Requests in {} and in {}, which see the same ones. "
      "Import "
      "each by its own --log, and name them in [[agreement.log]], one with corroborates = true: "
      "that "
      "one is compared instead.",
      record::redact(overlap.one), record::redact(overlap.other));
}

std::vector<std::string> asides(const core::Assessment& assessment) {
  std::vector<std::string> all;
  if (assessment.indirect) all.push_back(indirect_words(*assessment.indirect));
  add_counts(assessment, all);
  for (const core::Overlap& one : assessment.overlaps) all.push_back(overlap_words(one));
  for (const core::Comparison& one : assessment.comparisons) {
    all.push_back(comparison_words(assessment, one));
  }
  for (const core::Source& one : assessment.sources) all.push_back(one.cannot_see);
  return all;
}

std::vector<std::string> claimed_asides(const core::Assessment& assessment) {
  std::vector<std::string> all;
  if (const auto& calls = assessment.indirect) {
    all.push_back(fmt::format("{}: {}.", calls->counted ? "Counted as Requests" : "Not counted",
                              indirect_calls(*calls)));
  }
  add_counts(assessment, all);
  for (const core::Comparison& one : assessment.comparisons) {
    all.push_back(comparison_words(assessment, one));
  }
  return all;
}

std::string not_sent_words(const core::Totals& totals) {
  std::vector<std::string> all;
  if (totals.missed + totals.unseen > 0 || (totals.unread == 0 && totals.refused == 0)) {
    all.emplace_back(totals.unseen == 0 ? "request that was not sent"
                                        : "request that was not sent, or not seen,");
  }
  if (totals.refused > 0) all.emplace_back("refused request that was left out");
  if (totals.unread > 0) all.emplace_back("line of a log that could not be read");
  return fmt::format("{}", fmt::join(all, " and every "));
}

}  // namespace recoup::report
