#include "billing/books/price_input_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "billing/books/price_values.h"
#include "rules/rule_file.h"

namespace recoup::billing {
namespace {

using core::Ratio;

const std::vector<std::string> kKinds{"quantity", "amount", "choice", "region", "name", "date"};
const std::vector<std::string> kTruth{"true", "false"};

std::optional<Derivation> read_sum(const documents::Table& table, const std::vector<Input>& above) {
  SumOf sum;
  for (const documents::Value& one : table.required("sum").items()) {
    if (auto id = read_input_name(one, above, InputKind::quantity)) sum.inputs.push_back(*id);
  }
  return sum;
}

std::optional<Derivation> read_product(const documents::Table& table,
                                       const std::vector<Input>& above) {
  ProductOf product;
  for (const documents::Value& one : table.required("product").items()) {
    if (auto id = read_input_name(one, above, InputKind::quantity)) product.inputs.push_back(*id);
  }
  product.times = read_units(table.optional("times"), 1).value_or(Ratio::whole(1));
  product.divided_by = read_units(table.optional("divided_by"), 1).value_or(Ratio::whole(1));
  return product;
}

std::optional<Derivation> read_first_years(const documents::Table& table,
                                           const std::vector<Input>& above) {
  const auto years = table.required("first_years").integer(1, 100);
  const auto since = read_input_name(table.required("since"), above, InputKind::date);
  if (!years || !since) return std::nullopt;
  return FirstYears{*since, *years};
}

struct Way {
  const char* key;
  InputKind gives;
  std::optional<Derivation> (*read)(const documents::Table&, const std::vector<Input>&);
};

constexpr Way kWays[] = {{"sum", InputKind::quantity, read_sum},
                         {"product", InputKind::quantity, read_product},
                         {"first_years", InputKind::choice, read_first_years}};

std::optional<Derivation> read_from(const documents::Value& value, const std::vector<Input>& above,
                                    InputKind kind) {
  const auto table = value.table();
  if (!table) return std::nullopt;
  for (const Way& way : kWays) {
    if (!table->optional(way.key)) continue;
    if (way.gives == kind) return way.read(*table, above);
    value.complain(fmt::format("expected a way to a {}, got '{}', which gives a {}",
                               kKinds[static_cast<std::size_t>(kind)], way.key,
                               kKinds[static_cast<std::size_t>(way.gives)]));
    (void)table->entries();
    return std::nullopt;
  }
  table->complain("expected 'sum', 'product' or 'first_years', got none of them");
  return std::nullopt;
}

// What is wrong with a preset value, or nothing.
std::string wrong_preset(const Input& input, const std::string& preset) {
  if (input.kind == InputKind::choice) {
    const auto& choices = input.choices;
    return std::find(choices.begin(), choices.end(), preset) != choices.end()
               ? ""
               : "one of the choices";
  }
  if (input.kind != InputKind::quantity) return "";
  const auto number = Ratio::parse(preset);
  if (!number) return "a number";
  if (input.minimum && *number < *input.minimum) return "the minimum or more";
  return input.most && *number > *input.most ? "no more than the most" : "";
}

void read_preset(const documents::Value& value, Condition when, Input& out) {
  auto preset = value.written();
  if (!preset) return;
  if (out.kind == InputKind::quantity) std::erase(*preset, '_');
  if (const std::string expected = wrong_preset(out, *preset); !expected.empty()) {
    value.complain(fmt::format("expected {}, got '{}'", expected, *preset));
  }
  out.presets.push_back({std::move(when), *std::move(preset)});
}

void read_presets(const documents::Table& table, const std::vector<Input>& above, Input& out) {
  for (const documents::Table& one : table.optional("default_when").tables()) {
    Condition condition;
    condition.when = read_when(one.required("when"), above);
    read_preset(one.required("value"), std::move(condition), out);
  }
  read_preset(table.optional("default"), {}, out);
}

void read_choices(const documents::Table& table, Input& out) {
  const documents::Value choices = table.required("choices");
  out.choices = choices.texts();
  if (choices.is_array() && out.choices.empty()) {
    choices.complain("expected at least one choice, got none");
  }
}

void read_quantity(const documents::Table& table, Input& out) {
  out.unit = table.required("unit").text().value_or("");
  out.whole = table.optional("whole").boolean().value_or(false);
  out.minimum = read_units(table.optional("minimum"), 0);
  const documents::Value most = table.optional("most");
  out.most = read_units(most, 1);
  if (out.minimum && out.most && *out.most < *out.minimum) {
    most.complain("expected the minimum or more, got less");
  }
}

void read_needed(const documents::Table& table, const std::vector<Input>& above, Input& out) {
  if (table.optional("required").boolean().value_or(false)) out.needed = Condition{};
  const documents::Value when = table.optional("required_when");
  if (!when) return;
  out.needed = Condition{};
  out.needed->when = read_when(when, above);
}

Input read_input(const documents::Table& table, const std::vector<Input>& above) {
  Input input;
  const documents::Value id = table.required("id");
  input.id = rules::read_id(id).value_or("");
  const bool twice = std::any_of(above.begin(), above.end(),
                                 [&](const Input& other) { return other.id == input.id; });
  if (twice && !input.id.empty()) {
    id.complain(fmt::format("expected an id of its own, got '{}' a second time", input.id));
  }
  input.text = table.required("text").text().value_or("");
  const auto kind = table.required("kind").word(kKinds);
  if (!kind) {
    // Which keys there may be is the kind's to say.
    (void)table.entries();
    return input;
  }
  input.kind = static_cast<InputKind>(*kind);
  if (input.kind == InputKind::choice) read_choices(table, input);
  if (input.kind == InputKind::quantity) read_quantity(table, input);
  read_needed(table, above, input);
  read_presets(table, above, input);
  const documents::Value from = table.optional("from");
  input.from = read_from(from, above, input.kind);
  if (input.kind == InputKind::choice && input.from && input.choices != kTruth) {
    from.complain("expected choices = [\"true\", \"false\"] beside 'first_years', got others");
  }
  return input;
}

}  // namespace

std::vector<Input> read_inputs(const documents::Value& list) {
  std::vector<Input> inputs;
  for (const documents::Table& table : list.tables()) inputs.push_back(read_input(table, inputs));
  return inputs;
}

}  // namespace recoup::billing
