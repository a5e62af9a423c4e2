#include "billing/books/fill.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "billing/books/figure.h"
#include "billing/books/order_values.h"
#include "billing/books/price_values.h"
#include "documents/near.h"

namespace recoup::billing {
namespace {

using core::Error;
using core::Ratio;
using core::Result;
using Derived = Result<std::optional<FilledInput>>;

// The numbers of these inputs, where all are known and not all are defaults; otherwise none.
std::vector<Ratio> numbers_of(const FilledOrder& order, const std::vector<std::string>& ids) {
  bool any = false;
  std::vector<Ratio> numbers;
  for (const std::string& id : ids) {
    const FilledInput* known = order.find(id);
    if (known == nullptr || !known->number) return {};
    any = any || known->from != FilledInput::From::preset;
    numbers.push_back(*known->number);
  }
  return any ? numbers : std::vector<Ratio>{};
}

std::string joined(const std::vector<Ratio>& numbers, const char* sign) {
  std::vector<std::string> figures;
  for (const Ratio& number : numbers) figures.push_back(figure(number));
  return fmt::format("{}", fmt::join(figures, sign));
}

// The number, within the input's bounds. `words` and `figures` are the same calculation with the
// names of the inputs, and with their numbers.
Derived quantity(const Input& input, const Ratio& number, const std::vector<std::string>& ids,
                 const std::string& words, const std::string& figures) {
  const std::string name = fmt::format("{} ({})", input.id, words);
  if (const auto kept = check_bounds(input, number, name); !kept) return kept.error();
  FilledInput known;
  known.text = plain(number);
  known.number = number;
  known.from = FilledInput::From::computed;
  known.calculation = fmt::format("{} = {} = {} = {}", input.id, words, figures, figure(number));
  known.from_ids = {ids.begin(), ids.end()};
  return std::optional(std::move(known));
}

struct Deriver {
  const Input& input;
  const FilledOrder& order;
  std::optional<core::Month> month;

  Derived operator()(const SumOf& sum) const;
  Derived operator()(const ProductOf& product) const;
  Derived operator()(const FirstYears& first) const;
};

Derived Deriver::operator()(const SumOf& sum) const {
  const auto numbers = numbers_of(order, sum.inputs);
  if (numbers.empty()) return std::optional<FilledInput>();
  Ratio number;
  for (const Ratio& one : numbers) number += one;
  return quantity(input, number, sum.inputs, fmt::format("{}", fmt::join(sum.inputs, " + ")),
                  joined(numbers, " + "));
}

Derived Deriver::operator()(const ProductOf& product) const {
  const auto numbers = numbers_of(order, product.inputs);
  if (numbers.empty()) return std::optional<FilledInput>();
  Ratio number = product.times / product.divided_by;
  for (const Ratio& one : numbers) number *= one;
  std::string constants;
  if (product.times != Ratio::whole(1)) constants += " × " + figure(product.times);
  if (product.divided_by != Ratio::whole(1)) constants += " / " + figure(product.divided_by);
  return quantity(input, number, product.inputs,
                  fmt::format("{}{}", fmt::join(product.inputs, " × "), constants),
                  joined(numbers, " × ") + constants);
}

Derived Deriver::operator()(const FirstYears& first) const {
  using std::chrono::sys_days;
  const FilledInput* since = order.find(first.since);
  if (since == nullptr || !since->date) return std::optional<FilledInput>();
  const std::string start = fmt::format("{}={}", first.since, since->text);
  if (!month) {
    return Error{
        fmt::format("expected the month, as {} follows from {}, got none", input.id, start), "",
        fmt::format("say the month, or {0}=true or {0}=false", input.id)};
  }
  // A 29 February has its anniversary on 1 March.
  const sys_days end{*since->date + std::chrono::years(first.years)};
  const sys_days begin{*month / std::chrono::day(1)};
  const sys_days next{(*month + std::chrono::months(1)) / std::chrono::day(1)};
  if (sys_days(*since->date) >= next) {
    const core::Month earliest = since->date->year() / since->date->month();
    return Error{
        fmt::format("expected a month not before {}, got {}", start, core::to_text(*month)), "",
        fmt::format("take {} or later", core::to_text(earliest))};
  }
  FilledInput known;
  known.text = begin < end ? "true" : "false";
  known.from = FilledInput::From::computed;
  known.from_ids = {first.since};
  known.calculation = fmt::format("{}={}: {} {} before {}, {} {} after {}", input.id, known.text,
                                  core::to_text(*month), begin < end ? "begins" : "does not begin",
                                  core::to_text(core::Date(end)), first.years,
                                  first.years == 1 ? "year" : "years", start);
  if (begin < end && end < next) {
    known.calculation +=
        "; the source does not say how the month in which it ends is divided: "
        "all of it is taken as before";
  }
  return std::optional(std::move(known));
}

// What an input that is left out follows to from others. Nothing where one of them is not known, or
// where all of them are mere defaults. The month matters to what follows from a date.
Derived derive(const Input& input, const FilledOrder& order, std::optional<core::Month> month) {
  return std::visit(Deriver{input, order, month}, *input.from);
}

Result<void> check_keys(const PriceBook& book, const Order& order) {
  const auto ids = ids_of(book.inputs);
  for (const auto& [key, value] : order) {
    if (std::find(ids.begin(), ids.end(), key) != ids.end()) continue;
    return Error{
        fmt::format("expected a key of {}, got '{}'", book.id, key), "",
        documents::did_you_mean(key, ids, fmt::format("the keys are {}", fmt::join(ids, ", ")))};
  }
  return {};
}

Result<std::optional<FilledInput>> preset(const PriceBook& book, const Input& input,
                                          const FilledOrder& order) {
  for (const Preset& one : input.presets) {
    if (!holds(one.when, order)) continue;
    auto known = read_value(book, input, one.value);
    if (!known) return known.error();
    known->from = FilledInput::From::preset;
    return std::optional(*std::move(known));
  }
  return std::optional<FilledInput>();
}

Error missing(const Input& input) {
  return {fmt::format("expected {}=…, got none: {}", input.id, input.text), "",
          how_to_write(input)};
}

Result<std::optional<FilledInput>> fill_input(const PriceBook& book, const Input& input,
                                              const Order& order, const FilledOrder& filled,
                                              std::optional<core::Month> month) {
  if (const auto found = order.find(input.id); found != order.end()) {
    auto known = read_value(book, input, found->second);
    if (!known) return known.error();
    return std::optional(*std::move(known));
  }
  if (input.from) {
    auto derived = derive(input, filled, month);
    if (!derived || *derived) return derived;
  }
  if (input.needed && holds(*input.needed, filled)) return missing(input);
  return preset(book, input, filled);
}

}  // namespace

Result<FilledOrder> fill(const PriceBook& book, const Order& order,
                         std::optional<core::Month> month) {
  if (const auto known = check_keys(book, order); !known) return known.error();
  FilledOrder filled;
  for (const Input& input : book.inputs) {
    auto known = fill_input(book, input, order, filled, month);
    if (!known) return known.error();
    if (*known) filled.set(input.id, **std::move(known));
  }
  return filled;
}

}  // namespace recoup::billing
