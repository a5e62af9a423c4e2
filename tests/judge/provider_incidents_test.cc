// Which agreements a provider's own incident touches, and what a month shows of it.
#include "judge/provider_incidents.h"

#include "judge/judge.h"
#include "judge/sealing.h"
#include "judge/seen_world.h"
#include "report/incident_words.h"
#include "report/judgement_json.h"
#include "report/robustness_words.h"
#include "support/catch.h"

#include <nlohmann/json.hpp>

using namespace recoup;
using namespace std::chrono_literals;
using judge::Touch;

namespace {

struct Told {
  std::string provider;
  std::vector<std::string> services;
  std::vector<std::string> regions;
};

Touch touch(const Told& told, const std::string& provider, const std::string& service,
            const std::string& region, const std::vector<std::string>& sdk = {}) {
  core::ProviderIncident incident;
  incident.provider = told.provider;
  incident.services = told.services;
  incident.regions = told.regions;
  core::Rule rule;
  rule.provider = provider;
  rule.service = service;
  rule.sdk_services = sdk;
  core::Agreement agreement;
  agreement.id = "a";
  agreement.region = region;
  return judge::touch_of(incident, agreement, rule);
}

struct World : test::SeenWorld {
  World() : SeenWorld(core::MeanOfIntervals{5min}) {
    core::Rule rule = *settings.rule;
    rule.provider = "aws";
    rule.service = "AWS Key Management Service";
    rule.sdk_services = {"KMS"};
    settings.rule = std::make_shared<const core::Rule>(rule);
    settings.agreement.region = "us-east-1";
  }

  void tell(std::chrono::minutes from, std::chrono::minutes to,
            std::optional<std::chrono::minutes> announced = {}) const {
    core::ProviderIncident one;
    one.provider = "aws";
    one.id = "us-east-1/AWS_KMS_OPERATIONAL_ISSUE_1";
    one.services = {"KMS"};
    one.regions = {"us-east-1"};
    one.begin = test::kTen + from;
    one.end = test::kTen + to;
    if (announced) one.announced = test::kTen + *announced;
    one.title = "Increased error rates";
    REQUIRE(ledger->keep_incidents({{one, {"a"}}}).ok());
  }

  core::Judgement judged() const {
    auto judgement = judge::judge(*ledger, settings, std::chrono::year(2026) / 10,
                                  std::optional<core::Charge>(), test::kAfter);
    REQUIRE(judgement.ok());
    return *std::move(judgement);
  }
};

}  // namespace

TEST_CASE("an incident touches an agreement of its provider, service and Region") {
  const std::vector<std::string> sdk{"KMS"};
  const std::string kms = "AWS Key Management Service";
  CHECK(touch({"aws", {"KMS"}, {"us-east-1"}}, "aws", kms, "us-east-1", sdk) == Touch::yes);
  CHECK(touch({"aws", {"kms"}, {"US East 1"}}, "aws", kms, "us-east-1", sdk) == Touch::yes);
  CHECK(touch({"aws", {"KMS"}, {"us-east-2"}}, "aws", kms, "us-east-1", sdk) == Touch::no);
  CHECK(touch({"aws", {"EC2"}, {"us-east-1"}}, "aws", kms, "us-east-1", sdk) == Touch::no);
  CHECK(touch({"google", {"KMS"}, {"us-east-1"}}, "aws", kms, "us-east-1", sdk) == Touch::no);
  // The same words in China are another contract.
  CHECK(touch({"aws-cn", {"KMS"}, {"us-east-1"}}, "aws", kms, "us-east-1", sdk) == Touch::no);
  CHECK(touch({"aws", {}, {"us-east-1"}}, "aws", kms, "us-east-1", sdk) == Touch::no);

  CHECK(touch({"google", {"Google Cloud Storage"}, {"us-central1"}}, "google",
              "Google Cloud Storage (Standard in a region; more)", "us-central1") == Touch::yes);
  CHECK(touch({"google", {"Cloud Storage"}, {"us-central1"}}, "google",
              "Google Cloud Storage (Standard in a region; more)", "us-central1") == Touch::yes);
  CHECK(touch({"azure", {"Key Vault"}, {"West Europe"}}, "azure",
              "Azure Key Vault, operated by 21Vianet", "westeurope") == Touch::yes);
  CHECK(touch({"aws", {"SNS"}, {"us-east-1"}}, "aws", "Amazon SQS and Amazon SNS", "us-east-1") ==
        Touch::yes);
  // A part of a name is not the name.
  CHECK(touch({"google", {"Storage"}, {"us-central1"}}, "google", "Google Cloud Storage",
              "us-central1") == Touch::no);
}

TEST_CASE("which Regions are meant is not guessed") {
  const std::string service = "Stedi Core";
  CHECK(touch({"stedi", {"Stedi Core"}, {}}, "stedi", service, "") == Touch::yes);
  CHECK(touch({"stedi", {"Stedi Core"}, {}}, "stedi", service, "us-east-1") == Touch::perhaps);
  CHECK(touch({"stedi", {"Stedi Core"}, {"us-east-1"}}, "stedi", service, "") == Touch::perhaps);
  CHECK(touch({"aws", {"KMS"}, {"global"}}, "aws", "KMS", "us-east-1") == Touch::perhaps);
  CHECK(touch({"aws", {"CloudFront"}, {"global"}}, "aws", "Amazon CloudFront", "") == Touch::yes);
  CHECK(judge::provider_id("Amazon Web Services") == "aws");
  CHECK(judge::provider_id("Google Cloud") == "google");
  CHECK(judge::provider_id(" Stedi ") == "stedi");
}

TEST_CASE("the user's word decides where the record does not") {
  core::ProviderIncident incident;
  incident.provider = "somebody";
  incident.agreements = {"a"};
  core::Agreement agreement;
  agreement.id = "a";
  CHECK(judge::touch_of(incident, agreement, {}) == Touch::yes);
  agreement.id = "b";
  CHECK(judge::touch_of(incident, agreement, {}) == Touch::no);
}

TEST_CASE("a month says how what was lost lies to the provider's incident, and no figure changes") {
  const World world;
  for (const int minute : {0, 5, 10, 300}) world.add(minute, 0, 10);
  const core::Judgement before = world.judged();
  CHECK(report::incident_words(before).empty());
  CHECK_FALSE(report::judgement_json(before).contains("provider_incidents"));

  world.tell(5min, 45min, 31min);
  const core::Judgement after = world.judged();
  CHECK(after.assessment.uptime == before.assessment.uptime);
  CHECK(after.credit.share == before.credit.share);
  const auto words = report::incident_words(after);
  REQUIRE(words.size() == 2);
  CHECK(words[0] ==
        "The provider's own incident \"Increased error rates\" (KMS, us-east-1, "
        "2026-10-03T10:05:00Z to 2026-10-03T10:45:00Z): 2 of the 4 intervals below 100 % overlap "
        "it. That loss began with the interval of 2026-10-03T10:00:00Z, 31 minutes before the "
        "provider's first word of it that is known, at 2026-10-03T10:31:00Z.");
  CHECK(words[1] == "2 lie outside.");
  const auto json = report::judgement_json(after)["provider_incidents"];
  CHECK(json["inside"] == 2);
  CHECK(json["outside"] == 2);
  CHECK(json["incidents"][0]["seconds_ahead"] == 31 * 60);
  CHECK(json["incidents"][0]["first_lost"] == "2026-10-03T10:00:00Z");
  CHECK(json["incidents"][0]["file_sha256"].is_null());
}

TEST_CASE("the tier is looked at without what was lost outside the provider's incident") {
  const World world;
  for (const int minute : {0, 5, 300}) world.add(minute, 0, 10);
  world.tell(0min, 10min);
  const core::Judgement judgement = world.judged();
  const auto& strikes = judgement.robustness.strikes;
  REQUIRE_FALSE(strikes.empty());
  CHECK(strikes.back().kind == core::Strike::Kind::outside);
  CHECK(strikes.back().uptime == core::Ratio(8926, 8928));
  const auto json = report::judgement_json(judgement)["robustness"]["without"].back();
  CHECK(json["kind"] == "outside");
  CHECK(json["keeps"] == true);
  const auto words = report::robustness_words(judgement);
  CHECK(std::find(words.begin(), words.end(),
                  "Without all that was lost outside the provider's own incidents the uptime would "
                  "be 99.977598566308 %, and the credit 10 % of the charges all the same.") !=
        words.end());
}

TEST_CASE("an incident in which nothing was lost strikes nothing") {
  const World world;
  world.add(0, 0, 10);
  world.tell(1000min, 1010min);
  const core::Judgement judgement = world.judged();
  for (const core::Strike& strike : judgement.robustness.strikes) {
    CHECK(strike.kind != core::Strike::Kind::outside);
  }
  const auto words = report::incident_words(judgement);
  REQUIRE(words.size() == 2);
  CHECK(words[0].ends_with(": none of the 1 interval below 100 % overlaps it."));
  CHECK(words[1] == "1 lies outside.");
}

TEST_CASE("a month that was sealed needs no revision for a provider's word") {
  const World world;
  world.add(0, 0, 10);
  const core::Judgement judgement = world.judged();
  const auto end = *judge::journal_end(*world.ledger, "a");
  REQUIRE(judge::seal_if_due(*world.ledger, judgement, end, nullptr, test::kAfter + 24h,
                             judge::kSealGrace, judge::OpenCharge::counts)
              .ok());
  world.tell(0min, 10min, 5min);
  CHECK(judge::months_to_seal(*world.ledger, "a", core::Zone::utc(), test::kAfter + 48h,
                              judge::kSealGrace, false)
            ->empty());
  const auto seals = *world.ledger->seals("a");
  REQUIRE(seals.size() == 1);
  CHECK(judge::check_seal(*world.ledger, seals[0])->faults.empty());
}
