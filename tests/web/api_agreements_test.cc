#include "report/json.h"
#include "report/judgement_json.h"
#include "web/api_site.h"

using namespace recoup;
using namespace recoup::test;

namespace {

constexpr char kList[] = "/api/v1/agreements";

std::vector<std::string> ids(const ApiAnswer& answer) {
  std::vector<std::string> list;
  for (const Json& one : answer.json["agreements"]) list.push_back(one["agreement"]);
  return list;
}

// Agreements in several states, the worst one in the middle.
struct Many : ApiSite {
  Many() {
    add(agreement("fine"), {});
    add(agreement("bad"), {{0, 10}});
    add(agreement("worst"), {{0, 60}, {1, 60}});
    core::Agreement quiet = agreement("quiet");
    quiet.region = "eu-central-1";
    add(quiet, {}, 0);
  }
};

}  // namespace

TEST_CASE("agreements are listed with the worst first, with their state") {
  Many site;
  const ApiAnswer answer = site.get(kList);
  CHECK(answer.at_once);
  CHECK(answer.response.content_type == "application/json");
  CHECK(ids(answer) == std::vector<std::string>{"worst", "bad", "quiet", "fine"});
  CHECK(answer.json["total"] == 4);
  CHECK(answer.json["ready"] == true);
  CHECK(answer.json["next"].is_null());
  CHECK_FALSE(answer.response.headers.contains("Link"));
  std::vector<std::string> states;
  for (const Json& one : answer.json["agreements"]) states.push_back(one["state"]);
  CHECK(states == std::vector<std::string>{"certain", "certain", "silent", "met"});
}

TEST_CASE("agreements are asked for by state and by words") {
  Many site;
  struct Case {
    const char* query;
    std::vector<std::string> wanted;
  };
  for (const Case& c : std::vector<Case>{{"?state=certain", {"worst", "bad"}},
                                         {"?state=silent", {"quiet"}},
                                         {"?state=met", {"fine"}},
                                         {"?state=below", {}},
                                         {"?q=", {"worst", "bad", "quiet", "fine"}},
                                         {"?q=IN", {"fine"}},
                                         {"?q=Key Manage", {"worst", "bad", "quiet", "fine"}},
                                         {"?q=aws-k", {"worst", "bad", "quiet", "fine"}},
                                         {"?q=CENTRAL", {"quiet"}},
                                         {"?q=nobody", {}},
                                         {"?q=b&state=certain", {"bad"}},
                                         {"?state=certain&after=fine", {}},
                                         {"?state=certain&after=worst", {"bad"}}}) {
    INFO(c.query);
    CHECK(ids(site.get(kList + std::string(c.query))) == c.wanted);
  }
}

TEST_CASE("pages follow each other to the last one, and know the whole number") {
  Many site;
  std::vector<std::string> all;
  std::string next = std::string(kList) + "?limit=1&q=aws";
  for (int page = 1; page <= 4; ++page) {
    const ApiAnswer answer = site.get(next);
    REQUIRE(ids(answer).size() == 1);
    CHECK(answer.json["total"] == 4);
    all.push_back(ids(answer).front());
    if (page == 4) {
      CHECK(answer.json["next"].is_null());
      break;
    }
    next = answer.json["next"];
    CHECK(next == std::string(kList) + "?after=" + all.back() + "&limit=1&q=aws");
    CHECK(answer.response.headers.at("Link") == "<" + next + ">; rel=\"next\"");
  }
  CHECK(all == std::vector<std::string>{"worst", "bad", "quiet", "fine"});
}

TEST_CASE("what was asked for stands percent-encoded in the next address") {
  ApiSite site;
  core::Agreement one = site.agreement("a");
  one.region = "x&y=\xc3\xa9 <>";
  site.add(one, {});
  one.id = "b";
  site.add(one, {});
  web::Request request;
  request.method = "GET";
  request.path = kList;
  request.query = {{"limit", "1"}, {"q", "&y=\xc3\xa9 <>"}};
  const auto answer = test::ask(web::make_handler(site.shown), request);
  CHECK(answer.at_once);
  CHECK(Json::parse(answer.response.body)["next"] ==
        std::string(kList) + "?after=a&limit=1&q=%26y%3D%C3%A9%20%3C%3E");
}

TEST_CASE("without a limit a page has 100, and never more than 1,000") {
  ApiSite site;
  for (int i = 0; i < 1001; ++i) site.add(site.agreement("a" + std::to_string(i)), {}, 0);
  CHECK(ids(site.get(kList)).size() == 100);
  const ApiAnswer most = site.get(kList + std::string("?limit=1000"));
  CHECK(ids(most).size() == 1000);
  CHECK(ids(site.get(most.json["next"])).size() == 1);
}

TEST_CASE("an agreement is what assess prints, and what tells it apart") {
  ApiSite site;
  core::Agreement one = site.agreement("kms");
  one.practice = true;
  const core::Judgement& judgement = site.add(one, {{7, 6}}, 100);
  const ApiAnswer answer = site.get(kms());
  CHECK(answer.at_once);
  Json json = answer.json;
  const Json printed = report::judgement_json(judgement);
  for (const auto& [key, value] : printed.items()) {
    INFO(key);
    CHECK(json[key] == value);
    json.erase(key);
  }
  const std::string month = kms("/assessments/2026-10");
  CHECK(json == Json({{"state", "certain"},
                      {"service", "AWS Key Management Service"},
                      {"provider", "aws"},
                      {"region", "us-east-1"},
                      {"time_zone", "UTC"},
                      {"measured_until", "2026-10-01T08:20:00Z"},
                      {"links",
                       {{"self", month},
                        {"agreement", kms()},
                        {"months", kms("/months")},
                        {"contracts", kms("/contracts")},
                        {"series", kms("/series")},
                        {"claims", kms("/claims")},
                        {"intervals", month + "/intervals"},
                        {"evidence", month + "/evidence"},
                        {"charges", kms("/charges/2026-10")}}}}));
  // 6 of 60 in one of 8,928 intervals: 1 - 1/10/8928.
  CHECK(answer.json["monthly_uptime"] ==
        Json({{"percent", "99.998879928315"}, {"numerator", "89279"}, {"denominator", "89280"}}));
  CHECK(answer.json["practice"] == true);
  CHECK(answer.response.body.find("123456789012") == std::string::npos);
}

TEST_CASE("figures are as fresh as the last interval with a Request, and that not ahead of now") {
  ApiSite site;
  site.add(site.agreement("now"), {});
  site.add(site.agreement("never"), {}, 0);
  CHECK(site.get("/api/v1/agreements/now").json["measured_until"] == "2026-10-21T10:03:20Z");
  CHECK(site.get("/api/v1/agreements/never").json["measured_until"].is_null());
}

TEST_CASE("the running month is assessed at once, an earlier one by the ledger") {
  ApiSite site;
  site.add(site.agreement("kms"), {{0, 6}});
  site.add_month(site.agreement("kms"), std::chrono::year(2026) / 9, {{0, 30}},
                 record::ClaimState::claimable);
  const ApiAnswer running = site.get(kms("/assessments/2026-10"));
  CHECK(running.at_once);
  CHECK(running.json == site.get(kms()).json);
  const ApiAnswer earlier = site.get(kms("/assessments/2026-09"));
  CHECK_FALSE(earlier.at_once);
  CHECK(earlier.json["month"] == "2026-09");
  CHECK(earlier.json["cycle"]["complete"] == true);
  CHECK(earlier.json["intervals"]["total"] == 8640);
  CHECK(earlier.json["links"]["self"] == kms("/assessments/2026-09"));
  check_problem(site.get(kms("/assessments/2019-01")), 404,
                "no version of the contract is known for 2019-01");
}

TEST_CASE("a month is judged under another contract, and that is said") {
  ApiSite site;
  site.add(site.agreement("kms"), {{0, 6}});
  const ApiAnswer answer = site.get(kms("/assessments/2026-10?under=google-kms@2024-01-01"));
  CHECK_FALSE(answer.at_once);
  CHECK(answer.status() == 200);
  CHECK(answer.json["under"] == true);
  CHECK(answer.json["sla"] == "google-kms");
  CHECK(answer.json["commitment"] == "99");
  CHECK(answer.json["met"] == true);
  CHECK(answer.json["links"]["self"] == kms("/assessments/2026-10?under=google-kms@2024-01-01"));
  CHECK_FALSE(site.get(kms("/assessments/2026-10")).json.contains("under"));
  check_problem(site.get(kms("/assessments/2026-10?under=nobody")), 400,
                "under: expected one of the contracts that /api/v1/agreements/kms/contracts lists, "
                "got \"nobody\"",
                "under");
}
