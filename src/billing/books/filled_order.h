#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "billing/books/price_book.h"
#include "core/ratio.h"
#include "core/time.h"

namespace recoup::billing {

// Order is what is used in a month, by the keys of a price book, as the user wrote it:
// "12_000_000", "9.5", "software". What is left out has the book's default.
using Order = std::map<std::string, std::string>;

// FilledInput is what one input of a book came to.
struct FilledInput {
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
  const FilledInput* find(const std::string& id) const;
  bool given(const std::string& id) const;
  void set(const std::string& id, FilledInput known) { inputs_[id] = std::move(known); }
  const std::map<std::string, FilledInput>& inputs() const { return inputs_; }

  // Whether two orders come to the same.
  bool same_as(const FilledOrder& other) const;

 private:
  std::map<std::string, FilledInput> inputs_;
};

// Whether the condition holds. A condition on an input that nothing is known of does not.
bool holds(const Condition& condition, const FilledOrder& order);

}  // namespace recoup::billing
