#pragma once

#include <set>
#include <string>

#include "billing/filled_order.h"

namespace recoup::billing {

// Pricer prices the items of one book for one order, and remembers what the lines rest on. Lives
// no longer than both.
class Pricer {
 public:
  Pricer(const config::PriceBook& book, const FilledOrder& order) : book_(book), order_(order) {}

  // The line of an item that applies; nothing where it asks for a quantity that was not ordered.
  core::Result<std::optional<core::ChargeLine>> line(const config::Item& item);

  // The inputs that entered a line, by themselves or through what follows from them.
  const std::set<std::string>& used() const { return used_; }

  // The names of the region's prices that entered, each with the price as it is published.
  const std::map<std::string, std::string>& region_prices() const { return region_prices_; }

  // The region that the order names, or nothing.
  const config::Region* region() const;

  // Marks an input as used, and all that it follows from.
  void use(const std::string& id);
  void use(const config::Condition& condition);

 private:
  using Line = core::Result<std::optional<core::ChargeLine>>;

  Line price(const std::string& name, const config::Fee& fee);
  Line price(const std::string& name, const config::UnitPrice& unit);
  Line price(const std::string& name, const config::Levels& levels);
  Line price(const std::string& name, const config::Tiers& tiers);
  core::Result<config::Price> price_of(const std::string& name, const config::PriceSource& source);
  core::Result<config::Price> region_price(const std::string& name,
                                           const config::PriceOfRegion& source);
  const config::Price& price_in(const std::string& id, const std::string& row,
                                const std::string& column) const;
  const config::Input* region_input() const;
  core::Ratio quantity_of(const std::string& id) const;
  core::Ratio free_units(const std::optional<config::FreeQuota>& free);
  bool ordered(const std::string& quantity) const;
  const config::Input& input(const std::string& id) const { return *find_input(book_, id); }

  const config::PriceBook& book_;
  const FilledOrder& order_;
  std::set<std::string> used_;
  std::map<std::string, std::string> region_prices_;
};

}  // namespace recoup::billing
