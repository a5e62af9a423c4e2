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
  const std::string clean = core::clean_error_name(*name);
  if (clean == *name) return name;
  value.complain(
      fmt::format("expected a name of letters, digits, '.', '_' and '-', got '{}'", *name),
      clean.empty() ? "" : fmt::format("write \"{}\": so the name in an answer is kept", clean));
  return std::nullopt;
}

void complain_if_empty(const documents::Value& list, const char* what) {
  if (!list.is_array() || !list.items().empty()) return;
  list.complain(fmt::format("expected at least one {}, got none", what));
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
  const documents::Value status = table->optional("status");
  for (const documents::Value& item : status.items()) {
    if (const auto range = read_status(item)) rule.statuses.push_back(*range);
  }
  complain_if_empty(status, "status");
  const documents::Value name = table->optional("name");
  for (const documents::Value& item : name.items()) {
    if (auto text = read_name(item)) rule.names.push_back(std::move(*text));
  }
  complain_if_empty(name, "name");
  const documents::Value within = table->optional("no_answer_within");
  rule.no_answer_within = read_within(within);
  rule.needs_request_id = table->optional("needs_request_id").text().value_or("");
  if (!status && !name && !within) {
    table->complain("expected one of the keys 'status', 'name' and 'no_answer_within', got none");
  }
  return rule;
}

std::vector<std::string> read_not_a_request(const documents::Value& value) {
  static const std::vector<std::string> kWords{"no-answer", "dns",   "connect", "tls",
                                               "timeout",   "reset", "other"};
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
