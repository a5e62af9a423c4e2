#include "core/classify.h"

#include <algorithm>

#include <fmt/format.h>

namespace recoup::core {
namespace {

// Whether an entry like "429", "4xx" or "503/SlowDown" names this answer.
bool names(std::string_view entry, const Answered& answer) {
  const std::string status = fmt::format("{}", answer.status);
  return entry == status || entry == status + '/' + answer.error_name ||
         entry == fmt::format("{}xx", answer.status / 100);
}

// Whether an entry of the rule's not_a_request list names this outcome.
bool names(std::string_view entry, const Outcome& outcome) {
  if (const auto* failed = std::get_if<Failed>(&outcome)) {
    if (entry == "no-answer") return true;
    const auto named = parse_outcome(entry);
    const auto* reason = named ? std::get_if<Failed>(&*named) : nullptr;
    return reason != nullptr && is_of_reason(reason->reason, failed->reason);
  }
  const auto* answered = std::get_if<Answered>(&outcome);
  return answered != nullptr && names(entry, *answered);
}

// "an Error is a Request that returns 500 or 503".
std::string definition(const ErrorRule& rule) {
  std::string text = status_words(rule);
  if (!text.empty() && !rule.names.empty()) text += " with ";
  text += fmt::format("{}", fmt::join(rule.names, " or "));
  for (const std::string& way : other_error_words(rule))
    text += (text.empty() ? "" : ", or ") + way;
  return "an Error is a Request that returns " + text;
}

bool has_name(const std::vector<std::string>& names, const Answered& answer) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& entry) {
    return is_name_of(entry, answer.error_name);
  });
}

bool is_late(const ErrorRule& rule, const Answered& answer) {
  return rule.slower_than && answer.later_than >= *rule.slower_than;
}

bool is_error(const ErrorRule& rule, const Answered& answer) {
  if (is_late(rule, answer)) return true;
  if (has_name(rule.or_names, answer)) return true;
  if (!rule.asks_for_status() && rule.names.empty()) return false;
  return (!rule.asks_for_status() || rule.has_status(answer.status)) &&
         (rule.names.empty() || has_name(rule.names, answer));
}

bool is_error(const ErrorRule& rule, const Failed& failed) {
  return std::any_of(rule.no_answer.begin(), rule.no_answer.end(),
                     [&](NoAnswer named) { return is_of_reason(named, failed.reason); });
}

// Why an answer of 5xx with that verdict is not counted; nothing for other outcomes.
std::optional<Uncounted> uncounted(const ErrorRule& rule, const Outcome& outcome, Verdict verdict) {
  constexpr StatusRange kFailures{500, 599};
  const auto* answer = std::get_if<Answered>(&outcome);
  if (answer == nullptr || !kFailures.contains(answer->status)) return std::nullopt;
  switch (verdict) {
    case Verdict::served:
      return rule.names.empty() || (rule.asks_for_status() && !rule.has_status(answer->status))
                 ? Uncounted::status
                 : Uncounted::error_name;
    case Verdict::not_a_request: return Uncounted::not_a_request;
    case Verdict::unattributed: return Uncounted::unattributed;
    case Verdict::error:
    case Verdict::refused:
    case Verdict::missed:
    case Verdict::unread: break;
  }
  return std::nullopt;
}

// An answer that refused our signature, clock or credentials.
Classified judge_refused(const Version& version, const Answered& answer) {
  const bool error = is_error(version.error, answer);
  const RefusedAs as = version.refused_as;
  if (as == RefusedAs::left_out || (as == RefusedAs::contract && error)) {
    return {Verdict::refused,
            fmt::format(
                "{} refused our own signature, clock or credentials, and is left out{}",
                to_text(Outcome(answer)),
                error ? ": " + definition(version.error) + ", and none is made of a fault of ours"
                      : "")};
  }
  return {Verdict::served,
          fmt::format("{} refused our own signature, clock or credentials, and is a Request that "
                      "did not fail{}",
                      to_text(Outcome(answer)), error ? "" : ": " + definition(version.error))};
}

Classified judge_answer(const ErrorRule& rule, const Answered& answer) {
  if (!is_error(rule, answer)) {
    const std::string_view nor =
        answer.status == 0 ? ", and which status it goes with is not known" : "";
    return {Verdict::served, fmt::format("{} is not an Error{}: {}", to_text(Outcome(answer)), nor,
                                         definition(rule))};
  }
  if (answer.unattributed && !rule.needs_request_id.empty()) {
    return {
        Verdict::unattributed,
        fmt::format("status {} came without the header {}: somebody on the way may have answered",
                    answer.status, rule.needs_request_id)};
  }
  return {Verdict::error, definition(rule)};
}

// Why an answer is left out whatever it was; nothing where it is not.
std::optional<std::string> left_out(const Version& version, const Answered& answer) {
  if (answer.key_store) return "calls on keys in a custom key store are excluded";
  if (answer.indirect && !version.count_indirect) {
    return "a call that another service of the provider made is not counted as a Request of the "
           "account";
  }
  return std::nullopt;
}

Classified judge_outcome(const Version& version, const Outcome& outcome) {
  if (const auto* missed = std::get_if<Missed>(&outcome)) {
    return {Verdict::missed, fmt::format("was due and not measured ({})", to_text(missed->reason))};
  }
  if (std::holds_alternative<Unread>(outcome)) {
    return {Verdict::unread, "a line of a log that could not be read: it may be a Request"};
  }
  const auto* failed = std::get_if<Failed>(&outcome);
  const auto& within = version.error.no_answer_within;
  if (failed != nullptr && is_of_reason(NoAnswer::timeout, failed->reason) && within) {
    return {Verdict::error,
            fmt::format("an Error is a Request without an answer within {} s", within->count())};
  }
  if (failed != nullptr && is_error(version.error, *failed)) {
    return {Verdict::error,
            fmt::format("an Error is a Request without an answer ({})", to_text(failed->reason))};
  }
  const auto* answered = std::get_if<Answered>(&outcome);
  if (answered != nullptr) {
    if (auto why = left_out(version, *answered)) return {Verdict::not_a_request, *std::move(why)};
  }
  for (const std::string& entry : version.not_a_request) {
    if (names(entry, outcome)) {
      return {Verdict::not_a_request,
              fmt::format("'{}' is not a Request under this contract", entry)};
    }
  }
  if (answered != nullptr) {
    return answered->refused ? judge_refused(version, *answered)
                             : judge_answer(version.error, *answered);
  }
  return {Verdict::served, "no answer is a Request, and not an Error, under this contract"};
}

}  // namespace

Classified classify(const Version& version, const Outcome& outcome) {
  Classified classified = judge_outcome(version, outcome);
  classified.uncounted = uncounted(version.error, outcome, classified.verdict);
  return classified;
}

bool may_be_error(const Version& version, const Outcome& seen) {
  Outcome outcome = seen;
  if (auto* answered = std::get_if<Answered>(&outcome)) {
    answered->indirect = false;
    answered->refused = false;
  }
  const Verdict verdict = judge_outcome(version, outcome).verdict;
  return verdict == Verdict::error || verdict == Verdict::unattributed;
}

std::optional<Verdict> verdict_if_counted(const Version& version, const Outcome& outcome) {
  const auto* answered = std::get_if<Answered>(&outcome);
  if (answered == nullptr || !answered->indirect) return std::nullopt;
  Answered direct = *answered;
  direct.indirect = false;
  return judge_outcome(version, direct).verdict;
}

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::served: return "served";
    case Verdict::error: return "Error";
    case Verdict::not_a_request: return "not a Request";
    case Verdict::unattributed: return "unattributed";
    case Verdict::refused: return "refused";
    case Verdict::missed: return "missed";
    case Verdict::unread: return "unread";
  }
  return "";
}

std::string_view to_text(Uncounted reason) {
  switch (reason) {
    case Uncounted::status: return "status";
    case Uncounted::error_name: return "error_name";
    case Uncounted::unattributed: return "unattributed";
    case Uncounted::not_a_request: return "not_a_request";
  }
  return "";
}

}  // namespace recoup::core
