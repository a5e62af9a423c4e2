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
using Derived = Result<std::optional<Answer>>;

// The numbers of these inputs, where all are known and not all are defaults; otherwise none.
std::vector<Ratio> numbers_of(const FilledOrder& order, const std::vector<std::string>& ids) {
  bool any = false;
  std::vector<Ratio> numbers;
  for (const std::string& id : ids) {
    const Answer* answer = order.find(id);
    if (answer == nullptr || !answer->number) return {};
    any = any || answer->from != Answer::From::preset;
    numbers.push_back(*answer->number);
  }
  return any ? numbers : std::vector<Ratio>{};
}

std::string joined(const std::vector<Ratio>& numbers, const char* sign) {
  std::vector<std::string> figures;
  for (const Ratio& number : numbers) figures.push_back(figure(number));
  return fmt::format("{}", fmt::join(figures, sign));
}

// The answer, within the input's bounds. `words` and `figures` are the same calculation with the
// names of the inputs, and with their numbers.
Derived quantity(const Input& input, const Ratio& number, const std::vector<std::string>& ids,
                 const std::string& words, const std::string& figures) {
  const std::string name = fmt::format("{} ({})", input.id, words);
  if (const auto kept = check_bounds(input, number, name); !kept) return kept.error();
  Answer answer;
  answer.text = plain(number);
  answer.number = number;
  answer.from = Answer::From::computed;
  answer.calculation = fmt::format("{} = {} = {} = {}", input.id, words, figures, figure(number));
  answer.from_ids = {ids.begin(), ids.end()};
  return std::optional(std::move(answer));
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
  if (numbers.empty()) return std::optional<Answer>();
  Ratio number;
  for (const Ratio& one : numbers) number += one;
  return quantity(input, number, sum.inputs, fmt::format("{}", fmt::join(sum.inputs, " + ")),
                  joined(numbers, " + "));
}

Derived Deriver::operator()(const ProductOf& product) const {
  const auto numbers = numbers_of(order, product.inputs);
  if (numbers.empty()) return std::optional<Answer>();
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
  const Answer* since = order.find(first.since);
  if (since == nullptr || !since->date) return std::optional<Answer>();
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
  Answer answer;
  answer.text = begin < end ? "true" : "false";
  answer.from = Answer::From::computed;
  answer.from_ids = {first.since};
  answer.calculation = fmt::format("{}={}: {} {} before {}, {} {} after {}", input.id, answer.text,
                                   core::to_text(*month), begin < end ? "begins" : "does not begin",
                                   core::to_text(core::Date(end)), first.years,
                                   first.years == 1 ? "year" : "years", start);
  if (begin < end && end < next) {
    answer.calculation +=
        "; the source does not say how the month in which it ends is divided: "
        "all of it is taken as before";
  }
  return std::optional(std::move(answer));
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

Result<std::optional<Answer>> preset(const PriceBook& book, const Input& input,
                                     const FilledOrder& order) {
  for (const Preset& one : input.presets) {
    if (!holds(one.when, order)) continue;
    auto answer = read_value(book, input, one.value);
    if (!answer) return answer.error();
    answer->from = Answer::From::preset;
    return std::optional(*std::move(answer));
  }
  return std::optional<Answer>();
}

Error missing(const Input& input) {
  return {fmt::format("expected {}=…, got none: {}", input.id, input.text), "",
          how_to_write(input)};
}

Result<std::optional<Answer>> answer_to(const PriceBook& book, const Input& input,
                                        const Order& order, const FilledOrder& filled,
                                        std::optional<core::Month> month) {
  if (const auto found = order.find(input.id); found != order.end()) {
    auto answer = read_value(book, input, found->second);
    if (!answer) return answer.error();
    return std::optional(*std::move(answer));
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
    auto answer = answer_to(book, input, order, filled, month);
    if (!answer) return answer.error();
    if (*answer) filled.set(input.id, **std::move(answer));
  }
  return filled;
}

}  // namespace recoup::billing
