#include "support/catch.h"
#include "web/page_site.h"

using namespace recoup;
using namespace recoup::test;
using std::chrono::microseconds;

namespace {

record::Exchange failure() {
  record::Exchange one;
  one.probe = "random";
  one.result.started = *core::parse_instant("2026-10-21T10:03:00.204Z");
  one.result.outcome = core::Answered{503, "SlowDown"};
  one.result.duration = microseconds(84'213);
  one.result.phases = record::Phases{};
  one.result.phases[3] = microseconds(61);
  one.result.phases[4] = microseconds(84'152);
  one.result.checks = {{"body", "the body lacks the text"}, {"within", ""}};
  one.asked = "GET /<a> HTTP/1.1\nAuthorization: AWS4-HMAC-SHA256 ****\n";
  one.answered = "HTTP/1.1 503 Slow Down\n";
  one.body = "<b>too fast</b>";
  one.body_is_cut = true;
  return one;
}

struct WhySite : MadeSite {
  std::vector<record::Exchange> failures;

  WhySite() {
    add(agreement("kms"), {});
    record::ProbeCounts probe;
    probe.agreement = "kms";
    probe.probe = "random";
    probe.outcomes = {{core::Answered{200}, 3}, {core::Failed{core::NoAnswer::dns}, 1}};
    probe.phases =
        record::Phases{microseconds(400), microseconds(800),    std::chrono::nanoseconds(0),
                       microseconds(4),   microseconds(40'000), microseconds(796)};
    snapshot->probes.push_back(probe);
  }

  std::string page(const std::string& target = "/agreements/kms") {
    web::Site made = site();
    made.failures = [this](const std::string& id, std::size_t most) {
      CHECK(id == "kms");
      CHECK(most == 10);
      return failures;
    };
    return ask(web::make_handler(std::move(made)), request_of("GET", target)).response.body;
  }
};

}  // namespace

TEST_CASE("a failure of a list says of which target it is") {
  WhySite site;
  site.failures = {failure(), failure(), failure()};
  site.failures[0].target = "kms.eu-west-1.example.com:443";
  site.failures[1].probe = "list/https://other.example.com/";
  site.failures[1].target = "https://other.example.com/";
  const std::string page = site.page();
  CHECK(has(page, "<summary>random, to kms.eu-west-1.example.com:443, 2026-10-21"));
  CHECK(has(page, "<summary>list/https://other.example.com/, 2026-10-21"));
  CHECK(has(page, "<summary>random, 2026-10-21"));
}

TEST_CASE("the page shows where the time goes, as means of all requests") {
  const std::string text = text_of(WhySite().page());
  CHECK(has(text, "Why requests fail, and what takes time"));
  CHECK(has(WhySite().page(),
            "<td>4</td><td>0.1</td><td>0.2</td><td>&ndash;</td><td>0.001</td><td>10</td>"
            "<td>0.199</td><td>10.5</td>"));
}

TEST_CASE("checks that fail come first, and say why") {
  WhySite site;
  CHECK_FALSE(has(site.page(), "Checks beside the contract"));
  site.snapshot->probes[0].checks = {
      {"status", 0, 0, ""}, {"within", 10, 2, ""}, {"body", 10, 3, "the body lacks the text"}};
  const std::string page = site.page();
  CHECK(has(page, "Checks beside the contract"));
  CHECK(has(page, "<strong>fails</strong>: the body lacks the text"));
  CHECK(has(page, "not made yet"));
  CHECK(page.find("<strong>fails</strong>") < page.find("not made yet"));
}

TEST_CASE("the last failures are shown whole, as text") {
  WhySite site;
  CHECK_FALSE(has(site.page(), "<pre"));
  site.failures = {failure()};
  const std::string page = site.page();
  CHECK(has(page, "random, 2026-10-21T10:03:00.204Z: 503/SlowDown, 84.213 ms; check body fails"));
  CHECK(has(page, "Time: send 0.061 ms, wait 84.152 ms"));
  CHECK(has(page, "GET /&lt;a&gt; HTTP/1.1\nAuthorization: AWS4-HMAC-SHA256 ****</pre>"));
  CHECK(has(page, "&lt;b&gt;too fast&lt;/b&gt;"));
  CHECK(has(page, "Its body begins with"));
  CHECK(has(page, "Check body: the body lacks the text"));
  CHECK_FALSE(has(page, "Check within"));
  // Of a month that is over nobody has them.
  CHECK_FALSE(has(site.page("/agreements/kms/2026-09"), "<pre"));
}
