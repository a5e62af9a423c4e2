// What of bills may be a credit, and what corrects an earlier month.

#include "billing/bill_samples.h"

using namespace recoup;
using namespace recoup::billing;
using namespace recoup::test;

namespace {

const std::string kHeader =
    "ProviderName,ServiceName,RegionId,BillingPeriodStart,BillingPeriodEnd,BilledCost,"
    "BillingCurrency,ChargeCategory,ChargeClass,BillingAccountId,SubAccountId,ChargePeriodStart,"
    "ChargeDescription\n";

std::string row(const std::string& cost, const std::string& category, const std::string& class_,
                const std::string& bill, const std::string& used, const std::string& words = {}) {
  const std::string next = bill == "2024-09" ? "2024-10" : "2024-11";
  return "AWS,AWS Key Management Service,us-east-1," + bill + "-01T00:00:00Z," + next +
         "-01T00:00:00Z," + cost + ",USD," + category + ',' + class_ +
         ",999999999999,123456789012," + used + "-03T02:00:00Z,\"" + words + "\"\n";
}

}  // namespace

TEST_CASE("credits, refunds, corrections and adjustments have their lines, usage has none") {
  const Bill bill =
      bill_of({kHeader + row("10", "Usage", "", "2024-09", "2024-09") +
               row("-2.5", "Credit", "", "2024-09", "2024-09", "SLA credit, \"\"KMS\"\"") +
               row("-0.5", "Credit", "", "2024-09", "2024-09", "SLA credit, \"\"KMS\"\"") +
               row("-1", "Credit", "", "2024-09", "2024-09", "promotion") +
               row("0", "Credit", "", "2024-09", "2024-09", "nothing") +
               row("-3", "Adjustment", "", "2024-09", "2024-09") +
               row("1.88", "Tax", "", "2024-09", "2024-09")});
  REQUIRE(bill.lines.size() == 3);
  CHECK(bill.lines[0].line == 3);
  CHECK(bill.lines[0].rows == 2);
  CHECK(bill.lines[0].amount == core::Ratio(-3, 1));
  CHECK(bill.lines[0].description == "SLA credit, \"KMS\"");
  CHECK(bill.lines[0].class_ == Class::credit);
  CHECK(bill.lines[0].used == std::chrono::year(2024) / 9);
  CHECK(bill.lines[0].file.ends_with("bill-1"));
  CHECK(bill.lines[1].line == 5);
  CHECK(bill.lines[2].category == "Adjustment");
}

TEST_CASE("AWS's own bill and its Cost Explorer have credits, too") {
  const Bill cur = bill_of(
      {kCurHeader + cur_row("Usage", "10") + cur_row("Credit", "-2") + cur_row("Refund", "-3")});
  REQUIRE(cur.lines.size() == 2);
  CHECK(cur.lines[0].line == 3);
  CHECK(cur.lines[0].service == "awskms");
  CHECK(cur.lines[1].class_ == Class::refund);

  const Bill explorer = bill_of({explorer_page(
      dimension("RECORD_TYPE"), explorer_result("2024-09-01", "2024-10-01",
                                                explorer_group("\"Usage\"", "10") + ',' +
                                                    explorer_group("\"Credit\"", "-2")))});
  REQUIRE(explorer.lines.size() == 1);
  CHECK(explorer.lines[0].line == 0);
  CHECK(explorer.lines[0].amount == core::Ratio(-2, 1));
}

TEST_CASE("what vouchers paid on Alibaba's bill is told apart from refunds") {
  const Bill bill =
      bill_of({"BillingCycle,AccountID,OwnerID,ProductCode,ProductDetail,Item,Region,PretaxAmount,"
               "DeductedByCoupons,DeductedByCashCoupons,Currency\n"
               "2024-09,1,1,kms,KMS,PayAsYouGoBill,eu-central-1,10,0,4,USD\n"
               "2024-09,1,1,kms,KMS,Refund,eu-central-1,-6,0,0,USD\n"});
  REQUIRE(bill.lines.size() == 2);
  CHECK(bill.lines[0].voucher);
  CHECK(bill.lines[0].amount == core::Ratio(-4, 1));
  CHECK_FALSE(bill.lines[1].voucher);
  CHECK(bill.lines[1].amount == core::Ratio(-6, 1));
}

TEST_CASE("a correction in a later bill changes the charge of the month that it is of") {
  const std::string september = kHeader + row("100", "Usage", "", "2024-09", "2024-09");
  const std::string october = kHeader + row("50", "Usage", "", "2024-10", "2024-10") +
                              row("-20", "Usage", "Correction", "2024-10", "2024-09", "rate") +
                              row("-1", "Tax", "Correction", "2024-10", "2024-09") +
                              row("-7", "Usage", "Correction", "2024-10", "2024-08");
  const core::Charge before = charged(bill_of({september}), kms_query());
  CHECK(before.amount.amount == core::Ratio(100, 1));
  const Bill both = bill_of({september, october});
  const core::Charge charge = charged(both, kms_query());
  CHECK(charge.amount.amount == core::Ratio(80, 1));
  REQUIRE(charge.lines.size() == 2);
  CHECK(charge.lines[1].item == "Correction of Usage (bill of 2024-10)");
  CHECK(charge.lines[1].amount == core::Ratio(-20, 1));

  // The later month keeps its own charge; and whoever takes corrections by their bill goes on so.
  BillQuery query = kms_query();
  query.month = std::chrono::year(2024) / 10;
  CHECK(charged(both, query).amount.amount == core::Ratio(50, 1));
  query.classes = {Class::usage, Class::correction};
  CHECK(charged(both, query).amount.amount == core::Ratio(22, 1));
  query.month = std::chrono::year(2024) / 9;
  CHECK(charged(both, query).amount.amount == core::Ratio(100, 1));
}
