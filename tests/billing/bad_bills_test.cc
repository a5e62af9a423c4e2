// Every bill in tests/bad that is wrong, with its exact complaint: of its reader, or of what a
// claim about KMS in us-east-1 in September 2024 asks of it.

#include <fstream>
#include <sstream>

#include "billing/bill_samples.h"
#include "support/places.h"

using namespace recoup;
namespace fs = std::filesystem;

namespace {

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// As it is printed, without the folder.
std::string shown(const core::Error& error) {
  std::string text = error.message;
  if (!error.where.empty()) text = error.where + ": error: " + text;
  if (!error.help.empty()) text += "\nhelp: " + error.help;
  const std::string folder = std::string(TESTS_DIR) + "/bad/";
  for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
    text.erase(at, folder.size());
  }
  return text + '\n';
}

std::string complaint(const fs::path& path) {
  const auto bill = billing::read_bill({}, {path}, {});
  if (!bill) return shown(bill.error());
  const auto charge = billing::charge_from(*bill, test::kms_query());
  return charge ? "no complaint\n" : shown(charge.error());
}

}  // namespace

TEST_CASE("every wrong bill is met with its exact complaint") {
  int bills = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(TESTS_DIR) / "bad")) {
    fs::path path = entry.path();
    if (!path.filename().string().starts_with("bill-") || path.extension() == ".txt") continue;
    ++bills;
    INFO(path.filename());
    const std::string got = complaint(path);
    CHECK(got == read_text(path.replace_extension(".txt")));
  }
  CHECK(bills == 26);
}

TEST_CASE("a charge in scientific notation is taken exactly") {
  CHECK(test::shown(
            test::charged(test::bill_of({test::focus({{"1.5E-7"}, {"2e+1"}})}), test::kms_query())
                .amount.amount) == "20.00000015");
}
