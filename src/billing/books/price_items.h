#pragma once

#include "billing/books/price_inputs.h"

namespace recoup::billing {

// A price of the region that the order names.
struct PriceOfRegion {
  std::string price;  // its name in Region::prices
  std::string row;    // where that is a table: the input whose value names the row
  std::string column;
};
using PriceSource = std::variant<Price, PriceOfRegion>;

// Fee is one amount a month: a published price for `months` of them, divided.
struct Fee {
  PriceSource price;
  int months = 1;
};

// FreeQuota is what costs nothing at first. By default it is taken off before the tiers begin.
struct FreeQuota {
  core::Ratio quantity;
  Condition when;
  std::optional<Condition> in_tiers;  // when it uses up the first tier instead
};

// UnitPrice is a price for each `per` units of a quantity.
struct UnitPrice {
  std::string quantity;  // an input
  PriceSource price;
  core::Ratio per;
  bool round_up = false;  // a part of `per` costs as much as all of it
  core::Ratio minimum;    // at least so much is charged
  core::Ratio included;   // in another fee
  std::optional<FreeQuota> free;
};

// Levels are the only quantities that can be bought, each with its price in all.
struct Level {
  core::Ratio at;
  Price price;
};
struct Levels {
  std::string quantity;
  std::vector<Level> levels;  // upwards; the first is included in another fee
};

// Tiers price each unit by where it falls: up to and with `to` at this price.
struct PriceTier {
  std::optional<core::Ratio> to;  // nothing: no end
  Price price;
};
struct Tiers {
  std::string quantity;
  core::Ratio per;
  std::vector<PriceTier> tiers;
  std::optional<FreeQuota> free;
};

// Item is one line of an estimate.
struct Item {
  std::string name;
  Condition when;
  std::variant<Fee, UnitPrice, Levels, Tiers> kind;
  std::string note;  // an assumption that the line rests on
};

}  // namespace recoup::billing
