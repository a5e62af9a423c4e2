#include <unistd.h>

#include "record/claim_month.h"
#include "report/json.h"
#include "support/places.h"
#include "support/process.h"
#include "web/api_site.h"

using namespace recoup;
using namespace recoup::test;

namespace {

constexpr core::Month kSeptember = std::chrono::year(2026) / 9;
const std::string kEvidence = kms("/assessments/2026-10/evidence");

struct Site : ApiSite {
  Site() {
    add(agreement("kms"), {{0, 6}, {288, 4}});
    add_month(agreement("kms"), kSeptember, {{0, 30}}, record::ClaimState::claimable);
  }

  // The instants of all records, page by page.
  std::vector<std::string> instants(std::string next) {
    std::vector<std::string> list;
    while (!next.empty()) {
      const ApiAnswer answer = get(next);
      REQUIRE(answer.status() == 200);
      // A cursor that leads nowhere would go on for ever.
      REQUIRE(list.size() < 100);
      for (const Json& one : answer.json["evidence"]) list.push_back(one["at"]);
      next = answer.json["next"].is_null() ? "" : answer.json["next"].get<std::string>();
      CHECK(answer.response.headers.contains("Link") == !next.empty());
    }
    return list;
  }
};

std::string read_all(web::OpenFile& file) {
  const int handle = file.release();
  char bytes[64];
  const ssize_t n = read(handle, bytes, sizeof bytes);
  close(handle);
  return {bytes, static_cast<std::size_t>(n)};
}

}  // namespace

TEST_CASE("the months that are known are listed with where to look") {
  Site site;
  const Json json = site.get(kms("/months")).json;
  CHECK(json["agreement"] == "kms");
  REQUIRE(json["months"].size() == 2);
  CHECK(json["months"][0] == Json({{"month", "2026-09"},
                                   {"running", false},
                                   {"links",
                                    {{"assessment", kms("/assessments/2026-09")},
                                     {"intervals", kms("/assessments/2026-09/intervals")},
                                     {"evidence", kms("/assessments/2026-09/evidence")},
                                     {"charges", kms("/charges/2026-09")},
                                     {"claim_files", kms("/claims/2026-09/files")}}}}));
  CHECK(json["months"][1]["month"] == "2026-10");
  CHECK(json["months"][1]["running"] == true);
}

TEST_CASE("the contracts that a month can be judged under are listed") {
  Site site;
  const Json json = site.get(kms("/contracts")).json;
  REQUIRE(json["contracts"].size() == 3);
  CHECK(json["contracts"][0] == Json({{"under", "aws-kms@2022-11-29"},
                                      {"service", "AWS Key Management Service"},
                                      {"own", true}}));
}

TEST_CASE("a probe's series and a log file's have members of their own") {
  Site site;
  web::SeriesInfo probe{"probe", "random", "office"};
  probe.accounted_until = *core::parse_instant("2026-10-21T10:03:00Z");
  probe.every = std::chrono::seconds(5);
  web::SeriesInfo log{"log", "trail", "9f86"};
  log.file = "a.json.gz";
  log.bytes = 4096;
  log.lines = 12;
  log.requests = 9;
  log.malformed = 2;
  log.own = 1;
  log.read_before = 3;
  site.sources = {log, probe, {"probe", "new", "office"}};
  const Json list = site.get(kms("/series")).json["series"];
  CHECK(list == Json::array({{{"kind", "log"},
                              {"name", "trail"},
                              {"sha256", "9f86"},
                              {"file", "a.json.gz"},
                              {"bytes", 4096},
                              {"lines", 12},
                              {"requests", 9},
                              {"malformed", 2},
                              {"own", 1},
                              {"read_before", 3}},
                             {{"kind", "probe"},
                              {"name", "random"},
                              {"vantage", "office"},
                              {"accounted_until", "2026-10-21T10:03:00Z"},
                              {"every", "5s"}},
                             {{"kind", "probe"},
                              {"name", "new"},
                              {"vantage", "office"},
                              {"accounted_until", nullptr},
                              {"every", nullptr}}}));
}

TEST_CASE("a charge is what charges prints, and 404 where nobody says it") {
  Site site;
  const ApiAnswer answer = site.get(kms("/charges/2026-10"));
  CHECK(answer.json == report::charge_json("kms", MadeSite::kMonth, *site.known_charge));
  CHECK(answer.json["amount"] == "1845.00");
  site.known_charge.reset();
  check_problem(site.get(kms("/charges/2026-09")), 404, "nobody says what kms cost in 2026-09");
}

TEST_CASE("claims are what claims prints, with where their files are") {
  Site site;
  Json list = site.get(kms("/claims")).json["claims"];
  REQUIRE(list.size() == 1);
  CHECK(list[0]["links"] == Json({{"assessment", kms("/assessments/2026-09")},
                                  {"files", kms("/claims/2026-09/files")}}));
  list[0].erase("links");
  CHECK(list[0] == Json(report::claim_month_json(site.claims("kms")->front())));
  CHECK(list[0]["state"] == "claimable");
  CHECK(list[0]["requests"] == 518'400);
}

TEST_CASE("the states of claims are the words of the document, each of them") {
  const auto document = Json::parse(read_text(SOURCE_DIR "/src/web/assets/openapi.json"));
  std::vector<std::string> documented =
      document["components"]["schemas"]["Claim"]["properties"]["state"]["enum"];
  std::vector<std::string> words;
  for (auto state = record::ClaimState::nothing; state <= record::ClaimState::expired;
       state = static_cast<record::ClaimState>(static_cast<int>(state) + 1)) {
    words.emplace_back(record::word_of(state));
  }
  CHECK(words == documented);
}

TEST_CASE("what claims come to together is by year, provider and state") {
  Site site;
  record::ClaimLife& life = site.past_of("kms").claims.back();
  life.state = record::ClaimState::credited_in_part;
  life.submitted = life.ground.deadline->safe;
  life.asked = core::Money{core::Ratio(369, 2), "USD"};
  life.credited = core::Money{core::Ratio(1107, 10), "USD"};
  const Json answer = site.get("/api/v1/claims/totals").json;
  CHECK(answer["totals"] == Json::parse(R"([{"year":2026,"provider":"aws",)"
                                        R"("state":"credited_in_part","currency":"USD","claims":1,)"
                                        R"("amount":"184.50","credited":"110.70"}])"));
}

TEST_CASE("a month that nobody measured has no uptime, and was neither met nor missed") {
  Site site;
  site.add(site.agreement("silent"), {}, 0);
  site.add_month(site.agreement("silent"), kSeptember, {}, record::ClaimState::unmeasured, 0);
  const Json claims = site.get("/api/v1/agreements/silent/claims").json["claims"];
  CHECK(claims[0]["state"] == "unmeasured");
  CHECK(claims[0]["requests"] == 0);
  CHECK(claims[0]["monthly_uptime"].is_null());
  for (const std::string month : {"2026-09", "2026-10"}) {
    const Json one = site.get("/api/v1/agreements/silent/assessments/" + month).json;
    INFO(month);
    CHECK(one["state"] == "silent");
    CHECK(one["intervals"]["measured"] == 0);
    CHECK(one["monthly_uptime"].is_null());
    CHECK(one["bounds"].is_null());
    CHECK(one["met"].is_null());
    CHECK(one["credit"]["reason"] == "no Request of the billing cycle was measured");
  }
}

TEST_CASE("a claim's files are sent as an archive with its name") {
  Site site;
  site.archive = "PK archive";
  const ApiAnswer answer = site.get(kms("/claims/2026-09/files"));
  CHECK(answer.status() == 200);
  CHECK(answer.response.content_type == "application/zip");
  CHECK(answer.response.headers.at("Content-Disposition") ==
        "attachment; filename=\"claim-kms-2026-09.zip\"");
  REQUIRE(answer.response.file != nullptr);
  CHECK(read_all(*answer.response.file) == "PK archive");
}

TEST_CASE("a claim that is refused says everything that stands against it") {
  Site site;
  site.refusals = {"the billing cycle is not over", "nobody says what the service cost"};
  const ApiAnswer answer = site.get(kms("/claims/2026-10/files"));
  check_problem(answer, 409, "the billing cycle is not over");
  CHECK(answer.json["title"] == "Conflict");
  CHECK(answer.json["refusals"] == Json(site.refusals));
  site.refusals.clear();
  check_problem(site.get(kms("/claims/2026-10/files")), 409, "there is no claim for it");
}

TEST_CASE("a record says when, what came and what it was about") {
  Site site;
  const Json one = site.get(kEvidence + "?limit=1").json["evidence"][0];
  CHECK(one == Json({{"at", "2026-10-01T00:00:00.204Z"},
                     {"outcome", "503/KMSInternalException"},
                     {"status", 503},
                     {"error_name", "KMSInternalException"},
                     {"unattributed", false},
                     {"request_id", "7a3e1c90-5b1f-4c7d-9a53-100000000000"},
                     {"duration_ms", 84},
                     {"peer", "203.0.113.****"},
                     {"detail", "TrentService.GenerateRandom"}}));
}

TEST_CASE("evidence is read page by page, also through records of one instant") {
  Site site;
  // Two records each lie in the same millisecond.
  const auto all = site.instants(kEvidence);
  REQUIRE(all.size() == 10);
  CHECK(all[0] == all[1]);
  for (const int limit : {1, 2, 3, 9, 10, 1000}) {
    INFO(limit);
    CHECK(site.instants(kEvidence + "?limit=" + std::to_string(limit)) == all);
  }
}

TEST_CASE("evidence is that of the month, and of the time that is asked for") {
  Site site;
  struct Case {
    std::string month, query;
    std::size_t count;
  };
  for (const Case& c :
       std::vector<Case>{{"2026-10", "", 10},
                         {"2026-09", "", 30},
                         {"2026-08", "", 0},
                         {"2026-10", "?from=2026-10-02T00:00:00Z", 4},
                         {"2026-10", "?to=2026-10-02T00:00:00Z", 6},
                         {"2026-10", "?to=2026-10-02T00:00:00.204Z", 6},
                         {"2026-10", "?to=2026-10-02T00:00:00.205Z", 8},
                         {"2026-10", "?from=2026-10-02T00:00:00.204Z", 4},
                         {"2026-10", "?from=2026-10-02T00:00:00.205Z", 2},
                         {"2026-10", "?from=2026-09-01T00:00:00Z&to=2027-01-01T00:00:00Z", 10},
                         {"2026-10", "?to=2026-09-30T00:00:00Z", 0},
                         {"2026-10", "?from=2026-11-01T00:00:00Z", 0}}) {
    INFO(c.month << c.query);
    CHECK(site.instants(kms("/assessments/" + c.month + "/evidence" + c.query)).size() == c.count);
  }
}

TEST_CASE("a cursor of another month or time is refused") {
  Site site;
  const std::string next = site.get(kEvidence + "?limit=1").json["next"];
  const std::string cursor = next.substr(next.find("after="), next.find('&') - next.find("after="));
  CHECK(site.get(kEvidence + "?" + cursor).status() == 200);
  CHECK(site.get(kms("/assessments/2026-09/evidence?" + cursor)).status() == 400);
  CHECK(site.get(kEvidence + "?from=2026-10-02T00:00:00Z&" + cursor).status() == 400);
}

TEST_CASE("what is no UTF-8 is replaced, wherever it comes from") {
  Site site;
  site.known_charge->note = "bill \xff";
  site.sources = {{"log", "trail", "9f86"}};
  site.sources[0].file = "\xff.log";
  CHECK(site.get(kms("/charges/2026-10")).json["note"] == "bill \xef\xbf\xbd");
  CHECK(site.get(kms("/series")).json["series"][0]["file"] == "\xef\xbf\xbd.log");
}
