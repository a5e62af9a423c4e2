#include "billing/books/price_item_reader.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "billing/books/price_values.h"
#include "documents/near.h"

namespace recoup::billing {
namespace {

using core::Ratio;

// What the item's price is read with: the book so far, and when the item applies.
struct Context {
  const PriceBook& book;
  const Condition& when;
};

// The rows that the item can ask for: the choices of the row's input that its condition lets pass.
std::vector<std::string> rows_asked(const Input& input, const Condition& condition) {
  const auto found = condition.when.find(input.id);
  if (found == condition.when.end()) return input.choices;
  std::vector<std::string> rows;
  for (const std::string& choice : input.choices) {
    const bool passes = std::any_of(found->second.begin(), found->second.end(),
                                    [&](const auto& value) { return stands_for(value, choice); });
    if (passes) rows.push_back(choice);
  }
  return rows;
}

void check_table(const PriceTable& table, const PriceOfRegion& source,
                 const documents::Value& value, const Context& context) {
  const documents::Value column = value.member("column");
  const auto& columns = table.columns;
  if (std::find(columns.begin(), columns.end(), source.column) == columns.end()) {
    column.complain(
        fmt::format("expected a column of table '{}', got '{}'", table.id, source.column),
        documents::did_you_mean(source.column, columns,
                                fmt::format("they are {}", fmt::join(columns, ", "))));
    return;
  }
  for (const std::string& row : rows_asked(*find_input(context.book, source.row), context.when)) {
    if (table.rows.contains(row)) continue;
    value.member("row").complain(
        fmt::format("expected a row of table '{}' for each choice of '{}', got none for '{}'",
                    table.id, source.row, row));
  }
}

// Every region has the price, as one number or as a table of this shape.
void check_regions(const PriceOfRegion& source, const documents::Value& value,
                   const Context& context) {
  const bool wants_table = !source.row.empty();
  for (const Region& region : context.book.regions) {
    const auto found = region.prices.find(source.price);
    if (found == region.prices.end()) {
      value.complain(fmt::format("expected a price '{}' in every region, got none in '{}'",
                                 source.price, region.id));
      return;
    }
    if (std::holds_alternative<std::string>(found->second.value) != wants_table) {
      value.complain(
          fmt::format("expected {} in region '{}', got {}", wants_table ? "a table" : "one price",
                      region.id, wants_table ? "one price" : "a table"),
          wants_table ? "leave out 'row' and 'column'" : "say 'row' and 'column'");
      return;
    }
  }
  if (!wants_table) return;
  for (const PriceTable& table : context.book.tables) check_table(table, source, value, context);
}

std::optional<PriceSource> read_of_region(const documents::Value& value, const Context& context) {
  const auto table = value.table();
  if (!table) return std::nullopt;
  PriceOfRegion source;
  const auto price = table->required("region").text();
  const documents::Value row = table->optional("row");
  const documents::Value column = row ? table->required("column") : table->optional("column");
  const auto name = read_input_name(row, context.book.inputs, InputKind::choice);
  if (!row && column) table->complain("expected the key 'row' beside 'column', got none");
  if (!price || bool(row) != name.has_value()) return std::nullopt;
  source = {*price, name.value_or(""), column.text().value_or("")};
  if (context.book.regions.empty()) {
    value.complain("expected a book with regions, got one without [[region]]");
    return std::nullopt;
  }
  if (bool(row) == bool(column)) check_regions(source, value, context);
  return source;
}

PriceSource read_source(const documents::Value& value, const Context& context) {
  if (value.is_table()) return read_of_region(value, context).value_or(Price{});
  return read_price(value).value_or(Price{});
}

std::string read_quantity(const documents::Table& table, const Context& context) {
  return read_input_name(table.required("quantity"), context.book.inputs, InputKind::quantity)
      .value_or("");
}

std::optional<FreeQuota> read_free(const documents::Value& value, const Context& context) {
  const auto table = value.table();
  if (!table) return std::nullopt;
  FreeQuota free;
  free.quantity = read_units(table->required("quantity"), 1).value_or(Ratio{});
  free.when.when = read_when(table->optional("when"), context.book.inputs);
  if (const documents::Value in_tiers = table->optional("in_tiers_when")) {
    free.in_tiers = Condition{};
    free.in_tiers->when = read_when(in_tiers, context.book.inputs);
  }
  return free;
}

Fee read_fee(const documents::Table& table, const Context& context) {
  return {read_source(table.required("price"), context),
          table.optional("months").integer(1, 120).value_or(1)};
}

UnitPrice read_unit_price(const documents::Table& table, const Context& context) {
  UnitPrice unit;
  unit.quantity = read_quantity(table, context);
  unit.price = read_source(table.required("price"), context);
  unit.per = read_units(table.optional("per"), 1).value_or(Ratio::whole(1));
  unit.round_up = table.optional("round_up").boolean().value_or(false);
  unit.minimum = read_units(table.optional("minimum"), 1).value_or(Ratio{});
  unit.included = read_units(table.optional("included"), 1).value_or(Ratio{});
  unit.free = read_free(table.optional("free"), context);
  if (unit.free && unit.free->in_tiers) {
    table.complain("expected no 'in_tiers_when' without tiers, got one");
  }
  return unit;
}

Levels read_levels(const documents::Table& table, const Context& context) {
  Levels levels;
  levels.quantity = read_quantity(table, context);
  const documents::Value list = table.required("level");
  for (const documents::Table& one : list.tables()) {
    const documents::Value at = one.required("at");
    const auto units = read_units(at, 0);
    const auto price = read_price(one.required("price"));
    if (!units || !price) continue;
    if (!levels.levels.empty() && *units <= levels.levels.back().at) {
      at.complain(fmt::format("expected more than the level above, {}, got {}",
                              levels.levels.back().at.numerator(), units->numerator()),
                  "the levels stand upwards");
    }
    levels.levels.push_back({*units, *price});
  }
  if (list.is_array() && list.items().empty()) {
    list.complain("expected at least one level, got none");
  }
  return levels;
}

void check_tier(const documents::Value& to, const std::optional<Ratio>& end, const Tiers& before,
                bool last) {
  if (last && to) {
    to.complain("expected no end of the last tier, got one",
                "any quantity above it has a price too");
  }
  if (!end || before.tiers.empty() || !before.tiers.back().to) return;
  if (*before.tiers.back().to < *end) return;
  to.complain(fmt::format("expected more than the end of the tier above, {}, got {}",
                          before.tiers.back().to->numerator(), end->numerator()),
              "the tiers stand upwards");
}

Tiers read_price_tiers(const documents::Table& table, const Context& context) {
  Tiers tiers;
  tiers.quantity = read_quantity(table, context);
  tiers.per = read_units(table.optional("per"), 1).value_or(Ratio::whole(1));
  tiers.free = read_free(table.optional("free"), context);
  const documents::Value list = table.required("tier");
  const auto tables = list.tables();
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const bool last = i + 1 == tables.size();
    const documents::Value to = last ? tables[i].optional("to") : tables[i].required("to");
    const auto end = read_units(to, 1);
    const auto price = read_price(tables[i].required("price"));
    check_tier(to, end, tiers, last);
    if (price) tiers.tiers.push_back({end, *price});
  }
  if (list.is_array() && list.items().empty()) {
    list.complain("expected at least one tier, got none");
  }
  return tiers;
}

using Kind = decltype(Item::kind);

struct KindKey {
  const char* key;
  Kind (*read)(const documents::Table&, const Context&);
};

const KindKey kKindKeys[] = {
    {"fee", [](const documents::Table& t, const Context& c) -> Kind { return read_fee(t, c); }},
    {"unit_price",
     [](const documents::Table& t, const Context& c) -> Kind { return read_unit_price(t, c); }},
    {"levels",
     [](const documents::Table& t, const Context& c) -> Kind { return read_levels(t, c); }},
    {"tiers",
     [](const documents::Table& t, const Context& c) -> Kind { return read_price_tiers(t, c); }},
};

void read_kind(const documents::Table& table, const PriceBook& book, Item& item) {
  std::vector<std::string> found;
  for (const KindKey& kind : kKindKeys) {
    const documents::Value value = table.optional(kind.key);
    if (!value) continue;
    found.emplace_back(kind.key);
    const auto inner = value.table();
    if (inner) item.kind = kind.read(*inner, {book, item.when});
    if (found.size() == 2) {
      value.complain(fmt::format("expected one kind of price in an item, got '{}' beside '{}'",
                                 found[1], found[0]),
                     "each kind is an item of its own");
    }
  }
  if (found.empty()) {
    table.complain("expected 'fee', 'unit_price', 'levels' or 'tiers', got none of them");
  }
}

}  // namespace

std::vector<Item> read_items(const documents::Value& list, const PriceBook& book) {
  std::vector<Item> items;
  for (const documents::Table& table : list.tables()) {
    Item item;
    const documents::Value name = table.required("name");
    item.name = name.text().value_or("");
    const bool twice = std::any_of(items.begin(), items.end(),
                                   [&](const Item& other) { return other.name == item.name; });
    if (twice && !item.name.empty()) {
      name.complain(fmt::format("expected a name of its own, got '{}' a second time", item.name));
    }
    item.when = read_condition(table, book.inputs);
    item.note = table.optional("note").text().value_or("");
    read_kind(table, book, item);
    items.push_back(std::move(item));
  }
  if (list.is_array() && items.empty()) list.complain("expected at least one item, got none");
  return items;
}

}  // namespace recoup::billing
