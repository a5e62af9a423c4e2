// What an estimate shows beside its total.

#include "billing/books/price_book_reader.h"
#include "billing/estimating.h"

using namespace recoup;
using namespace recoup::test;

TEST_CASE("each calculation can be done again by its reader") {
  const auto kms = *priced(kKms, {{"instance", "software"},
                                  {"zones", "multi"},
                                  {"qps", "4000"},
                                  {"keys", "1001"},
                                  {"secrets", "150"},
                                  {"accounts", "1"},
                                  {"log_qps", "100"}});
  CHECK(calculation(kms, "Software key management instance") == "500 a month");
  CHECK(calculation(kms, "Computing performance") == "4,000 QPS: 300 in all above the first 1,000");
  CHECK(calculation(kms, "Keys") ==
        "1 × 9 per 10 keys, 1 rounded up to 10; the first 1,000 are included");
  CHECK(calculation(kms, "Secrets") == "2 × 50 per 100 secrets, 150 rounded up to 200");
  CHECK(calculation(kms, "Access management") == "1 × 125 per slot; the first is included");
  CHECK(calculation(kms, "Log analysis") ==
        "2 × 80 per 1,000 GB, about 1,483.15 rounded up to 2,000");
  CHECK(notes(kms,
              "log_gb_day = log_qps × 86,400 / 1,048,576 = 100 × 86,400 / 1,048,576 = about 8.24"));
  CHECK(notes(kms, "log_gb = log_gb_day × log_days = about 8.24 × 180 = about 1,483.15"));
  CHECK(notes(kms, "access = vpcs + accounts = 1 + 1 = 2"));
  CHECK(calculation(*priced(kKms, {{"qps", "1000"}}), "Computing performance") ==
        "1,000 QPS: included in the base fee");

  const auto shared = *priced(kGateway, {{"instance", "shared"}, {"calls", "12_000_000"}});
  CHECK(calculation(shared, "API calls") ==
        "10 × 0.9 + 1 × 0.6 per million calls; the first 1,000,000 are free");
  const auto in_tiers = *priced(
      kGateway, {{"instance", "shared"}, {"calls", "12_000_000"}, {"free_quota", "in_tiers"}});
  CHECK(calculation(in_tiers, "API calls") ==
        "9 × 0.9 + 2 × 0.6 per million calls; the first 1,000,000 are free, and use up the first "
        "tier");
  const auto hourly = *priced(kGateway, {{"instance", "api.s1.small"},
                                         {"plan", "hourly"},
                                         {"hours", "9.5"},
                                         {"region", "ap-southeast-1"},
                                         {"traffic_gb", "10"}});
  CHECK(calculation(hourly, "Dedicated instance, by the hour") ==
        "10 × 0.93 per hour, 9.5 rounded up to 10");
  CHECK(calculation(hourly, "Outbound traffic to the Internet") == "10 × 0.117 per GB");
  const auto yearly = *priced(
      kGateway, {{"instance", "api.s1.small"}, {"plan", "yearly"}, {"region", "cn-beijing"}});
  CHECK(calculation(yearly, "Dedicated instance, by the year") == "5518.20 for 12 months / 12");
  const auto aws = *priced(kAws, {{"requests", "7_776_000"}});
  CHECK(calculation(aws, "Requests") ==
        "775.6 × 0.03 per 10,000 requests; the first 20,000 are free");
}

TEST_CASE("an estimate says what it assumes") {
  const auto shared = *priced(kGateway, {{"instance", "shared"}, {"calls", "1"}});
  CHECK(notes(shared, "a part of a million calls is taken in proportion"));  // G4
  CHECK(notes(shared, "free_quota=before_tiers"));                           // G2
  CHECK(notes(*priced(kGateway, {{"instance", "shared"}, {"free_quota", "in_tiers"}}),
              "free_quota=in_tiers"));
  const auto ends =
      *priced(kGateway, {{"instance", "shared"}, {"calls", "1"}, {"activated", "2025-10-15"}},
              month("2026-10"));
  CHECK(notes(ends,
              "first_year=true: 2026-10 begins before 2026-10-15, 1 year after "
              "activated=2025-10-15; the source does not say how the month in which it ends is "
              "divided: all of it is taken as before"));  // G10
  const auto yearly = *priced(kGateway, {{"instance", "api.s2.large"},
                                         {"plan", "yearly"},
                                         {"region", "cn-beijing"},
                                         {"traffic_gb", "1"}});
  CHECK(notes(yearly, "the page heads the annual price US$/month"));      // G8
  CHECK(notes(yearly, "whether a GB of traffic is 10^9 or 2^30 bytes"));  // rule 11
  CHECK(notes(yearly, "99.95% for api.s2.large; a help page of February 2025 says 99.99%"));  // G12
  CHECK_FALSE(
      notes(*priced(kGateway, {{"instance", "api.s1.small"}, {"region", "cn-beijing"}}), "99.99%"));
  const auto aws =
      *priced(kAws, {{"requests", "1"}, {"region", "eu-west-1"}, {"rotated_key_versions", "1"}});
  CHECK(notes(aws, "over all Regions together"));
  CHECK(notes(aws, "the same in every commercial Region: eu-west-1"));
  CHECK(notes(aws, "count no more than two"));
  CHECK(notes(*priced(kKms, {{"region", "ap-southeast-7"}}),
              "ap-southeast-7 for Thailand (Bangkok)"));
  CHECK(notes(*priced(kKms, {{"secret_versions", "2"}}), "2 of them change nothing"));
}

TEST_CASE("a key that enters no line is named") {
  const auto gateway = *priced(
      kGateway,
      {{"instance", "api.s1.small"}, {"region", "cn-beijing"}, {"calls", "5"}, {"hours", "3"}});
  CHECK(notes(gateway, "calls=5 does not enter the price"));
  CHECK(notes(gateway, "hours=3 does not enter the price"));
  CHECK_FALSE(notes(gateway, "region=cn-beijing does not"));
  CHECK_FALSE(notes(gateway, "instance=api.s1.small does not"));
  const auto access = *priced(kKms, {{"access", "2"}, {"vpcs", "3"}});
  CHECK(notes(access, "vpcs=3 does not enter the price"));
  CHECK_FALSE(notes(*priced(kKms, {{"vpcs", "3"}}), "does not enter"));
  const auto shared =
      *priced(kGateway, {{"instance", "shared"}, {"calls", "5"}, {"region", "cn-beijing"}});
  CHECK(notes(shared, "region=cn-beijing does not enter the price"));
}

TEST_CASE("a price that is not known to be the region's is said to be so") {
  const auto book = billing::parse_price_book(R"(
schema    = 1
book      = "example"
provider  = "example"
service   = "Example API"
currency  = "EUR"
as_of     = 2026-11-01
source    = "https://example.com/prices/"
sla       = []
time_zone = "UTC"
[[input]]
id   = "region"
kind = "region"
text = "the region"
default = "west-1"
[[region]]
id     = "west-1"
name   = "West"
prices = { base = "12.5" }
region_confidence = { base = "unknown" }
because = "the page names no region"
[[item]]
name = "Base fee"
fee  = { price = { region = "base" } }
)",
                                              "example.toml");
  if (!book) FAIL(book.error().message);
  const auto estimate = *billing::estimate(*book, {}, {});
  CHECK(estimate.total == core::Money{core::Ratio(25, 2), "EUR"});
  CHECK(notes(estimate,
              "the base price of 12.5 in west-1 (West) is not known to be the region's: "
              "the page names no region"));
}
