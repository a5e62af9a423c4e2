#include "billing/books/filled_order.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "billing/books/price_values.h"
#include "documents/near.h"

namespace recoup::billing {
namespace {

using core::Ratio;

bool has_one_of(const FilledOrder& order, const std::string& id,
                const std::vector<std::string>& values) {
  const FilledInput* known = order.find(id);
  return known != nullptr && std::any_of(values.begin(), values.end(), [&](const auto& value) {
           return stands_for(value, known->text);
         });
}

Ratio number_of(const FilledOrder& order, const std::string& id) {
  const FilledInput* known = order.find(id);
  return known == nullptr ? Ratio{} : known->number.value_or(Ratio{});
}

}  // namespace

const FilledInput* FilledOrder::find(const std::string& id) const {
  const auto found = inputs_.find(id);
  return found == inputs_.end() ? nullptr : &found->second;
}

bool FilledOrder::given(const std::string& id) const {
  const FilledInput* known = find(id);
  return known != nullptr && known->from == FilledInput::From::given;
}

bool FilledOrder::same_as(const FilledOrder& other) const {
  return std::equal(inputs_.begin(), inputs_.end(), other.inputs_.begin(), other.inputs_.end(),
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

}  // namespace recoup::billing
