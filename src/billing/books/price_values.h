#pragma once

#include "billing/books/price_book.h"
#include "documents/document.h"

namespace recoup::billing {

// What the readers of a price book share. `inputs` are those that may be named at that place.

// An amount of 0 or more as text: "0.156".
std::optional<Price> read_price(const documents::Value& value);

// A whole number of units, within [low, 2 thousand million].
std::optional<core::Ratio> read_units(const documents::Value& value, int low);

// The id of an input of that kind.
std::optional<std::string> read_input_name(const documents::Value& value,
                                           const std::vector<Input>& inputs, InputKind kind);

// The id of any input; complains at `value`.
const Input* named_input(const documents::Value& value, const std::string& id,
                         const std::vector<Input>& inputs);

// A table of inputs and the values that they must have.
std::map<std::string, std::vector<std::string>> read_when(const documents::Value& value,
                                                          const std::vector<Input>& inputs);

// The keys of a condition that stand in the table beside others.
Condition read_condition(const documents::Table& table, const std::vector<Input>& inputs);

// A table of names and amounts.
std::map<std::string, Price> read_prices(const documents::Value& value);

// A table of inputs and one value each.
std::map<std::string, std::string> read_order(const documents::Value& value,
                                              const std::vector<Input>& inputs);

// Whether a value of a condition stands for this one: it is the same, or ends in '*' and begins it.
bool stands_for(const std::string& pattern, const std::string& value);

// In order.
std::vector<std::string> ids_of(const std::vector<Input>& inputs);

}  // namespace recoup::billing
