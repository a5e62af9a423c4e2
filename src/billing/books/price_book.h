#pragma once

#include "billing/books/price_inputs.h"
#include "billing/books/price_items.h"
#include "core/expiry.h"
#include "core/time.h"

namespace recoup::billing {

// How sure it is that a price belongs to a region.
enum class Confidence { stated, inferred, unknown };

// RegionPrice is one price of a region, or the table that the region's prices stand in.
struct RegionPrice {
  std::variant<Price, std::string> value;
  Confidence confidence = Confidence::stated;
};

struct Region {
  std::string id;    // the provider's
  std::string name;  // as the provider shows it
  std::map<std::string, RegionPrice> prices;
  std::string because;  // why what is not stated is taken so
};

// PriceTable is prices by row and column; a region names the one that holds there.
struct PriceTable {
  std::string id;
  std::vector<std::string> columns;
  std::map<std::string, std::vector<Price>> rows;  // one price a column
};

// BookNote is shown with an estimate where its condition holds.
struct BookNote {
  Condition when;
  std::string text;  // {input} stands for that input's value
};

// Refusal is an order that cannot be bought, or whose price is not published.
struct Refusal {
  Condition when;
  std::string message;
  std::string help;  // what would be accepted; {instead} and {bound} as below
  std::map<std::string, std::string> instead;  // an order with these values has a price, {instead}
  int times = 1;                               // {bound} is so many times that
};

// Example is one that the source works out, or that follows from its tables.
struct Example {
  std::string name;
  std::map<std::string, std::string> order;
  std::optional<core::Month> month;
  Price total;
  std::map<std::string, Price> lines;            // by the item's name
  std::optional<Price> published;                // the total that the source prints, if another
  std::map<std::string, Price> published_lines;  // likewise
  std::string why;
};

// PriceBook is the published prices of one service.
struct PriceBook {
  std::string id;
  std::string provider;
  std::string service;
  std::string currency;  // ISO 4217
  core::Date as_of{};    // when the source was read
  std::string source;
  std::vector<std::string> sla;                   // the contracts whose service it prices, by id
  std::string time_zone;                          // of the provider's days and months
  std::map<std::string, std::string> bill_names;  // the service's name by format of bill
  std::optional<core::ExpiryTerms> expiry;
  std::optional<core::OverdueTerms> overdue;
  std::vector<Input> inputs;
  std::vector<PriceTable> tables;
  std::vector<Region> regions;
  std::vector<Item> items;
  std::vector<Refusal> refusals;
  std::vector<BookNote> notes;
  std::vector<Example> examples;
};

// The input of that id, or nothing.
const Input* find_input(const PriceBook& book, const std::string& id);

}  // namespace recoup::billing
