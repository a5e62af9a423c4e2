#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ratio.h"
#include "core/result.h"
#include "core/time.h"
#include "documents/content.h"

namespace recoup::billing {

// What a bill can be written as.
enum class BillFormat : std::uint8_t {
  focus,          // FinOps Open Cost and Usage Specification 1.0 to 1.4, CSV
  cur,            // AWS Cost and Usage Report, CSV with the legacy or the 2.0 column names
  cost_explorer,  // AWS Cost Explorer's answer to GetCostAndUsage, JSON
  bss,            // Alibaba Cloud's detailed bill, CSV
};

// "focus", "cur", "cost-explorer", "bss": in the order of BillFormat.
const std::vector<std::string>& bill_formats();
std::string_view to_text(BillFormat format);
core::Result<BillFormat> parse_bill_format(std::string_view text);

// What kind of charge a row is, whatever words its format has for it.
enum class Class : std::uint8_t {
  usage,       // usage, recurring fees, purchases
  tax,         // tax
  credit,      // given by the provider: promotions, service credits
  refund,      // paid back
  correction,  // of a period that was invoiced before
  other,       // anything else; its category says what
};
constexpr std::size_t kClasses = 6;
std::string_view to_text(Class of);

// Period is a billing period by its days in UTC.
struct Period {
  core::Date begin;
  core::Date end;  // not included

  auto operator<=>(const Period&) const = default;
};

// "2024-09" for a calendar month, "2024-09-05 to 2024-10-01" for anything else.
std::string to_text(const Period& period);
Period period_of(core::Month month);

// BillGroup is the sum of all rows of a bill that have these values in common. An empty text is
// what the bill leaves empty.
struct BillGroup {
  std::string provider;
  std::string service;  // as the bill names it: AWS Key Management Service, awskms
  std::string region;
  Period period;
  std::string account;
  std::string currency;
  Class class_ = Class::usage;
  std::string category;  // in the bill's own word
  bool final = true;     // false: the provider may still change it
  // The month that a correction is of, where the bill says when what it corrects was used.
  std::optional<core::Month> corrects = {};
  std::uint64_t rows = 0;
  core::Ratio sum;
};

// BillLine is what of a bill may be a credit, or corrects an earlier month: rows of a file that are
// alike in all but their amounts.
struct BillLine {
  std::string file;        // "x.zip:member.csv" for a member
  std::uint64_t line = 0;  // of the first row; 0 where the file has none, as Cost Explorer's answer
  std::uint64_t rows = 0;
  std::string provider;
  std::string service;
  std::string region;
  Period period;
  std::string account;
  std::string currency;
  Class class_ = Class::credit;  // credit, refund, correction, other
  std::string category;          // in the bill's own word
  bool voucher = false;          // what a voucher paid of a row, which is no credit of its own
  std::string description;       // in the bill's own words; empty where it has none
  std::optional<core::Month> used = {};  // when that was used what it is about, where the bill says
  core::Ratio amount;                    // negative where it is in the customer's favour
};

// TellsApart says what a bill's rows can be told apart by. Every CSV tells apart by all; a Cost
// Explorer answer by two at most, and the others are empty in all its groups.
struct TellsApart {
  bool service = true;
  bool region = true;
  bool account = true;
  bool category = true;

  bool operator==(const TellsApart&) const = default;
};

// Bill is what one or more files say, added up. Any question about it is a question to its groups.
struct Bill {
  BillFormat format = BillFormat::focus;
  TellsApart tells_apart;
  std::vector<std::string> files;  // that were counted, "x.zip:member.csv" for a member
  std::uint64_t rows = 0;
  std::vector<BillGroup> groups;     // in order, each once
  std::vector<BillLine> lines;       // what may be a credit, file by file
  std::vector<Period> periods;       // that the files speak of, in order, also where no row is
  std::vector<std::string> remarks;  // what a reader must know of it, one sentence each
};

// Reads the files of one bill in one pass, in memory that depends on the groups and not on the
// rows. A file is a zip or what documents::Content reads, told by its content; all have the same
// format, which is told by the header where none is given. The same content is counted once.
// `progress` gets the bytes of all files.
core::Result<Bill> read_bill(std::optional<BillFormat> format,
                             const std::vector<std::string>& files,
                             const documents::OnProgress& progress);

}  // namespace recoup::billing
