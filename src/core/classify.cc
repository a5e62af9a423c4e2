#include "core/classify.h"

#include <algorithm>

#include <fmt/format.h>

namespace recoup::core {
namespace {

// Whether an entry of the rule's not_a_request list names this outcome.
bool names(std::string_view entry, const Outcome& outcome) {
  if (const auto* failed = std::get_if<Failed>(&outcome)) {
    return entry == "no-answer" || entry == to_text(failed->reason);
  }
  if (const auto* answered = std::get_if<Answered>(&outcome)) {
    const std::string status = fmt::format("{}", answered->status);
    return entry == status || entry == status + '/' + answered->error_name;
  }
  return false;
}

Classified judge_answer(const ErrorRule& rule, const Answered& answer) {
  if (std::find(rule.statuses.begin(), rule.statuses.end(), answer.status) == rule.statuses.end()) {
    return {Verdict::served, fmt::format("status {} is not an Error", answer.status)};
  }
  if (answer.unattributed && !rule.needs_request_id.empty()) {
    return {
        Verdict::unattributed,
        fmt::format("status {} came without the header {}: somebody on the way may have answered",
                    answer.status, rule.needs_request_id)};
  }
  return {Verdict::error,
          fmt::format("an Error is a Request that returns {}", fmt::join(rule.statuses, " or "))};
}

}  // namespace

Classified classify(const Version& version, const Outcome& outcome) {
  if (const auto* missed = std::get_if<Missed>(&outcome)) {
    return {Verdict::missed, fmt::format("was due and not sent ({})", to_text(missed->reason))};
  }
  for (const std::string& entry : version.not_a_request) {
    if (names(entry, outcome)) {
      return {Verdict::not_a_request,
              fmt::format("'{}' is not a Request under this contract", entry)};
    }
  }
  if (const auto* answered = std::get_if<Answered>(&outcome)) {
    return judge_answer(version.error, *answered);
  }
  return {Verdict::served, "no answer is a Request, and not an Error, under this contract"};
}

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::served: return "served";
    case Verdict::error: return "Error";
    case Verdict::not_a_request: return "not a Request";
    case Verdict::unattributed: return "unattributed";
    case Verdict::missed: return "missed";
  }
  return "";
}

}  // namespace recoup::core
