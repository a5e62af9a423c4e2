#include "web/routes.h"

#include "core/assess.h"
#include "support/catch.h"
#include "support/contracts.h"
#include "web/client.h"
#include "web/page.h"

using namespace recoup;
using recoup::test::Client;

namespace {

// Site is a server with the program's routes and a snapshot that a test changes.
struct Site {
  core::Rule rule{"aws-kms", "aws", "AWS Key Management Service", {"account", "region"}, {}};
  core::Cycle cycle = core::cycle_of(std::chrono::year(2026) / 10, core::Zone::utc());
  std::shared_ptr<core::Snapshot> snapshot = std::make_shared<core::Snapshot>();
  std::unique_ptr<web::Server> server;

  Site() {
    rule.versions.push_back(test::kms_like());
    web::Pages pages;
    pages.snapshot = [this] { return snapshot; };
    pages.metrics_text = [] { return std::string("a_metric 1\n"); };
    server = std::move(*web::Server::start("127.0.0.1", 0, web::make_handler(pages)));
    snapshot->at = cycle.span.begin + std::chrono::hours(24 * 20);
    snapshot->ready = true;
  }

  // An agreement with 100 requests in one interval, some of which failed.
  void add(const std::string& id, std::uint64_t errors, bool practice = false) {
    core::Tallies tallies;
    tallies.add(core::minute_of(cycle.span.begin), core::Answered{200}, 100 - errors);
    if (errors > 0) tallies.add(core::minute_of(cycle.span.begin), core::Answered{503}, errors);
    auto standing = std::make_shared<core::Standing>();
    standing->agreement = {id, "aws-kms", "123456789012", "us-east-1", practice, {}};
    standing->rule = &rule;
    standing->version = &rule.versions.front();
    standing->assessment =
        core::assess(*standing->version, core::Zone::utc(), cycle, tallies, {}, snapshot->at);
    standing->credit = core::credit(*standing->version, standing->assessment,
                                    core::Charge{{core::Ratio(1845, 1), "USD"}, "stated", ""});
    snapshot->standings.push_back(std::move(standing));
  }

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
  const std::string answer = Site().get("/metrics");
  CHECK(answer.starts_with("HTTP/1.1 200 "));
  CHECK(has(answer, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  CHECK(answer.ends_with("\r\n\r\na_metric 1\n"));
}

TEST_CASE("healthy is answered at once, ready after the first assessment") {
  Site site;
  site.snapshot->ready = false;
  CHECK(site.get("/-/healthy").ends_with("\r\n\r\nok\n"));
  CHECK(site.get("/-/ready").starts_with("HTTP/1.1 503 "));
  site.snapshot->ready = true;
  CHECK(site.get("/-/ready").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("without any snapshot the page says so and nothing is ready") {
  Site site;
  site.snapshot = nullptr;
  CHECK(has(site.get("/"), "Nothing was assessed yet"));
  CHECK(site.get("/-/ready").starts_with("HTTP/1.1 503 "));
}

TEST_CASE("what there is not is answered 404 with what there is") {
  const Site site;
  for (const char* target :
       {"/nothing", "/metrics/", "//", "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd", "/index.html", "/-/", "/METRICS"}) {
    INFO(target);
    const std::string answer = site.get(target);
    CHECK(answer.starts_with("HTTP/1.1 404 "));
    CHECK(has(answer, "there are /, /metrics"));
    CHECK_FALSE(has(answer, "passwd"));
  }
}

TEST_CASE("another method is answered 405 on each route") {
  const Site site;
  for (const char* target : {"/", "/metrics", "/-/healthy", "/-/ready"}) {
    INFO(target);
    CHECK(site.ask("POST", target).starts_with("HTTP/1.1 405 "));
    CHECK(has(site.ask("POST", target), "Allow: GET, HEAD\r\n"));
    CHECK(site.ask("HEAD", target).starts_with("HTTP/1.1 200 "));
  }
}

TEST_CASE("the page shows the worst agreement first, its state in words and its money") {
  Site site;
  site.add("fine", 0);
  site.add("worst", 100);
  site.add("bad", 50, true);
  const std::string page = site.get("/");
  CHECK(has(page, "Content-Type: text/html; charset=utf-8\r\n"));
  CHECK(page.find(">worst<") < page.find(">bad "));
  CHECK(page.find(">bad ") < page.find(">fine<"));
  CHECK(has(page, "Breach certain"));
  CHECK(has(page, "the billing cycle is not over"));
  CHECK(has(page, "Met so far"));
  CHECK(has(page, "practice data"));
  CHECK(has(page, "184.50 USD"));
  CHECK(has(page, "99.988799&nbsp;%"));
  CHECK(has(page, ">2026-12-01<"));
  CHECK(has(page, "<meta http-equiv=\"refresh\" content=\"30\">"));
  CHECK(has(page, "href=\"/metrics\""));
  CHECK_FALSE(has(page, "<script"));
  CHECK_FALSE(has(page, "123456789012"));
}

TEST_CASE("a ratio of Requests below the commitment is below it so far, and no breach yet") {
  Site site;
  site.rule.versions.front().formula = core::RequestRatio{};
  site.rule.versions.front().commitment = core::Ratio(999, 1000);
  site.add("azure", 3);
  const std::string page = site.get("/");
  CHECK(has(page, "Below commitment so far"));
  CHECK_FALSE(has(page, "Breach certain"));
  CHECK(has(page, "<div>-2.9<small>Requests</small></div>"));
}

TEST_CASE("the budget left is shown with three digits that say something, and its unit") {
  struct Case {
    core::Formula formula;
    core::Ratio commitment;
    std::uint64_t errors;
    const char* shown;
  };
  using std::chrono::minutes;
  const std::vector<Case> cases{
      {core::MeanOfIntervals{minutes(5)}, core::Ratio(99999, 100000), 0,
       "<div>0.0892<small>5-minute intervals</small></div>"},
      {core::MeanOfIntervals{minutes(5)}, core::Ratio(99, 100), 50,
       "<div>88.78<small>5-minute intervals</small></div>"},
      {core::MeanOfIntervals{minutes(5)}, core::Ratio(99999, 100000), 100,
       "<div>-0.91<small>5-minute intervals</small></div>"},
      {core::DowntimeRuns{core::Ratio(1, 10), minutes(1)}, core::Ratio(999, 1000), 100,
       "<div>43.64<small>minutes</small></div>"},
      {core::MeanOfIntervals{minutes(5)}, core::Ratio(1, 2), 0,
       "<div>4,464<small>5-minute intervals</small></div>"},
      {core::MeanOfIntervals{minutes(5)}, core::Ratio(1, 1), 0,
       "<div>0<small>5-minute intervals</small></div>"},
  };
  for (const Case& c : cases) {
    INFO(c.shown);
    Site site;
    site.rule.versions.front().formula = c.formula;
    site.rule.versions.front().commitment = c.commitment;
    site.add("a", c.errors);
    CHECK(has(web::page_html(*site.snapshot), c.shown));
  }
}

TEST_CASE("a shown uptime lies on the same side of the commitment as the exact one") {
  Site site;
  site.rule.versions.front().commitment = core::Ratio(8927, 8928) + core::Ratio(99, 100 * 8928);
  site.add("exactly", 1);
  CHECK(site.snapshot->standings.front()->assessment.met);
  CHECK(has(web::page_html(*site.snapshot), "99.999887992831541&nbsp;%"));
}

TEST_CASE("whatever is shown is text and not HTML") {
  Site site;
  site.rule.service = "<img src=x>";
  site.add("<script>alert('1')</script>\"&", 3);
  const std::string page = site.get("/");
  CHECK_FALSE(has(page, "<script"));
  CHECK_FALSE(has(page, "<img"));
  CHECK(has(page, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;"));
}
