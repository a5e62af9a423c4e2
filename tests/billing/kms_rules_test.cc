// What each rule of the pages on the subscription of Alibaba Cloud KMS, and on AWS KMS, comes to.
// The numbers of the first are in the order of its page.

#include "billing/estimating.h"
#include "core/expiry.h"
#include "rules/zones.h"

using namespace recoup;
using namespace recoup::test;

TEST_CASE("a subscribed KMS instance costs what each rule of its page says") {
  const Order hardware{{"instance", "hardware"}};
  check_totals({
      {"1: a software instance", kKms, {}, "500"},
      {"1: a hardware instance", kKms, hardware, "1799"},
      {"2: what is included, of a software instance",
       kKms,
       {{"zones", "dual"},
        {"qps", "1000"},
        {"keys", "1000"},
        {"secrets", "0"},
        {"access", "1"},
        {"log_gb", "0"}},
       "500"},
      {"2: what is included, of a hardware instance",
       kKms,
       {{"instance", "hardware"},
        {"zones", "dual"},
        {"qps", "2000"},
        {"keys", "1000"},
        {"access", "1"}},
       "1799"},
      {"3: multi-zone", kKms, {{"zones", "multi"}}, "620"},
      {"3: multi-zone of a hardware instance",
       kKms,
       {{"instance", "hardware"}, {"zones", "multi"}},
       "1919"},
      {"3: Manila is single-zone", kKms, {{"region", "ap-southeast-6"}}, "500"},
      {"3: Bangkok is single-zone",
       kKms,
       {{"region", "ap-southeast-7"}, {"zones", "single"}},
       "500"},
      {"4: 2,000 QPS", kKms, {{"qps", "2000"}}, "600"},
      {"4: 4,000 QPS is 300 in all", kKms, {{"qps", "4000"}}, "800"},
      {"5: hardware, 4,000 QPS", kKms, {{"instance", "hardware"}, {"qps", "4000"}}, "1999"},
      {"5: hardware, 6,000 QPS", kKms, {{"instance", "hardware"}, {"qps", "6000"}}, "2199"},
      {"6: 1,001 keys are one step", kKms, {{"keys", "1001"}}, "509"},
      {"6: 1,010 keys are one step", kKms, {{"keys", "1010"}}, "509"},
      {"6: 1,011 keys are two", kKms, {{"keys", "1011"}}, "518"},
      {"6: 100,000 keys", kKms, {{"keys", "100_000"}}, "89600"},
      {"6: fewer keys than included", kKms, {{"keys", "1"}}, "500"},
      {"7: 1 secret is one step", kKms, {{"secrets", "1"}}, "550"},
      {"7: 100 secrets", kKms, {{"secrets", "100"}}, "550"},
      {"7: 101 secrets, hardware", kKms, {{"instance", "hardware"}, {"secrets", "101"}}, "1899"},
      {"7: 100,000 secrets", kKms, {{"secrets", "100000"}}, "50500"},
      {"8: one more slot", kKms, {{"access", "2"}}, "625"},
      {"8: three VPCs and two accounts", kKms, {{"vpcs", "3"}, {"accounts", "2"}}, "1000"},
      {"8: an account beside the bound VPC", kKms, {{"accounts", "1"}}, "625"},
      {"8: 1,000 slots", kKms, {{"access", "1000"}}, "125375"},
      {"9: 1 GB of log is one step", kKms, {{"log_gb", "1"}}, "580"},
      {"9: 1,000 GB", kKms, {{"log_gb", "1000"}}, "580"},
      {"9: 1,000.5 GB", kKms, {{"log_gb", "1000.5"}}, "660"},
      {"9: 500,000 GB", kKms, {{"log_gb", "500000"}}, "40500"},
      {"9: the log stays on", kKms, {{"log_gb", "2000"}, {"log_gb_now", "1000"}}, "660"},
      {"10: rotated versions take slots",
       kKms,
       {{"keys", "1000"}, {"rotated_key_versions", "1"}},
       "509"},
      {"10: they do beside the default too", kKms, {{"rotated_key_versions", "10"}}, "509"},
      {"10: secret versions do not", kKms, {{"secrets", "1"}, {"secret_versions", "2"}}, "550"},
      {"11: 100 QPS for 180 days", kKms, {{"log_qps", "100"}}, "660"},
      {"11: 67 QPS for 180 days fit into 1,000 GB", kKms, {{"log_qps", "67"}}, "580"},
      {"11: 100 QPS for 30 days", kKms, {{"log_qps", "100"}, {"log_days", "30"}}, "580"},
      {"12: the worked example",
       kKms,
       {{"zones", "multi"}, {"qps", "2000"}, {"keys", "2000"}, {"secrets", "200"}, {"access", "2"}},
       "1845"},
      {"18: the base of a credit is the month's fee with all add-ons",
       kKms,
       {{"instance", "hardware"},
        {"plan", "monthly"},
        {"zones", "multi"},
        {"qps", "6000"},
        {"secrets", "200"},
        {"access", "3"},
        {"log_gb", "1000"}},
       "2749"},
  });
}

TEST_CASE("an expired KMS instance is reminded of, suspended and released on the published days") {
  // Rules 13 to 15; midnight of the expiration date is taken as its begin.
  const auto book = billing::PriceShelf().find_book(kKms);
  REQUIRE(book->expiry);
  const auto zone = rules::find_zone(book->time_zone);
  const auto timeline =
      core::expiry_timeline(*book->expiry, *core::parse_date("2026-11-30"), false, *zone);
  CHECK(core::to_text(timeline.expiry) == "2026-11-29T16:00:00Z");
  REQUIRE(timeline.reminders.size() == 3);
  CHECK(core::to_text(timeline.reminders[0]) == "2026-11-22T16:00:00Z");
  CHECK(core::to_text(timeline.reminders[1]) == "2026-11-26T16:00:00Z");
  CHECK(core::to_text(timeline.reminders[2]) == "2026-11-28T16:00:00Z");
  CHECK(core::to_text(timeline.suspension) == "2026-12-14T16:00:00Z");
  CHECK(core::to_text(timeline.last_day) == "2026-12-30");
  CHECK(core::to_text(timeline.release) == "2026-12-30T16:00:00Z");
  CHECK_FALSE(book->overdue);
}

TEST_CASE("what the page says beside the prices stands beside the estimate, where it matters") {
  const auto noted = [](const Order& order, const char* part) {
    return notes(*priced(kKms, order), part);
  };
  CHECK(noted({}, "encryption with default keys is free"));
  CHECK(noted({}, "to midnight (UTC+8) of its expiration date"));
  CHECK(noted({}, "never pro-rated by calendar month"));
  CHECK(noted({}, "only for an instance in the state Enabled or Disabled"));
  CHECK_FALSE(noted({}, "three zones"));
  CHECK(noted({{"zones", "multi"}}, "multi-zone is three zones at most"));
  CHECK_FALSE(noted({}, "2,000 GB"));
  CHECK(noted({{"log_gb", "1"}}, "up to 2,000 GB can be chosen when log analysis is enabled"));
  CHECK(noted({{"log_gb", "1"}}, "500,000 GB is the most in all"));
  const auto& remarks = billing::PriceShelf().find_book(kKms)->expiry->remarks;
  REQUIRE(remarks.size() == 2);
  CHECK_THAT(remarks[0], Catch::Contains("back up keys and secrets before the expiry"));
  CHECK_THAT(remarks[1], Catch::Contains("no formula is published"));
}

TEST_CASE("AWS KMS costs what each line of its price list says") {
  check_totals({
      {"keys by the month", kAws, {{"keys", "40"}}, "40"},
      {"half a month of a key", kAws, {{"keys", "0.5"}}, "0.5"},
      {"rotated versions", kAws, {{"keys", "1"}, {"rotated_key_versions", "2"}}, "3"},
      {"requests within the free ones", kAws, {{"requests", "20_000"}}, "0"},
      {"one more", kAws, {{"requests", "20_001"}}, "0.000003"},
      {"where they are used up", kAws, {{"requests", "20_000"}, {"free_tier", "false"}}, "0.06"},
      {"they are no other requests", kAws, {{"rsa_2048_requests", "10_000"}}, "0.03"},
      {"ECC pairs", kAws, {{"ecc_pair_requests", "10_000"}}, "0.1"},
      {"other asymmetric keys", kAws, {{"asymmetric_requests", "10_000"}}, "0.15"},
      {"RSA pairs", kAws, {{"rsa_pair_requests", "10_000"}}, "12"},
      {"nothing", kAws, {}, "0"},
      // What probing costs, of §5.2: a month of 30 days.
      {"a probe every second", kAws, {{"requests", "2592000"}}, "7.716"},
      {"a probe every 5 s", kAws, {{"requests", "518400"}}, "1.4952"},
      {"a probe every 15 s", kAws, {{"requests", "172800"}}, "0.4584"},
      {"a probe every minute", kAws, {{"requests", "43200"}}, "0.0696"},
      {"a probe every minute, a key, no free ones",
       kAws,
       {{"requests", "43200"}, {"keys", "1"}, {"free_tier", "false"}},
       "1.1296"},
  });
}
