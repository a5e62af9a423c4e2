// Orders that a price book does not take, with what it says instead.

#include "billing/estimating.h"

using namespace recoup;
using namespace recoup::test;

TEST_CASE("what is not sold, or not published, is refused with what would be accepted") {
  check_refusals({
      {kKms,
       {{"qps", "1500"}},
       "expected 1,000, 2,000 or 4,000 for qps, got 1,500",
       "take qps=2000, the next level"},
      {kKms,
       {{"qps", "5000"}},
       "expected at most 4,000 QPS of a software instance, got 5,000",
       "take qps=4000, or instance=hardware, which goes up to 6,000"},
      {kKms,
       {{"instance", "hardware"}, {"qps", "1000"}},
       "expected 2,000, 4,000 or 6,000 for qps, got 1,000",
       "take qps=2000, the next level"},
      {kKms,
       {{"instance", "hardware"}, {"qps", "6001"}},
       "expected 2,000, 4,000 or 6,000 for qps, got 6,001",
       "qps=6000 is the highest level"},
      {kKms,
       {{"instance", "hardware"}, {"keys", "1001"}},
       "expected at most 1,000 keys on a hardware instance, got 1,001",
       "no more are sold for it: take keys=1000 with no rotated versions, or instance=software, "
       "which goes up to 100,000"},
      {kKms,
       {{"region", "ap-southeast-6"}, {"zones", "multi"}},
       "expected zones=single in Manila (ap-southeast-6) and Bangkok (ap-southeast-7), got "
       "zones=multi",
       "take zones=single, or a region with more zones"},
      {kKms,
       {{"region", "ap-southeast-7"}, {"zones", "dual"}},
       "expected zones=single in Manila (ap-southeast-6) and Bangkok (ap-southeast-7), got "
       "zones=dual",
       "take zones=single, or a region with more zones"},
      {kKms,
       {{"zones", "single"}, {"region", "cn-hangzhou"}},
       "expected zones=dual or zones=multi, got zones=single",
       "only Manila (region=ap-southeast-6) and Bangkok (region=ap-southeast-7) run in a single "
       "zone"},
      {kKms,
       {{"keys", "100_001"}},
       "expected at most 100,000 for keys, got 100,001",
       "keys=100000 is the most that is accepted"},
      {kKms,
       {{"keys", "99_999"}, {"rotated_key_versions", "2"}},
       "expected at most 100,000 for key_slots (keys + rotated_key_versions), got 100,001",
       "key_slots=100000 is the most that is accepted"},
      {kKms,
       {{"secrets", "100_001"}},
       "expected at most 100,000 for secrets, got 100,001",
       "secrets=100000 is the most that is accepted"},
      {kKms,
       {{"access", "1001"}},
       "expected at most 1,000 for access, got 1,001",
       "access=1000 is the most that is accepted"},
      {kKms, {{"access", "0"}}, "expected at least 1 for access, got 0", "take access=1"},
      {kKms,
       {{"log_gb", "500_001"}},
       "expected at most 500,000 for log_gb, got 500,001",
       "log_gb=500000 is the most that is accepted"},
      {kKms,
       {{"log_qps", "1"}, {"log_days", "181"}},
       "expected at most 180 for log_days, got 181",
       "log_days=180 is the most that is accepted"},
      {kKms,
       {{"log_gb_now", "1000"}},
       "expected log analysis to stay on, got an order without it",
       "it cannot be turned off once it is on: take log_gb=1000, what the instance has now, or "
       "more"},
      {kKms,
       {{"plan", "yearly"}, {"keys", "1001"}},
       "expected plan=monthly, got plan=yearly: the annual price is not published",
       "plan=monthly is 509.00 USD a month; 12 of them, 6108.00 USD, are an upper bound, as the "
       "discount of a year is not known. With the invoice, state the amount instead"},
      {kKms,
       {{"plan", "yearly"}, {"qps", "1500"}},
       "expected 1,000, 2,000 or 4,000 for qps, got 1,500",
       "take qps=2000, the next level"},
      {kGateway,
       {{"instance", "api.s1.small"}, {"plan", "hourly"}, {"hours", "745"}},
       "expected at most 744 for hours, got 745",
       "hours=744 is the most that is accepted"},
      {kAws,
       {{"region", "cn-north-1"}},
       "expected a Region outside China, got cn-north-1",
       "the prices of the China Regions are published elsewhere; any commercial Region, like "
       "us-east-1, is accepted"},
      {kAws,
       {{"region", "us-gov-west-1"}},
       "expected a commercial Region, got us-gov-west-1",
       "the prices of GovCloud are published elsewhere; any commercial Region, like us-east-1, is "
       "accepted"},
  });
}

TEST_CASE("an order that cannot be read is refused with how to write it") {
  const std::string commas = "a comma can be read two ways: write 12_000_000, or 9.5 with a point";
  const std::string keys = "write it like keys=12 or keys=12_000";
  check_refusals({
      {kKms,
       {{"kes", "1"}},
       "expected a key of alibaba-kms-subscription, got 'kes'",
       "did you mean 'keys'?"},
      {kAws,
       {{"colour", "1"}},
       "expected a key of aws-kms, got 'colour'",
       "the keys are region, keys, rotated_key_versions, requests, free_tier, rsa_2048_requests, "
       "ecc_pair_requests, asymmetric_requests, rsa_pair_requests"},
      {kKms, {{"keys", "1,000"}}, "expected a number for keys, got '1,000'", commas},
      {kKms, {{"keys", "many"}}, "expected a number for keys, got 'many'", keys},
      {kKms, {{"keys", ""}}, "expected a number for keys, got ''", keys},
      {kKms, {{"keys", "1e3"}}, "expected a number for keys, got '1e3'", keys},
      {kKms, {{"keys", "+5"}}, "expected a number for keys, got '+5'", keys},
      {kKms, {{"keys", "_5"}}, "expected a number for keys, got '_5'", keys},
      {kKms, {{"keys", "5__0"}}, "expected a number for keys, got '5__0'", keys},
      {kKms,
       {{"keys", "1111111111111111111111111111111"}},
       "expected a number for keys, got '1111111111111111111111111111111'",
       keys},
      {kAws,
       {{"keys", "x"}},
       "expected a number for keys, got 'x'",
       "write it like keys=12 or keys=9.5"},
      {kKms, {{"keys", "-1"}}, "expected at least 0 for keys, got -1", "take keys=0"},
      {kKms,
       {{"keys", "1000.5"}},
       "expected a whole number for keys, got 1,000.5",
       "take keys=1000 or keys=1001"},
      {kKms,
       {{"instance", "softwear"}},
       "expected one of software, hardware for instance, got 'softwear'",
       "did you mean 'software'?"},
      {kAws,
       {{"free_tier", "no"}},
       "expected one of true, false for free_tier, got 'no'",
       "write it like free_tier=true"},
      {kAws,
       {{"region", "US-EAST-1"}},
       "expected a name for region, got 'US-EAST-1'",
       "a name is of a-z, 0-9, '.', '_' and '-', like us-east-1"},
      {kGateway,
       {{"calls", "1"}},
       "expected instance=…, got none: shared, or the type of a dedicated instance",
       "it is one of shared, api.s1.small, api.s1.medium, api.s2.large, api.s2.large.x2, "
       "api.s2.large.x3, api.s2.large.x4, api.s2.large.x5, api.s2.large.x6"},
      {kGateway,
       {{"instance", "api.s1.small"}, {"plan", "hourly"}},
       "expected hours=…, got none: how long the instance existed in the month",
       "write it like hours=12 or hours=9.5"},
      {kGateway,
       {{"instance", "shared"}, {"region", "ap-suotheast-1"}},
       "expected a region of alibaba-api-gateway for region, got 'ap-suotheast-1'",
       "did you mean 'ap-southeast-1'?"},
      {kGateway,
       {{"instance", "shared"}, {"activated", "10/2025"}},
       "expected a date for activated, got '10/2025'",
       "write it like activated=2026-10-03"},
      {kGateway,
       {{"instance", "shared"}, {"activated", "2025-10-15"}},
       "expected the month, as first_year follows from activated=2025-10-15, got none",
       "say the month, or first_year=true or first_year=false"},
      {kGateway,
       {{"instance", "shared"}, {"activated", "2025-10-15"}},
       "expected a month not before activated=2025-10-15, got 2025-09",
       "take 2025-10 or later",
       month("2025-09")},
  });
}

TEST_CASE("a price that depends on the region asks for it, and lists the regions") {
  const auto traffic = priced(kGateway, {{"instance", "shared"}, {"traffic_gb", "1"}});
  REQUIRE_FALSE(traffic.ok());
  CHECK(
      traffic.error().message ==
      "expected region=…, got none: the price of 'Outbound traffic to the Internet' depends on it");
  CHECK(traffic.error().help.starts_with("the regions are cn-qingdao (China (Qingdao)), "));
  CHECK(traffic.error().help.ends_with(", ap-south-1 (India (Mumbai))"));
  CHECK_FALSE(priced(kGateway, {{"instance", "api.s1.small"}}).ok());
  CHECK(priced(kGateway, {{"instance", "shared"}, {"calls", "1"}}).ok());
}
