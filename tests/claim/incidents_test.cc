// The provider's own incidents in a claim: where they are said, and that verify finds them changed.
#include "claim/folder.h"
#include "claim/notes.h"
#include "core/provider_incidents.h"

#include <nlohmann/json.hpp>

using namespace recoup;
using namespace std::chrono_literals;
using recoup::test::ClaimFolder;
using recoup::test::ClaimWorld;
using recoup::test::joined;
using recoup::test::leaves_open;
using recoup::test::names;

namespace {

core::ProviderIncident issue(const ClaimWorld& world) {
  core::ProviderIncident one;
  one.number = 3;
  one.provider = "aws";
  one.id = "us-east-1/AWS_KMS_OPERATIONAL_ISSUE_KWQPY_1";
  one.services = {"KMS"};
  one.regions = {"us-east-1"};
  one.begin = world.begin_of(600);
  one.end = one.begin + 45min;
  one.announced = one.begin + 7min;
  one.updated = one.begin + 50min;
  one.title = "<script>Increased</script> errors of 123456789012";
  one.url = "https://health.aws.amazon.com/health/status";
  one.source = record::sha256_hex("events.json");
  one.agreements = {"kms-us-east-1"};
  return one;
}

// Two intervals in the incident and one outside.
ClaimWorld breach() {
  ClaimWorld world;
  world.fail({600, 60, 30, 30});
  world.fail({601, 60, 30, 30});
  world.fail({5000, 60, 6, 6});
  world.incidents = {issue(world)};
  return world;
}

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  INFO("does not have: " << part);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a claim says in one paragraph how its loss lies to the provider's incident") {
  const ClaimFolder folder(breach());
  const std::string body = folder.read("body.md");
  CHECK(has(body,
            "The provider's own incident \"<script>Increased</script> errors of ****\" (KMS, "
            "us-east-1, 2026-10-03T02:00:00Z to 2026-10-03T02:45:00Z): 2 of the 3 intervals "
            "below 100 % overlap it. That loss began with the interval of "
            "2026-10-03T02:00:00Z, 7 minutes before the provider's first word of it that is "
            "known, at 2026-10-03T02:07:00Z. 1 lies outside.\n"));
  const std::string page = folder.read("claim.html");
  CHECK(has(page, "&lt;script&gt;Increased&lt;/script&gt; errors of ****"));
  CHECK_FALSE(has(page, "<script>"));
  CHECK(has(page, "AWS_KMS_OPERATIONAL_ISSUE_KWQPY_1"));
  const auto json = nlohmann::json::parse(folder.read("claim.json"))["verdict"];
  CHECK(json["provider_incidents"]["inside"] == 2);
  CHECK(json["provider_incidents"]["outside"] == 1);
  const auto& one = json["provider_incidents"]["incidents"][0];
  CHECK(one["number"].is_null());
  CHECK(one["file_sha256"] == record::sha256_hex("events.json"));
  CHECK_FALSE(has(folder.read("claim.json"), "123456789012 "));

  const auto verified = folder.verify();
  INFO(joined(verified));
  CHECK(verified.ok());
  CHECK(leaves_open(verified,
                    "the provider's own incidents, 1 in all: their text and times were given by "
                    "the claimant"));
}

TEST_CASE("a claim without incidents has no word of them") {
  ClaimWorld world = breach();
  world.incidents.clear();
  const ClaimFolder folder(world);
  for (const char* name : {"body.md", "claim.html", "claim.json"}) {
    CHECK_FALSE(has(folder.read(name), "incident \""));
    CHECK_FALSE(has(folder.read(name), "provider_incidents"));
  }
  CHECK_FALSE(leaves_open(folder.verify(), "the provider's own incidents"));
}

TEST_CASE("an incident in which nothing was lost is for the user alone") {
  ClaimWorld world = breach();
  auto other = issue(world);
  other.id = "other";
  other.title = "Something else";
  other.begin = world.begin_of(7000);
  other.end = other.begin + 10min;
  world.incidents = {other};
  const ClaimFolder folder(world);
  CHECK_FALSE(has(folder.read("body.md"), "Something else"));
  CHECK_FALSE(has(folder.read("claim.json"), "Something else"));
  CHECK(folder.verify().ok());
  const std::string notes = claim::notes_text(world.claim(), "claim");
  CHECK(has(notes,
            "## What the provider says itself\n\n- The provider's own incident \"Something "
            "else\""));
  CHECK(has(notes, "none of the 3 intervals below 100 % overlaps it."));
}

TEST_CASE("verify recomputes what is said of an incident") {
  const ClaimFolder folder(breach());
  folder.replace("claim.json", "\"inside\": 2", "\"inside\": 3");
  folder.sum_again();
  CHECK(names(folder.verify(), "claim.json:"));
  const ClaimFolder ahead(breach());
  ahead.replace("claim.json", "\"seconds_ahead\": 420", "\"seconds_ahead\": 4200");
  ahead.sum_again();
  CHECK(names(ahead.verify(), "claim.json:"));
  const ClaimFolder words(breach());
  words.replace("body.md", "7 minutes before", "70 minutes before");
  words.sum_again();
  CHECK(names(words.verify(), "body.md:"));
  const ClaimFolder time(breach());
  time.replace("claim.json", "\"announced\": \"2026-10-03T02:07:00Z\"",
               "\"announced\": \"2026-10-03T03:07:00Z\"");
  time.sum_again();
  CHECK(names(time.verify(), "body.md:"));
  const ClaimFolder wrong(breach());
  wrong.replace("claim.json", "\"announced\": \"2026-10-03T02:07:00Z\"", "\"announced\": 7");
  wrong.sum_again();
  CHECK_FALSE(wrong.verify().ok());
}

TEST_CASE(
    "the second sentence of a claim says that its tier stands by the provider's incident alone") {
  ClaimWorld world = breach();
  const claim::Claim claim = world.claim();
  world.robustness.strikes = {
      {core::Strike::Kind::source, "the log lb", true, claim.assessment.uptime, claim.credit.share},
      core::strike_outside(claim, world.now)};
  REQUIRE(world.robustness.keeps(claim.credit.share));
  const ClaimFolder folder(world);
  CHECK(has(folder.read("body.md"),
            "Without any one of its 1 source or all that was lost outside the provider's own "
            "incidents, as much is owed."));
  const auto verified = folder.verify();
  INFO(joined(verified));
  CHECK(verified.ok());
  // What the strike says follows from the counts and the incidents.
  const auto json = nlohmann::ordered_json::parse(folder.read("claim.json"));
  const std::string stated =
      json["verdict"]["robustness"]["without"][1]["monthly_uptime"]["percent"];
  const ClaimFolder changed(world);
  const std::string text = changed.read("claim.json");
  const auto strike = text.find("\"kind\": \"outside\"");
  const auto place = text.find(stated, strike);
  REQUIRE(place != std::string::npos);
  changed.write("claim.json", std::string(text).replace(place, stated.size(), "99.999999999999"));
  changed.sum_again();
  CHECK(names(changed.verify(), "claim.json:"));
}
