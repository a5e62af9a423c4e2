#include "rules/error_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/outcome.h"
#include "documents/near.h"

namespace recoup::rules {
namespace {

using namespace std::chrono_literals;

// "1xx" to "5xx".
std::optional<core::StatusRange> parse_class(std::string_view text) {
  if (text.size() != 3 || !text.ends_with("xx") || text[0] < '1' || text[0] > '5') {
    return std::nullopt;
  }
  const int first = (text[0] - '0') * 100;
  return core::StatusRange{first, first + 99};
}

std::optional<core::StatusRange> read_status(const documents::Value& value) {
  if (!value.is_text()) {
    const auto status = value.integer(100, 999);
    if (!status) return std::nullopt;
    return core::StatusRange{*status, *status};
  }
  const std::string text = value.text_or_empty().value_or("");
  const auto found = parse_class(text);
  if (found) return found;
  const bool number = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  value.complain(fmt::format("expected a status like 503, or a class like \"5xx\", got '{}'", text),
                 number ? "write a single status without quotes"
                        : "the classes are 1xx, 2xx, 3xx, 4xx and 5xx");
  return std::nullopt;
}

// Outcomes hold names as they were cleaned: a rule's other name would never be met.
std::optional<std::string> read_name(const documents::Value& value) {
  auto name = value.text();
  if (!name) return std::nullopt;
  // All names that begin so.
  const bool begins = name->size() > 1 && name->ends_with('*');
  const std::string clean = core::clean_error_name(*name);
  if (clean == (begins ? name->substr(0, name->size() - 1) : *name)) return name;
  value.complain(
      fmt::format("expected a name of letters, digits, '.', '_' and '-', got '{}'", *name),
      clean.empty() ? ""
                    : fmt::format("write \"{}{}\": so the name in an answer is kept", clean,
                                  begins ? "*" : ""));
  return std::nullopt;
}

void complain_if_empty(const documents::Value& list, const char* what) {
  if (!list.is_array() || !list.items().empty()) return;
  list.complain(fmt::format("expected at least one {}, got none", what));
}

std::vector<core::StatusRange> read_statuses(const documents::Value& list) {
  std::vector<core::StatusRange> ranges;
  for (const documents::Value& item : list.items()) {
    if (const auto range = read_status(item)) ranges.push_back(*range);
  }
  complain_if_empty(list, "status");
  return ranges;
}

std::vector<std::string> read_names(const documents::Value& list) {
  std::vector<std::string> names;
  for (const documents::Value& item : list.items()) {
    if (auto text = read_name(item)) names.push_back(std::move(*text));
  }
  complain_if_empty(list, "name");
  return names;
}

// The reasons why a Request without an answer is an Error.
std::vector<core::NoAnswer> read_no_answer(const documents::Value& list, bool has_within) {
  using core::NoAnswer;
  std::vector<std::string> words;
  for (const NoAnswer reason : core::kNoAnswers) words.emplace_back(core::to_text(reason));
  std::vector<NoAnswer> reasons;
  for (const documents::Value& item : list.items()) {
    const auto word = item.word(words);
    if (!word) continue;
    reasons.push_back(core::kNoAnswers[*word]);
    if (has_within && core::is_of_reason(NoAnswer::timeout, reasons.back())) {
      item.complain(
          fmt::format("expected no '{}' beside 'no_answer_within', got one", words[*word]),
          "a Request without an answer within that time is an Error already");
    }
  }
  complain_if_empty(list, "reason");
  return reasons;
}

// Which keys there must be, and may be together.
void check_keys(const documents::Table& table) {
  const auto has = [&](const char* key) { return bool(table.optional(key)); };
  const bool answered = has("status") || has("any_status_but") || has("name");
  if (!answered && !has("or_name") && !has("no_answer_within") && !has("no_answer") &&
      !has("slower_than")) {
    table.complain(
        "expected one of the keys 'status', 'any_status_but', 'name', 'no_answer_within', "
        "'no_answer' and 'slower_than', got none");
  }
  if (has("or_name") && !answered) {
    table.optional("or_name").complain("expected 'or_name' beside a status or a name, got it alone",
                                       "write name = […] where the name alone decides");
  }
  if (has("status") && has("any_status_but")) {
    table.optional("any_status_but")
        .complain("expected one of 'status' and 'any_status_but', got both");
  }
}

std::optional<std::chrono::seconds> read_within(const documents::Value& value) {
  const auto within = value.duration(1s, 2min);
  if (!within) return std::nullopt;
  if (*within % 1s == 0ms) return std::chrono::duration_cast<std::chrono::seconds>(*within);
  value.complain(fmt::format("expected whole seconds, got '{}'", value.text().value_or("")));
  return std::nullopt;
}

}  // namespace

std::optional<core::ErrorRule> read_error(const documents::Value& value) {
  const auto table = value.table();
  if (!table) return std::nullopt;
  core::ErrorRule rule;
  rule.statuses = read_statuses(table->optional("status"));
  rule.all_but = read_statuses(table->optional("any_status_but"));
  rule.names = read_names(table->optional("name"));
  rule.or_names = read_names(table->optional("or_name"));
  const documents::Value within = table->optional("no_answer_within");
  rule.no_answer_within = read_within(within);
  rule.no_answer = read_no_answer(table->optional("no_answer"), bool(within));
  if (const documents::Value slow = table->optional("slower_than")) {
    rule.slower_than = slow.duration(10ms, 2min);
  }
  rule.needs_request_id = table->optional("needs_request_id").text().value_or("");
  check_keys(*table);
  return rule;
}

std::vector<core::Millis> late_after(const core::Rule& rule) {
  std::vector<core::Millis> times;
  for (const core::Version& version : rule.versions) {
    if (const auto& time = version.error.slower_than) times.push_back(*time);
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

std::vector<std::string> read_not_a_request(const documents::Value& value) {
  static const std::vector<std::string> kWords = [] {
    std::vector<std::string> words{"no-answer"};
    for (const core::NoAnswer reason : core::kNoAnswers) words.emplace_back(core::to_text(reason));
    return words;
  }();
  std::vector<std::string> entries;
  for (const documents::Value& item : value.items()) {
    const auto text = item.text();
    if (!text) continue;
    const auto outcome = core::parse_outcome(*text);
    const auto* answered = outcome ? std::get_if<core::Answered>(&*outcome) : nullptr;
    const bool known = std::find(kWords.begin(), kWords.end(), *text) != kWords.end() ||
                       parse_class(*text) || (answered != nullptr && !answered->unattributed);
    if (!known) {
      item.complain(
          fmt::format("expected an outcome that is sent, got '{}'", *text),
          documents::did_you_mean(*text, kWords,
                                  "write no-answer, a reason like timeout, a status like 429, a "
                                  "class like 4xx, or a status and a name like 503/SlowDown"));
    }
    entries.push_back(*text);
  }
  return entries;
}

}  // namespace recoup::rules
