#pragma once

#include <string>
#include <vector>

#include "billing/bills/selection.h"
#include "support/catch.h"
#include "support/packed.h"
#include "support/temp_dir.h"

// Small bills of every format, as tests write them.
namespace recoup::test {

inline const std::string kFocusHeader =
    "ProviderName,ServiceName,RegionId,BillingPeriodStart,BillingPeriodEnd,BilledCost,"
    "BillingCurrency,ChargeCategory,ChargeClass,BillingAccountId,SubAccountId\n";

// A row of 2024-09 under that header.
struct FocusRow {
  std::string cost = "1";
  std::string region = "us-east-1";
  std::string category = "Usage";
  std::string correction = {};
  std::string currency = "USD";
  std::string account = "123456789012";
  std::string service = "AWS Key Management Service";
  std::string begin = "2024-09-01 00:00:00";
  std::string end = "2024-10-01 00:00:00";
  std::string provider = "AWS";
};

inline std::string focus(const std::vector<FocusRow>& rows) {
  std::string text = kFocusHeader;
  for (const FocusRow& row : rows) {
    text += row.provider + ',' + row.service + ',' + row.region + ',' + row.begin + ',' + row.end +
            ',' + row.cost + ',' + row.currency + ',' + row.category + ',' + row.correction +
            ",999999999999," + row.account + '\n';
  }
  return text;
}

inline const std::string kCurHeader =
    "bill/InvoiceId,bill/BillType,bill/BillingPeriodStartDate,bill/BillingPeriodEndDate,"
    "bill/PayerAccountId,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/ProductCode,"
    "lineItem/UsageType,lineItem/CurrencyCode,lineItem/UnblendedCost,lineItem/BlendedCost,"
    "product/region\n";

// A row of 2024-09 under that header.
inline std::string cur_row(const std::string& type, const std::string& cost,
                           const std::string& region = "us-west-2",
                           const std::string& invoice = "1234567") {
  return invoice +
         ",Anniversary,2024-09-01T00:00:00Z,2024-10-01T00:00:00Z,111111111111,123456789012," +
         type + ",awskms,USW2-KMS-Requests,USD," + cost + ",9.99," + region + '\n';
}

inline std::string explorer_page(const std::string& definitions, const std::string& results,
                                 const std::string& more = {}) {
  return "{\"GroupDefinitions\":[" + definitions + "],\"ResultsByTime\":[" + results +
         "],\"DimensionValueAttributes\":[]" + more + "}";
}
inline std::string dimension(const std::string& key) {
  return R"({"Type":"DIMENSION","Key":")" + key + "\"}";
}
inline std::string explorer_result(const std::string& begin, const std::string& end,
                                   const std::string& groups, const std::string& total = "",
                                   bool estimated = false) {
  return R"({"TimePeriod":{"Start":")" + begin + R"(","End":")" + end + R"("},"Total":{)" + total +
         R"(},"Groups":[)" + groups + R"(],"Estimated":)" + (estimated ? "true" : "false") + "}";
}
inline std::string explorer_cost(const std::string& amount, const std::string& unit = "USD") {
  return R"("UnblendedCost":{"Amount":")" + amount + R"(","Unit":")" + unit + "\"}";
}
inline std::string explorer_group(const std::string& keys, const std::string& amount) {
  return R"({"Keys":[)" + keys + R"(],"Metrics":{)" + explorer_cost(amount) + "}}";
}

inline const std::string kBssHeader =
    "BillingCycle,AccountID,OwnerID,ProductCode,ProductName,Item,Region,PretaxGrossAmount,"
    "InvoiceDiscount,PretaxAmount,PaymentAmount,Currency\n";

inline billing::Bill bill_of(const std::vector<std::string>& contents,
                             std::optional<billing::BillFormat> format = {}) {
  const TempDir folder;
  std::vector<std::string> files;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    files.push_back(folder.write("bill-" + std::to_string(i + 1), contents[i]));
  }
  auto bill = billing::read_bill(format, files, {});
  INFO((bill ? "" : bill.error().message));
  REQUIRE(bill.ok());
  return *std::move(bill);
}

inline core::Error refused(const std::vector<std::string>& contents,
                           std::optional<billing::BillFormat> format = {}) {
  const TempDir folder;
  std::vector<std::string> files;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    files.push_back(folder.write("bill-" + std::to_string(i + 1), contents[i]));
  }
  auto bill = billing::read_bill(format, files, {});
  REQUIRE_FALSE(bill.ok());
  return bill.error();
}

inline std::string shown(const core::Ratio& sum) { return sum.to_shortest(60); }

// KMS in us-east-1 in September 2024.
inline billing::BillQuery kms_query() {
  billing::BillQuery query;
  query.services = {"AWS Key Management Service"};
  query.region = "us-east-1";
  query.month = std::chrono::year(2024) / 9;
  return query;
}

inline core::Charge charged(const billing::Bill& bill, const billing::BillQuery& query) {
  auto charge = billing::charge_from(bill, query);
  INFO((charge ? "" : charge.error().message));
  REQUIRE(charge.ok());
  return *std::move(charge);
}

inline std::string why_not(const billing::Bill& bill, const billing::BillQuery& query) {
  const auto charge = billing::charge_from(bill, query);
  REQUIRE_FALSE(charge.ok());
  return charge.error().message + "; " + charge.error().help;
}

}  // namespace recoup::test
