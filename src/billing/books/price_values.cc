#include "billing/books/price_values.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "documents/near.h"

namespace recoup::billing {
namespace {

const char* name_of(InputKind kind) {
  switch (kind) {
    case InputKind::quantity: return "a quantity";
    case InputKind::amount: return "an amount";
    case InputKind::choice: return "a choice";
    case InputKind::region: return "a region";
    case InputKind::name: return "a name";
    case InputKind::date: return "a date";
  }
  return "";
}

// Whether the pattern can ever hold: a choice has no other values than those that it lists.
void check_choice(const documents::Value& value, const Input& input, const std::string& pattern) {
  if (input.kind != InputKind::choice) return;
  const bool any = std::any_of(input.choices.begin(), input.choices.end(),
                               [&](const auto& choice) { return stands_for(pattern, choice); });
  if (any) return;
  value.complain(
      fmt::format("expected a choice of '{}', got '{}'", input.id, pattern),
      documents::did_you_mean(pattern, input.choices,
                              fmt::format("they are {}", fmt::join(input.choices, ", "))));
}

std::vector<std::string> read_patterns(const documents::Value& value, const Input* input) {
  std::vector<std::string> patterns;
  const std::vector<documents::Value> values =
      value.is_array() ? value.items() : std::vector{value};
  for (const documents::Value& one : values) {
    const auto pattern = one.written();
    if (!pattern) continue;
    if (input != nullptr) check_choice(one, *input, *pattern);
    patterns.push_back(*pattern);
  }
  if (values.empty()) value.complain("expected at least one value, got none");
  return patterns;
}

std::map<std::string, core::Ratio> read_bounds(const documents::Value& value,
                                               const std::vector<Input>& inputs) {
  std::map<std::string, core::Ratio> bounds;
  const auto table = value.table();
  if (!table) return bounds;
  for (const documents::Value& entry : table->entries()) {
    const Input* input = named_input(entry, entry.key(), inputs);
    const auto bound = read_units(entry, 0);
    if (input != nullptr && bound) bounds.emplace(entry.key(), *bound);
  }
  return bounds;
}

std::vector<std::string> read_given(const documents::Value& value,
                                    const std::vector<Input>& inputs) {
  std::vector<std::string> given;
  const std::vector<documents::Value> values = value.is_text() ? std::vector{value} : value.items();
  for (const documents::Value& one : values) {
    const auto id = one.text();
    if (id && named_input(one, *id, inputs) != nullptr) given.push_back(*id);
  }
  return given;
}

bool is_quantity(const documents::Value& value, const std::vector<Input>& inputs) {
  if (!value.is_text()) return false;
  const auto id = value.text();
  return std::any_of(inputs.begin(), inputs.end(), [&](const Input& input) {
    return input.id == id && input.kind == InputKind::quantity;
  });
}

}  // namespace

std::optional<Price> read_price(const documents::Value& value) {
  auto amount = value.decimal();
  if (!amount) return std::nullopt;
  std::string text = value.text().value_or("");
  if (*amount >= core::Ratio::whole(0)) return Price{std::move(text), *std::move(amount)};
  value.complain(fmt::format("expected an amount of 0 or more, got '{}'", text));
  return std::nullopt;
}

std::optional<core::Ratio> read_units(const documents::Value& value, int low) {
  const auto number = value.integer(low, std::numeric_limits<int>::max());
  if (!number) return std::nullopt;
  return core::Ratio(*number, 1);
}

std::vector<std::string> ids_of(const std::vector<Input>& inputs) {
  std::vector<std::string> ids;
  for (const Input& input : inputs) ids.push_back(input.id);
  return ids;
}

const Input* named_input(const documents::Value& value, const std::string& id,
                         const std::vector<Input>& inputs) {
  const auto found = std::find_if(inputs.begin(), inputs.end(),
                                  [&](const Input& input) { return input.id == id; });
  if (found != inputs.end()) return &*found;
  const auto ids = ids_of(inputs);
  const auto known = ids.empty()
                         ? "no input stands above"
                         : fmt::format("the inputs known here are {}", fmt::join(ids, ", "));
  value.complain(fmt::format("expected a known input, got '{}'", id),
                 documents::did_you_mean(id, ids, known));
  return nullptr;
}

std::optional<std::string> read_input_name(const documents::Value& value,
                                           const std::vector<Input>& inputs, InputKind kind) {
  auto id = value.text();
  if (!id) return std::nullopt;
  const Input* input = named_input(value, *id, inputs);
  if (input == nullptr) return std::nullopt;
  if (input->kind == kind) return id;
  value.complain(fmt::format("expected an input that is {}, got '{}', which is {}", name_of(kind),
                             *id, name_of(input->kind)));
  return std::nullopt;
}

std::map<std::string, std::vector<std::string>> read_when(const documents::Value& value,
                                                          const std::vector<Input>& inputs) {
  std::map<std::string, std::vector<std::string>> when;
  const auto table = value.table();
  if (!table) return when;
  for (const documents::Value& entry : table->entries()) {
    when.emplace(entry.key(), read_patterns(entry, named_input(entry, entry.key(), inputs)));
  }
  return when;
}

Condition read_condition(const documents::Table& table, const std::vector<Input>& inputs) {
  Condition condition;
  condition.when = read_when(table.optional("when"), inputs);
  condition.unless = read_when(table.optional("unless"), inputs);
  condition.above = read_bounds(table.optional("above"), inputs);
  condition.at_most = read_bounds(table.optional("at_most"), inputs);
  if (const documents::Value given = table.optional("given"))
    condition.given = read_given(given, inputs);
  const documents::Value less = table.optional("less");
  const documents::Value than = table.optional("than");
  if (bool(less) != bool(than)) {
    (less ? less : than).complain("expected 'less' and 'than' together, got one of them");
  }
  const InputKind kind = is_quantity(less, inputs) ? InputKind::quantity : InputKind::amount;
  condition.less = read_input_name(less, inputs, kind).value_or("");
  condition.than = read_input_name(than, inputs, kind).value_or("");
  return condition;
}

std::map<std::string, Price> read_prices(const documents::Value& value) {
  std::map<std::string, Price> prices;
  const auto table = value.table();
  if (!table) return prices;
  for (const documents::Value& entry : table->entries()) {
    if (auto price = read_price(entry)) prices.emplace(entry.key(), *std::move(price));
  }
  return prices;
}

std::map<std::string, std::string> read_order(const documents::Value& value,
                                              const std::vector<Input>& inputs) {
  std::map<std::string, std::string> order;
  const auto table = value.table();
  if (!table) return order;
  for (const documents::Value& entry : table->entries()) {
    const Input* input = named_input(entry, entry.key(), inputs);
    auto written = entry.written();
    if (input == nullptr || !written) continue;
    check_choice(entry, *input, *written);
    order.emplace(entry.key(), *std::move(written));
  }
  return order;
}

bool stands_for(const std::string& pattern, const std::string& value) {
  if (!pattern.ends_with('*')) return pattern == value;
  return value.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1));
}

}  // namespace recoup::billing
