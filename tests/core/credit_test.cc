#include "core/credit.h"

#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup::core;

namespace {

Assessment breached(std::optional<std::size_t> tier) {
  Assessment a;
  a.complete = true;
  a.met = false;
  a.tier = tier;
  return a;
}

Charge usd(const char* amount) { return {{*Ratio::parse(amount), "USD"}, "stated", ""}; }

}  // namespace

TEST_CASE("a credit must be more than the minimum, before any rounding") {
  const Version version = recoup::test::kms_like();
  struct Row {
    const char* charge;
    bool eligible;
  };
  for (const Row& row : {Row{"10.00", false}, Row{"10.0000001", true}, Row{"10.10", true},
                         Row{"9.99", false}, Row{"0", false}, Row{"1845.00", true}}) {
    INFO(row.charge);
    CHECK(credit(version, breached(0), usd(row.charge)).eligible == row.eligible);
  }
}

TEST_CASE("each tier gives its share of the charges") {
  const Version version = recoup::test::kms_like();
  CHECK(to_text(*credit(version, breached(0), usd("1845.00")).amount) == "184.50 USD");
  CHECK(to_text(*credit(version, breached(1), usd("1845.00")).amount) == "461.25 USD");
  CHECK(to_text(*credit(version, breached(2), usd("1845.00")).amount) == "1845.00 USD");
}

TEST_CASE("a tier in which the contract gives nothing is no credit, whatever the minimum") {
  Version version = recoup::test::kms_like();
  version.minimum_credit.reset();
  version.credits[0].credit = Ratio();
  const Credit none = credit(version, breached(0), usd("1845.00"));
  CHECK_FALSE(none.eligible);
  CHECK(none.reason ==
        "the Service Commitment was not met, and the contract gives no credit for it");
  CHECK(credit(version, breached(1), usd("1845.00")).eligible);
}

TEST_CASE("a cycle used in part is none where the contract says so, and only there") {
  Version version = recoup::test::kms_like();
  for (const PartMonth kept : {PartMonth::full, PartMonth::used_time, PartMonth::none}) {
    for (const bool in_part : {false, true}) {
      INFO(static_cast<int>(kept) << in_part);
      version.part_month = kept;
      Assessment assessment = breached(0);
      assessment.cycle.in_part = in_part;
      const Credit found = credit(version, assessment, usd("1845.00"));
      const bool is_none = in_part && kept == PartMonth::none;
      CHECK(found.eligible == !is_none);
      CHECK((found.reason ==
             "the service was used for a part of the cycle only, which is then no cycle") ==
            is_none);
    }
  }
}

TEST_CASE("a credit is no more than the contract's cap, a share of the charges or an amount") {
  Version version = recoup::test::kms_like();
  version.cap = Cap{Ratio(50, 100), std::nullopt};
  CHECK(to_text(*credit(version, breached(1), usd("100")).amount) == "25.00 USD");
  CHECK_FALSE(credit(version, breached(1), usd("100")).capped);
  const Credit capped = credit(version, breached(2), usd("100"));
  CHECK(to_text(*capped.amount) == "50.00 USD");
  CHECK(capped.capped);
  CHECK(capped.eligible);
  version.cap = Cap{std::nullopt, Money{Ratio(20, 1), "USD"}};
  CHECK(to_text(*credit(version, breached(2), usd("100")).amount) == "20.00 USD");
  CHECK_FALSE(credit(version, breached(0), usd("200")).capped);
  version.minimum_credit.reset();
  const Credit foreign = credit(version, breached(2), Charge{{Ratio(99, 1), "EUR"}, "stated", ""});
  CHECK_FALSE(foreign.eligible);
  CHECK(foreign.reason ==
        "the most that is credited is in USD, the charges are in EUR: cannot be compared");
}

TEST_CASE("a credit that cannot be given says why") {
  const Version version = recoup::test::kms_like();
  CHECK(credit(version, breached(0), std::nullopt).reason ==
        "the charges of the billing cycle are not known");
  const Error unreadable{"bills/a.csv:3:5: error: expected an amount, got '1,000.00'\n   3 | x"};
  CHECK(credit(version, breached(0), KnownCharge(unreadable)).reason ==
        "the charges of the billing cycle are not known: bills/a.csv:3:5: error: expected an "
        "amount, got '1,000.00'");
  CHECK(credit(version, breached(0), Charge{{Ratio(99, 1), "EUR"}, "stated", ""}).reason ==
        "the minimum is in USD, the charges are in EUR: cannot be compared");
  CHECK(credit(version, breached(0), usd("10")).reason ==
        "the credit of 1 USD is not more than 1.00 USD");
  CHECK(credit(version, breached(std::nullopt), usd("10")).reason ==
        "the Service Commitment was not met, and the contract names no credit for it");
  Assessment met;
  met.complete = true;
  CHECK(credit(version, met, usd("10")).reason == "no Request of the billing cycle was measured");
  met.totals.measured = 1;
  CHECK(credit(version, met, usd("10")).reason == "the Service Commitment was met");
  Assessment ahead;
  ahead.parts.append({});
  ahead.totals.ahead = 1;
  CHECK(credit(version, ahead, usd("10")).reason == "the billing cycle has not begun");
}

TEST_CASE("a cycle that runs has a credit to expect once its breach is certain, and none yet") {
  const Version version = recoup::test::kms_like();
  struct Row {
    bool certain;
    std::optional<std::size_t> tier;
    std::optional<Charge> charge;
    bool expected;
  };
  for (const Row& row : {Row{true, 0, usd("1845.00"), true}, Row{false, 0, usd("1845.00"), false},
                         Row{true, 0, usd("10.00"), false}, Row{true, 0, std::nullopt, true},
                         Row{true, std::nullopt, usd("1845.00"), false}}) {
    Assessment running = breached(row.tier);
    running.complete = false;
    running.breach_certain = row.certain;
    const Credit made = credit(version, running, row.charge);
    CHECK(made.expected == row.expected);
    CHECK_FALSE(made.eligible);
    if (row.tier) CHECK(made.reason == "the billing cycle is not over");
  }
  CHECK_FALSE(credit(version, breached(0), usd("1845.00")).expected);
}

TEST_CASE("an amount is cut to cents, so that no more is asked for than is owed") {
  CHECK(to_text(Money{*Ratio::parse("1.009"), "USD"}) == "1.00 USD");
}

TEST_CASE("an amount is shown with all its digits, and cut only where they have no end") {
  for (const auto& [amount, shown] : std::vector<std::pair<Ratio, const char*>>{
           {Ratio(96, 10), "9.60"},
           {Ratio(5, 1), "5.00"},
           {Ratio(-1, 8), "-0.125"},
           {*Ratio::parse("0.00000000000000000001"), "0.00000000000000000001"},
           {Ratio(10, 12), "0.833333333333"}}) {
    CHECK(exact_text(amount) == shown);
  }
}
