#include "billing/bills/selection.h"

#include "billing/bill_samples.h"

using namespace recoup;
using namespace recoup::billing;
using namespace recoup::test;

namespace {

using Lines = std::vector<std::string>;

BillQuery cur_query() {
  BillQuery query = kms_query();
  query.services = {"awskms"};
  query.region = "us-west-2";
  return query;
}

}  // namespace

TEST_CASE("usage is the charge, and what else was seen is said") {
  const Bill bill = bill_of({focus({{"10"},
                                    {"0.125"},
                                    {"3", "us-east-1", "Purchase"},
                                    {"1.88", "us-east-1", "Tax"},
                                    {"-2", "us-east-1", "Credit"},
                                    {"0.5", "us-east-1", "Usage", "Correction"},
                                    {"7", "us-east-1", "Adjustment"},
                                    {"40", "eu-central-1"},
                                    {"0.25", ""},
                                    {"0.25", "NULL", "Tax"}})});
  const core::Charge charge = charged(bill, kms_query());
  CHECK(charge.amount == core::Money{*core::Ratio::parse("13.125"), "USD"});
  CHECK(charge.from == "bill");
  CHECK(charge.note == "bill-1");
  CHECK(charge.final);
  REQUIRE(charge.lines.size() == 2);
  CHECK(charge.lines[0].item == "Purchase (usage)");
  CHECK(charge.lines[0].amount == core::Ratio(3, 1));
  CHECK(charge.lines[1].item == "Usage");
  CHECK(charge.lines[1].calculation ==
        "2 rows of AWS Key Management Service in us-east-1, 2024-09, added up");
  CHECK(charge.lines[0].amount + charge.lines[1].amount == charge.amount.amount);
  CHECK(
      charge.remarks ==
      Lines{
          "Not in the amount: 1 row of Tax, 1.88 USD.",
          "Not in the amount: 1 row of Credit, -2.00 USD.",
          "Not in the amount: 1 row of Usage (correction), 0.50 USD, which corrects a period that "
          "was invoiced before.",
          "Not in the amount: 1 row of Adjustment (other), 7.00 USD, a class that is none of those "
          "known.",
          "Net of credits and refunds it is 11.125 USD.",
          "Not in the amount: 2 rows of the service without a Region, 0.50 USD."});
}

TEST_CASE("the classes that enter can be chosen") {
  const Bill bill =
      bill_of({kCurHeader + cur_row("Usage", "10") + cur_row("Tax", "1") + cur_row("Credit", "-2") +
               cur_row("Refund", "-3") + cur_row("EdpDiscount", "-0.5")});
  const std::vector<std::pair<std::set<Class>, std::string>> cases{
      {{Class::usage}, "10"},
      {{Class::usage, Class::tax}, "11"},
      {{Class::usage, Class::credit, Class::refund}, "5"},
      {{Class::usage, Class::other}, "9.5"},
      {{Class::correction}, "0"}};
  for (const auto& [classes, expected] : cases) {
    BillQuery query = cur_query();
    query.classes = classes;
    const core::Charge charge = charged(bill, query);
    CHECK(shown(charge.amount.amount) == expected);
    core::Ratio lines;
    for (const auto& line : charge.lines) lines += line.amount;
    CHECK(lines == charge.amount.amount);
  }
  const auto remarks = charged(bill, cur_query()).remarks;
  CHECK(std::count(remarks.begin(), remarks.end(), "Net of credits and refunds it is 5.00 USD.") ==
        1);
  CHECK(
      std::count(remarks.begin(), remarks.end(),
                 "Not in the amount: 1 row of EdpDiscount (other), -0.50 USD, a class that is none "
                 "of those known.") == 1);
}

TEST_CASE("an amount that may still change is said to be so") {
  const std::string blank = cur_row("Usage", "1", "us-west-2", "");
  const core::Charge charge = charged(bill_of({kCurHeader + blank + blank}), cur_query());
  CHECK_FALSE(charge.final);
  CHECK(charge.remarks ==
        Lines{"2 rows of the amount are not final: the provider may still change the bill."});
  // A tax that is not invoiced yet does not change what did not hold it.
  CHECK(
      charged(bill_of({kCurHeader + cur_row("Usage", "1") + cur_row("Tax", "1", "us-west-2", "")}),
              cur_query())
          .final);
}

TEST_CASE("two currencies are never added up") {
  FocusRow euro{"5"};
  euro.currency = "EUR";
  const Bill bill = bill_of({focus({{"1"}, euro})});
  CHECK(why_not(bill, kms_query()) ==
        "expected one currency, got 'EUR' and 'USD'; name the one that the charge is paid in");
  BillQuery query = kms_query();
  query.currency = "EUR";
  const core::Charge charge = charged(bill, query);
  CHECK(charge.amount == core::Money{core::Ratio(5, 1), "EUR"});
  CHECK(charge.remarks == Lines{"Not in the amount: 1 row in another currency, 1.00 USD."});
  query.currency = "JPY";
  CHECK(why_not(bill, query) ==
        "expected rows in JPY, got 'EUR' and 'USD'; name a currency that the bill has");
}

TEST_CASE("one account's charge has no row of another") {
  FocusRow other{"5"};
  other.account = "222222222222";
  const Bill bill = bill_of({focus({{"1"}, other})});
  CHECK(shown(charged(bill, kms_query()).amount.amount) == "6");
  BillQuery query = kms_query();
  query.account = "222222222222";
  const core::Charge charge = charged(bill, query);
  CHECK(shown(charge.amount.amount) == "5");
  CHECK(charge.remarks == Lines{"Not in the amount: 1 row of other accounts, 1.00 USD."});
  query.account = "333333333333";
  CHECK(why_not(bill, query) ==
        "expected rows of the account '333333333333', got '123456789012' and '222222222222'; name "
        "the account as the bill does");
}

TEST_CASE("a wrong word is an error that names the right one, never a charge of nothing") {
  FocusRow lambda{"1"};
  lambda.service = "AWS Lambda";
  FocusRow queue{"1"};
  queue.service = "Amazon Simple Queue Service";
  FocusRow later{"1"};
  later.begin = "2024-10-01T00:00:00Z";
  later.end = "2024-11-01T00:00:00Z";
  const Bill bill = bill_of({focus({{"1"}, lambda, queue, later, {"1", "eu-west-1"}, {"1", ""}})});
  const std::vector<std::pair<std::string, std::string>> services{
      {"AWS Key Managment Service", "'AWS Key Management Service'"},
      {"AWS KMS", "'AWS Key Management Service'"},
      {"awskms", "'AWS Key Management Service'"},
      {"aws lambda", "'AWS Lambda'"},
      {"SQS", "'Amazon Simple Queue Service'"}};
  for (const auto& [asked, nearest] : services) {
    INFO(asked);
    BillQuery query = kms_query();
    query.services = {asked};
    const std::string why = why_not(bill, query);
    CHECK(why.starts_with("expected rows of the service '" + asked +
                          "' in 2024-09, got none; the nearest that the bill has: "));
    CHECK(why.find(nearest) != std::string::npos);
  }
  BillQuery query = kms_query();
  query.region = "eu-west-2";
  CHECK(
      why_not(bill, query) ==
      "expected rows in the Region 'eu-west-2', got (empty), 'eu-west-1' and 'us-east-1'; name the "
      "Region as the bill does; a service that cost nothing there has no row");
  query = kms_query();
  query.month = std::chrono::year(2026) / 10;
  CHECK(
      why_not(bill, query) ==
      "expected rows of 2026-10, got 2024-09 and 2024-10; name the files of that month's bill too");
  query = kms_query();
  query.providers = {"Amazon"};
  CHECK(why_not(bill, query) ==
        "expected rows of the provider 'Amazon', got 'AWS'; name the provider as the bill does");
  CHECK(why_not(bill_of({kFocusHeader}), kms_query())
            .starts_with("expected rows of 2024-09, got none"));
}

TEST_CASE("a billing period that is not the month is refused") {
  FocusRow row{"1"};
  row.end = "2024-09-30 00:00:00";
  CHECK(why_not(bill_of({focus({row})}), kms_query()) ==
        "expected the billing period 2024-09-01 to 2024-10-01, got 2024-09-01 to 2024-09-30; a "
        "billing period begins on the first of a month, and ends before the first of the next");
  row.begin = "2024-08-15";
  CHECK(
      why_not(bill_of({focus({row})}), kms_query())
          .starts_with("expected the billing period 2024-09-01 to 2024-10-01, got 2024-08-15 to "));
  // Of another service it does not matter.
  row.service = "Other";
  CHECK(shown(charged(bill_of({focus({row, {"2"}})}), kms_query()).amount.amount) == "2");
}

TEST_CASE("days of Cost Explorer make up the month") {
  const std::string definitions = dimension("SERVICE") + ',' + dimension("REGION");
  const auto days = [&](int first, int last) {
    std::string results;
    for (int day = first; day <= last; ++day) {
      const auto begin = std::chrono::sys_days(std::chrono::year(2024) / 9 / day);
      // A day on which nothing was used has no group.
      results +=
          (results.empty() ? "" : ",") +
          explorer_result(
              core::to_text(core::Date(begin)),
              core::to_text(core::Date(begin + std::chrono::days(1))),
              day % 2 == 0 ? ""
                           : explorer_group(R"("AWS Key Management Service","us-east-1")", "0.1"));
    }
    return explorer_page(definitions, results);
  };
  CHECK(shown(charged(bill_of({days(1, 30)}), kms_query()).amount.amount) == "1.5");
  CHECK(
      why_not(bill_of({days(1, 29)}), kms_query()) ==
      "expected the billing period 2024-09-01 to 2024-10-01, got 2024-09-01 to 2024-09-30; ask for "
      "the whole month: the End of a TimePeriod is not included");
  CHECK(why_not(bill_of({days(2, 30)}), kms_query()).starts_with("expected the billing period"));
}

TEST_CASE("a Cost Explorer answer without groups must be filtered by the request") {
  const std::string total =
      explorer_page("", explorer_result("2024-09-01", "2024-10-01", "", explorer_cost("12.5")));
  const Bill bill = bill_of({total});
  CHECK(why_not(bill, kms_query()) ==
        "expected an answer that is grouped by SERVICE, got one that is not; group the request by "
        "SERVICE and REGION; or, if its filter names the service and the Region, say filtered = "
        "true");
  BillQuery query = kms_query();
  query.filtered = true;
  query.account = "123456789012";
  const core::Charge charge = charged(bill, query);
  CHECK(shown(charge.amount.amount) == "12.5");
  CHECK(charge.remarks ==
        Lines{"The answer is not grouped by RECORD_TYPE: taxes, credits and refunds are in the "
              "figures, unless its filter left them out.",
              "The bill does not tell accounts apart: the amount is of all that it holds."});

  const std::string by_type = explorer_page(
      dimension("RECORD_TYPE"), explorer_result("2024-09-01", "2024-10-01",
                                                explorer_group("\"Usage\"", "23.4512000000") + ',' +
                                                    explorer_group("\"Tax\"", "1.88") + ',' +
                                                    explorer_group("\"Credit\"", "-1")));
  query.account.reset();
  const core::Charge typed = charged(bill_of({by_type}), query);
  CHECK(shown(typed.amount.amount) == "23.4512");
  CHECK(typed.remarks == Lines{"Not in the amount: 1 row of Tax, 1.88 USD.",
                               "Not in the amount: 1 row of Credit, -1.00 USD.",
                               "Net of credits and refunds it is 22.4512 USD."});

  // A filter that names what Cost Explorer does not know is answered with nothing.
  const std::string nothing =
      explorer_page(dimension("RECORD_TYPE"), explorer_result("2024-09-01", "2024-10-01", ""));
  CHECK(why_not(bill_of({nothing}), query) ==
        "expected rows of 2024-09, got none; Cost Explorer answers with no rows for a service or a "
        "Region that it does not know");
  const std::string zero =
      explorer_page("", explorer_result("2024-09-01", "2024-10-01", "", explorer_cost("0")));
  CHECK(charged(bill_of({zero}), query).remarks.back() ==
        "Cost Explorer answers 0 also for a service or a Region that it does not know.");
}

TEST_CASE("a bill without a column for its currency is in the one that is stated") {
  const Bill bill =
      bill_of({"BillingCycle,OwnerID,ProductCode,Item,Region,PretaxAmount\n"
               "2024-09,2,kms,PayAsYouGoBill,cn-hongkong,9\n"});
  BillQuery query = kms_query();
  query.services = {"kms"};
  query.region = "cn-hongkong";
  CHECK(why_not(bill, query) ==
        "expected a currency in the bill, got no column of it; name the bill's currency beside the "
        "file");
  query.currency = "CNY";
  const core::Charge charge = charged(bill, query);
  CHECK(charge.amount == core::Money{core::Ratio(9, 1), "CNY"});
  CHECK(charge.remarks ==
        Lines{"The bill does not name its currency; CNY is what was stated for it."});
}

TEST_CASE("a credit's own month is one Region's alone") {
  // One Region's credit uses one Region's charge: nothing of another, nothing without one.
  const Bill bill = bill_of({focus({{"1"}, {"10", "us-west-2"}, {"100", ""}, {"1000", "global"}})});
  CHECK(shown(charged(bill, kms_query()).amount.amount) == "1");
  BillQuery everywhere = kms_query();
  everywhere.region.reset();
  CHECK(shown(charged(bill, everywhere).amount.amount) == "1111");
}
