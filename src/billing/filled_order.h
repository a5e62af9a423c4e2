#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "billing/estimate.h"

namespace recoup::billing {

// Answer is what one input of a book came to.
struct Answer {
  enum class From { given, computed, preset };
  std::string text;  // as it was written, without underscores; what a condition compares
  std::optional<core::Ratio> number;  // of a quantity or an amount
  std::optional<core::Date> date;
  From from = From::preset;
  std::string calculation;         // of a computed one, for the reader
  std::set<std::string> from_ids;  // the inputs that it follows from
};

// FilledOrder is an order with all that follows from it: inputs that nothing is known of are not in
// it.
class FilledOrder {
 public:
  const Answer* find(const std::string& id) const;
  bool given(const std::string& id) const;
  void set(const std::string& id, Answer answer) { answers_[id] = std::move(answer); }
  const std::map<std::string, Answer>& answers() const { return answers_; }

  // Whether two orders come to the same.
  bool same_as(const FilledOrder& other) const;

 private:
  std::map<std::string, Answer> answers_;
};

// Checks each value by itself, and fills in what is left out. The error says what is accepted.
core::Result<FilledOrder> fill(const config::PriceBook& book, const Order& order,
                               std::optional<core::Month> month);

// Whether the condition holds. A condition on an input that nothing is known of does not.
bool holds(const config::Condition& condition, const FilledOrder& order);

}  // namespace recoup::billing
