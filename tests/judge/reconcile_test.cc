#include "judge/reconcile.h"

#include "support/catch.h"

using namespace recoup;
using namespace std::chrono_literals;
using billing::BillLine;
using judge::AwaitedClaim;
using record::ClaimState;

namespace {

const core::Month kOctober = std::chrono::year(2026) / 10;

core::Money dollars(const char* amount) { return {*core::Ratio::parse(amount), "USD"}; }
core::Instant at(const char* text) { return *core::parse_instant(text); }

// A claim that was submitted on the 5th of November.
AwaitedClaim claim(const std::string& agreement, const char* asked, core::Month month = kOctober) {
  AwaitedClaim one;
  one.life.ground.agreement = agreement;
  one.life.ground.month = month;
  one.life.ground.eligible = true;
  one.life.state = ClaimState::submitted;
  one.life.submitted = at("2026-11-05T00:00:00Z");
  one.life.asked = dollars(asked);
  one.cycle_end = at("2026-11-01T00:00:00Z");
  one.query.providers = {"AWS"};
  one.query.services = {"AWS Key Management Service"};
  one.query.region = "us-east-1";
  one.query.account = "123456789012";
  one.query.month = month;
  return one;
}

BillLine line(const char* amount, const std::string& description, core::Month bill = kOctober) {
  BillLine one;
  one.file = "bills/2026-12.csv";
  one.line = 14;
  one.rows = 1;
  one.provider = "AWS";
  one.service = "AWS Key Management Service";
  one.region = "us-east-1";
  one.account = "123456789012";
  one.currency = "USD";
  one.category = "Credit";
  one.description = description;
  one.period = billing::period_of(bill == kOctober ? kOctober + std::chrono::months(2) : bill);
  one.amount = *core::Ratio::parse(amount);
  return one;
}

}  // namespace

TEST_CASE("a credit in words of a service level is the one claim's that waits, whatever it is of") {
  const auto found = judge::reconcile({claim("kms", "184.50")},
                                      {line("-110.70", "SLA credit for KMS, us-east-1")});
  REQUIRE(found.credits.size() == 1);
  CHECK(found.credits[0].claim == 0);
  CHECK(found.credits[0].given == dollars("110.70"));
  CHECK(found.credits[0].all == dollars("110.70"));
  CHECK(found.credits[0].why == "its words name a service level");
  CHECK(judge::reference_of(found.credits[0].lines[0]) == "2026-12.csv:14");
  CHECK(found.unclear.empty());
}

TEST_CASE(
    "the case, the amount and the month tell claims apart, and what they leave open is left") {
  AwaitedClaim october = claim("kms", "184.50");
  october.life.case_id = "4242";
  const AwaitedClaim september = claim("kms", "90.00", kOctober - std::chrono::months(1));
  const std::vector<AwaitedClaim> claims{october, september};
  struct Row {
    BillLine line;
    std::optional<std::size_t> claim;
    const char* why;
  };
  BillLine elsewhere = line("-184.50", "credit for case 4242");
  elsewhere.account = "999999999999";
  BillLine refund = line("-90.00", "");
  refund.service = refund.region = "";
  BillLine of_other_account = line("-184.50", "SLA credit");
  of_other_account.account = "999999999999";
  BillLine euros = line("-184.50", "SLA credit");
  euros.currency = "EUR";
  for (const Row& row :
       {Row{line("-50", "courtesy, case 4242"), 0, "its words name the case"},
        Row{elsewhere, 0, "its words name the case"},
        Row{line("-184.5", "credit"), 0, "its amount is what is open"},
        Row{refund, 1, "its amount is what is open"},
        Row{line("-50", "Service credit for 2026-09"), 1,
            "its words name a service level and the month"},
        Row{line("-50", "SLA credit October 2026"), 0,
            "its words name a service level and the month"},
        Row{line("-50", "SLA credit"), std::nullopt,
            "its words name a service level, and several claims wait"},
        Row{line("-50", "credit"), std::nullopt,
            "neither its words nor its amount say what it is for"},
        Row{line("-50", "AWS Promotional Credit"), std::nullopt,
            "its words are those of another kind of credit"},
        Row{of_other_account, std::nullopt, "no claim that waits is of its account and service"},
        Row{euros, std::nullopt, "no claim that waits is of its account and service"}}) {
    INFO(row.line.description << ' ' << row.why);
    const auto found = judge::reconcile(claims, {row.line});
    REQUIRE(found.credits.size() + found.unclear.size() == 1);
    REQUIRE(found.credits.size() == (row.claim ? 1 : 0));
    CHECK((row.claim ? found.credits[0].why : found.unclear[0].why) == row.why);
    if (row.claim) CHECK(found.credits[0].claim == *row.claim);
  }
  const auto either = judge::reconcile(claims, {line("-50", "SLA credit")});
  CHECK(either.unclear[0].claims == std::vector<std::size_t>{0, 1});
}

TEST_CASE("two claims of one amount, and two credits of one claim, are left to the user") {
  const auto twins = judge::reconcile(
      {claim("kms", "184.50"), claim("kms", "184.50", kOctober - std::chrono::months(1))},
      {line("-184.50", "credit")});
  CHECK(twins.credits.empty());
  REQUIRE(twins.unclear.size() == 1);
  CHECK(twins.unclear[0].claims.size() == 2);
  CHECK(twins.unclear[0].why == "its amount is what is open of several claims");

  BillLine second = line("-20", "SLA credit, usage type KMS-Keys");
  second.line = 15;
  const auto several =
      judge::reconcile({claim("kms", "184.50")}, {line("-110.70", "SLA credit"), second});
  CHECK(several.credits.empty());
  REQUIRE(several.unclear.size() == 2);
  CHECK(several.unclear[0].why == "several credits may be this claim's");

  second.description = "SLA credit";
  const auto spread =
      judge::reconcile({claim("kms", "184.50")}, {line("-110.70", "SLA credit"), second});
  REQUIRE(spread.credits.size() == 1);
  CHECK(spread.credits[0].given == dollars("130.70"));
}

TEST_CASE("what was noted is not found again, and what comes later is added to it") {
  AwaitedClaim part = claim("kms", "184.50");
  part.life.state = ClaimState::disputed;
  part.life.credited = dollars("110.70");
  part.notes = {"2026-12.csv:14: -110.70 USD, SLA credit"};
  BillLine rest = line("-73.80", "adjusted credit", std::chrono::year(2027) / 2);
  rest.file = "bills/2027-02.csv";
  const auto found = judge::reconcile({part}, {line("-110.70", "SLA credit"), rest});
  CHECK(found.known == 1);
  REQUIRE(found.credits.size() == 1);
  CHECK(found.credits[0].given == dollars("73.80"));
  CHECK(found.credits[0].all == dollars("184.50"));

  part.notes.clear();
  CHECK(judge::reconcile({part}, {line("-110.70", "SLA credit")}).known == 1);
}

TEST_CASE("a credit of before the request, and of a claim that does not wait, is none of it") {
  const BillLine before = line("-184.50", "SLA credit", kOctober - std::chrono::months(1));
  CHECK(judge::reconcile({claim("kms", "184.50")}, {before}).credits.empty());
  for (const ClaimState state : {ClaimState::written, ClaimState::refused, ClaimState::credited}) {
    AwaitedClaim done = claim("kms", "184.50");
    done.life.state = state;
    done.life.credited = dollars("184.50");
    CHECK(judge::reconcile({done}, {line("-184.50", "SLA credit")}).credits.empty());
  }
  // A credit that is taken back is not one.
  const auto back = judge::reconcile({claim("kms", "184.50")}, {line("184.50", "SLA credit")});
  CHECK((back.credits.empty() && back.unclear.empty()));
}

TEST_CASE("a correction in a later bill is of the month that it was used in, exactly") {
  BillLine correction = line("-100", "rate corrected");
  correction.class_ = billing::Class::correction;
  correction.used = kOctober;
  const std::vector<AwaitedClaim> claims{claim("kms", "184.50"),
                                         claim("kms", "9", kOctober - std::chrono::months(1))};
  const auto found = judge::reconcile(claims, {correction});
  REQUIRE(found.corrections.size() == 1);
  CHECK(found.corrections[0].claim == 0);
  correction.region = "";
  CHECK(judge::reconcile(claims, {correction}).corrections.empty());
}
