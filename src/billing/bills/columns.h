#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "billing/bills/bill.h"
#include "documents/csv.h"

namespace recoup::billing {

// What a column is read for. The names that each format has for it stand in one table, columns.cc.
enum class Role : std::uint8_t {
  provider,
  service,
  region,
  period_begin,
  period_end,
  charge,
  currency,
  category,
  correction,  // whether it corrects an earlier period
  account,
  invoice,
  used,         // when that was used what the row is about
  description,  // in words
  vouchers,     // how much of the charge vouchers paid
};
constexpr std::size_t kRoles = 14;

// Columns says where in a record each role stands.
struct Columns {
  BillFormat format = BillFormat::focus;
  // By role. Several where the format has several columns for it: the first that is not null
  // counts. None where the file has none, and needs none.
  std::array<std::vector<std::size_t>, kRoles> of;
  std::string charge_name;  // as the file writes it
  // There is a column of the charge after private discounts, which is not what is read.
  std::optional<std::string> net_charge;

  const std::vector<std::size_t>& operator[](Role role) const {
    return of[static_cast<std::size_t>(role)];
  }
};

// Finds the columns in the header, which is the reader's record; with the format given, by its
// names alone. The error names every column that is missing, with the nearest one that is there.
core::Result<Columns> find_columns(const documents::CsvReader& header,
                                   std::optional<BillFormat> format);

}  // namespace recoup::billing
