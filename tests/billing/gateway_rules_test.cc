// What each rule of the pricing page of Alibaba Cloud API Gateway comes to, by number in the order
// of the page.

#include "billing/books/price_tiers.h"
#include "billing/estimating.h"
#include "core/expiry.h"
#include "rules/zones.h"

using namespace recoup;
using namespace recoup::test;
using core::Ratio;

TEST_CASE("a shared gateway costs what each rule of its page says") {
  const auto calls = [](const char* number, const char* first_year = "true") {
    return Order{{"instance", "shared"}, {"calls", number}, {"first_year", first_year}};
  };
  check_totals({
      {"1: the last call of the first tier", kGateway, calls("10_000_000", "false"), "9"},
      {"1: the first of the second", kGateway, calls("10_000_001", "false"), "9.0000006"},
      {"1: the end of the second", kGateway, calls("100_000_000", "false"), "63"},
      {"1: the first of the third", kGateway, calls("100_000_001", "false"), "63.00000045"},
      {"1: part millions in proportion", kGateway, calls("2_500_000"), "1.35"},
      {"2: the first million is free", kGateway, calls("1_000_000"), "0"},
      {"2: and not the next call", kGateway, calls("1_000_001"), "0.0000009"},
      {"2: not after the first year", kGateway, calls("1_000_000", "false"), "0.9"},
      {"2: the tiers begin after it", kGateway, calls("150_000_000"), "85.05"},
      {"2: or it uses up the first",
       kGateway,
       {{"instance", "shared"}, {"calls", "150_000_000"}, {"free_quota", "in_tiers"}},
       "84.6"},
      {"2: which changes nothing up to 10 million",
       kGateway,
       {{"instance", "shared"}, {"calls", "10_000_000"}, {"free_quota", "in_tiers"}},
       "8.1"},
      {"2: G2, 12 million",
       kGateway,
       {{"instance", "shared"}, {"calls", "12_000_000"}, {"free_quota", "in_tiers"}},
       "9.3"},
      {"2: in the month that holds the year's end",
       kGateway,
       {{"instance", "shared"}, {"calls", "12_000_000"}, {"activated", "2025-10-15"}},
       "9.6",
       month("2026-10")},
      {"2: in the month after it",
       kGateway,
       {{"instance", "shared"}, {"calls", "12_000_000"}, {"activated", "2025-10-15"}},
       "10.2",
       month("2026-11")},
      {"2: a year that ends with a month",
       kGateway,
       {{"instance", "shared"}, {"calls", "12_000_000"}, {"activated", "2025-10-01"}},
       "10.2",
       month("2026-10")},
      {"2: in the month of the activation",
       kGateway,
       {{"instance", "shared"}, {"calls", "12_000_000"}, {"activated", "2025-10-31"}},
       "9.6",
       month("2025-10")},
      {"2: a year from 29 February ends on 1 March",
       kGateway,
       {{"instance", "shared"}, {"calls", "12_000_000"}, {"activated", "2024-02-29"}},
       "10.2",
       month("2025-03")},
      {"2: what is said counts before the date",
       kGateway,
       {{"instance", "shared"},
        {"calls", "12_000_000"},
        {"activated", "2025-10-15"},
        {"first_year", "false"}},
       "10.2",
       month("2026-01")},
      {"5: traffic comes on top",
       kGateway,
       {{"instance", "shared"}, {"traffic_gb", "100"}, {"region", "cn-hongkong"}},
       "15.6"},
      {"6: first year", kGateway, calls("12_000_000"), "9.6"},
      {"6: after it", kGateway, calls("12_000_000", "false"), "10.2"},
      {"6: with traffic",
       kGateway,
       {{"instance", "shared"},
        {"calls", "12_000_000"},
        {"traffic_gb", "100"},
        {"region", "cn-hongkong"}},
       "25.2"},
      {"6: with traffic, after the first year",
       kGateway,
       {{"instance", "shared"},
        {"calls", "12_000_000"},
        {"traffic_gb", "100"},
        {"region", "cn-hongkong"},
        {"first_year", "false"}},
       "25.8"},
      {"12: traffic to a backend elsewhere",
       kGateway,
       {{"instance", "shared"},
        {"traffic_gb", "1"},
        {"backend_traffic_gb", "2"},
        {"region", "cn-qingdao"}},
       "0.339"},
  });
  // Rule 3 has no key of its own: failed calls are calls.
  CHECK(billing::find_input(*billing::PriceShelf().find_book(kGateway), "calls")->text ==
        "all requests received in the month, the failed ones too");
}

TEST_CASE("a bill by the day adds up to the month") {
  // Rule 4: each day's bill is what its calls cost after those of the days before.
  const auto book = billing::PriceShelf().find_book(kGateway);
  const auto& tiers = std::get<billing::Tiers>(book->items.at(0).kind);
  const billing::FreeUnits free{tiers.free->quantity};
  const auto cost = [&](const char* from, const char* to) {
    return billing::price_of(
        billing::tier_parts(tiers.tiers, free, *Ratio::parse(from), *Ratio::parse(to)), tiers.per);
  };
  CHECK(cost("0", "600000") == Ratio{});
  CHECK(cost("600000", "1500000") == *Ratio::parse("0.45"));
  CHECK(cost("1500000", "12000000") == *Ratio::parse("9.15"));
  CHECK(cost("0", "12000000") == *Ratio::parse("9.6"));
  // The call after ten million billable ones is the first at the second price.
  CHECK(cost("10999999", "11000000") == *Ratio::parse("0.0000009"));
  CHECK(cost("11000000", "11000001") == *Ratio::parse("0.0000006"));
  CHECK(cost("0", "0") == Ratio{});
}

TEST_CASE("a dedicated gateway costs what each rule of its page says") {
  const auto hourly = [](const char* hours) {
    return Order{{"instance", "api.s1.small"},
                 {"plan", "hourly"},
                 {"hours", hours},
                 {"region", "ap-southeast-1"}};
  };
  check_totals({
      {"7: a part of an hour is an hour", kGateway, hourly("9.5"), "9.3"},
      {"7: whole hours stay", kGateway, hourly("10"), "9.3"},
      {"7: released after a minute", kGateway, hourly("0.016"), "0.93"},
      {"7: at least an hour", kGateway, hourly("0"), "0.93"},
      {"7: no price for calls",
       kGateway,
       {{"instance", "api.s1.small"},
        {"plan", "hourly"},
        {"hours", "1"},
        {"calls", "9_000_000"},
        {"region", "cn-beijing"}},
       "0.87"},
      {"8: a month", kGateway, {{"instance", "api.s1.small"}, {"region", "cn-beijing"}}, "541"},
      {"8: a year is shown per month",
       kGateway,
       {{"instance", "api.s1.small"}, {"plan", "yearly"}, {"region", "cn-beijing"}},
       "459.85"},
      {"10: by the hour, with traffic",
       kGateway,
       {{"instance", "api.s1.small"},
        {"plan", "hourly"},
        {"hours", "9.5"},
        {"traffic_gb", "10"},
        {"region", "ap-southeast-1"}},
       "10.47"},
      {"10: by the month, with traffic",
       kGateway,
       {{"instance", "api.s1.small"},
        {"plan", "monthly"},
        {"traffic_gb", "10"},
        {"region", "ap-southeast-1"}},
       "561.17"},
      {"11: traffic is metered under any plan",
       kGateway,
       {{"instance", "api.s1.small"},
        {"plan", "yearly"},
        {"traffic_gb", "10"},
        {"region", "ap-southeast-1"}},
       "477.17"},
      {"12: traffic to a backend elsewhere",
       kGateway,
       {{"instance", "api.s1.small"}, {"backend_traffic_gb", "0.5"}, {"region", "me-east-1"}},
       "980.2235"},
  });
}

TEST_CASE("an account's balance shows when the provider warns, and when calls fail") {
  const auto with = [](Order order) {
    order["instance"] = "shared";
    return *priced(kGateway, order);
  };
  // 13: less than last week's charges; 14: less than the own threshold; 15: less than the last
  // bill.
  const auto lasts =
      with({{"balance", "70"}, {"last_week", "70"}, {"alert_below", "70"}, {"last_bill", "70"}});
  CHECK_FALSE(notes(lasts, "sends an alert"));
  CHECK_FALSE(notes(lasts, "overdue"));
  CHECK(notes(lasts, "balance=70 does not enter the price"));
  CHECK(notes(with({{"balance", "69.99"}, {"last_week", "70"}}),
              "the balance of 69.99 does not last for the next seven days at last week's 70"));
  CHECK(notes(with({{"balance", "69.99"}, {"alert_below", "70"}}), "own threshold of 70"));
  // 16: calls fail and management works; such failures are the customer's.
  CHECK(
      notes(with({{"balance", "-5"}, {"last_bill", "0.5"}}),
            "the balance of -5 is below the last bill of 0.5, so the account is overdue: API calls "
            "fail while management operations work, and such failures are the customer's own"));
}

TEST_CASE("an overdue gateway comes back when it is paid within six months") {
  const auto book = billing::PriceShelf().find_book(kGateway);  // rule 17
  REQUIRE(book->overdue);
  const auto zone = rules::find_zone(book->time_zone);
  const auto last =
      core::last_restoration(*book->overdue, *core::parse_instant("2026-03-10T00:00:00Z"), *zone);
  CHECK(core::to_text(last) == "2026-09-10T16:00:00Z");
  CHECK_FALSE(book->expiry);
}

TEST_CASE(
    "more calls than a dedicated gateway is sold for are warned of, in the mean or at the peak") {
  const auto noted = [](const Order& order, const std::string& part) {
    const auto estimate = priced(kGateway, order);
    REQUIRE(estimate.ok());
    return notes(*estimate, part);
  };
  const std::vector<std::pair<const char*, const char*>> kTypes{
      {"api.s1.small", "2,500"},     {"api.s1.medium", "5,000"},    {"api.s2.large", "10,000"},
      {"api.s2.large.x2", "20,000"}, {"api.s2.large.x3", "30,000"}, {"api.s2.large.x4", "40,000"},
      {"api.s2.large.x5", "50,000"}, {"api.s2.large.x6", "60,000"}};
  for (const auto& [type, most] : kTypes) {
    INFO(type);
    Order order{{"instance", type}, {"region", "ap-southeast-1"}};
    CHECK(noted(order, std::string(type) + " is sold for at most " + most + " requests a second"));
    CHECK_FALSE(noted(order, "warning"));
    std::string peak(most);
    std::erase(peak, ',');
    order["peak_rate"] = peak;
    CHECK_FALSE(noted(order, "warning"));
    order["peak_rate"] = peak + ".5";
    CHECK(noted(order, "warning: " + std::string(most) + ".5 requests in the busiest second"));
  }
  // 2,500 a second are 6,696,000,000 in 31 days.
  Order order{{"instance", "api.s1.small"}, {"region", "ap-southeast-1"}};
  order["calls"] = "6_696_000_000";
  CHECK_FALSE(noted(order, "warning"));
  order["calls"] = "6_696_000_001";
  CHECK(noted(order, "warning: 6,696,000,001 calls are about 2,500.00 a second"));
  order["instance"] = "shared";
  CHECK_FALSE(noted(order, "warning"));
}

TEST_CASE("what is billed by the day says when its bill comes") {
  const Order shared{{"instance", "shared"}, {"calls", "1000"}};
  CHECK(notes(*priced(kGateway, shared), "issued one to three hours after its day"));
  Order dedicated{{"instance", "api.s1.small"}, {"region", "ap-southeast-1"}};
  CHECK_FALSE(notes(*priced(kGateway, dedicated), "by the day"));
  dedicated["traffic_gb"] = "10";
  CHECK(notes(*priced(kGateway, dedicated), "traffic is billed by the day"));
}
