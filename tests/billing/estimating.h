#pragma once

#include <string>
#include <vector>

#include "billing/books/estimate.h"
#include "billing/books/price_shelf.h"
#include "support/catch.h"

// What the tests of the price books share.
namespace recoup::test {

using billing::Order;

using Month = std::optional<core::Month>;

const char* const kKms = "alibaba-kms-subscription";
const char* const kGateway = "alibaba-api-gateway";
const char* const kAws = "aws-kms";

inline Month month(const char* text) { return *core::parse_month(text); }

inline core::Result<billing::Estimate> priced(const char* book, const Order& order, Month at = {}) {
  return billing::estimate(*billing::PriceShelf().find_book(book), order, at);
}

struct Row {
  const char* rule;
  const char* book;
  Order order;
  const char* total;
  Month at = {};
};

inline void check_totals(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    INFO(row.rule);
    const auto estimate = priced(row.book, row.order, row.at);
    if (!estimate) FAIL_CHECK(estimate.error().message);
    if (!estimate) continue;
    CHECK(estimate->total.amount.to_shortest(12) == row.total);
    CHECK(estimate->total.currency == "USD");
    core::Ratio sum;
    for (const core::ChargeLine& line : estimate->lines) sum += line.amount;
    CHECK(sum == estimate->total.amount);
  }
}

struct Refused {
  const char* book;
  Order order;
  std::string message;
  std::string help;
  Month at = {};
};

inline void check_refusals(const std::vector<Refused>& rows) {
  for (const Refused& row : rows) {
    INFO(row.message);
    const auto estimate = priced(row.book, row.order, row.at);
    REQUIRE_FALSE(estimate.ok());
    CHECK(estimate.error().message == row.message);
    CHECK(estimate.error().help == row.help);
  }
}

inline std::string calculation(const billing::Estimate& estimate, const std::string& item) {
  for (const core::ChargeLine& line : estimate.lines) {
    if (line.item == item) return line.calculation;
  }
  return "no such line";
}

inline bool notes(const billing::Estimate& estimate, const std::string& part) {
  for (const std::string& note : estimate.notes) {
    if (note.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace recoup::test
