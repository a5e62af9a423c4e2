#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "billing/bills/bill.h"
#include "core/charge.h"

namespace recoup::billing {

// BillQuery says which rows of a bill are the charge. Texts are compared exactly; a row that the
// bill gives no Region is of none.
struct BillQuery {
  std::vector<std::string> providers;  // any of these; empty: all
  std::vector<std::string> services;   // any of these; empty: all
  std::optional<std::string> region;   // nothing: all
  std::optional<std::string> account;  // nothing: all
  core::Month month;
  std::optional<std::string> currency;  // nothing: the bill has one
  std::set<Class> classes{Class::usage};
  // The bill was already cut down to the service, the Region and the account where it cannot tell
  // them apart: a Cost Explorer answer to a request with a Filter.
  bool filtered = false;
};

// The charge: the exact sum of the rows that the query asks for, with a line for each class and
// category. What was seen beside them is in the remarks. An error where the bill has no such rows,
// where it has two currencies, and where its billing period is not the month: a charge of nothing
// because of a wrong word would take the user's credit away.
core::Result<core::Charge> charge_from(const Bill& bill, const BillQuery& query);

}  // namespace recoup::billing
