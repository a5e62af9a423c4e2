#include "billing/filled_order.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "billing/derive.h"
#include "billing/order_values.h"
#include "config/near.h"
#include "config/price_values.h"

namespace recoup::billing {
namespace {

using config::Condition;
using config::Input;
using core::Error;
using core::Ratio;
using core::Result;

bool has_one_of(const FilledOrder& order, const std::string& id,
                const std::vector<std::string>& values) {
  const Answer* answer = order.find(id);
  return answer != nullptr && std::any_of(values.begin(), values.end(), [&](const auto& value) {
           return config::stands_for(value, answer->text);
         });
}

Ratio number_of(const FilledOrder& order, const std::string& id) {
  const Answer* answer = order.find(id);
  return answer == nullptr ? Ratio{} : answer->number.value_or(Ratio{});
}

Result<void> check_keys(const config::PriceBook& book, const Order& order) {
  const auto ids = config::ids_of(book.inputs);
  for (const auto& [key, value] : order) {
    if (std::find(ids.begin(), ids.end(), key) != ids.end()) continue;
    return Error{
        fmt::format("expected a key of {}, got '{}'", book.id, key), "",
        config::did_you_mean(key, ids, fmt::format("the keys are {}", fmt::join(ids, ", ")))};
  }
  return {};
}

Result<std::optional<Answer>> preset(const config::PriceBook& book, const Input& input,
                                     const FilledOrder& order) {
  for (const config::Preset& one : input.presets) {
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

Result<std::optional<Answer>> answer_to(const config::PriceBook& book, const Input& input,
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

const Answer* FilledOrder::find(const std::string& id) const {
  const auto found = answers_.find(id);
  return found == answers_.end() ? nullptr : &found->second;
}

bool FilledOrder::given(const std::string& id) const {
  const Answer* answer = find(id);
  return answer != nullptr && answer->from == Answer::From::given;
}

bool FilledOrder::same_as(const FilledOrder& other) const {
  return std::equal(answers_.begin(), answers_.end(), other.answers_.begin(), other.answers_.end(),
                    [](const auto& a, const auto& b) {
                      if (a.first != b.first) return false;
                      if (a.second.number) return a.second.number == b.second.number;
                      return a.second.text == b.second.text;
                    });
}

bool holds(const Condition& condition, const FilledOrder& order) {
  const auto holds_in = [&](const auto& entry) {
    return has_one_of(order, entry.first, entry.second);
  };
  const auto& [when, unless, above, at_most, given, less, than] = condition;
  return std::all_of(when.begin(), when.end(), holds_in) &&
         (unless.empty() || !std::all_of(unless.begin(), unless.end(), holds_in)) &&
         std::all_of(above.begin(), above.end(),
                     [&](const auto& e) { return number_of(order, e.first) > e.second; }) &&
         std::all_of(at_most.begin(), at_most.end(),
                     [&](const auto& e) { return number_of(order, e.first) <= e.second; }) &&
         std::all_of(given.begin(), given.end(), [&](const auto& id) { return order.given(id); }) &&
         (less.empty() || (order.find(less) != nullptr && order.find(than) != nullptr &&
                           number_of(order, less) < number_of(order, than)));
}

Result<FilledOrder> fill(const config::PriceBook& book, const Order& order,
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
