#include "billing/charge_settings.h"

#include <algorithm>

#include <fmt/format.h>
#include <glob.h>

#include "billing/bills/bill.h"
#include "billing/books/price_book.h"
#include "documents/near.h"
#include "rules/terms.h"

namespace recoup::billing {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kClassWords{"usage",  "tax",        "credit",
                                           "refund", "correction", "other"};

StatedCharge read_stated(const documents::Table& table, const std::vector<StatedCharge>& earlier) {
  StatedCharge charge;
  const documents::Value month = table.required("month");
  charge.month = month.month().value_or(core::Month{});
  const bool twice = std::any_of(earlier.begin(), earlier.end(),
                                 [&](const auto& other) { return other.month == charge.month; });
  if (twice && charge.month.ok()) {
    month.complain(fmt::format("expected one amount a month, got {} a second time",
                               core::to_text(charge.month)));
  }
  const documents::Value amount = table.required("amount");
  charge.amount.amount = amount.decimal().value_or(core::Ratio{});
  if (charge.amount.amount < core::Ratio::whole(0)) {
    amount.complain(
        fmt::format("expected an amount of 0 or more, got '{}'", amount.text().value_or("")));
  }
  charge.amount.currency = rules::read_currency(table.required("currency")).value_or("");
  charge.note = table.optional("note").text().value_or("");
  return charge;
}

std::string text_at(const documents::Table& table, const char* key) {
  return table.optional(key).text().value_or("");
}

bool names_a_file(const std::string& pattern) {
  glob_t found{};
  const bool any = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0;
  globfree(&found);
  return any;
}

// One path or an array of them. The first bill may still be on its way: a pattern that names no
// file is warned of.
std::vector<std::string> read_paths(const documents::Value& value, const fs::path& folder) {
  std::vector<std::string> paths;
  const auto add = [&](const documents::Value& item) {
    const auto path = item.text();
    if (!path) return;
    paths.push_back((folder / *path).string());
    if (!names_a_file(paths.back())) {
      item.warn(fmt::format("expected the path of a bill, got '{}', which no file has", *path),
                "a relative path is taken from the folder of this file");
    }
  };
  if (value.is_array()) {
    for (const documents::Value& item : value.items()) add(item);
    if (value.items().empty()) value.complain("expected at least one path, got none");
  } else {
    add(value);
  }
  return paths;
}

std::vector<std::string> read_classes(const documents::Value& value) {
  std::vector<std::string> classes;
  for (const documents::Value& item : value.items()) {
    if (const auto index = item.word(kClassWords)) classes.push_back(kClassWords[*index]);
  }
  return classes;
}

// What bills call the contract's service, by their format.
std::map<std::string, std::string> service_names(const ChargeContext& context) {
  std::map<std::string, std::string> names;
  for (const auto& book : context.books.books_for(context.sla)) {
    names.insert(book->bill_names.begin(), book->bill_names.end());
  }
  return names;
}

BillSettings read_bill(const documents::Table& table, const ChargeContext& context) {
  BillSettings bill;
  bill.names = service_names(context);
  if (const auto format = table.optional("format").word(bill_formats())) {
    bill.format = bill_formats()[*format];
  }
  bill.paths = read_paths(table.required("path"), context.folder);
  bill.provider = text_at(table, "provider");
  bill.service = text_at(table, "service");
  bill.region = text_at(table, "region");
  bill.account = text_at(table, "account");
  bill.currency = rules::read_currency(table.optional("currency")).value_or("");
  bill.classes = read_classes(table.optional("classes"));
  bill.filtered = table.optional("filtered").boolean().value_or(false);
  return bill;
}

std::vector<BillSettings> read_bills(const documents::Value& value, const ChargeContext& context) {
  std::vector<BillSettings> bills;
  if (value.is_table()) {
    bills.push_back(read_bill(*value.table(), context));
    return bills;
  }
  for (const documents::Table& table : value.tables()) bills.push_back(read_bill(table, context));
  return bills;
}

// The book, and what was given for its inputs beside it in the same table.
std::optional<BookSettings> read_book(const documents::Table& table, const PriceShelf& books) {
  const documents::Value value = table.optional("book");
  const auto id = value.text();
  if (!id) return std::nullopt;
  BookSettings settings{books.find_book(*id), {}};
  if (settings.book == nullptr) {
    value.complain(
        fmt::format("expected a known price book, got '{}'", *id),
        documents::did_you_mean(*id, books.all_book_ids(), "`recoup estimate` lists them all"));
    // Whatever else stands here may be an input of it.
    table.entries();
    return std::nullopt;
  }
  for (const Input& input : settings.book->inputs) {
    if (auto given = table.optional(input.id).written()) settings.order[input.id] = *given;
  }
  return settings;
}

}  // namespace

ChargeSettings read_charges(const documents::Value& value, const ChargeContext& context) {
  ChargeSettings charges;
  const auto table = value.table();
  if (!table) return charges;
  const documents::Value all_stated = table->optional("stated");
  if (all_stated && !all_stated.is_array()) {
    all_stated.complain("expected a list of amounts, one for each month, got something else",
                        "write stated = [{ month = \"2026-10\", amount = \"120.50\", currency = "
                        "\"USD\" }], or a block "
                        "[[agreement.charges.stated]] for each");
    return charges;
  }
  for (const documents::Table& stated : all_stated.tables()) {
    charges.stated.push_back(read_stated(stated, charges.stated));
  }
  charges.bills = read_bills(table->optional("bill"), context);
  const documents::Value book = table->optional("book");
  charges.book = read_book(*table, context.books);
  if (charges.empty() && !book && !table->optional("stated") && !table->optional("bill")) {
    table->complain("expected 'stated', 'bill' or 'book', got none of them");
  }
  return charges;
}

}  // namespace recoup::billing
