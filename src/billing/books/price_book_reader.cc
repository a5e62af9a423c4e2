#include "billing/books/price_book_reader.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "billing/bills/bill.h"
#include "billing/books/price_input_reader.h"
#include "billing/books/price_item_reader.h"
#include "billing/books/price_values.h"
#include "documents/near.h"
#include "rules/rule_file.h"
#include "rules/terms.h"
#include "rules/zones.h"

namespace recoup::billing {
namespace {

constexpr int kSchema = 1;
const std::vector<std::string> kConfidences{"stated", "inferred", "unknown"};

// Complains where one of the earlier ones has this id.
template <typename T>
void check_new(const documents::Value& value, const std::string& id,
               const std::vector<T>& earlier) {
  const bool twice =
      std::any_of(earlier.begin(), earlier.end(), [&](const T& other) { return other.id == id; });
  if (!twice || id.empty()) return;
  value.complain(fmt::format("expected an id of its own, got '{}' a second time", id));
}

void read_head(const documents::Table& root, PriceBook& book) {
  const documents::Value schema = root.required("schema");
  const auto number = schema.integer(1, 1'000'000);
  if (number && *number != kSchema) {
    schema.complain(fmt::format("expected schema {}, got {}", kSchema, *number),
                    "this file was written for a newer recoup");
  }
  book.id = rules::read_id(root.required("book")).value_or("");
  book.provider = root.required("provider").text().value_or("");
  book.service = root.required("service").text().value_or("");
  book.currency = rules::read_currency(root.required("currency")).value_or("");
  book.as_of = root.required("as_of").date().value_or(core::Date{});
  book.source = root.required("source").text().value_or("");
  book.sla = root.required("sla").texts();
  const documents::Value zone = root.required("time_zone");
  book.time_zone = zone.text().value_or("UTC");
  if (const auto found = rules::find_zone(book.time_zone); !found) zone.complain(found.error());
}

void read_bill_names(const documents::Value& value, PriceBook& book) {
  const auto table = value.table();
  if (!table) return;
  for (const std::string& format : bill_formats()) {
    if (auto name = table->optional(format).text()) book.bill_names[format] = *std::move(name);
  }
}

void read_lapses(const documents::Table& root, PriceBook& book) {
  constexpr int kYear = 366;
  if (const auto table = root.optional("expiry").table()) {
    book.expiry =
        core::ExpiryTerms{table->required("reminders").integers(1, kYear),
                          table->required("kept_days").integer(0, kYear).value_or(0),
                          table->required("released_on_day").integer(1, kYear).value_or(1),
                          table->optional("remarks").texts()};
  }
  if (const auto table = root.optional("overdue").table()) {
    book.overdue =
        core::OverdueTerms{table->required("restored_within_months").integer(1, 120).value_or(1)};
  }
}

void read_row(const documents::Value& value, PriceTable& table) {
  std::vector<Price> row;
  for (const documents::Value& item : value.items())
    row.push_back(read_price(item).value_or(Price{}));
  if (value.is_array() && row.size() != table.columns.size()) {
    value.complain(fmt::format("expected {} prices, {}, got {}", table.columns.size(),
                               fmt::join(table.columns, ", "), row.size()));
  }
  table.rows.emplace(value.key(), std::move(row));
}

std::vector<PriceTable> read_tables(const documents::Value& list) {
  std::vector<PriceTable> tables;
  for (const documents::Table& table : list.tables()) {
    PriceTable out;
    const documents::Value id = table.required("id");
    out.id = rules::read_id(id).value_or("");
    check_new(id, out.id, tables);
    out.columns = table.required("columns").texts();
    if (const auto rows = table.required("rows").table()) {
      for (const documents::Value& row : rows->entries()) read_row(row, out);
    }
    tables.push_back(std::move(out));
  }
  return tables;
}

std::string read_table_name(const documents::Value& value, const std::vector<PriceTable>& tables) {
  const std::string name = value.text().value_or("");
  std::vector<std::string> ids;
  for (const PriceTable& table : tables) ids.push_back(table.id);
  if (!name.empty() && std::find(ids.begin(), ids.end(), name) == ids.end()) {
    value.complain(
        fmt::format("expected a table of this book, got '{}'", name),
        documents::did_you_mean(name, ids, fmt::format("they are {}", fmt::join(ids, ", "))));
  }
  return name;
}

void read_region_prices(const documents::Table& table, const std::vector<PriceTable>& tables,
                        Region& out) {
  if (const auto named = table.optional("tables").table()) {
    for (const documents::Value& entry : named->entries()) {
      out.prices[entry.key()].value = read_table_name(entry, tables);
    }
  }
  if (const auto prices = table.optional("prices").table()) {
    for (const documents::Value& entry : prices->entries()) {
      if (out.prices.contains(entry.key())) {
        entry.complain(
            fmt::format("expected a table or a price of the name '{}', got both", entry.key()));
      }
      out.prices[entry.key()].value = read_price(entry).value_or(Price{});
    }
  }
  if (out.prices.empty()) table.complain("expected 'tables' or 'prices', got neither");
}

// How sure each price is, and why where it is not stated.
void read_confidence(const documents::Table& table, Region& out) {
  const documents::Value because = table.optional("because");
  out.because = because.text().value_or("");
  const auto sure = table.required("region_confidence").table();
  if (!sure) return;
  for (auto& [name, price] : out.prices) {
    const documents::Value value = sure->required(name);
    const auto word = value.word(kConfidences);
    if (!word) continue;
    price.confidence = static_cast<Confidence>(*word);
    if (price.confidence != Confidence::stated && !because) {
      value.complain(fmt::format("expected 'because' beside a price that is {}, got none",
                                 kConfidences[*word]));
    }
  }
}

std::vector<Region> read_regions(const documents::Value& list,
                                 const std::vector<PriceTable>& tables) {
  std::vector<Region> regions;
  for (const documents::Table& table : list.tables()) {
    Region region;
    const documents::Value id = table.required("id");
    region.id = rules::read_id(id).value_or("");
    check_new(id, region.id, regions);
    region.name = table.required("name").text().value_or("");
    read_region_prices(table, tables, region);
    read_confidence(table, region);
    regions.push_back(std::move(region));
  }
  return regions;
}

// Text with {input} in it, and what else may stand in braces.
std::string read_template(const documents::Value& value, const std::vector<Input>& inputs,
                          std::vector<std::string> others) {
  std::string text = value.text().value_or("");
  for (const Input& input : inputs) others.push_back(input.id);
  for (auto at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    const std::string name = text.substr(at + 1, text.find('}', at) - at - 1);
    if (std::find(others.begin(), others.end(), name) != others.end()) continue;
    value.complain(fmt::format("expected an input in braces, got '{}'", name),
                   documents::did_you_mean(name, others));
  }
  return text;
}

// The price of another order is asked of the book itself: that order must not be refused in turn.
void check_instead(const documents::Value& instead, const Refusal& refusal,
                   const std::vector<Refusal>& earlier) {
  if (!instead.is_table()) return;
  const bool again = std::any_of(earlier.begin(), earlier.end(),
                                 [](const Refusal& other) { return !other.instead.empty(); });
  if (again) instead.complain("expected one refusal with 'instead' in a book, got a second");
  const auto& when = refusal.when.when;
  const bool other =
      std::any_of(refusal.instead.begin(), refusal.instead.end(), [&](const auto& entry) {
        const auto found = when.find(entry.first);
        return found != when.end() &&
               std::none_of(found->second.begin(), found->second.end(),
                            [&](const auto& value) { return stands_for(value, entry.second); });
      });
  if (!other) instead.complain("expected an order that 'when' lets pass, got one that it refuses");
}

std::vector<Refusal> read_refusals(const documents::Value& list, const std::vector<Input>& inputs) {
  std::vector<Refusal> refusals;
  for (const documents::Table& table : list.tables()) {
    Refusal refusal;
    refusal.when = read_condition(table, inputs);
    const documents::Value instead = table.optional("instead");
    refusal.instead = read_order(instead, inputs);
    check_instead(instead, refusal, refusals);
    refusal.times = table.optional("times").integer(1, 120).value_or(1);
    std::vector<std::string> others;
    if (instead) others = {"instead", "bound"};
    refusal.message = read_template(table.required("message"), inputs, others);
    refusal.help = read_template(table.required("help"), inputs, others);
    refusals.push_back(std::move(refusal));
  }
  return refusals;
}

std::vector<BookNote> read_notes(const documents::Value& list, const std::vector<Input>& inputs) {
  std::vector<BookNote> notes;
  for (const documents::Table& table : list.tables()) {
    notes.push_back(
        {read_condition(table, inputs), read_template(table.required("text"), inputs, {})});
  }
  return notes;
}

void check_item_names(const documents::Value& value, const std::vector<Item>& items) {
  std::vector<std::string> names;
  for (const Item& item : items) names.push_back(item.name);
  const auto table = value.table();
  if (!table) return;
  for (const documents::Value& entry : table->entries()) {
    if (std::find(names.begin(), names.end(), entry.key()) != names.end()) continue;
    entry.complain(fmt::format("expected the name of an item, got '{}'", entry.key()),
                   documents::did_you_mean(entry.key(), names));
  }
}

std::vector<Example> read_examples(const documents::Value& list, const PriceBook& book) {
  std::vector<Example> examples;
  for (const documents::Table& table : list.tables()) {
    Example example;
    example.name = table.required("name").text().value_or("");
    example.order = read_order(table.required("order"), book.inputs);
    example.month = table.optional("month").month();
    example.total = read_price(table.required("total")).value_or(Price{});
    const documents::Value lines = table.optional("lines");
    example.lines = read_prices(lines);
    check_item_names(lines, book.items);
    example.published = read_price(table.optional("published"));
    const documents::Value published = table.optional("published_lines");
    example.published_lines = read_prices(published);
    check_item_names(published, book.items);
    example.why = table.optional("why").text().value_or("");
    if (example.published && example.why.empty()) {
      table.complain("expected 'why' beside 'published', got none");
    }
    examples.push_back(std::move(example));
  }
  return examples;
}

// Regions and the input that names one go together.
void check_region_input(const documents::Value& inputs, const PriceBook& book) {
  const auto regions =
      std::count_if(book.inputs.begin(), book.inputs.end(),
                    [](const Input& input) { return input.kind == InputKind::region; });
  const std::ptrdiff_t expected = book.regions.empty() ? 0 : 1;
  if (!inputs || regions == expected) return;
  inputs.complain(fmt::format("expected {} of the kind 'region' in a book {} [[region]], got {}",
                              expected == 0 ? "no input" : "one input",
                              expected == 0 ? "without" : "with", regions));
}

PriceBook read_book(const documents::Table& root) {
  PriceBook book;
  read_head(root, book);
  read_bill_names(root.optional("bill"), book);
  read_lapses(root, book);
  book.tables = read_tables(root.optional("table"));
  book.regions = read_regions(root.optional("region"), book.tables);
  book.inputs = read_inputs(root.required("input"));
  check_region_input(root.optional("input"), book);
  book.items = read_items(root.required("item"), book);
  book.refusals = read_refusals(root.optional("refusal"), book.inputs);
  book.notes = read_notes(root.optional("note"), book.inputs);
  book.examples = read_examples(root.optional("example"), book);
  return book;
}

}  // namespace

const Input* find_input(const PriceBook& book, const std::string& id) {
  const auto found = std::find_if(book.inputs.begin(), book.inputs.end(),
                                  [&](const Input& input) { return input.id == id; });
  return found == book.inputs.end() ? nullptr : &*found;
}

core::Result<PriceBook> parse_price_book(const std::string& text, const std::string& path) {
  documents::Document document(path, text);
  PriceBook book;
  if (document.is_sound()) book = read_book(document.root());
  if (const auto done = document.finish(); !done) return done.error();
  return book;
}

bool is_price_book(const std::string& text) {
  documents::Document document("", text);
  return document.is_sound() && document.root().optional("book");
}

}  // namespace recoup::billing
