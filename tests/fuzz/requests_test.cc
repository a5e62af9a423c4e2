// Whatever is asked of the service: it answers, with one of the statuses it has, and tells nobody
// an account. A finding is a crash, a hang, a sanitizer's report, or an answer that is none.

#include <crypt.h>

#include <regex>
#include <set>
#include <sstream>

#include <nlohmann/json.hpp>

#include "fuzz/fuzz.h"
#include "service/system_world.h"
#include "web/access/users.h"
#include "web/client.h"
#include "web/http/encode.h"
#include "web/http/hosts.h"
#include "web/http/server.h"
#include "web/made_site.h"
#include "web/routes.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

// The first line is path?query, the others are headers; decoded, as the server gives them.
web::Request request_of(const std::string& text) {
  web::Request request;
  request.method = "GET";
  std::istringstream lines(text);
  std::string target;
  std::getline(lines, target);
  const auto mark = std::min(target.find('?'), target.size());
  request.path = target.substr(0, mark);
  std::istringstream query(target.substr(std::min(mark + 1, target.size())));
  for (std::string pair; std::getline(query, pair, '&');) {
    const auto equals = std::min(pair.find('='), pair.size());
    request.query.emplace(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
  for (std::string line; std::getline(lines, line);) {
    const auto colon = std::min(line.find(": "), line.size());
    request.headers.emplace(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
  }
  return request;
}

record::Secret cheap_hash(const char* password) {
  crypt_data work{};
  return record::Secret(crypt_r(password, "$2b$04$abcdefghijklmnopqrstuu", &work));
}

const std::vector<std::string> kTargets{
    "/?q=kms&state=certain&page=2",
    "/agreements/kms",
    "/agreements/kms/2026-10?under=aws-kms@2022-11-29",
    "/agreements/kms/2026-10/2026-10-03",
    "/agreements/kms/2026-10/evidence?after=1791813900000-1",
    "/agreements/kms/2026-09/claim.zip",
    "/assets/recoup.css",
    "/api/v1/agreements?state=met&q=k&limit=2&after=kms",
    "/api/v1/agreements/kms/assessments/2026-10?under=aws-kms",
    "/api/v1/agreements/kms/assessments/2026-10/intervals?state=lost&from=2026-10-01T00:00:00Z&"
    "to=2026-10-02T00:00:00Z&limit=10&after=7",
    "/api/v1/agreements/kms/assessments/2026-10/evidence?from=2026-10-01T00:00:00Z&limit=5&"
    "after=1791813900000-1",
    "/api/v1/agreements/kms/charges/2026-10",
    "/api/v1/agreements/kms/claims/2026-09/files",
    "/metrics"};

}  // namespace

TEST_CASE("no request breaks the pages or the API, or is answered by something else",
          "[requests]") {
  test::MadeSite site;
  site.add(site.agreement("kms"), {{7, 40}, {900, 1}});
  site.add(site.agreement("fine"), {});
  site.snapshot->mask_accounts = true;
  const web::Handler handler = web::make_handler(site.site());
  const std::set<int> statuses{200, 304, 308, 400, 404, 405, 409, 503};
  std::vector<std::string> seeds;
  for (const std::string& target : kTargets) {
    seeds.push_back(target + "\naccept-encoding: gzip;q=0.5, br\nif-none-match: W/\"ab\", \"c\"\n");
  }
  test::fuzz(seeds, [&](const std::string& text) {
    const web::Request request = request_of(text);
    const web::Response plain = web::finished(handler(request));
    INFO(text);
    if (!statuses.contains(plain.status)) FAIL("status " << plain.status);
    // Who asks with it, as libFuzzer does that learns it here, knows it.
    const std::string account = "123456789012";
    if (text.find(account) == std::string::npos && plain.body.find(account) != std::string::npos) {
      FAIL("an account is shown");
    }
    if (plain.content_type.find("json") != std::string::npos &&
        !nlohmann::json::accept(plain.body)) {
      FAIL("no JSON: " << plain.body.substr(0, 200));
    }
    if (!statuses.contains(web::encode(request, plain).status)) FAIL("encoded");
  });
}

TEST_CASE("no bytes break the server, and what it answers is HTTP") {
  test::MadeSite site;
  site.add(site.agreement("kms"), {{7, 40}});
  web::ServerOptions options{"127.0.0.1"};
  const auto handler = web::with_hosts(web::make_handler(site.site()), {"recoup.example.com"});
  const auto server = std::move(*web::Server::start(options, handler, service::system_world()));
  const std::string rest = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
  std::string many = "GET /?a=b";
  for (int i = 0; i < 500; ++i) many += "&a=b";
  // What is not whole is waited for, by the server for half a minute, by this test not.
  const auto status_of = [&](const std::string& bytes, std::chrono::milliseconds patience) {
    test::Client client(server->port());
    client.wait_at_most(patience);
    client.say(bytes);
    client.end();
    return client.rest().substr(0, 12);
  };
  test::replay(
      {"GET /agreements/kms?page=1" + rest + "\r\n", many + rest + "\r\n",
       "POST /api/v1/agreements" + rest + "Content-Length: 2\r\n\r\n{}",
       "POST /" + rest + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /",
       "POST /" + rest + "Content-Length: 0\r\nContent-Length: 30\r\n\r\nGET /metrics",
       "GET /agreements/kms%00" + rest + "Host : x\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"},
      [&](const std::string& bytes) {
        const std::string status = status_of(bytes, 20ms);
        INFO(bytes);
        static const std::regex known("HTTP/1.[01] (200|308|400|404|405|413|414|421|431|501|505)");
        if (!status.empty() && !std::regex_match(status, known)) FAIL(status);
      });
  CHECK(status_of("GET /" + rest + "\r\n", 10s) == "HTTP/1.1 200");
}

TEST_CASE("no authorization breaks its reader, or lets anybody in but its user",
          "[authorization]") {
  const web::Handler handler = web::with_users(
      [](const web::Request&) {
        return web::Response{200, "text/plain", "in"};
      },
      {{"ops", cheap_hash("correct horse")}});
  const std::string right = "Basic b3BzOmNvcnJlY3QgaG9yc2U=";
  test::fuzz({right, "Basic b3Bz", "Bearer x"}, [&](const std::string& text) {
    web::Request request;
    request.headers["authorization"] = text;
    const web::Response answer = web::finished(handler(request));
    INFO(text);
    // The scheme's name has no case; padding and blanks at the end say nothing more.
    const bool same =
        text.size() >= 6 && text.substr(5).find("b3BzOmNvcnJlY3QgaG9yc2") != text.npos;
    if (answer.status == 200 && !same) FAIL("let in");
    if (text == right && answer.status != 200) FAIL("not let in");
  });
}
