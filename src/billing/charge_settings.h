#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "billing/books/price_shelf.h"
#include "core/money.h"
#include "core/time.h"
#include "documents/document.h"

namespace recoup::billing {

// What the user says a cycle cost, from the invoice.
struct StatedCharge {
  core::Month month;
  core::Money amount;
  std::string note;
};

// BillSettings says where the user's own bill lies and what in it is the agreement's. What is left
// out follows from the agreement and its price book.
struct BillSettings {
  std::string format;              // "focus", "cur", "cost-explorer", "bss"; empty: told by content
  std::vector<std::string> paths;  // of files; * and ? stand for any characters of a name
  std::map<std::string, std::string> names;  // of the service by format, as price books have it
  std::string provider;                      // as the bill names it
  std::string service;                       // likewise
  std::string region;                        // likewise
  std::string account;                       // likewise
  std::string currency;                      // the one that counts, where the bill has several
  std::vector<std::string> classes;          // of charges that enter; empty: usage alone
  bool filtered = false;  // the bill holds nothing but the agreement's service and Region
};

// BookSettings is an estimate from published prices: what is used of the service in a month.
struct BookSettings {
  std::shared_ptr<const PriceBook> book;
  std::map<std::string, std::string> order;  // what was given for each input of the book
};

// Where the charges come from. A stated amount decides over the bill, the bill over the estimate.
struct ChargeSettings {
  std::vector<StatedCharge> stated;
  std::vector<BillSettings> bills;  // they add up
  std::optional<BookSettings> book;

  bool empty() const { return stated.empty() && bills.empty() && !book; }
};

// What [agreement.charges] is read with.
struct ChargeContext {
  const PriceShelf& books;
  const std::filesystem::path& folder;  // of relative paths
  const std::string& sla;               // the agreement's contract
};

// Reads [agreement.charges]: stated amounts, bills, a price book.
ChargeSettings read_charges(const documents::Value& value, const ChargeContext& context);

}  // namespace recoup::billing
