// What a month comes to where something that the contract leaves open is read in another way.
#include "judge/judge.h"
#include "judge/seen_world.h"
#include "report/judgement_json.h"
#include "report/otherwise_words.h"
#include "support/catch.h"

#include <nlohmann/json.hpp>

using namespace recoup;
using namespace std::chrono_literals;

namespace {

const core::Ratio kOneOf8928(1, 8928);
const core::Ratio kWhole(1, 1);

core::Charge paid(const core::Ratio& amount) {
  core::Charge charge;
  charge.amount = {amount, "USD"};
  charge.final = true;
  return charge;
}

struct World : test::SeenWorld {
  std::optional<core::Charge> charge = paid(core::Ratio(1000, 1));

  World() : SeenWorld(core::MeanOfIntervals{5min}) {}

  core::Judgement judged() const {
    auto judgement =
        judge::judge(*ledger, settings, std::chrono::year(2026) / 10, charge, test::kAfter);
    REQUIRE(judgement.ok());
    return *std::move(judgement);
  }
};

const core::Otherwise& reading(const core::Judgement& judgement, const std::string& what) {
  for (const core::Otherwise& one : judgement.otherwise) {
    if (one.what == what) return one;
  }
  FAIL("there is no reading by which " << what);
  return judgement.otherwise.front();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a month whose outcomes can be read in one way alone has no other reading") {
  const World world;
  world.add(0, 9, 1);
  const core::Judgement judgement = world.judged();
  CHECK(judgement.otherwise.empty());
  CHECK(report::otherwise_words(judgement).empty());
  CHECK_FALSE(report::judgement_json(judgement).contains("otherwise"));
}

TEST_CASE("requests without an answer are read as Errors, as served and as none") {
  World world;
  // Half of an interval failed, and as many requests got no answer.
  world.add(0, {{core::Answered{200}, 5},
                {core::Answered{503}, 5},
                {core::Failed{core::NoAnswer::timeout}, 10}});
  core::Judgement judgement = world.judged();
  REQUIRE(judgement.assessment.uptime == kWhole - core::Ratio(1, 2) * kOneOf8928);
  REQUIRE(judgement.otherwise.size() == 2);
  const auto& errors = reading(judgement, "requests without an answer are Errors");
  CHECK(errors.uptime == kWhole - core::Ratio(3, 4) * kOneOf8928);
  CHECK(errors.credit.share == core::Ratio(10, 100));
  CHECK(errors.taken == "not a Request: 'no-answer' is not a Request under this contract");
  const auto& served =
      reading(judgement, "requests without an answer are Requests that did not fail");
  CHECK(served.uptime == kWhole - core::Ratio(1, 4) * kOneOf8928);

  // The contract of another says that a Request without an answer in time is an Error.
  world.amend([](core::Version& version) {
    version.not_a_request.clear();
    version.error.no_answer_within = 10s;
  });
  judgement = world.judged();
  REQUIRE(judgement.assessment.uptime == kWhole - core::Ratio(3, 4) * kOneOf8928);
  CHECK(reading(judgement, "requests without an answer are no Requests").uptime ==
        kWhole - core::Ratio(1, 2) * kOneOf8928);
  CHECK(judgement.otherwise.size() == 2);
}

TEST_CASE("a reading by which less is owed comes first, and one that gives more can be asked for") {
  World world;
  world.add(0, {{core::Answered{200}, 1000}, {core::Failed{core::NoAnswer::timeout}, 1000}});
  core::Judgement judgement = world.judged();
  REQUIRE(judgement.assessment.met);
  auto words = report::otherwise_words(judgement);
  REQUIRE(words.size() == 1);
  CHECK(
      words[0] ==
      "If requests without an answer are Errors, the uptime would be 99.994399641577 %, and the "
      "credit 10 % of the charges, 100.00 USD. Taken: not a Request: 'no-answer' is not a Request "
      "under this contract.");
  CHECK(report::discretion_words(judgement).empty());
  world.amend([](core::Version& version) {
    version.clauses.push_back({"discretion", "exclusions: other factors, at its discretion"});
  });
  CHECK(has(report::discretion_words(world.judged()),
            "(exclusions: other factors, at its discretion)"));

  // Of two readings the one that lowers the tier comes first.
  World other;
  other.amend([](core::Version& version) {
    version.not_a_request.clear();
    version.error.no_answer_within = 10s;
  });
  other.add(0, {{core::Answered{200}, 1000}, {core::Failed{core::NoAnswer::timeout}, 1000}});
  judgement = other.judged();
  REQUIRE_FALSE(judgement.assessment.met);
  words = report::otherwise_words(judgement);
  REQUIRE(words.size() == 2);
  for (const std::string& sentence : words) CHECK(has(sentence, "and there would be no credit"));
  CHECK(report::discretion_words(judgement).empty());
}

TEST_CASE("answers without the provider's request id are read as the provider's") {
  const World world;
  world.add(0, {{core::Answered{200}, 5}, {core::Answered{503, "", true}, 5}});
  const core::Judgement judgement = world.judged();
  REQUIRE(judgement.assessment.met);
  REQUIRE(judgement.otherwise.size() == 1);
  const auto& one = judgement.otherwise[0];
  CHECK(one.what == "error answers without the provider's request id are the provider's");
  CHECK(one.uptime == kWhole - core::Ratio(1, 2) * kOneOf8928);
  CHECK(one.tier == 0U);
  CHECK(has(one.taken, "x-amzn-requestid"));
}

TEST_CASE("answers that refused what we sent are read as left out, or as served, never as Errors") {
  World world;
  const core::Outcome refused = *core::parse_outcome("403/SignatureDoesNotMatch!refused");
  world.add(0, {{core::Answered{200}, 1}, {core::Answered{503}, 1}, {refused, 98}});
  core::Judgement judgement = world.judged();
  // One Error of a hundred Requests by the letter, of two without the refused ones: a tier lower.
  REQUIRE(judgement.assessment.uptime == kWhole - core::Ratio(1, 100) * kOneOf8928);
  REQUIRE(judgement.assessment.met);
  REQUIRE(judgement.otherwise.size() == 1);
  const auto& left_out = reading(
      judgement, "answers that refused our own signature, clock or credentials are left out");
  CHECK(left_out.uptime == kWhole - core::Ratio(1, 2) * kOneOf8928);
  CHECK_FALSE(left_out.met);
  CHECK(left_out.credit.share == core::Ratio(10, 100));
  CHECK(left_out.taken ==
        "served: 403/SignatureDoesNotMatch!refused refused our own signature, clock or "
        "credentials, and is a Request that did not fail: an Error is a Request that returns 500 "
        "or 503");

  world.amend([](core::Version& version) {
    version.error.statuses.clear();
    version.error.all_but = {{200, 299}};
  });
  judgement = world.judged();
  REQUIRE(judgement.assessment.uptime == kWhole - core::Ratio(1, 2) * kOneOf8928);
  REQUIRE_FALSE(judgement.assessment.met);
  REQUIRE(judgement.otherwise.size() == 1);
  const auto& served = reading(judgement,
                               "answers that refused our own signature, clock or credentials are "
                               "Requests that did not fail");
  CHECK(served.uptime == kWhole - core::Ratio(1, 100) * kOneOf8928);
  CHECK(served.met);
  const auto words = report::otherwise_words(judgement);
  REQUIRE(words.size() == 1);
  CHECK(has(words[0], "and there would be no credit"));
}

TEST_CASE("excluded intervals are read as left out of the mean") {
  World world;
  world.add(0, 0, 10);
  world.add(5, 10, 0);
  world.settings.agreement.exclusions = {{{test::kTen + 5min, test::kTen + 10min}, "ours"}};
  const core::Judgement judgement = world.judged();
  REQUIRE(judgement.assessment.uptime == kWhole - kOneOf8928);
  REQUIRE(judgement.otherwise.size() == 1);
  CHECK(judgement.otherwise[0].what == "excluded intervals are none that the uptime is divided by");
  CHECK(judgement.otherwise[0].uptime == kWhole - core::Ratio(1, 8927));
}

TEST_CASE("lines that could not be read are read as Errors and as served") {
  const World world;
  world.add(0, {{core::Answered{200}, 1}, {core::Answered{503}, 1}, {core::Unread{}, 2}});
  const core::Judgement judgement = world.judged();
  CHECK(reading(judgement, "the 2 lines of logs that could not be read are Requests with an Error")
            .uptime == kWhole - core::Ratio(3, 4) * kOneOf8928);
  CHECK(
      reading(judgement, "the 2 lines of logs that could not be read are Requests without an Error")
          .uptime == kWhole - core::Ratio(1, 4) * kOneOf8928);
}

TEST_CASE("a minimum that is passed only before the amount is cut is another reading") {
  World world;
  world.add(0, 0, 10);
  world.charge = paid(core::Ratio(10001, 1000));  // a tenth of it is 1.0001
  const core::Judgement judgement = world.judged();
  REQUIRE(judgement.credit.eligible);
  REQUIRE(judgement.otherwise.size() == 1);
  CHECK_FALSE(judgement.otherwise[0].credit.eligible);
  const auto json = report::judgement_json(judgement)["otherwise"];
  REQUIRE(json.size() == 1);
  CHECK(json[0]["if"] == "the minimum credit is asked of the amount as it is shown");
  CHECK(json[0]["credit"]["eligible"] == false);
  world.charge = paid(core::Ratio(1011, 100));
  CHECK(world.judged().otherwise.empty());
}
