#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/ratio.h"

namespace recoup::billing {

// Price is an amount of the book's currency, with the text that the source prints.
struct Price {
  std::string text;
  core::Ratio amount;
};

// Condition is when something holds: all that it names must. An empty one always holds.
struct Condition {
  // The input has one of these values; a value that ends in '*' stands for all with that beginning.
  std::map<std::string, std::vector<std::string>> when;
  std::map<std::string, std::vector<std::string>> unless;
  std::map<std::string, core::Ratio> above;    // the input is more than this
  std::map<std::string, core::Ratio> at_most;  // the input is this or less
  std::vector<std::string> given;              // the user gave all of these
  std::string less;                            // this input is less than the input `than`
  std::string than;
};

// A quantity that follows from others: their sum, or their product over a number.
struct SumOf {
  std::vector<std::string> inputs;
};
struct ProductOf {
  std::vector<std::string> inputs;
  core::Ratio times;
  core::Ratio divided_by;
};
// "true" for a month that begins less than this many years after the date, "false" for a later one.
struct FirstYears {
  std::string since;  // an input that is a date
  int years = 1;
};
using Derivation = std::variant<SumOf, ProductOf, FirstYears>;

enum class InputKind {
  quantity,  // a number, not negative
  amount,    // of the book's currency; may be negative
  choice,    // one of `choices`
  region,    // the id of one of the book's regions
  name,      // a-z, 0-9 and ._-
  date,      // 2026-10-03
};

struct Preset {
  Condition when;
  std::string value;
};

// Input is a key that an order may have.
struct Input {
  std::string id;
  std::string text;  // what it is, for the user
  InputKind kind = InputKind::quantity;
  std::string unit;                  // of a quantity, in the singular: "hour", "GB"
  std::vector<std::string> choices;  // of a choice
  bool whole = false;                // no fractions
  std::optional<core::Ratio> minimum;
  std::optional<core::Ratio> most;
  std::vector<Preset> presets;      // what it is where it is left out: the first that holds
  std::optional<Condition> needed;  // when it must not be left out
  std::optional<Derivation> from;   // computed where it is left out and what it follows from is not
};

}  // namespace recoup::billing
