#include "web/routes.h"

#include <algorithm>
#include <set>

#include "web/api_site.h"
#include "web/site/assets.h"

using namespace recoup;
using namespace recoup::test;

namespace {

// The path with something in place of its variables.
std::string filled(std::string path) {
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"{id}", "kms"}, {"{month}", "2026-10"}}) {
    if (const auto at = path.find(name); at != std::string::npos) {
      path.replace(at, name.size(), value);
    }
  }
  return path;
}

// The routes of the API.
std::vector<std::string> api_paths() {
  std::vector<std::string> paths;
  for (const web::Route& route : web::kRoutes) {
    if (route.path.starts_with("/api/")) paths.emplace_back(route.path);
  }
  return paths;
}

}  // namespace

TEST_CASE("the routes of the API are the paths of its document") {
  const Json document = Json::parse(web::asset("openapi.json").value());
  std::vector<std::string> documented;
  for (const auto& [path, item] : document["paths"].items()) documented.push_back(path);
  auto answered = api_paths();
  std::sort(answered.begin(), answered.end());
  std::sort(documented.begin(), documented.end());
  CHECK(answered == documented);
}

TEST_CASE("every path is answered, by the snapshot, or by who waits for others") {
  ApiSite site;
  site.add(site.agreement("kms"), {{0, 6}});
  site.archive = "PK";
  const std::set<std::string> by_workers{kms("/months"),
                                         kms("/contracts"),
                                         kms("/series"),
                                         kms("/failures"),
                                         kms("/assessments/2026-10/evidence"),
                                         kms("/charges/2026-10"),
                                         kms("/claims"),
                                         kms("/claims/2026-10/files")};
  for (const std::string& path : api_paths()) {
    INFO(path);
    const ApiAnswer answer = site.get(filled(path));
    CHECK(answer.status() == 200);
    CHECK(answer.at_once == !by_workers.contains(filled(path)));
  }
}

TEST_CASE("a long page is left to a thread beside the server's, also without a ledger") {
  ApiSite site;
  site.add(site.agreement("kms"), {});
  site.shown.records = nullptr;
  for (const auto& [target, at_once] : std::vector<std::pair<std::string, bool>>{
           {"/api/v1/agreements?limit=200", true},
           {"/api/v1/agreements?limit=1000", false},
           {kms("/assessments/2026-10/intervals?limit=2000"), true},
           {kms("/assessments/2026-10/intervals?limit=10000"), false}}) {
    INFO(target);
    const ApiAnswer answer = site.get(target);
    CHECK(answer.at_once == at_once);
    CHECK(answer.status() == 200);
  }
}

TEST_CASE("the document is served as it is") {
  const ApiAnswer answer = ApiSite().get("/api/v1/openapi.json");
  CHECK(answer.response.content_type == "application/json");
  CHECK(answer.response.body == web::asset("openapi.json"));
}

TEST_CASE("what lies under /api/ is answered in JSON, all else as a page") {
  ApiSite site;
  for (const char* path : {"/api", "/api/", "/api/v1/agreements", "/api/v2"}) {
    INFO(path);
    CHECK(site.get(path).response.content_type.ends_with("json"));
  }
  for (const char* path : {"/", "/apis", "/agreements/api/", "/API/v1"}) {
    INFO(path);
    CHECK(site.get(path).response.content_type.starts_with("text/html"));
  }
}

TEST_CASE("a path that is none is 404 with where to look") {
  ApiSite site;
  site.add(site.agreement("kms"), {});
  for (const std::string& path :
       {std::string("/api"), std::string("/api/"), std::string("/api/v1"),
        std::string("/api/v2/agreements"), std::string("/api/v1/agreements/kms/months/"),
        std::string("/api/v1//agreements"), kms("/assessments"), kms("/assessments/2026-10/"),
        kms("/claims/2026-10"), kms("/charges"), kms("/months/2026-10"), kms("/nothing"),
        std::string("/api/v1/openapi.json/")}) {
    INFO(path);
    const ApiAnswer answer = site.get(path);
    CHECK(answer.at_once);
    check_problem(answer, 404, "there is no such path: see /api/v1/openapi.json");
    CHECK(answer.json["instance"] == path);
  }
}

TEST_CASE("a problem has the members of RFC 9457, and text that anybody can read") {
  ApiSite site;
  const ApiAnswer answer = site.get("/api/v1/agreements/a\xff\"\n<b>");
  CHECK(answer.at_once);
  CHECK(answer.response.content_type == "application/problem+json");
  CHECK(answer.json == Json({{"type", "about:blank"},
                             {"title", "Not Found"},
                             {"status", 404},
                             {"detail",
                              "there is no agreement \"a\xef\xbf\xbd\"\n<b>\": see "
                              "/api/v1/agreements"},
                             {"instance", "/api/v1/agreements/a%FF%22%0A%3Cb%3E"}}));
  const ApiAnswer longer = site.get("/api/v1/agreements/" + std::string(10'000, 'a'));
  CHECK(longer.json["detail"] ==
        "there is no agreement \"" + std::string(64, 'a') + "…\": see /api/v1/agreements");
}

TEST_CASE("another method is 405 on each path, and says what is allowed") {
  ApiSite site;
  site.add(site.agreement("kms"), {});
  for (const std::string& path : api_paths()) {
    INFO(path);
    const ApiAnswer answer = site.ask("POST", filled(path));
    CHECK(answer.at_once);
    check_problem(answer, 405, "only GET and HEAD are answered here");
    CHECK(answer.response.headers.at("Allow") == "GET, HEAD");
  }
}

TEST_CASE("a parameter that is not what was expected is named, with what was and what came") {
  ApiSite site;
  site.add(site.agreement("kms"), {});
  const std::string list = "/api/v1/agreements";
  const std::string intervals = kms("/assessments/2026-10/intervals");
  const std::string evidence = kms("/assessments/2026-10/evidence");
  const std::string whole = "limit: expected a whole number from 1 to ";
  const std::string instant = "expected an instant like 2026-10-03T02:00:00Z, got ";
  struct Case {
    std::string target, parameter, detail;
  };
  for (const Case& c : std::vector<Case>{
           {list + "?limit=0", "limit", whole + "1000, got \"0\""},
           {list + "?limit=1001", "limit", whole + "1000, got \"1001\""},
           {list + "?limit=", "limit", whole + "1000, got \"\""},
           {list + "?limit=-1", "limit", whole + "1000, got \"-1\""},
           {list + "?limit=+1", "limit", whole + "1000, got \"+1\""},
           {list + "?limit=1x", "limit", whole + "1000, got \"1x\""},
           {list + "?limit=99999999999999999999", "limit",
            whole + "1000, got \"99999999999999999999\""},
           {intervals + "?limit=10001", "limit", whole + "10000, got \"10001\""},
           {evidence + "?limit=1001", "limit", whole + "1000, got \"1001\""},
           {list + "?state=Met", "state",
            "state: expected one of certain, below, silent, met, got \"Met\""},
           {intervals + "?state=met", "state",
            "state: expected one of measured, silent, excluded, ahead, lost, got \"met\""},
           {list + "?after=nobody", "after", "after: expected what next gave, got \"nobody\""},
           {intervals + "?after=x", "after", "after: expected what next gave, got \"x\""},
           {intervals + "?after=999999", "after", "after: expected what next gave, got \"999999\""},
           {intervals + "?after=18446744073709551615", "after",
            "after: expected what next gave, got \"18446744073709551615\""},
           {evidence + "?after=1", "after", "after: expected what next gave, got \"1\""},
           {evidence + "?after=1-", "after", "after: expected what next gave, got \"1-\""},
           {evidence + "?after=1-1", "after", "after: expected what next gave, got \"1-1\""},
           {evidence + "?after=18446744073709551615-0", "after",
            "after: expected what next gave, got \"18446744073709551615-0\""},
           {intervals + "?from=today", "from", "from: " + instant + "\"today\""},
           {evidence + "?to=2026-10-03", "to", "to: " + instant + "\"2026-10-03\""},
           {evidence + "?from=2026-10-03T02:00:00Z&to=2026-10-03T02:00:00Z", "to",
            "to: expected an instant after that of from, got \"2026-10-03T02:00:00Z\""},
           {list + "?month=2026-10", "month",
            "expected one of state, q, limit, after, format, got \"month\""},
           {kms() + "?x", "x", "expected no parameter, got \"x\""},
           {kms("/claims") + "?limit=1", "limit", "expected format, got \"limit\""},
           {"/api/v1/openapi.json?x", "x", "expected no parameter, got \"x\""},
           {kms("/assessments/2026-13"), "month",
            "month: expected one like 2026-10, got \"2026-13\""},
           {kms("/charges/october"), "month", "month: expected one like 2026-10, got \"october\""},
           {kms("/claims/2026-1/files"), "month",
            "month: expected one like 2026-10, got \"2026-1\""},
           {kms("/assessments/2026-10") + "?under=", "under",
            "under: expected RULE or RULE@YYYY-MM-DD, got \"\""},
           {kms("/assessments/2026-10") + "?under=a@b", "under",
            "under: expected RULE or RULE@YYYY-MM-DD, got \"a@b\""}}) {
    INFO(c.target);
    check_problem(site.get(c.target), 400, c.detail, c.parameter);
  }
}

TEST_CASE("a month that has not begun is not there") {
  ApiSite site;
  site.add(site.agreement("kms"), {});
  for (const char* under :
       {"/assessments/2026-11", "/assessments/2026-11/intervals", "/assessments/2026-11/evidence",
        "/charges/9999-12", "/claims/2026-11/files"}) {
    INFO(under);
    const ApiAnswer answer = site.get(kms(under));
    CHECK(answer.status() == 404);
    CHECK(answer.json["detail"].get<std::string>().ends_with(
        " has not begun: 2026-10 is the running month"));
  }
}

TEST_CASE(
    "before anything was assessed the service is unavailable, and nothing is said to be gone") {
  ApiSite site;
  site.snapshot->ready = false;
  check_problem(site.get(kms()), 503, "not every agreement was assessed yet");
  CHECK(site.get("/api/v1/agreements").json["ready"] == false);
  site.snapshot = nullptr;
  for (const std::string& path : {std::string("/api/v1/agreements"), kms(), kms("/claims")}) {
    INFO(path);
    CHECK(site.get(path).at_once);
    check_problem(site.get(path), 503, "nothing was assessed yet");
  }
  CHECK(site.get("/api/v1/openapi.json").status() == 200);
}

TEST_CASE("a ledger that nobody else can read is said at once, and the snapshot answers still") {
  ApiSite site;
  site.add(site.agreement("kms"), {});
  site.shown.records = nullptr;
  for (const char* under :
       {"/months", "/contracts", "/series", "/claims", "/charges/2026-10", "/claims/2026-10/files",
        "/assessments/2026-10/evidence", "/assessments/2026-09", "/assessments/2026-09/intervals",
        "/assessments/2026-10?under=aws-kms"}) {
    INFO(under);
    const ApiAnswer answer = site.get(kms(under));
    CHECK(answer.at_once);
    check_problem(answer, 503,
                  "the ledger is kept in memory and can only be read by the service itself");
  }
  CHECK(site.get(kms("/assessments/2026-10")).status() == 200);
  CHECK(site.get(kms("/assessments/2026-10/intervals")).status() == 200);
}

TEST_CASE("what could not be read is said, without where it lies") {
  ApiSite site;
  site.add(site.agreement("kms"), {});
  site.fault = core::Error{"the ledger is locked", "/var/lib/secret.db", "look at /etc"};
  for (const char* under :
       {"/months", "/series", "/claims", "/claims/2026-10/files", "/assessments/2026-10/evidence",
        "/assessments/2026-09", "/assessments/2026-09/intervals",
        "/assessments/2026-10?under=aws-kms"}) {
    INFO(under);
    const ApiAnswer answer = site.get(kms(under));
    check_problem(answer, 503, "the ledger is locked");
    CHECK(answer.response.body.find("secret") == std::string::npos);
    CHECK(answer.response.body.find("/etc") == std::string::npos);
  }
}
