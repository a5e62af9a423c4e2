#include "billing/bill_samples.h"
#include "billing/bills/survey.h"
#include "fuzz/fuzz.h"
#include "support/packed.h"
#include "support/temp_dir.h"

using namespace recoup;
using recoup::test::fuzz;

namespace {

// Bills of every format as texts.
std::vector<std::string> bill_texts() {
  using namespace test;
  return {
      focus({{"35.2E-7"}, {"-1.25", "", "Tax"}, {"1", "r", "Usage", "Correction"}}),
      "\xef\xbb\xbf\"a \"\"b\"\", c\"," + kFocusHeader + "\"x\ny\"," +
          focus({{"1"}}).substr(kFocusHeader.size()),
      kCurHeader + cur_row("Usage", "0.03") + cur_row("EdpDiscount", "-1", "", ""),
      kBssHeader + "2024-09,1,2,kms,KMS,PayAsYouGoBill,cn-hongkong,10,1,9,8,USD\n",
      explorer_page(dimension("SERVICE") + ',' + dimension("REGION"),
                    explorer_result(
                        "2024-09-01", "2024-10-01",
                        explorer_group("\"AWS Key Management Service\",\"us-east-1\"", "23.45")))};
}

void ask(const std::string& path) {
  const auto bill = billing::read_bill({}, {path}, {});
  if (!bill) {
    REQUIRE_FALSE(bill.error().message.empty());
    return;
  }
  auto query = test::kms_query();
  (void)billing::charge_from(*bill, query);
  query.services = {"AWS KMS"};
  (void)billing::charge_from(*bill, query);
  // What is told apart adds up to the whole.
  core::Ratio rows;
  core::Ratio totals;
  const billing::Survey all = billing::survey(*bill);
  for (const auto& row : all.rows) rows += row.sum;
  for (const auto& total : all.totals) totals += total.sum;
  REQUIRE(rows == totals);
}

}  // namespace

TEST_CASE("no bill breaks its reader", "[bills]") {
  const test::TempDir folder;
  fuzz(bill_texts(), [&](const std::string& text) { ask(folder.write("bill", text)); });
}

TEST_CASE("no packed bill breaks its reader", "[packed-bills]") {
  const test::TempDir folder;
  std::vector<std::string> seeds;
  for (const std::string& how : test::kPackings) {
    seeds.push_back(test::packed(how, bill_texts().front()));
  }
  seeds.push_back(test::zipped({{"a.csv", bill_texts().front()}}));
  fuzz(seeds, [&](const std::string& text) { ask(folder.write("bill", text)); });
}
