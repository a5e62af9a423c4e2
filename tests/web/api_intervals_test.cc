#include "web/api_site.h"

using namespace recoup;
using namespace recoup::test;

namespace {

const std::string kIntervals = kms("/assessments/2026-10/intervals");

// Measured until the 21st, 10:00, but for silent hours from the 20th on; half an hour excluded.
struct Month : ApiSite {
  Month() {
    core::Agreement one = agreement("kms");
    one.exclusions = {{{*core::parse_instant("2026-10-05T00:00:00Z"),
                        *core::parse_instant("2026-10-05T00:30:00Z")},
                       "maintenance"}};
    add(one, {{0, 6}, {3, 60}}, 288 * 19);
  }

  std::vector<std::string> begins(const std::string& query) {
    std::vector<std::string> list;
    const Json json = get(kIntervals + query).json;
    for (const Json& one : json["intervals"]) list.push_back(one["begin"]);
    return list;
  }
};

}  // namespace

TEST_CASE("an interval says what was seen in it and what that counts as") {
  Month site;
  const ApiAnswer answer = site.get(kIntervals + "?limit=4");
  CHECK(answer.at_once);
  CHECK(answer.json["agreement"] == "kms");
  CHECK(answer.json["month"] == "2026-10");
  CHECK(answer.json["length"] == "5m");
  CHECK(answer.json["intervals"][0] == Json({{"begin", "2026-10-01T00:00:00Z"},
                                             {"end", "2026-10-01T00:05:00Z"},
                                             {"state", "measured"},
                                             {"lost", true},
                                             {"requests", 60},
                                             {"errors", 6},
                                             {"not_requests", 3},
                                             {"unattributed", 0},
                                             {"missed", 7},
                                             {"availability", "90.000000000000"}}));
  CHECK(answer.json["intervals"][1]["availability"] == "100.000000000000");
  CHECK(answer.json["intervals"][1]["lost"] == false);
  CHECK(answer.json["intervals"][3]["availability"] == "0.000000000000");
}

TEST_CASE("an interval without a Request has no Availability of its own") {
  Month site;
  const Json silent = site.get(kIntervals + "?state=silent&limit=1").json["intervals"][0];
  CHECK(silent["begin"] == "2026-10-20T00:00:00Z");
  CHECK(silent["availability"].is_null());
  const Json ahead = site.get(kIntervals + "?state=ahead&limit=1").json["intervals"][0];
  CHECK(ahead["begin"] == "2026-10-21T10:05:00Z");
  CHECK(ahead["availability"].is_null());
}

TEST_CASE("an Availability is cut after twelve digits") {
  ApiSite site;
  site.add(site.agreement("kms"), {{0, 20}, {1, 59}});
  const Json list = site.get(kIntervals + "?limit=2").json["intervals"];
  CHECK(list[0]["availability"] == "66.666666666666");
  CHECK(list[1]["availability"] == "1.666666666666");
}

TEST_CASE("intervals are asked for by state and by time") {
  Month site;
  struct Case {
    const char* query;
    std::size_t count;
    const char* first;
  };
  for (const Case& c : std::vector<Case>{
           {"?limit=10000", 8928, "2026-10-01T00:00:00Z"},
           {"", 100, "2026-10-01T00:00:00Z"},
           {"?state=lost", 2, "2026-10-01T00:00:00Z"},
           {"?state=excluded", 6, "2026-10-05T00:00:00Z"},
           {"?state=measured&limit=10000", 288 * 19 - 6, "2026-10-01T00:00:00Z"},
           {"?state=silent&limit=10000", 288 + 121, "2026-10-20T00:00:00Z"},
           {"?state=ahead&limit=10000", 8928 - 288 * 20 - 121, "2026-10-21T10:05:00Z"},
           {"?from=2026-10-02T00:00:00Z&to=2026-10-03T00:00:00Z&limit=1000", 288,
            "2026-10-02T00:00:00Z"},
           {"?from=2026-10-02T00:04:59Z&to=2026-10-02T00:05:00.001Z", 2, "2026-10-02T00:00:00Z"},
           {"?from=2026-10-02T00:05:00Z&to=2026-10-02T00:05:00.001Z", 1, "2026-10-02T00:05:00Z"},
           {"?from=2026-10-31T23:58:00Z", 1, "2026-10-31T23:55:00Z"},
           {"?to=2026-10-01T02:10:00+02:00", 2, "2026-10-01T00:00:00Z"},
           {"?from=2027-01-01T00:00:00Z", 0, ""},
           {"?to=2026-09-01T00:00:00Z", 0, ""},
           {"?state=lost&from=2026-10-01T00:05:00Z", 1, "2026-10-01T00:15:00Z"}}) {
    INFO(c.query);
    const auto begins = site.begins(c.query);
    CHECK(begins.size() == c.count);
    if (!begins.empty()) CHECK(begins.front() == c.first);
  }
}

TEST_CASE("pages of intervals follow each other without a gap") {
  Month site;
  std::vector<std::string> all;
  std::string next = kIntervals + "?limit=2000&state=measured";
  while (!next.empty()) {
    const ApiAnswer answer = site.get(next);
    for (const Json& one : answer.json["intervals"]) all.push_back(one["begin"]);
    next = answer.json["next"].is_null() ? "" : answer.json["next"].get<std::string>();
    CHECK(answer.response.headers.contains("Link") == !next.empty());
  }
  CHECK((all == site.begins("?limit=10000&state=measured")));
  CHECK(all.size() == 288 * 19 - 6);
}

TEST_CASE("the intervals of an earlier month are read from the ledger") {
  ApiSite site;
  site.add(site.agreement("kms"), {});
  site.add_month(site.agreement("kms"), std::chrono::year(2026) / 9, {{0, 30}},
                 record::ClaimState::claimable);
  const ApiAnswer answer = site.get(kms("/assessments/2026-09/intervals?state=lost"));
  CHECK_FALSE(answer.at_once);
  CHECK(answer.json["month"] == "2026-09");
  REQUIRE(answer.json["intervals"].size() == 1);
  CHECK(answer.json["intervals"][0]["availability"] == "50.000000000000");
  CHECK(site.get(kms("/assessments/2019-01/intervals")).status() == 404);
}

TEST_CASE("intervals lie in the cycle of the contract's zone") {
  ApiSite site;
  site.zone = zurich();
  site.add(site.agreement("kms"), {});
  const Json list = site.get(kIntervals + "?limit=10000").json["intervals"];
  CHECK(list.size() == 8940);
  CHECK(list.front()["begin"] == "2026-09-30T22:00:00Z");
  CHECK(list.back()["end"] == "2026-10-31T23:00:00Z");
}
