#include "billing/books/pricer.h"

#include <algorithm>

#include <fmt/format.h>

#include "billing/books/figure.h"
#include "billing/books/order_values.h"
#include "billing/books/price_tiers.h"

namespace recoup::billing {
namespace {

using core::ChargeLine;
using core::Error;
using core::Ratio;
using core::Result;

// "per hour", "per 10 keys", "per million calls".
std::string per_text(const Ratio& per, const std::string& unit) {
  if (per == Ratio::whole(1)) return "per " + unit;
  const std::string number = per == Ratio::whole(1'000'000) ? "million" : figure(per);
  return fmt::format("per {} {}", number, plural(unit));
}

// What was rounded up, or raised to the minimum, for the reader.
std::string rounding_text(const UnitPrice& unit, const Ratio& rest, const Ratio& lots) {
  const Ratio billed = lots * unit.per;
  if (billed == rest) return {};
  if (rest < unit.minimum) return fmt::format(", at least {} charged", figure(unit.minimum));
  return fmt::format(", {} rounded up to {}", figure(rest), figure(billed));
}

std::string first_ones(const Ratio& number, const char* what) {
  if (number == Ratio{}) return {};
  if (number == Ratio::whole(1)) return fmt::format("; the first is {}", what);
  return fmt::format("; the first {} are {}", figure(number), what);
}

// What the levels are, for an order of something between or above them.
Error not_sold(const Levels& levels, const Ratio& asked) {
  std::string sold;
  const Level* next = nullptr;
  for (const Level& level : levels.levels) {
    const bool last = &level == &levels.levels.back();
    sold += (sold.empty() ? "" : last ? " or " : ", ") + figure(level.at);
    if (next == nullptr && level.at > asked) next = &level;
  }
  const std::string help =
      next != nullptr ? fmt::format("take {}={}, the next level", levels.quantity, plain(next->at))
                      : fmt::format("{}={} is the highest level", levels.quantity,
                                    plain(levels.levels.back().at));
  return {fmt::format("expected {} for {}, got {}", sold, levels.quantity, figure(asked)), "",
          help};
}

Error needed_for(const std::string& item, const std::string& input, std::string help) {
  return {fmt::format("expected {}=…, got none: the price of '{}' depends on it", input, item), "",
          std::move(help)};
}

}  // namespace

const Region* Pricer::region() const {
  const Input* named = region_input();
  const FilledInput* known = named == nullptr ? nullptr : order_.find(named->id);
  if (known == nullptr) return nullptr;
  const auto found = std::find_if(book_.regions.begin(), book_.regions.end(),
                                  [&](const auto& one) { return one.id == known->text; });
  return found == book_.regions.end() ? nullptr : &*found;
}

void Pricer::use(const std::string& id) {
  if (!used_.insert(id).second) return;
  const FilledInput* known = order_.find(id);
  if (known == nullptr) return;
  for (const std::string& source : known->from_ids) use(source);
}

void Pricer::use(const Condition& condition) {
  for (const auto& [id, values] : condition.when) use(id);
  for (const auto& [id, values] : condition.unless) use(id);
  for (const auto& [id, bound] : condition.above) use(id);
  for (const auto& [id, bound] : condition.at_most) use(id);
  for (const std::string& id : condition.given) use(id);
  if (!condition.less.empty()) {
    use(condition.less);
    use(condition.than);
  }
}

bool Pricer::ordered(const std::string& quantity) const {
  const FilledInput* known = order_.find(quantity);
  return known != nullptr && known->from != FilledInput::From::preset;
}

Ratio Pricer::quantity_of(const std::string& id) const {
  const FilledInput* known = order_.find(id);
  return known == nullptr ? Ratio{} : known->number.value_or(Ratio{});
}

const Input* Pricer::region_input() const {
  const auto found = std::find_if(book_.inputs.begin(), book_.inputs.end(),
                                  [](const auto& one) { return one.kind == InputKind::region; });
  return found == book_.inputs.end() ? nullptr : &*found;
}

Result<Price> Pricer::region_price(const std::string& name, const PriceOfRegion& source) {
  const Region* at = region();
  if (at == nullptr) return needed_for(name, region_input()->id, list_regions(book_));
  use(region_input()->id);
  const auto& value = at->prices.at(source.price).value;
  const Price* price = std::get_if<Price>(&value);
  if (price == nullptr) {
    const FilledInput* row = order_.find(source.row);
    if (row == nullptr) return needed_for(name, source.row, {});
    use(source.row);
    price = &price_in(std::get<std::string>(value), row->text, source.column);
  }
  region_prices_[source.price] = price->text;
  return *price;
}

// The reader has made sure that it is there.
const Price& Pricer::price_in(const std::string& id, const std::string& row,
                              const std::string& column) const {
  const auto table = std::find_if(book_.tables.begin(), book_.tables.end(),
                                  [&](const auto& one) { return one.id == id; });
  const auto& columns = table->columns;
  const auto at = std::find(columns.begin(), columns.end(), column) - columns.begin();
  return table->rows.at(row).at(static_cast<std::size_t>(at));
}

Result<Price> Pricer::price_of(const std::string& name, const PriceSource& source) {
  if (const auto* price = std::get_if<Price>(&source)) return *price;
  return region_price(name, std::get<PriceOfRegion>(source));
}

Ratio Pricer::free_units(const std::optional<FreeQuota>& free) {
  if (!free) return {};
  use(free->when);
  return holds(free->when, order_) ? free->quantity : Ratio{};
}

Pricer::Line Pricer::price(const std::string& name, const Fee& fee) {
  const auto price = price_of(name, fee.price);
  if (!price) return price.error();
  if (fee.months == 1)
    return std::optional(ChargeLine{name, price->text + " a month", price->amount});
  return std::optional(
      ChargeLine{name, fmt::format("{} for {} months / {}", price->text, fee.months, fee.months),
                 price->amount / Ratio(fee.months, 1)});
}

Pricer::Line Pricer::price(const std::string& name, const UnitPrice& unit) {
  const Ratio quantity = quantity_of(unit.quantity);
  const Ratio free = free_units(unit.free);
  const Ratio rest = std::max(quantity - unit.included - free, Ratio{});
  if (rest == Ratio{} && !ordered(unit.quantity)) return std::optional<ChargeLine>();
  use(unit.quantity);
  const auto price = price_of(name, unit.price);
  if (!price) return price.error();
  Ratio lots = std::max(rest, unit.minimum) / unit.per;
  if (unit.round_up) lots = rounded_up(lots);
  return std::optional(ChargeLine{
      name,
      fmt::format("{} × {} {}{}{}{}", figure(lots), price->text,
                  per_text(unit.per, input(unit.quantity).unit), rounding_text(unit, rest, lots),
                  first_ones(unit.included, "included"), first_ones(free, "free")),
      lots * price->amount});
}

Pricer::Line Pricer::price(const std::string& name, const Levels& levels) {
  const Ratio quantity = quantity_of(levels.quantity);
  const std::string& unit = input(levels.quantity).unit;
  const auto level = std::find_if(levels.levels.begin(), levels.levels.end(),
                                  [&](const auto& one) { return one.at == quantity; });
  if (level == levels.levels.end()) return not_sold(levels, quantity);
  use(levels.quantity);
  const bool included = level == levels.levels.begin();
  if (included && !ordered(levels.quantity)) return std::optional<ChargeLine>();
  const std::string what = fmt::format("{} {}", figure(quantity), plural(unit));
  return std::optional(
      ChargeLine{name,
                 included ? what + ": included in the base fee"
                          : fmt::format("{}: {} in all above the first {}", what, level->price.text,
                                        figure(levels.levels.front().at)),
                 level->price.amount});
}

Pricer::Line Pricer::price(const std::string& name, const Tiers& tiers) {
  const Ratio quantity = quantity_of(tiers.quantity);
  if (quantity == Ratio{} && !ordered(tiers.quantity)) return std::optional<ChargeLine>();
  use(tiers.quantity);
  FreeUnits free{free_units(tiers.free)};
  if (free.quantity > Ratio{} && tiers.free->in_tiers) {
    use(*tiers.free->in_tiers);
    free.in_tiers = holds(*tiers.free->in_tiers, order_);
  }
  const auto parts = tier_parts(tiers.tiers, free, Ratio{}, quantity);
  std::string sum;
  for (const TierPart& part : parts) {
    sum += fmt::format("{}{} × {}", sum.empty() ? "" : " + ", figure(part.units / tiers.per),
                       part.tier->price.text);
  }
  if (sum.empty()) sum = "0 × " + tiers.tiers.front().price.text;
  const char* how = free.in_tiers ? "free, and use up the first tier" : "free";
  return std::optional(
      ChargeLine{name,
                 fmt::format("{} {}{}", sum, per_text(tiers.per, input(tiers.quantity).unit),
                             first_ones(free.quantity, how)),
                 billing::price_of(parts, tiers.per)});
}

Pricer::Line Pricer::line(const Item& item) {
  if (!holds(item.when, order_)) return std::optional<ChargeLine>();
  use(item.when);
  return std::visit([&](const auto& kind) { return price(item.name, kind); }, item.kind);
}

}  // namespace recoup::billing
