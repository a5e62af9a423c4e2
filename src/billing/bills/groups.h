#pragma once

#include <string>
#include <vector>

#include "billing/bills/bill.h"

namespace recoup::billing {

// FileRows is what one file of a bill says.
struct FileRows {
  BillFormat format = BillFormat::focus;
  TellsApart tells_apart;
  std::uint64_t rows = 0;
  std::vector<BillGroup> groups;  // in any order, may repeat
  std::vector<BillLine> lines;    // by line, without their file
  std::vector<Period> periods;    // as groups
  bool more_pages = false;        // the file is a page, and another one follows
  std::vector<std::string> remarks;
};

// Groups with the same values become one; in order.
std::vector<BillGroup> merged(std::vector<BillGroup> groups);

// Whether the word is one of those; any is where there are none.
bool is_one_of(const std::vector<std::string>& allowed, const std::string& word);

}  // namespace recoup::billing
