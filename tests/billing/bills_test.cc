#include "billing/bills/bill.h"

#include <random>

#include "billing/bill_samples.h"
#include "billing/bills/survey.h"
#include "support/missing.h"
#include "support/places.h"

using namespace recoup;
using namespace recoup::billing;
using namespace recoup::test;
namespace fs = std::filesystem;

namespace {

const fs::path kBills = fs::path(SHARED_DATA) / "bills";

Bill sample() {
  auto bill = read_bill({}, {kBills / "focus-1.0-sample.csv"}, {});
  REQUIRE(bill.ok());
  return *std::move(bill);
}

// "usage Usage us-east-1 2 3.5" for each group.
std::vector<std::string> lines_of(const Bill& bill) {
  std::vector<std::string> out;
  for (const BillGroup& group : bill.groups) {
    out.push_back(std::string(to_text(group.class_)) + ' ' + group.category + ' ' + group.region +
                  ' ' + std::to_string(group.rows) + ' ' + shown(group.sum));
  }
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the FOCUS sample adds up to the last digit") {
  if (!have_data(kBills)) return;
  const Bill bill = sample();
  CHECK(bill.format == BillFormat::focus);
  CHECK(bill.rows == 1000);
  const Survey all = survey(bill);
  Lines totals;
  core::Ratio sum;
  for (const SurveyTotal& total : all.totals) {
    totals.push_back(total.provider + ' ' + to_text(total.period) + ' ' + total.currency + ' ' +
                     std::to_string(total.rows) + ' ' + shown(total.sum));
    sum += total.sum;
  }
  CHECK(totals == Lines{"AWS 2024-09 USD 942 18.0066386184",
                        "Microsoft 2024-09 USD 51 1.97651418586",
                        "Oracle 2024-09 USD 6 0.29707392473", "Oracle 2024-10 USD 1 0.24"});
  CHECK(shown(sum) == "20.52022672899");

  SurveyFilter kms;
  kms.services = {"AWS Key Management Service"};
  Lines regions;
  for (const SurveyRow& row : survey(bill, kms).rows) {
    regions.push_back(row.region + ' ' + std::to_string(row.rows) + ' ' + shown(row.sum));
  }
  CHECK(regions == Lines{"eu-central-1 1 0.0013888889", "us-east-2 1 0.0013888889",
                         "us-west-2 1 0.0013888889", "ap-northeast-2 1 0"});
}

TEST_CASE("the sample answers what a claim asks") {
  if (!have_data(kBills)) return;
  const Bill bill = sample();
  BillQuery query = kms_query();
  query.region = "us-west-2";
  const core::Charge charge = charged(bill, query);
  CHECK(shown(charge.amount.amount) == "0.0013888889");
  CHECK(charge.amount.currency == "USD");
  CHECK(charge.note == "focus-1.0-sample.csv");
  CHECK(charge.final);

  query.region.reset();
  CHECK(shown(charged(bill, query).amount.amount) == "0.0041666667");
  query.month = std::chrono::year(2026) / 10;
  CHECK(why_not(bill, query).starts_with("expected rows of 2026-10, got 2024-09 and 2024-10; "));

  // The credit of EC2 in us-east-1 does not lower the charge unseen.
  query = kms_query();
  query.services = {"Amazon Elastic Compute Cloud"};
  const core::Charge ec2 = charged(bill, query);
  const auto credit = std::find_if(ec2.remarks.begin(), ec2.remarks.end(), [](const auto& text) {
    return text.starts_with("Not in the amount: 1 row of Credit, -2.6137");
  });
  CHECK(credit != ec2.remarks.end());

  // Oracle has no Region anywhere.
  query = kms_query();
  query.providers = {"Oracle"};
  query.services.clear();
  query.region = "";
  CHECK(shown(charged(bill, query).amount.amount) == "0.02507392473");
  query.classes.insert(Class::other);  // two adjustments
  CHECK(shown(charged(bill, query).amount.amount) == "0.29707392473");
}

TEST_CASE("the faulty samples are explained") {
  if (!have_data(kBills)) return;
  const std::vector<std::pair<std::string, std::string>> cases{
      {"all_fail.csv",
       "all_fail.csv:1:1: error: expected the header of a bill, got no column of one"},
      {"all_pass_0.5.csv",
       "all_pass_0.5.csv:1:26: error: expected a FOCUS file of version 1.0 or "
       "later, got the column ChargeType of 0.5"},
      {"billedCostTest.csv",
       "billedCostTest.csv:1:1: error: expected the columns ServiceName, RegionId, "
       "BillingPeriodStart, BillingPeriodEnd, BillingCurrency, ChargeCategory, ChargeClass and "
       "SubAccountId or BillingAccountId, got none of these names"},
      {"fail_charge_type_bad_value.csv",
       "fail_charge_type_bad_value.csv:1:1: error: expected a FOCUS file of version 1.0 or later, "
       "got the column ChargeType of 0.5"},
      {"fail_invoice_issuer.csv", "fail_invoice_issuer.csv:1:1: error: expected the columns "},
      {"listUnitPriceTest.csv", "listUnitPriceTest.csv:1:1: error: expected the header of a bill"},
      {"multiple_failure_example_namespaced.csv",
       "multiple_failure_example_namespaced.csv:1:1: "
       "error: expected the header of a bill"},
      {"multiple_failure_examples.csv",
       "multiple_failure_examples.csv:1:1: error: expected a FOCUS file of version 1.0 or later"},
  };
  for (const auto& [name, expected] : cases) {
    INFO(name);
    const auto bill = read_bill({}, {kBills / name}, {});
    REQUIRE_FALSE(bill.ok());
    CHECK(bill.error().message.find('/' + expected) != std::string::npos);
    CHECK(bill.error().message.find("\nhelp: ") != std::string::npos);
  }
}

TEST_CASE("a FOCUS file of any version is read, with its classes and nulls") {
  const Bill bill = bill_of({focus({{"35.2E-7"},
                                    {"-0.5", "us-east-1", "Credit"},
                                    {"2", "NULL", "Purchase", "NULL"},
                                    {"3", "us-east-1", "Usage", "Correction"},
                                    {"4", "us-east-1", "Adjustment"},
                                    {"1.25", "us-east-1", "Tax"},
                                    {"100", "us-east-1", "Something"},
                                    {"7", "us-east-1", "Usage", "Unheard"}})});
  CHECK(lines_of(bill) == Lines{"usage Purchase  1 2", "usage Usage us-east-1 1 0.00000352",
                                "tax Tax us-east-1 1 1.25", "credit Credit us-east-1 1 -0.5",
                                "correction Usage us-east-1 1 3", "other Adjustment us-east-1 1 4",
                                "other Something us-east-1 1 100",
                                "other Usage, Unheard us-east-1 1 7"});

  // 1.4 has no ProviderName; 1.2 and later may have the invoice.
  std::string later = focus({{"1"}, {"2"}});
  later.replace(0, 12, "ServiceProviderName");
  CHECK(bill_of({later}).groups.at(0).provider == "AWS");
  CHECK(bill_of({later}).groups.at(0).final);
  const std::string invoiced =
      "InvoiceId," + kFocusHeader +
      "NULL,AWS,S,r,2024-09-01T00:00:00Z,2024-10-01T00:00:00Z,1,EUR,Usage,,payer,\n"
      "\"7\",AWS,S,r,2024-09-01,2024-10-01,2,EUR,Usage,,payer,NULL\n";
  const Bill with_invoice = bill_of({invoiced});
  REQUIRE(with_invoice.groups.size() == 2);
  CHECK_FALSE(with_invoice.groups[0].final);
  CHECK(with_invoice.groups[1].final);
  CHECK(with_invoice.groups[0].account == "payer");  // no sub account: the billing account
  CHECK(with_invoice.groups[0].currency == "EUR");
}

TEST_CASE("both namings of CUR are read, UnblendedCost alone") {
  const std::string legacy = kCurHeader + cur_row("Usage", "0.0300000000") + cur_row("Fee", "1.5") +
                             cur_row("Tax", "0.29", "") + cur_row("Credit", "-0.01") +
                             cur_row("Refund", "-0.02") + cur_row("EdpDiscount", "-0.003") +
                             cur_row("SavingsPlanNegation", "-1E-7") +
                             cur_row("Usage", "2", "us-west-2", "");
  const Lines expected{"tax Tax  1 0.29",
                       "usage Fee us-west-2 1 1.5",
                       "usage SavingsPlanNegation us-west-2 1 -0.0000001",
                       "usage Usage us-west-2 1 2",
                       "usage Usage us-west-2 1 0.03",
                       "credit Credit us-west-2 1 -0.01",
                       "refund Refund us-west-2 1 -0.02",
                       "other EdpDiscount us-west-2 1 -0.003"};
  const Bill bill = bill_of({legacy});
  CHECK(bill.format == BillFormat::cur);
  CHECK(lines_of(bill) == expected);
  CHECK(bill.remarks.empty());
  CHECK_FALSE(bill.groups[3].final);
  CHECK(bill.groups[4].final);

  std::string renamed = legacy;
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"bill/InvoiceId", "bill_invoice_id"},
           {"bill/BillType", "bill_bill_type"},
           {"bill/BillingPeriodStartDate", "bill_billing_period_start_date"},
           {"bill/BillingPeriodEndDate", "bill_billing_period_end_date"},
           {"bill/PayerAccountId", "bill_payer_account_id"},
           {"lineItem/UsageAccountId", "line_item_usage_account_id"},
           {"lineItem/LineItemType", "line_item_line_item_type"},
           {"lineItem/ProductCode", "line_item_product_code"},
           {"lineItem/UsageType", "line_item_usage_type"},
           {"lineItem/CurrencyCode", "line_item_currency_code"},
           {"lineItem/UnblendedCost", "line_item_unblended_cost"},
           {"lineItem/BlendedCost", "line_item_blended_cost"},
           {"product/region", "product_region_code"}}) {
    renamed.replace(renamed.find(from), from.size(), to);
  }
  CHECK(lines_of(bill_of({renamed})) == expected);

  std::string net = legacy;
  net.replace(net.find("lineItem/BlendedCost"), 20, "lineItem/NetUnblendedCost");
  CHECK(lines_of(bill_of({net})) == expected);
  CHECK(bill_of({net}).remarks ==
        Lines{"The bill also has lineItem/NetUnblendedCost, the cost after private discounts; the "
              "figures are of lineItem/UnblendedCost."});

  std::string no_invoice = legacy;
  no_invoice.replace(0, 14, "bill/Else");
  CHECK(bill_of({no_invoice}).remarks ==
        Lines{"The bill has no column bill/InvoiceId or bill_invoice_id, so that nothing says that "
              "it is final."});
  BillQuery query = kms_query();
  query.services = {"awskms"};
  query.region = "us-west-2";
  CHECK_FALSE(charged(bill_of({no_invoice}), query).final);
}

TEST_CASE("a BSS bill is read by what is payable, not by the list price") {
  const Bill bill = bill_of(
      {kBssHeader + "2024-09,1,2,kms,KMS,PayAsYouGoBill,cn-hongkong,10,1,9,8,USD\n"
                    "2024-09,1,2,kms,KMS,SubscriptionOrder,cn-hongkong,1845,0,1845.00,0,USD\n"
                    "2024-09,1,2,kms,KMS,Refund,cn-hongkong,0,0,-3,0,USD\n"
                    "2024-09,1,2,kms,KMS,Adjustment,cn-hongkong,0,0,0.5,0,USD\n"});
  CHECK(bill.format == BillFormat::bss);
  CHECK(lines_of(bill) ==
        Lines{"usage PayAsYouGoBill cn-hongkong 1 9", "usage SubscriptionOrder cn-hongkong 1 1845",
              "refund Refund cn-hongkong 1 -3", "other Adjustment cn-hongkong 1 0.5"});
  CHECK(bill.groups[0].provider == "Alibaba Cloud");
  CHECK(bill.groups[0].account == "2");
  CHECK(to_text(bill.groups[0].period) == "2024-09");
}

TEST_CASE("pages of a Cost Explorer answer make one bill") {
  const std::string definitions = dimension("SERVICE") + ',' + dimension("REGION");
  const std::string first = explorer_page(
      definitions,
      explorer_result(
          "2024-09-01", "2024-10-01",
          explorer_group(R"("AWS Key Management Service","us-east-1")", "23.4512000000") + ',' +
              explorer_group(R"("AWS Key Management Service","NoRegion")", "1")),
      R"(,"NextPageToken":"abc")");
  const std::string last = explorer_page(
      definitions, explorer_result("2024-09-01", "2024-10-01",
                                   explorer_group(R"("AWS Lambda","us-east-1")", "0.5"), "", true));
  const Bill bill = bill_of({first, last});
  CHECK(bill.format == BillFormat::cost_explorer);
  CHECK(bill.files.size() == 2);
  CHECK(lines_of(bill) ==
        Lines{"usage   1 1", "usage  us-east-1 1 23.4512", "usage  us-east-1 1 0.5"});
  CHECK(bill.remarks.at(0).starts_with("The answer is not grouped by RECORD_TYPE: "));
  CHECK(bill.groups[0].final);
  CHECK_FALSE(bill.groups[2].final);
  CHECK(shown(charged(bill, kms_query()).amount.amount) == "23.4512");

  CHECK(refused({first}).message ==
        "expected the last page of the answer, got a NextPageToken in every file");
  const std::string other = explorer_page(
      dimension("SERVICE"),
      explorer_result("2024-09-01", "2024-10-01", explorer_group(R"("AWS Lambda")", "0.5")));
  CHECK(refused({last, other}).message.find("expected the GroupDefinitions of ") == 0);
}

TEST_CASE("a Cost Explorer answer that is no such answer is refused") {
  const std::string definitions = dimension("SERVICE");
  const auto with = [&](const std::string& results) {
    return refused({explorer_page(definitions, results)}).message;
  };
  CHECK(refused({"{\"a\": 1,\n  \"b\": tru }"})
            .message.find("bill-1:2:11: error: expected JSON, got something else here\n    2 |   "
                          "\"b\": tru }\n") != std::string::npos);
  CHECK(refused({"{\"a\": 1"}).message.find("expected more JSON, got the end of the file") !=
        std::string::npos);
  CHECK(refused({"[]"}).message == "expected an array at /ResultsByTime, got nothing");
  CHECK(refused({"{}"}).message == "expected an array at /ResultsByTime, got nothing");
  CHECK(with(explorer_result("2024-09-01", "2024-10-01", R"({"Keys":["a","b"],"Metrics":{}})")) ==
        "expected one key as in GroupDefinitions at /ResultsByTime/0/Groups/0/Keys, got array "
        "[\"a\",\"b\"]");
  CHECK(with(explorer_result("2024-09-01", "2024-10-01",
                             R"({"Keys":["a"],"Metrics":{"BlendedCost":{}}})")) ==
        "expected the metric UnblendedCost at /ResultsByTime/0/Groups/0/Metrics, got BlendedCost");
  CHECK(with(explorer_result("2024-09-01", "2024-10-01", explorer_group("\"a\"", "1,000.00"))) ==
        "expected a decimal number, like 0.25, at "
        "/ResultsByTime/0/Groups/0/Metrics/UnblendedCost/Amount, got '1,000.00'");
  CHECK(with(explorer_result("2024-09-01T05:00:00Z", "2024-09-01T06:00:00Z", "")) ==
        "expected a date at 00:00:00 UTC, got '2024-09-01T05:00:00Z' at "
        "/ResultsByTime/0/TimePeriod/Start");
  CHECK(with(explorer_result("2024-10-01", "2024-09-01", "")).starts_with("expected an end after"));
}

TEST_CASE("a bill is the same however it is packed, and told by its content") {
  const std::string content = focus({{"0.1"}, {"0.2", "eu-central-1"}});
  for (const std::string& how : kPackings) {
    INFO(how);
    CHECK(lines_of(bill_of({packed(how, content)})) == lines_of(bill_of({content})));
  }
  // Two gzip members one after the other are one content.
  const auto half = content.size() / 2;
  CHECK(lines_of(bill_of({packed("gzip", content.substr(0, half)) +
                          packed("gzip", content.substr(half))})) == lines_of(bill_of({content})));

  const Bill both = bill_of(
      {zipped({{"a.csv", content}, {"manifest.txt", "not a bill"}, {"in/b.CSV", focus({{"5"}})}})});
  CHECK(lines_of(both) == Lines{"usage Usage eu-central-1 1 0.2", "usage Usage us-east-1 2 5.1"});
  REQUIRE(both.files.size() == 2);
  CHECK(both.files[0].ends_with("bill-1:a.csv"));
  CHECK(both.files[1].ends_with("bill-1:in/b.CSV"));
  CHECK(refused({zipped({{"a.txt", content}})}).message ==
        "expected a bill, got a zip file with neither a .csv nor a .json in it");
}

TEST_CASE("a packed bill that is cut or damaged anywhere is refused") {
  std::string content = kFocusHeader;
  std::mt19937 random(3);
  for (int i = 0; i < 40; ++i) {
    content += focus({{std::to_string(random() % 100000)}}).substr(kFocusHeader.size());
  }
  for (const std::string how : {"gzip", "zstd", "bzip2", "xz", "zip"}) {
    const std::string whole = how == "zip" ? zipped({{"a.csv", content}, {"b.csv", focus({{"1"}})}})
                                           : packed(how, content);
    const TempDir folder;
    INFO(how);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto bill = read_bill({}, {folder.write("cut", whole.substr(0, size))}, {});
      INFO("cut to " << size << " of " << whole.size());
      // A zip's directory stands at its end, and is not needed where every member is whole.
      if (bill.ok()) {
        REQUIRE(how == "zip");
        REQUIRE(bill->rows == 41);
      }
    }
  }
  // A flipped bit in a number changes no length: the checksum alone tells.
  for (const std::string how : {"gzip", "zstd", "bzip2", "xz", "zip"}) {
    const std::string whole = how == "zip" ? zipped({{"a.csv", content}}) : packed(how, content);
    const TempDir folder;
    const auto good = lines_of(bill_of({whole}));
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ 4);
      const auto bill = read_bill({}, {folder.write("damaged", damaged)}, {});
      INFO(how << " at " << at << " of " << whole.size());
      if (bill.ok()) REQUIRE(lines_of(*bill) == good);
    }
  }
}

TEST_CASE("files of one bill add up, and the same content counts once") {
  const std::string one = focus({{"0.1"}});
  const std::string two = focus({{"0.2"}});
  const Bill bill = bill_of({one, two, packed("gzip", one)});
  CHECK(lines_of(bill) == Lines{"usage Usage us-east-1 2 0.3"});
  CHECK(bill.files.size() == 2);
  REQUIRE(bill.remarks.size() == 1);
  CHECK(bill.remarks[0].find("bill-3 has the same content as ") != std::string::npos);
  CHECK(bill.remarks[0].ends_with("bill-1 and is counted once."));
  // Rows that are alike are not the same row twice.
  CHECK(lines_of(bill_of({focus({{"1"}, {"1"}})})) == Lines{"usage Usage us-east-1 2 2"});

  CHECK(refused({one, kCurHeader + cur_row("Usage", "1")})
            .message.find(
                "expected every file of the bill in one format, got cur here and focus in ") == 0);
  CHECK(read_bill({}, {}, {}).error().message == "expected the files of a bill, got none");
  const auto absent = read_bill({}, {"/nonexistent/bill.csv"}, {});
  CHECK(absent.error().message == "could not read the file: no such file or directory");
  CHECK(absent.error().where == "/nonexistent/bill.csv");
}

TEST_CASE("what is no bill at all is named") {
  CHECK(refused({""}).message == "expected a bill, got an empty file");
  for (const std::string& how : kPackings) {
    CHECK(refused({packed(how, "")}).message == "expected a bill, got a file with nothing in it");
  }
  CHECK(refused({zipped({})}).message == "expected a bill, got a file with nothing in it");
  CHECK(refused({"\n\n"}).message == "expected the header of a bill, got an empty file");
  CHECK(refused({"PAR1\x15\x04"}).message == "expected a bill, got Parquet");
  CHECK(refused({"\xff\xfe"
                 "a"})
            .message == "expected a bill, got UTF-16 text");
  CHECK(refused({focus({}).substr(0, 20)}).message.find("got none of these names") !=
        std::string::npos);
  CHECK(bill_of({kFocusHeader}).rows == 0);
  std::string semicolons = focus({{"1"}});
  std::replace(semicolons.begin(), semicolons.end(), ',', ';');
  CHECK(refused({semicolons})
            .message.find(
                "help: the names are not separated by commas: export the file again as CSV") !=
        std::string::npos);
}

TEST_CASE("progress goes up to the bytes on the disk") {
  const TempDir folder;
  const std::string plain = folder.write("a.csv", focus({{"1"}}));
  const std::string gz = folder.write("b.csv.gz", packed("gzip", focus({{"2"}})));
  std::vector<std::uint64_t> seen;
  std::uint64_t size = 0;
  REQUIRE(read_bill({}, {plain, gz}, [&](const documents::Progress& progress) {
            seen.push_back(progress.read);
            size = progress.size;
          }).ok());
  CHECK(size == fs::file_size(plain) + fs::file_size(gz));
  REQUIRE_FALSE(seen.empty());
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  CHECK(seen.back() == size);
}
