#pragma once

#include <set>
#include <string>

#include "billing/books/filled_order.h"
#include "core/charge.h"
#include "core/result.h"

namespace recoup::billing {

// Pricer prices the items of one book for one order, and remembers what the lines rest on. Lives
// no longer than both.
class Pricer {
 public:
  Pricer(const PriceBook& book, const FilledOrder& order) : book_(book), order_(order) {}

  // The line of an item that applies; nothing where it asks for a quantity that was not ordered.
  core::Result<std::optional<core::ChargeLine>> line(const Item& item);

  // The inputs that entered a line, by themselves or through what follows from them.
  const std::set<std::string>& used() const { return used_; }

  // The names of the region's prices that entered, each with the price as it is published.
  const std::map<std::string, std::string>& region_prices() const { return region_prices_; }

  // The region that the order names, or nothing.
  const Region* region() const;

  // Marks an input as used, and all that it follows from.
  void use(const std::string& id);
  void use(const Condition& condition);

 private:
  using Line = core::Result<std::optional<core::ChargeLine>>;

  Line price(const std::string& name, const Fee& fee);
  Line price(const std::string& name, const UnitPrice& unit);
  Line price(const std::string& name, const Levels& levels);
  Line price(const std::string& name, const Tiers& tiers);
  core::Result<Price> price_of(const std::string& name, const PriceSource& source);
  core::Result<Price> region_price(const std::string& name, const PriceOfRegion& source);
  const Price& price_in(const std::string& id, const std::string& row,
                        const std::string& column) const;
  const Input* region_input() const;
  core::Ratio quantity_of(const std::string& id) const;
  core::Ratio free_units(const std::optional<FreeQuota>& free);
  bool ordered(const std::string& quantity) const;
  const Input& input(const std::string& id) const { return *find_input(book_, id); }

  const PriceBook& book_;
  const FilledOrder& order_;
  std::set<std::string> used_;
  std::map<std::string, std::string> region_prices_;
};

}  // namespace recoup::billing
