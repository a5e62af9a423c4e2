#include "billing/charges.h"
#include "billing/books/price_book.h"
#include "config/settings.h"
#include "rules/catalog.h"
#include "support/catch.h"

using namespace recoup;
using config::AgreementSettings;

namespace {

constexpr const char* kAlibabaKms = R"([[agreement]]
id      = "kms"
sla     = "alibaba-kms"
account = "5123456789012345"
region  = "ap-southeast-1"
)";

core::Instant at(const char* text) { return *core::parse_instant(text); }

AgreementSettings read(const std::string& text) {
  const auto settings = config::parse_settings(text, "/etc/recoup/recoup.toml", {});
  INFO((settings ? "" : settings.error().message));
  REQUIRE(settings.ok());
  return settings->agreements.front();
}

}  // namespace

TEST_CASE("charges can come from a bill, and what is left out stays open") {
  const auto charges = read(std::string(kAlibabaKms) + R"(
  [agreement.charges]
  bill = { path = "bills/*.csv" }
)")
                           .charges;
  REQUIRE(charges.bills.size() == 1);
  CHECK(charges.bills[0].paths == std::vector<std::string>{"/etc/recoup/bills/*.csv"});
  CHECK(charges.bills[0].format.empty());
  CHECK(charges.bills[0].classes.empty());
  CHECK_FALSE(charges.bills[0].filtered);
  CHECK_FALSE(charges.book);
}

TEST_CASE("several bills can be named, each with what it calls the service") {
  const auto charges = read(std::string(kAlibabaKms) + R"(
  [agreement.charges]
  [[agreement.charges.bill]]
  format   = "bss"
  path     = ["/bills/a.csv", "b.csv.gz"]
  provider = "Alibaba Cloud"
  service  = "kms"
  region   = "Singapore"
  account  = "7"
  currency = "USD"
  classes  = ["usage", "tax"]

  [[agreement.charges.bill]]
  format   = "cost-explorer"
  path     = "c.json"
  filtered = true
)")
                           .charges;
  REQUIRE(charges.bills.size() == 2);
  const auto& first = charges.bills[0];
  CHECK(first.format == "bss");
  CHECK(first.paths == std::vector<std::string>{"/bills/a.csv", "/etc/recoup/b.csv.gz"});
  CHECK(first.provider == "Alibaba Cloud");
  CHECK(first.service == "kms");
  CHECK(first.region == "Singapore");
  CHECK(first.account == "7");
  CHECK(first.currency == "USD");
  CHECK(first.classes == std::vector<std::string>{"usage", "tax"});
  CHECK(charges.bills[1].filtered);
}

TEST_CASE("what a price book is asked for stands beside its name, as numbers, truth or text") {
  const auto charges = read(std::string(kAlibabaKms) + R"(
  [agreement.charges]
  book     = "alibaba-api-gateway"
  instance = "shared"
  calls    = 12_000_000
  activated = 2026-01-15
  first_year = true
  traffic_gb = "100.5"
)")
                           .charges;
  REQUIRE(charges.book);
  CHECK(charges.book->book->id == "alibaba-api-gateway");
  CHECK(charges.book->order == std::map<std::string, std::string>{{"instance", "shared"},
                                                                  {"calls", "12_000_000"},
                                                                  {"activated", "2026-01-15"},
                                                                  {"first_year", "true"},
                                                                  {"traffic_gb", "100.5"}});
}

TEST_CASE("an expired instance excludes the time until its renewal, in the provider's zone") {
  const AgreementSettings kms = read(std::string(kAlibabaKms) + R"(
  [[agreement.expiry]]
  date    = 2026-11-30
  renewed = 2026-12-02T09:00:00+08:00

  [[agreement.expiry]]
  date     = 2027-01-31
  midnight = "end"
)");
  REQUIRE(kms.agreement.exclusions.size() == 2);
  CHECK(kms.agreement.exclusions[0].span ==
        core::Interval{at("2026-11-29T16:00:00Z"), at("2026-12-02T01:00:00Z")});
  CHECK(kms.agreement.exclusions[0].reason ==
        "the instance was past its expiry of 2026-11-30 (00:00 Asia/Shanghai) and not renewed: the "
        "customer's own cause");
  CHECK(kms.agreement.exclusions[1].span ==
        core::Interval{at("2027-01-31T16:00:00Z"), core::kOpenEnd});
  REQUIRE(kms.lapses.expiries.size() == 2);
  CHECK(kms.lapses.expiries[0].timeline.suspension == at("2026-12-14T16:00:00Z"));
  CHECK(kms.lapses.expiries[0].zone == "Asia/Shanghai");
  CHECK_FALSE(kms.lapses.expiries[1].renewed);
}

TEST_CASE("an overdue account excludes the time until it is paid") {
  const AgreementSettings api = read(R"([[agreement]]
id      = "api"
sla     = "alibaba-api-gateway"
account = "5123456789012345"
region  = "ap-southeast-1"

  [[agreement.overdue]]
  since = 2026-10-03
  paid  = 2026-10-04T00:30:00Z
)");
  REQUIRE(api.agreement.exclusions.size() == 1);
  CHECK(api.agreement.exclusions[0].span ==
        core::Interval{at("2026-10-02T16:00:00Z"), at("2026-10-04T00:30:00Z")});
  REQUIRE(api.lapses.overdues.size() == 1);
  CHECK(api.lapses.overdues[0].last_restoration == at("2027-04-03T16:00:00Z"));
}

TEST_CASE("a quarter costs what its months do, and a cycle from another day what is stated") {
  AgreementSettings kms = read(R"([[agreement]]
id      = "kms"
sla     = "aws-kms"
account = "123456789012"
region  = "us-east-1"

  [agreement.charges]
  book = "aws-kms"
  keys = 40

  [[agreement.charges.stated]]
  month    = "2026-07"
  amount   = "12"
  currency = "USD"
)");
  billing::Charges charges;
  const auto of = [&](core::Calendar calendar, const char* month) {
    core::Rule rule = *kms.rule;
    for (core::Version& version : rule.versions) version.calendar = calendar;
    kms.rule = std::make_shared<const core::Rule>(rule);
    return charges.of(kms.charged(), *core::parse_month(month));
  };
  const auto month = of(core::Calendar::month, "2026-04");
  REQUIRE((month && *month));
  const auto quarter = of(core::Calendar::quarter, "2026-04");
  REQUIRE((quarter && *quarter));
  CHECK((*quarter)->amount.amount == core::Ratio::whole(3) * (*month)->amount.amount);
  const auto own = of(core::Calendar::purchase_day, "2026-04");
  REQUIRE_FALSE(own.ok());
  CHECK(own.error().message ==
        "expected what the billing cycle cost that is named 2026-04, got bills or prices of "
        "calendar months");
  const auto stated = of(core::Calendar::purchase_day, "2026-07");
  REQUIRE((stated && *stated));
  CHECK((*stated)->amount == core::Money{core::Ratio::whole(12), "USD"});
}
