#include "record/claim_life.h"

#include "support/catch.h"

using namespace recoup::core;
using namespace recoup::record;
using namespace std::chrono_literals;

namespace {

const Month kOctober = std::chrono::year(2026) / 10;
const Instant kSafe = *parse_instant("2026-12-01T00:00:00Z");
const Instant kLiteral = *parse_instant("2027-01-01T00:00:00Z");
const Instant kSoon = *parse_instant("2026-11-05T12:00:00Z");
const Money kAmount{Ratio(369, 2), "USD"};

ClaimGround ground() { return {"kms", kOctober, true, kAmount, DeadlineDates{kSafe, kLiteral}, 1}; }

ClaimEvent event(ClaimStep step, Instant at = kSoon) { return {"kms", kOctober, at, step}; }

using enum ClaimStep;
using Steps = std::vector<ClaimStep>;

ClaimLife after(const Steps& steps, Instant now = kSoon) {
  std::vector<ClaimEvent> events;
  for (const ClaimStep step : steps) events.push_back(event(step));
  return claim_life(ground(), events, now);
}

}  // namespace

TEST_CASE("a claim's state follows from what was done about it") {
  const std::vector<std::pair<Steps, ClaimState>> rows{
      {{}, ClaimState::claimable},
      {{written}, ClaimState::written},
      {{written, written}, ClaimState::written},
      {{submitted}, ClaimState::submitted},
      {{written, submitted}, ClaimState::submitted},
      {{written, submitted, written}, ClaimState::submitted},
      {{written, submitted, credited}, ClaimState::credited},
      {{written, submitted, credited, written}, ClaimState::credited},
      {{written, submitted, refused}, ClaimState::refused},
      {{submitted, refused, written}, ClaimState::written},
      {{submitted, refused, submitted, credited}, ClaimState::credited},
      {{written, withdrawn}, ClaimState::claimable},
      {{submitted, withdrawn, written}, ClaimState::written}};
  for (const auto& [steps, state] : rows) {
    INFO(steps.size() << " steps, " << to_text(state));
    CHECK(after(steps).state == state);
  }
}

TEST_CASE("a claim that nobody submitted expires at the deadline's later reading, and not before") {
  for (const Steps& steps : {Steps{}, Steps{written}, Steps{submitted, withdrawn}}) {
    CHECK(after(steps, kLiteral - 1ms).state != ClaimState::expired);
    CHECK(after(steps, kLiteral).state == ClaimState::expired);
  }
  for (const Steps& steps :
       {Steps{submitted}, Steps{submitted, refused}, Steps{submitted, credited}}) {
    CHECK(after(steps, kLiteral + 24h).state != ClaimState::expired);
  }
}

TEST_CASE("the days to the safe deadline are whole ones, and there is a warning from 14 on") {
  struct Row {
    Instant now;
    int days;
    bool warn;
  };
  const std::vector<Row> rows{{kSafe - 14 * 24h - 1ms, 14, false},
                              {kSafe - 14 * 24h, 14, true},
                              {kSafe - 24h, 1, true},
                              {kSafe - 24h + 1ms, 0, true},
                              {kSafe - 1ms, 0, true},
                              {kSafe, 0, true},
                              {kSafe + 1ms, -1, true},
                              {kLiteral - 1ms, -31, true},
                              {kLiteral, -31, false}};
  for (const Row& row : rows) {
    INFO(to_text(row.now));
    for (const Steps& steps : {Steps{}, Steps{written}}) {
      CHECK(after(steps, row.now).days_left == row.days);
      CHECK(after(steps, row.now).warn == row.warn);
    }
    for (const Steps& steps :
         {Steps{submitted}, Steps{submitted, credited}, Steps{submitted, refused}}) {
      CHECK_FALSE(after(steps, row.now).warn);
    }
  }
}

TEST_CASE("where the contract gives nothing there is nothing to claim, until somebody submitted") {
  ClaimGround none = ground();
  none.eligible = false;
  const auto state = [&](const std::vector<ClaimEvent>& events) {
    return claim_life(none, events, kSafe).state;
  };
  CHECK(state({}) == ClaimState::nothing);
  CHECK(state({event(written)}) == ClaimState::nothing);
  CHECK(state({event(submitted)}) == ClaimState::submitted);
  CHECK_FALSE(claim_life(none, {}, kSafe).warn);
}

TEST_CASE("a contract without a deadline never expires and never warns") {
  ClaimGround open = ground();
  open.deadline.reset();
  const ClaimLife life = claim_life(open, {}, kLiteral + 24h * 3650);
  CHECK(life.state == ClaimState::claimable);
  CHECK_FALSE(life.days_left.has_value());
  CHECK_FALSE(life.warn);
}

TEST_CASE("a life has the newest case, what was given, and nothing of other months") {
  std::vector<ClaimEvent> events{event(submitted), event(credited)};
  events[0].case_id = "case-1";
  events[1].amount = Money{Ratio(100, 1), "USD"};
  events.push_back({"kms", kOctober + std::chrono::months(1), kSoon, refused});
  events.push_back({"s3", kOctober, kSoon, refused});
  const ClaimLife life = claim_life(ground(), events, kSoon);
  CHECK(life.state == ClaimState::credited_in_part);
  CHECK(life.case_id == "case-1");
  CHECK(life.credited == Money{Ratio(100, 1), "USD"});
  CHECK(life.ground.amount == kAmount);
  events.push_back(event(withdrawn));
  CHECK(claim_life(ground(), events, kSoon).case_id.empty());
  CHECK_FALSE(claim_life(ground(), events, kSoon).credited.has_value());
}

TEST_CASE(
    "what was credited stays when the claim is written again, and when nothing else is said") {
  std::vector<ClaimEvent> events{event(submitted), event(credited)};
  events[1].amount = Money{Ratio(200, 1), "USD"};
  ClaimEvent again = event(written);
  again.amount = kAmount;
  events.push_back(again);
  CHECK(claim_life(ground(), events, kSoon).state == ClaimState::credited);
  CHECK(claim_life(ground(), events, kSoon).credited == Money{Ratio(200, 1), "USD"});
  ClaimEvent with_case = event(credited);
  with_case.case_id = "case-2";
  events.push_back(with_case);
  CHECK(claim_life(ground(), events, kSoon).case_id == "case-2");
  CHECK(claim_life(ground(), events, kSoon).credited == Money{Ratio(200, 1), "USD"});
  events.push_back(event(credited));
  events.back().amount = Money{Ratio(150, 1), "USD"};
  CHECK(claim_life(ground(), events, kSoon).credited == Money{Ratio(150, 1), "USD"});
}

TEST_CASE("a step that is unmarked counts no more, the newest first, and all of them are kept") {
  const std::vector<std::pair<Steps, ClaimState>> rows{
      {{unmarked}, ClaimState::claimable},
      {{submitted, unmarked}, ClaimState::claimable},
      {{written, submitted, credited, unmarked}, ClaimState::submitted},
      {{written, submitted, credited, unmarked, unmarked}, ClaimState::written},
      {{written, submitted, credited, unmarked, refused}, ClaimState::refused},
      {{submitted, withdrawn, unmarked}, ClaimState::submitted},
      {{submitted, unmarked, unmarked, unmarked, submitted}, ClaimState::submitted}};
  for (const auto& [steps, state] : rows) {
    INFO(steps.size() << " steps, " << to_text(state));
    CHECK(after(steps).state == state);
  }
  std::vector<ClaimEvent> events{event(submitted), event(credited), event(credited)};
  events[0].case_id = "case-1";
  events[1].amount = Money{Ratio(200, 1), "USD"};
  events[2].amount = Money{Ratio(20, 1), "USD"};
  events[2].case_id = "case-2";
  events.push_back(event(unmarked));
  const ClaimLife life = claim_life(ground(), events, kSoon);
  CHECK(life.credited == Money{Ratio(200, 1), "USD"});
  CHECK(life.case_id == "case-1");
  CHECK(last_step(events, "kms", kOctober) == &events[1]);
  CHECK(last_step(events, "s3", kOctober) == nullptr);
  CHECK(last_step(events, "kms", kOctober + std::chrono::months(1)) == nullptr);
}

TEST_CASE("of a month that nobody measured nobody can say that there is nothing to claim") {
  ClaimGround silent{"kms", kOctober};
  silent.measured = false;
  const ClaimLife life = claim_life(silent, {}, kSoon);
  CHECK(life.state == ClaimState::unmeasured);
  CHECK(check_step(life, submitted).error().message ==
        "expected a month with something to claim, got one that was not measured");
  Seal seal;
  CHECK_FALSE(ground_of(seal).measured);
  seal.requests = 1;
  CHECK(ground_of(seal).measured);
}

TEST_CASE("states have one word for programs and one for people") {
  CHECK(word_of(ClaimState::nothing) == "nothing");
  CHECK(to_text(ClaimState::nothing) == "nothing to claim");
  CHECK(word_of(ClaimState::unmeasured) == "unmeasured");
  CHECK(to_text(ClaimState::unmeasured) == "not measured");
  CHECK(word_of(ClaimState::expired) == "expired");
  CHECK(to_text(ClaimState::expired) == "expired");
}

TEST_CASE("the folder that is proposed for a claim is its own") {
  CHECK(claim_folder("kms", kOctober) == "claim-kms-2026-10");
}

TEST_CASE("every month with a ground or an event has a life, the newest ground of each, by month") {
  ClaimGround later = ground();
  later.month += std::chrono::months(2);
  ClaimGround again = ground();
  again.revision = 2;
  ClaimEvent lone = event(submitted);
  lone.month += std::chrono::months(1);
  const auto lives = claim_lives({later, ground(), again}, {lone}, kSoon);
  REQUIRE(lives.size() == 3);
  CHECK(lives[0].ground.month == kOctober);
  CHECK(lives[0].ground.revision == 2);
  CHECK(lives[1].ground.month == lone.month);
  CHECK(lives[1].state == ClaimState::submitted);
  CHECK(lives[2].ground.month == later.month);
}

// The contract of AWS KMS: by the end of the billing cycle after that of the request.
ClaimGround paid_ground(Payment payment = {1, true, false}) {
  ClaimGround with = ground();
  with.payment = PaymentTerms{payment, Zone::utc()};
  return with;
}

TEST_CASE("a claim's year: written, submitted, due, overdue, credited 60 %, disputed, credited") {
  const auto at = [](const char* text) { return *parse_instant(text); };
  std::vector<ClaimEvent> events;
  const auto life = [&](const char* now) { return claim_life(paid_ground(), events, at(now)); };
  const auto take = [&](ClaimStep step, const char* when, std::optional<Money> amount = {}) {
    REQUIRE(check_step(life(when), step).ok());
    events.push_back(event(step, at(when)));
    events.back().amount = std::move(amount);
  };
  CHECK(life("2026-11-02T00:00:00Z").state == ClaimState::claimable);
  take(written, "2026-11-03T00:00:00Z", kAmount);
  take(submitted, "2026-11-05T09:00:00Z");
  CHECK(life("2026-11-05T09:00:00Z").asked == kAmount);
  CHECK(life("2026-11-05T09:00:00Z").credit_due == at("2027-01-01T00:00:00Z"));
  // Its case, said a month later, is no new request.
  take(submitted, "2026-12-02T00:00:00Z");
  events.back().case_id = "4242";
  CHECK(life("2026-12-31T23:59:59Z").state == ClaimState::submitted);
  CHECK(life("2026-12-31T23:59:59Z").waits());
  CHECK(life("2027-01-01T00:00:00Z").state == ClaimState::overdue);
  take(credited, "2027-02-01T00:00:00Z", Money{Ratio(1107, 10), "USD"});
  const ClaimLife part = life("2027-02-01T00:00:00Z");
  CHECK(part.state == ClaimState::credited_in_part);
  CHECK(part.credited_share() == Ratio(3, 5));
  CHECK(part.waits());
  take(disputed, "2027-02-03T00:00:00Z");
  CHECK(life("2027-02-03T00:00:00Z").state == ClaimState::disputed);
  CHECK(life("2027-02-03T00:00:00Z").credited == part.credited);
  take(credited, "2027-04-01T00:00:00Z", kAmount);
  CHECK(life("2027-04-01T00:00:00Z").state == ClaimState::credited);
  CHECK_FALSE(life("2027-04-01T00:00:00Z").waits());
}

TEST_CASE(
    "a provider that rounds to the cent has given all, and one that gave less may be let be") {
  std::vector<ClaimEvent> events{event(submitted), event(credited)};
  events[0].amount = Money{Ratio(184507, 1000), "USD"};
  const auto state = [&](const Ratio& amount) {
    events[1].amount = Money{amount, "USD"};
    return claim_life(paid_ground(), events, kSoon).state;
  };
  CHECK(state(Ratio(1845, 10)) == ClaimState::credited);
  CHECK(state(Ratio(18449, 100)) == ClaimState::credited_in_part);
  CHECK(state(Ratio(200, 1)) == ClaimState::credited);
  events[1].amount = Money{Ratio(100, 1), "EUR"};
  CHECK(claim_life(paid_ground(), events, kSoon).state == ClaimState::credited);
  CHECK_FALSE(claim_life(paid_ground(), events, kSoon).credited_share());
  events[1].amount = Money{Ratio(100, 1), "USD"};
  events.push_back(event(settled));
  CHECK(claim_life(paid_ground(), events, kSoon).state == ClaimState::credited);
  CHECK_FALSE(claim_life(paid_ground(), events, kSoon).waits());
}

TEST_CASE("a credit is due by what the contract counts from, and where it does not say, never") {
  const auto due = [&](const ClaimGround& with, const std::vector<ClaimEvent>& events) {
    return claim_life(with, events, kSoon).credit_due;
  };
  CHECK_FALSE(due(ground(), {event(submitted)}));
  CHECK_FALSE(due(paid_ground(), {event(written)}));
  CHECK(due(paid_ground({60, false, false}), {event(submitted)}) ==
        *parse_instant("2027-01-05T00:00:00Z"));
  CHECK_FALSE(due(paid_ground({1, true, true}), {event(submitted)}));
  CHECK(due(paid_ground({1, true, true}), {event(submitted), event(confirmed)}) ==
        *parse_instant("2027-01-01T00:00:00Z"));
  // One that comes by itself is late without a word of the user's, and a dispute has its own time.
  ClaimGround by_itself = ground();
  by_itself.deadline.reset();
  by_itself.due =
      CreditDue{*parse_instant("2026-11-30T00:00:00Z"), *parse_instant("2026-12-30T00:00:00Z")};
  const auto state = [&](const std::vector<ClaimEvent>& events, const char* now) {
    return claim_life(by_itself, events, *parse_instant(now)).state;
  };
  CHECK(state({}, "2026-11-29T00:00:00Z") == ClaimState::claimable);
  CHECK(state({}, "2026-11-30T00:00:00Z") == ClaimState::overdue);
  CHECK(state({event(submitted)}, "2026-11-30T00:00:00Z") == ClaimState::submitted);
  CHECK(state({event(submitted)}, "2026-12-30T00:00:00Z") == ClaimState::overdue);
  CHECK(
      check_step(claim_life(by_itself, {}, *parse_instant("2026-12-01T00:00:00Z")), credited).ok());
}

TEST_CASE("a correction of the charges is told of a claim that was submitted with another amount") {
  std::vector<ClaimEvent> events{event(written)};
  events[0].amount = Money{Ratio(200, 1), "USD"};
  CHECK_FALSE(claim_life(ground(), events, kSoon).is_corrected());
  events.push_back(event(submitted));
  CHECK(claim_life(ground(), events, kSoon).is_corrected());
  CHECK(claim_life(ground(), events, kSoon).asked == Money{Ratio(200, 1), "USD"});
  events[1].amount = kAmount;
  CHECK_FALSE(claim_life(ground(), events, kSoon).is_corrected());
}

TEST_CASE("what a refusal said stays until something else is decided") {
  std::vector<ClaimEvent> events{event(submitted), event(refused)};
  events[1].note = "their monitoring shows no errors";
  CHECK(claim_life(ground(), events, kSoon).why == "their monitoring shows no errors");
  events.push_back(event(disputed));
  CHECK(claim_life(ground(), events, kSoon).why == "their monitoring shows no errors");
  events.push_back(event(credited));
  CHECK(claim_life(ground(), events, kSoon).why.empty());
}

TEST_CASE("a step that cannot follow is refused with those that can") {
  struct Row {
    ClaimLife life;
    ClaimStep step;
    const char* message;  // null where the step may follow
  };
  ClaimLife nothing;
  nothing.ground = ground();
  const std::vector<Row> rows{
      {after({}), written, nullptr},
      {after({}), submitted, nullptr},
      {after({}), credited,
       "expected written or submitted for a claim that is claimable, got credited"},
      {after({written}), submitted, nullptr},
      {after({written}), withdrawn, nullptr},
      {after({written}), refused,
       "expected written, submitted or withdrawn for a claim that is written, got refused"},
      {after({submitted}), written, nullptr},
      {after({submitted}), submitted, nullptr},
      {after({submitted}), credited, nullptr},
      {after({submitted}), refused, nullptr},
      {after({submitted}), withdrawn, nullptr},
      {after({submitted, credited}), credited, nullptr},
      {after({submitted, credited}), refused,
       "expected written, credited or disputed for a claim that is credited, got refused"},
      {after({submitted, refused}), submitted, nullptr},
      {after({submitted, refused}), withdrawn,
       "expected written, submitted, credited, refused or disputed for a claim that is refused, "
       "got withdrawn"},
      {after({submitted}), confirmed, nullptr},
      {after({submitted}), disputed, nullptr},
      {after({submitted, disputed}), credited, nullptr},
      {after({submitted, credited}), settled,
       "expected written, credited or disputed for a claim that is credited, got settled"},
      {after({}, kLiteral), submitted, nullptr},
      {after({}, kLiteral), credited,
       "expected written or submitted for a claim that is expired, got credited"},
      {nothing, submitted,
       "expected a month with something to claim, got one of which nothing can be submitted"}};
  for (const Row& row : rows) {
    INFO(to_text(row.life.state) << ", then " << to_text(row.step));
    const auto checked = check_step(row.life, row.step);
    CHECK(checked.ok() == (row.message == nullptr));
    if (row.message == nullptr || checked.ok()) continue;
    CHECK(checked.error().message == row.message);
    CHECK(checked.error().where == "kms 2026-10");
  }
  CHECK(check_step(after({written}), credited).error().help ==
        "mark it as submitted first, with the case's id");
}

TEST_CASE("steps have the words that the command line takes") {
  for (const ClaimStep step : {written, submitted, credited, refused, withdrawn, unmarked}) {
    CHECK(*parse_claim_step(to_text(step)) == step);
  }
  CHECK(
      parse_claim_step("sent").error().message ==
      "expected written, submitted, confirmed, credited, refused, disputed, settled or withdrawn, "
      "got 'sent'");
}

TEST_CASE("a credit that comes by itself is noted without a claim, or asked for when it did not") {
  ClaimGround open = ground();
  open.deadline.reset();
  open.due = CreditDue{kSafe, kLiteral};
  const ClaimLife life = claim_life(open, {}, kSoon);
  CHECK(life.state == ClaimState::claimable);
  for (const ClaimStep step : {submitted, credited, refused}) CHECK(check_step(life, step).ok());
  CHECK_FALSE(check_step(life, written).ok());
  const ClaimLife given = claim_life(open, {event(credited)}, kSoon);
  CHECK(given.state == ClaimState::credited);
}
