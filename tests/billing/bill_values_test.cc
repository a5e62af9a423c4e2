// The numbers and dates that stand in bills.

#include <random>

#include "billing/bills/bill_words.h"
#include "billing/bills/decimal_sum.h"
#include "support/catch.h"

using namespace recoup;
using namespace recoup::billing;

namespace {

std::string shown(const core::Ratio& sum) { return sum.to_shortest(60); }

}  // namespace

TEST_CASE("decimals add up exactly, as bills write them") {
  DecimalSum sum;
  for (const char* text : {"0.1", "0.2", "-100.2", "35.2E-7", "1e3", "0", "-0", "12E+1",
                           "123456789012345678901234567890.123456789012345678901234567890123456",
                           "999999999999999999", "0.999999999999999999"}) {
    INFO(text);
    CHECK(sum.add(text));
  }
  CHECK(shown(sum.total()) ==
        "123456789013345678901234568910.223460309012345677901234567890123456");
  const core::Ratio before = sum.total();
  for (const char* text : {"", "NULL", "1,000.00", "+1", "$1", "1 ", " 1", ".5", "5.", "1.2.3",
                           "--1", "1e", "1e+", "0x1", "1e999999999", "nan", "inf", "1/2", "-"}) {
    INFO(text);
    CHECK_FALSE(sum.add(text));
  }
  CHECK(sum.total() == before);
}

TEST_CASE("sums of many decimals are those of a slow independent addition") {
  std::mt19937 random(11);
  DecimalSum fast;
  core::Ratio slow;
  for (int i = 0; i < 20000; ++i) {
    std::string text = random() % 4 == 0 ? "-" : "";
    text += std::to_string(random() % (random() % 2 == 0 ? 10u : 4000000000u));
    if (random() % 2 == 0) {
      text += '.';
      for (auto n = 1 + random() % 24; n > 0; --n) text += static_cast<char>('0' + random() % 10);
    }
    if (random() % 8 == 0) text += "E-" + std::to_string(random() % 30);
    REQUIRE(fast.add(text));
    slow += *core::Ratio::parse(text);
  }
  CHECK(fast.total() == slow);
}

TEST_CASE("dates of bills are UTC days, with or without T and Z") {
  for (const char* text :
       {"2024-09-01", "2024-09-01 00:00:00", "2024-09-01T00:00:00Z", "2024-09-01T00:00:00",
        "2024-09-01 00:00:00.000000", "2024-09-01T00:00Z", "2024-09-01 00:00:00+00:00"}) {
    INFO(text);
    const auto day = parse_day(text);
    REQUIRE(day.ok());
    CHECK(core::to_text(*day) == "2024-09-01");
  }
  for (const char* text : {"", "2024-09", "2024-02-30", "09/01/2024", "2024-09-01T", "2024-09-01x",
                           "2024-09-01T08:00:00Z", "2024-09-01T00:00:00+08:00",
                           "2024-09-01T00:00:01Z", "2024-09-01 00:00:00 UTC"}) {
    INFO(text);
    CHECK_FALSE(parse_day(text).ok());
  }
}
