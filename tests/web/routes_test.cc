// The whole way of a request: from bytes through the server to the route that answers.

#include "web/routes.h"

#include "service/system_world.h"
#include "support/catch.h"
#include "web/client.h"
#include "web/http/server.h"
#include "web/made_site.h"

using namespace recoup;
using recoup::test::Client;

namespace {

// Served is the made site behind a server with the program's routes.
struct Served : test::MadeSite {
  std::unique_ptr<web::Server> server = std::move(
      *web::Server::start({"127.0.0.1"}, web::make_handler(site()), service::system_world()));

  std::string ask(const std::string& method, const std::string& target) const {
    Client client(server->port());
    client.say(method + ' ' + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return client.rest();
  }
  std::string get(const std::string& target) const { return ask("GET", target); }
};

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("metrics are served with the Prometheus content type") {
  const std::string answer = Served().get("/metrics");
  CHECK(answer.starts_with("HTTP/1.1 200 "));
  CHECK(has(answer, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  CHECK(answer.ends_with("\r\n\r\na_metric 1\n"));
}

TEST_CASE("healthy is answered at once, ready after the first assessment") {
  Served site;
  site.snapshot->ready = false;
  CHECK(site.get("/-/healthy").ends_with("\r\n\r\nok\n"));
  CHECK(site.get("/-/ready").starts_with("HTTP/1.1 503 "));
  site.snapshot->ready = true;
  CHECK(site.get("/-/ready").starts_with("HTTP/1.1 200 "));
}

TEST_CASE(
    "while nothing can be written to the ledger the service is healthy, not ready, and says why") {
  Served site;
  site.snapshot->unwritable = "could not write a batch to the ledger: database or disk is full";
  const std::string answer = site.get("/-/ready");
  CHECK(answer.starts_with("HTTP/1.1 503 "));
  CHECK(answer.ends_with(
      "not ready: could not write a batch to the ledger: database or disk is full\n"));
  CHECK(site.get("/-/healthy").starts_with("HTTP/1.1 200 "));
  CHECK(site.get("/metrics").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("without any snapshot nothing is ready, and the page is there") {
  Served site;
  site.snapshot = nullptr;
  CHECK(site.get("/-/ready").starts_with("HTTP/1.1 503 "));
  CHECK(site.get("/").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("what there is not is answered 404, in the words of whoever is asked") {
  const Served site;
  for (const char* target :
       {"/nothing", "/metrics/", "//", "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd", "/index.html", "/-/", "/METRICS", "/assets/", "/assets/../x",
        "/agreements/..%2f..", "/api", "/api/v1/none"}) {
    INFO(target);
    const std::string answer = site.get(target);
    CHECK(answer.starts_with("HTTP/1.1 404 "));
    const bool is_api = std::string_view(target).starts_with("/api");
    CHECK(has(answer, is_api ? "application/problem+json" : "text/html"));
    CHECK_FALSE(has(answer, "root:"));
  }
}

TEST_CASE("another method is answered 405 on each route") {
  const Served site;
  for (const char* target :
       {"/", "/metrics", "/-/healthy", "/-/ready", "/assets/recoup.css", "/api/v1/agreements"}) {
    INFO(target);
    CHECK(site.ask("POST", target).starts_with("HTTP/1.1 405 "));
    CHECK(has(site.ask("POST", target), "Allow: GET, HEAD\r\n"));
    CHECK(site.ask("HEAD", target).starts_with("HTTP/1.1 200 "));
  }
}

TEST_CASE("settings are read again at a POST of the own site alone, where that is allowed") {
  Served site;
  const auto handler = web::make_handler([&] {
    web::Site made = site.site();
    made.reload = [&]() -> std::optional<core::Result<void>> {
      return core::Result<void>(core::Error{"recoup.toml:3:1: error: expected …"});
    };
    return made;
  }());
  const auto ask = [&](const web::Handler& asked, const std::string& method,
                       const std::string& origin = {}) {
    web::Request request = test::request_of(method, "/-/reload");
    request.headers["host"] = "recoup.example:9464";
    if (!origin.empty()) request.headers["origin"] = origin;
    return web::finished(asked(request));
  };
  CHECK(ask(handler, "GET").status == 405);
  CHECK(ask(handler, "POST", "https://elsewhere.example").status == 403);
  CHECK(ask(handler, "POST", "null").status == 403);
  CHECK(ask(handler, "POST", "https://recoup.example:9464").status == 500);
  CHECK(ask(handler, "POST").body.ends_with("recoup.toml:3:1: error: expected …\n"));
  CHECK(ask(web::make_handler(site.site()), "POST").status == 403);
}
