#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"
#include "documents/document.h"
#include "documents/near.h"
#include "documents/node.h"
#include "documents/secret_lines.h"

namespace recoup::documents {
namespace {

std::string one_of(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const std::string& word : words) quoted.push_back('\'' + word + '\'');
  return core::listed(quoted, "or");
}

std::string without_underscores(std::string text) {
  std::erase(text, '_');
  return text;
}

// Why a bare number will not do: what would be stored in its place.
std::string quoting_help(const Node& node, std::string_view example) {
  const std::string written = without_underscores(node.literal);
  const auto meant = core::Ratio::parse(written);
  if (!meant) return fmt::format("write a decimal in quotes, like \"{}\"", example);
  const std::string help = fmt::format("write \"{}\" in quotes", written);
  if (node.kind == Kind::integer) return help;
  // 17 significant digits tell any two binary numbers apart.
  const std::string stored = fmt::format("{:.17g}", std::get<double>(node.value));
  const auto binary = core::Ratio::parse(stored);
  if (binary && *binary == *meant) return help + ": only text keeps all decimals exact";
  return help + ": a bare number is stored as " + stored;
}

}  // namespace

Value::Value(std::vector<Complaint>& complaints, Node* node, std::string key)
    : complaints_(&complaints), node_(node), key_(std::move(key)) {}

void Value::complain(std::string message, std::string help) const {
  complaints_->push_back({node_->span, std::move(message), std::move(help)});
}

void Value::warn(std::string message, std::string help) const {
  complaints_->push_back({node_->span, std::move(message), std::move(help), true});
}

bool Value::is_text() const { return node_ != nullptr && node_->kind == Kind::text; }
bool Value::is_table() const { return node_ != nullptr && node_->kind == Kind::table; }
bool Value::is_array() const { return node_ != nullptr && node_->kind == Kind::array; }

std::string Value::found() const {
  const bool secret = looks_secret(key_);
  const auto shown = [&](std::string_view kind) {
    return secret ? fmt::format("a {}", kind) : fmt::format("the {} {}", kind, node_->literal);
  };
  switch (node_->kind) {
    case Kind::text:
      return secret ? "text" : fmt::format("the text '{}'", std::get<std::string>(node_->value));
    case Kind::integer:
    case Kind::number: return shown("number");
    case Kind::boolean: return shown("truth value");
    case Kind::instant: return shown("instant");
    case Kind::local_time: return shown("time without an offset");
    case Kind::date: return shown("date");
    case Kind::array: return "an array";
    case Kind::table: return "a table";
  }
  return {};
}

void Value::wrong_kind(std::string_view expected, std::string help) const {
  complain(fmt::format("expected {}, got {}", expected, found()), std::move(help));
}

std::optional<std::string> Value::text_or_empty() const {
  if (node_ == nullptr) return std::nullopt;
  if (node_->kind == Kind::text) return std::get<std::string>(node_->value);
  const bool quotable =
      node_->kind != Kind::table && !node_->literal.empty() && !looks_secret(key_);
  wrong_kind("text", quotable ? fmt::format("write \"{}\" in quotes", node_->literal) : "");
  return std::nullopt;
}

std::optional<std::string> Value::text() const {
  auto text = text_or_empty();
  if (!text || !text->empty()) return text;
  complain("expected text, got an empty one");
  return std::nullopt;
}

std::optional<int> Value::integer(int low, int high) const {
  if (node_ == nullptr) return std::nullopt;
  const std::string expected = fmt::format("a whole number from {} to {}", low, high);
  if (node_->kind != Kind::integer) {
    wrong_kind(expected);
    return std::nullopt;
  }
  const auto number = std::get<std::int64_t>(node_->value);
  if (low <= number && number <= high) return static_cast<int>(number);
  complain(fmt::format("expected {}, got {}", expected, node_->literal));
  return std::nullopt;
}

std::optional<bool> Value::boolean() const {
  if (node_ == nullptr) return std::nullopt;
  if (node_->kind == Kind::boolean) return std::get<bool>(node_->value);
  wrong_kind("true or false", is_text() ? "write true or false, without quotes" : "");
  return std::nullopt;
}

template <typename T, typename Parse>
std::optional<T> Value::parsed(std::string_view expected, const std::string& help,
                               Parse parse) const {
  if (node_ == nullptr) return std::nullopt;
  if (node_->kind != Kind::text) {
    wrong_kind(expected, help);
    return std::nullopt;
  }
  auto result = parse(std::get<std::string>(node_->value));
  if (result) return std::move(*result);
  complain(result.error());
  return std::nullopt;
}

std::optional<core::Millis> Value::duration(core::Millis low, core::Millis high) const {
  std::string help;
  if (node_ != nullptr && node_->kind == Kind::integer) {
    help = fmt::format("write the unit too, in quotes: \"{0}s\", \"{0}m\"", node_->literal);
  }
  const auto duration =
      parsed<core::Millis>("a duration as text, like \"5s\"", help, core::parse_duration);
  if (!duration || (low <= *duration && *duration <= high)) return duration;
  complain(fmt::format("expected a duration from {} to {}, got '{}'", core::to_text(low),
                       core::to_text(high), std::get<std::string>(node_->value)));
  return std::nullopt;
}

std::optional<core::Month> Value::month() const {
  constexpr std::size_t kLength = 7;  // of "2026-10"
  std::string help;
  if (node_ != nullptr && node_->kind == Kind::date) {
    help = fmt::format("write \"{}\"", node_->literal.substr(0, kLength));
  }
  return parsed<core::Month>("a month as text, like \"2026-10\"", help, core::parse_month);
}

std::optional<std::string> Value::decimal_text(std::string_view expected,
                                               std::string_view example) const {
  if (node_ == nullptr) return std::nullopt;
  if (node_->kind == Kind::text) return std::get<std::string>(node_->value);
  const bool number = node_->kind == Kind::number || node_->kind == Kind::integer;
  wrong_kind(expected, number ? quoting_help(*node_, example) : "");
  return std::nullopt;
}

std::optional<Percent> Value::percent() const {
  const auto text = decimal_text("a percentage as text", "99.999");
  if (!text) return std::nullopt;
  const auto number = core::Ratio::parse(*text);
  if (number && *number >= core::Ratio::whole(0) && *number <= core::Ratio::whole(100)) {
    return Percent{*text, *number / core::Ratio::whole(100)};
  }
  std::string help;
  if (text->ends_with('%')) {
    const auto end = text->find_last_not_of("% ");
    help = fmt::format("write \"{}\"", text->substr(0, end == std::string::npos ? 0 : end + 1));
  }
  complain(fmt::format("expected a percentage from 0 to 100, got '{}'", *text), help);
  return std::nullopt;
}

std::optional<core::Ratio> Value::decimal() const {
  const auto text = decimal_text("an amount as text", "1845.00");
  if (!text) return std::nullopt;
  auto number = core::Ratio::parse(*text);
  if (number) return std::move(*number);
  complain(fmt::format("expected an amount, like \"1845.00\", got '{}'", *text));
  return std::nullopt;
}

std::optional<std::size_t> Value::word(const std::vector<std::string>& words) const {
  const auto word = text();
  if (!word) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), *word);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  complain(fmt::format("expected {}, got '{}'", one_of(words), *word), did_you_mean(*word, words));
  return std::nullopt;
}

std::optional<core::Instant> Value::instant() const {
  if (node_ == nullptr) return std::nullopt;
  if (node_->kind == Kind::instant) return std::get<core::Instant>(node_->value);
  std::string help;
  if (node_->kind == Kind::local_time && node_->literal.size() > 10) {
    help = fmt::format("say in which zone: {}Z is UTC, {}+02:00 is two hours ahead of it",
                       node_->literal, node_->literal);
  } else if (is_text()) {
    help = "write it without quotes";
  }
  wrong_kind("an instant with its offset, like 2026-10-03T02:00:00Z", help);
  return std::nullopt;
}

std::optional<core::Date> Value::date() const {
  if (node_ == nullptr) return std::nullopt;
  if (node_->kind == Kind::date) return std::get<core::Date>(node_->value);
  wrong_kind("a date, like 2022-11-29", is_text() ? "write it without quotes" : "");
  return std::nullopt;
}

std::optional<core::Instant> Value::instant_in(const core::Zone& zone) const {
  if (node_ != nullptr && node_->kind == Kind::date) {
    return zone.begin_of(std::get<core::Date>(node_->value));
  }
  return instant();
}

std::optional<std::string> Value::written() const {
  if (node_ == nullptr) return std::nullopt;
  switch (node_->kind) {
    case Kind::text: return text();
    case Kind::integer:
    case Kind::boolean:
    case Kind::date: return node_->literal;
    case Kind::number: wrong_kind("text, or a whole number", quoting_help(*node_, "9.5")); break;
    default: wrong_kind("text, a whole number, a truth value or a date");
  }
  return std::nullopt;
}

std::vector<Value> Value::items() const {
  std::vector<Value> items;
  if (node_ == nullptr) return items;
  if (node_->kind != Kind::array) {
    // A table has its header as its literal; one that a longer header implies has that.
    std::string_view header;
    if (is_table()) header = node_->literal;
    wrong_kind("an array", header.starts_with("[[")  ? fmt::format("write [[{}]] above it", key_)
                           : header.starts_with('[') ? fmt::format("write [{}]", header)
                                                     : "");
    return items;
  }
  for (Node& member : node_->children) items.emplace_back(*complaints_, &member, key_);
  return items;
}

std::vector<std::string> Value::texts() const {
  std::vector<std::string> texts;
  for (const Value& item : items()) {
    if (auto text = item.text()) texts.push_back(std::move(*text));
  }
  return texts;
}

std::vector<int> Value::integers(int low, int high) const {
  std::vector<int> numbers;
  for (const Value& item : items()) {
    if (const auto number = item.integer(low, high)) numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace recoup::documents
