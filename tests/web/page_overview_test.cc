#include "support/catch.h"
#include "web/page_site.h"

using namespace recoup;
using namespace recoup::test;
using std::chrono::year;

namespace {

std::string paragraph(const std::string& page) {
  const auto begin = page.find("<p class=\"verdict\">");
  return page.substr(begin, page.find("</p>", begin) - begin);
}

std::string sentence(PageSite& site) { return text_of(paragraph(site.page("/"))); }

}  // namespace

TEST_CASE("the first sentence is about money that can be claimed today") {
  PageSite site;
  const std::string will_miss =
      "AWS Key Management Service in us-east-1 will miss its SLA in October: ";
  SECTION("nothing") {
    site.add(site.agreement("a"), {});
    CHECK(sentence(site) == "Nothing to claim today.");
    site.add(site.agreement("b"), {});
    CHECK(sentence(site) == "Nothing to claim today.");
  }
  SECTION("nothing, where nobody looked") {
    site.add(site.agreement("a"), {}, 0);
    CHECK(sentence(site) == "Nothing to claim today. Nothing was measured yet this month.");
  }
  SECTION("a breach that is certain, with its charges") {
    site.add(site.agreement("a"), {{7, 40}});
    site.add(site.agreement("b"), {});
    CHECK(sentence(site) ==
          "Nothing to claim today. " + will_miss + "184.50 USD, claim from 1 November.");
  }
  SECTION("more where an amount is not known") {
    site.add(site.agreement("a"), {{7, 40}});
    site.known_charge.reset();
    site.add(site.agreement("b"), {{7, 40}});
    CHECK(sentence(site) ==
          "Nothing to claim today. The SLAs of 2 agreements will be missed: 184.50 USD and more, "
          "claim from 1 November.");
  }
  SECTION("a share where no amount is known") {
    site.known_charge.reset();
    site.add(site.agreement("a"), {{7, 40}});
    CHECK(sentence(site) ==
          "Nothing to claim today. " + will_miss + "10 % of the charges, claim from 1 November.");
  }
  SECTION("a claim of an earlier month, and its earlier deadline") {
    site.add(site.agreement("a"), {{7, 40}});
    site.add(site.agreement("b"), {});
    site.add_month(site.agreement("b"), year(2026) / 9, {{7, 40}}, record::ClaimState::claimable);
    site.add_month(site.agreement("b"), year(2026) / 8, {{7, 40}}, record::ClaimState::submitted);
    CHECK(sentence(site) ==
          "AWS owes you 184.50 USD for September 2026. Claim it before 1 November: 10 days left. " +
              will_miss + "184.50 USD, claim from 1 November.");
    const std::string page = site.page("/");
    CHECK(has(page, "<a href=\"/agreements/b/2026-09#claim\">Claim it before"));
    CHECK_FALSE(has(text_of(page), "::"));  // a name of the program's own
    // The sentence said all of one alone: no table says it again.
    CHECK_FALSE(has(page, "id=\"claims\""));
  }
  SECTION("the first of several deadlines, and none that has passed") {
    site.add(site.agreement("a"), {});
    site.add_month(site.agreement("a"), year(2026) / 9, {{7, 40}}, record::ClaimState::claimable);
    site.add_month(site.agreement("a"), year(2026) / 8, {{7, 40}}, record::ClaimState::claimable);
    site.snapshot->at = *core::parse_instant("2026-09-30T23:59:59Z");
    CHECK(has(sentence(site),
              "AWS owes you 369.00 USD in 2 claims. Claim the first before 1 October: "));
    site.snapshot->at = *core::parse_instant("2026-10-01T00:00:00Z");
    CHECK(has(sentence(site), "369.00 USD in 2 claims. Claim the first before 1 November: "));
    const std::string page = site.page("/");
    const std::string table = page.substr(page.find("id=\"claims\""));
    for (const char* cell : {"a, September 2026", "a, August 2026", "184.50 USD", "claimable"}) {
      CHECK(has(text_of(table), cell));
    }
  }
  SECTION("each provider by its name") {
    site.add(site.agreement("a"), {});
    site.add_month(site.agreement("a"), year(2026) / 9, {{7, 40}}, record::ClaimState::claimable);
    site.rule.provider = "google";
    site.add(site.agreement("b"), {});
    site.add_month(site.agreement("b"), year(2026) / 9, {{7, 40}}, record::ClaimState::written);
    CHECK(has(sentence(site), "AWS and Google Cloud owe you 369.00 USD in 2 claims."));
  }
  SECTION("each currency for itself") {
    site.add(site.agreement("a"), {{7, 40}});
    site.version().minimum_credit.reset();
    site.known_charge = core::Charge{{core::Ratio(10, 1), "EUR"}, "bill", ""};
    site.add(site.agreement("b"), {{7, 40}});
    CHECK(has(sentence(site), "will be missed: 1.00 EUR and 184.50 USD, claim"));
  }
  SECTION("not what is below the contract's minimum") {
    site.known_charge = core::Charge{{core::Ratio(10, 1), "USD"}, "bill", ""};
    site.add(site.agreement("a"), {{7, 40}});
    CHECK(sentence(site) == "Nothing to claim today.");
    CHECK(has(site.page("/"), "not enough to claim"));
  }
  SECTION("not what the rest of the month can still lift") {
    site.version().formula = core::RequestRatio{};
    site.add(site.agreement("a"), {{7, 40}});
    CHECK(sentence(site) == "Nothing to claim today.");
    CHECK(has(site.page("/"), "Below so far"));
  }
  SECTION("not what comes by itself") {
    site.add(site.agreement("a"), {});
    site.add_month(site.agreement("a"), year(2026) / 9, {{7, 40}}, record::ClaimState::claimable);
    record::ClaimLife& life = site.past_of("a").claims.front();
    life.ground.due = core::CreditDue{*core::parse_instant("2026-12-01T00:00:00Z"), {}};
    CHECK(sentence(site) == "Nothing to claim today.");
    CHECK(has(text_of(site.page("/")), "comes by itself"));
    CHECK(has(site.page("/"), "<dt>In flight</dt><dd><span class=\"nowrap\">184.50 USD</span>"));
  }
}

TEST_CASE("sums say what can be claimed, is in flight and was credited, by currency") {
  PageSite site;
  site.add(site.agreement("a"), {});
  CHECK_FALSE(has(site.page("/"), "<dt>In flight</dt>"));
  const auto claim = [&](unsigned month, record::ClaimState state, const char* currency) {
    record::ClaimLife life;
    life.ground.agreement = "a";
    life.ground.month = year(2026) / static_cast<int>(month);
    life.ground.amount = core::Money{core::Ratio(100, 1), currency};
    life.state = state;
    if (state != record::ClaimState::claimable) life.asked = life.ground.amount;
    return life;
  };
  auto part = claim(3, record::ClaimState::credited_in_part, "USD");
  part.credited = core::Money{core::Ratio(30, 1), "USD"};
  auto old = claim(4, record::ClaimState::credited, "USD");
  old.credited = old.asked;
  old.ground.month = year(2025) / 12;
  auto given = claim(5, record::ClaimState::credited, "EUR");
  given.credited = given.asked;
  site.past_of("a").claims = {claim(8, record::ClaimState::claimable, "USD"),
                              claim(7, record::ClaimState::written, "EUR"),
                              claim(6, record::ClaimState::submitted, "USD"),
                              claim(2, record::ClaimState::overdue, "USD"),
                              claim(1, record::ClaimState::refused, "USD"),
                              part,
                              old,
                              given};
  const std::string text = text_of(site.page("/"));
  CHECK(has(text, "Can be claimed100.00 EUR and 100.00 USDtoday"));
  CHECK(has(text, "In flight270.00 USDasked for, and not given yet"));
  CHECK(has(text, "Credited100.00 EUR and 30.00 USDof months of 2026"));
}

TEST_CASE("each agreement has its service's state now, and its newest intervals as bars") {
  PageSite site;
  const auto at = [](const char* text) { return *core::parse_instant(text); };
  const auto answer = [&](const std::string& agreement, bool expected, core::Outcome outcome) {
    record::LastAnswer one{agreement, "p", 1, std::chrono::seconds(5), site.now, site.now};
    one.expected = expected;
    one.outcome = std::move(outcome);
    return one;
  };
  site.add(site.agreement("up"), {{3000, 1}});
  site.add(site.agreement("down"), {});
  site.add(site.agreement("logs"), {});
  site.add(site.agreement("stale"), {}, 5000);
  site.add(site.agreement("quiet"), {}, 5000);
  site.add(site.agreement("nothing"), {}, 0);
  site.snapshot->answers = {answer("up", true, core::Answered{200}),
                            answer("down", false, core::Answered{503, "KMSInternalException"})};
  site.snapshot->answers[1].since = at("2026-10-21T09:58:00Z");
  record::FollowedLog log;
  log.agreement = "quiet";
  log.log = "web";
  log.silent_since = at("2026-10-20T09:00:00Z");
  site.snapshot->logs = {log};
  const std::string page = site.page("/");
  const auto row = [&](const std::string& id) {
    const auto begin = page.find("<a href=\"/agreements/" + id + "\">");
    return text_of(page.substr(begin, page.find("</tr>", begin) - begin));
  };
  CHECK(has(row("up"), "Upfor 9 days"));
  CHECK(has(row("down"), "Failingsince 09:58Z, 503 KMSInternalException"));
  CHECK(has(row("logs"), "Upfor 20 days"));
  CHECK(has(row("stale"), "Not measuredsince 2026-10-18 08:40Z"));
  CHECK(has(row("quiet"), "Source silentsince 2026-10-20 09:00Z, web"));
  CHECK(has(row("nothing"), "Nobody measures"));
  CHECK(times(page, "<svg class=\"recent\" role=\"img\"") == 6);
  CHECK(has(page, "aria-label=\"The newest 60 intervals of 5 minutes: 60 without Errors\""));
  CHECK(has(page, "aria-label=\"The newest 60 intervals of 5 minutes: 60 not measured\""));
  CHECK(has(site.page("/?state=failing"), "/agreements/down\""));
  CHECK_FALSE(has(site.page("/?state=failing"), "/agreements/stale\""));
  CHECK(has(site.page("/?state=dark"), "/agreements/stale\""));
}

TEST_CASE("eight agreements are seen at one look, and more have a filter above them") {
  PageSite site;
  for (int i = 1; i <= 8; ++i) site.add(site.agreement("a" + std::to_string(i)), {});
  CHECK_FALSE(has(site.page("/"), "<form class=\"filter\""));
  CHECK(has(site.page("/?q=a1"), "<form class=\"filter\""));
  site.add(site.agreement("a9"), {}, 0);
  CHECK(has(site.page("/"), "<form class=\"filter\""));
  CHECK(
      has(text_of(site.page("/")), "Now: 8 up 1 not seen This month so far: 8 met 1 not measured"));
}

TEST_CASE("claims that are with a provider say what is late or short, and all are added up") {
  PageSite site;
  site.add(site.agreement("a"), {});
  CHECK(site.page("/").find("id=\"waiting\"") == std::string::npos);
  record::ClaimLife life;
  life.ground.agreement = "a";
  life.ground.month = year(2026) / 8;
  life.ground.amount = life.asked = core::Money{core::Ratio(369, 2), "USD"};
  life.submitted = *core::parse_instant("2026-09-03T00:00:00Z");
  life.credit_due = *core::parse_instant("2026-11-01T00:00:00Z");
  life.state = record::ClaimState::overdue;
  site.past_of("a").claims = {life};
  CHECK_THAT(text_of(site.page("/")), Catch::Contains("overdue since 2026-11-01T00:00:00Z"));
  life.state = record::ClaimState::credited_in_part;
  life.credit_due.reset();
  life.credited = core::Money{core::Ratio(1107, 10), "USD"};
  site.past_of("a").claims = {life};
  const std::string text = text_of(site.page("/"));
  CHECK_THAT(text, Catch::Contains("credited 60 % of the 184.50 USD asked for; dispute it"));
  const std::string page = site.page("/");
  const std::string totals = page.substr(page.find("id=\"totals\""));
  for (const char* cell : {"aws", "credited in part", "184.50 USD", "110.70 USD"}) {
    CHECK_THAT(text_of(totals), Catch::Contains(cell));
  }
}

TEST_CASE("a target of notices that takes nothing is on the page, without its secret") {
  PageSite site;
  site.add(site.agreement("a"), {});
  site.snapshot->notices =
      report::NoticeCounts{0, 3, 1, "https://hooks.example.com", "it answered with the status 503"};
  CHECK_THAT(
      text_of(site.page("/")),
      Catch::Contains("https://hooks.example.com could not be told what there is to know: it "
                      "answered with the status 503."));
}

TEST_CASE("no uptime stands in the list without how much of it was measured") {
  PageSite site;
  site.add(site.agreement("kms"), {}, 1);
  CHECK(has(site.page("/"), "100.000000 %<small>1 of 5,881 intervals measured</small>"));
  PageSite silent;
  silent.add(silent.agreement("kms"), {}, 0);
  CHECK_FALSE(has(silent.page("/"), "100.0"));
  CHECK(has(silent.page("/"), "&ndash;<small>0 of 5,881 intervals measured</small>"));
}

TEST_CASE("made-up money is not owed, unless there is nothing else to see") {
  PageSite site;
  core::Agreement practice = site.agreement("demo");
  practice.practice = true;
  site.add(practice, {{7, 40}});
  CHECK(has(sentence(site), "will miss its SLA in October: 184.50 USD"));
  CHECK(has(site.page("/"), "PRACTICE DATA"));
  site.add(site.agreement("real"), {});
  CHECK(sentence(site) == "Nothing to claim today.");
  CHECK(has(site.page("/"), "practice data"));
}

TEST_CASE("before the first assessment the page says so") {
  PageSite site;
  site.snapshot->ready = false;
  CHECK(sentence(site) == "Nothing was assessed yet. This page looks again by itself.");
  site.snapshot->ready = true;
  CHECK(sentence(site) == "There are no agreements.");
  site.snapshot = nullptr;
  CHECK(has(sentence(site), "Nothing was assessed yet"));
  CHECK(site.get("/agreements/a").status == 503);
}

TEST_CASE("the worst agreement stands first, the perfect one last") {
  PageSite site;
  site.add(site.agreement("perfect"), {});
  site.add(site.agreement("silent"), {}, 0);
  site.add(site.agreement("worst"), {{7, 60}, {8, 60}});
  site.version().commitment = core::Ratio(1, 2);
  site.add(site.agreement("some"), {{7, 60}});
  site.version().commitment = core::Ratio(99999, 100000);
  site.add(site.agreement("bad"), {{7, 60}});
  const std::string page = site.page("/");
  const auto place = [&](const char* id) { return page.find("/agreements/" + std::string(id)); };
  CHECK(place("worst") < place("bad"));
  CHECK(place("bad") < place("some"));
  CHECK(place("some") < place("silent"));
  CHECK(place("silent") < place("perfect"));
  CHECK(site.at_once);
}

TEST_CASE("a line has the figures of its agreement, and how fresh they are") {
  PageSite site;
  site.add(site.agreement("kms"), {{7, 40}});
  site.add(site.agreement("stale"), {}, 5000);
  site.add(site.agreement("nothing"), {}, 0);
  const std::string page = site.page("/");
  for (const char* words :
       {"<a href=\"/agreements/kms\">kms</a>", "AWS Key Management Service", "Breach certain",
        "99.992532 %", "99.999 %", "184.50 USD", "tier 10 %", "2026-12-01", "times overspent",
        "Not measured yet", "Met so far", "from 1 November"}) {
    INFO(words);
    CHECK(has(page, words));
  }
}

TEST_CASE("what is asked for is found by id, service, Region and state") {
  PageSite site;
  core::Agreement frankfurt = site.agreement("first");
  frankfurt.region = "eu-central-1";
  site.add(frankfurt, {{7, 40}});
  site.add(site.agreement("second"), {});
  site.add(site.agreement("third"), {}, 0);
  site.add_month(site.agreement("second"), year(2026) / 9, {{7, 40}}, record::ClaimState::written);
  struct Case {
    const char* target;
    const char* found;
  };
  const std::vector<Case> cases{
      {"/", "first second third"},  {"/?q=SECOND", "second"},
      {"/?q=central", "first"},     {"/?q=management", "first second third"},
      {"/?q=nothing", ""},          {"/?q=123456789012", ""},
      {"/?state=certain", "first"}, {"/?state=breached", "first"},
      {"/?state=below", ""},        {"/?state=met", "second"},
      {"/?state=silent", "third"},  {"/?state=claim", "second"},
      {"/?q=first&state=met", ""},
  };
  for (const Case& c : cases) {
    INFO(c.target);
    const web::Response answer = site.get(c.target);
    CHECK(answer.status == 200);
    for (const std::string id : {"first", "second", "third"}) {
      INFO(id);
      CHECK(has(answer.body, "<a href=\"/agreements/" + id + "\">") == has(c.found, id));
    }
  }
  CHECK(has(site.page("/?q=second&state=met"), "value=\"second\""));
  CHECK(has(site.page("/?state=met"), "<option value=\"met\" selected>Met so far (1)</option>"));
}

TEST_CASE("a query that says nothing is answered 400") {
  PageSite site;
  site.add(site.agreement("a"), {});
  for (const char* target : {"/?state=unknown", "/?page=0", "/?page=-1", "/?page=x", "/?page=1x",
                             "/?page=99999999999999999999999"}) {
    INFO(target);
    CHECK(site.get(target).status == 400);
  }
}

TEST_CASE("a thousand agreements are fifty a page, each of less than 100 KB") {
  PageSite site;
  const auto any = site.judged(site.agreement("x"), MadeSite::kMonth, {{7, 40}});
  for (int i = 0; i < 1000; ++i) {
    auto judgement = std::make_shared<core::Judgement>(*any);
    judgement->agreement.id = "agreement-with-a-long-name-" + std::to_string(1000 + i);
    site.snapshot->judgements.push_back(judgement);
  }
  const std::string first = site.page("/");
  CHECK(first.size() < 100'000);
  CHECK(times(first, "<th scope=\"row\">") == 50);
  CHECK(has(first, "1 to 50 of 1,000"));
  CHECK(has(first, "<a rel=\"next\" href=\"/?page=2\">"));
  CHECK_FALSE(has(first, "rel=\"prev\""));
  CHECK(has(site.page("/?page=2"), "agreement-with-a-long-name-1050"));
  const std::string last = site.page("/?q=name&page=20");
  CHECK(has(last, "951 to 1,000 of 1,000"));
  CHECK(has(last, "<a rel=\"prev\" href=\"/?q=name&amp;page=19\">"));
  CHECK_FALSE(has(last, "rel=\"next\""));
  // A page that is no longer there is the last one.
  CHECK(has(site.page("/?page=99"), "951 to 1,000 of 1,000"));
  CHECK(has(site.page("/?q=nothing"), "No agreement is like that"));
}

TEST_CASE("the budget is said in time and as a share") {
  struct Case {
    core::Formula formula;
    core::Ratio commitment;
    std::uint64_t errors;
    const char* shown;
  };
  using std::chrono::minutes;
  const std::vector<Case> cases{
      {core::MeanOfIntervals{minutes(5)}, core::Ratio(99999, 100000), 0, "26 s left (100 %)"},
      {core::MeanOfIntervals{minutes(5)}, core::Ratio(99, 100), 30, "7 h 23 min left (99 %)"},
      {core::MeanOfIntervals{minutes(5)}, core::Ratio(99999, 100000), 60, "11 times overspent"},
      {core::DowntimeRuns{core::Ratio(1, 10), minutes(1)}, core::Ratio(999, 1000), 60,
       "43 min 38 s left (97 %)"},
      {core::MeanOfIntervals{minutes(5)}, core::Ratio(1, 2), 0, "15 days 12 h left (100 %)"},
      {core::MeanOfIntervals{minutes(5)}, core::Ratio(1, 1), 0, "<div>none<svg"},
  };
  for (const Case& c : cases) {
    INFO(c.shown);
    PageSite site;
    site.version().formula = c.formula;
    site.version().commitment = c.commitment;
    site.add(site.agreement("a"), {{7, c.errors}});
    const std::string page = site.page("/");
    INFO(page.substr(page.find("data-label=\"Budget\""), 120));
    CHECK(has(page, c.shown));
  }
}

TEST_CASE("a shown uptime lies on the same side of the commitment as the exact one") {
  PageSite site;
  site.version().commitment = core::Ratio(8927, 8928) + core::Ratio(59, 60 * 8928);
  site.add(site.agreement("exactly"), {{7, 1}});
  CHECK(site.snapshot->judgements.front()->assessment.met);
  CHECK(has(site.page("/"), "99.999813321385902 %"));
}

TEST_CASE("whatever is shown is text and not HTML") {
  PageSite site;
  site.rule.service = "<img src=x>";
  core::Agreement evil = site.agreement("<script>alert('1')</script>\"&");
  evil.region = "<b>";
  site.add(evil, {{7, 3}});
  for (const std::string target :
       {"/", "/?q=%22><script>alert(1)</script>", "/agreements/<script>alert('1')</script>\"&"}) {
    INFO(target);
    const std::string page = site.page(target);
    CHECK_FALSE(has(page, "<script>"));
    CHECK_FALSE(has(page, "<img"));
    CHECK_FALSE(has(page, "<b>\n"));
  }
  CHECK(has(site.page("/"), "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;</a>"));
}

TEST_CASE("the account is shown whole, or its end alone where the settings mask it") {
  PageSite site;
  const core::Agreement agreement = site.agreement("kms");
  site.add(agreement, {{7, 40}});
  site.add_month(agreement, year(2026) / 9, {{7, 40}}, record::ClaimState::claimable);
  CHECK(has(site.page("/agreements/kms"), "account 123456789012"));
  site.snapshot->mask_accounts = true;
  for (const char* target :
       {"/", "/agreements/kms", "/agreements/kms/2026-09", "/agreements/kms/2026-10/2026-10-01",
        "/agreements/kms/2026-10/evidence"}) {
    INFO(target);
    CHECK(site.get(target).status == 200);
    CHECK_FALSE(has(site.page(target), "123456789012"));
  }
  CHECK(has(site.page("/agreements/kms"), "account ****9012"));
}

TEST_CASE("the pages need nothing from outside, and no script to be read") {
  PageSite site;
  site.add(site.agreement("kms"), {{7, 40}});
  for (const char* target : {"/", "/agreements/kms", "/agreements/kms/2026-10/2026-10-01"}) {
    const std::string page = site.page(target);
    INFO(target);
    CHECK(has(page, "<noscript><meta http-equiv=\"refresh\" content=\"60\"></noscript>"));
    CHECK(times(page, "<script") == 1);
    CHECK_FALSE(has(page, "style="));
    CHECK_FALSE(has(page, "onclick"));
  }
  for (const char* name : {"recoup.css", "recoup.js", "icon.svg"}) {
    const web::Response answer = site.get("/assets/" + std::string(name));
    INFO(name);
    CHECK(answer.status == 200);
    CHECK(answer.body.size() > 100);
    CHECK_FALSE(has(answer.content_type, "html"));
  }
  CHECK(site.get("/assets/openapi.json").status == 404);
  CHECK(site.get("/assets/../pages.cc").status == 404);
}

TEST_CASE("the list of agreements says where answers of 5xx are not counted") {
  PageSite site;
  site.version().error.names = {"InternalError"};
  site.add(site.agreement("kms"), {{7, 40}});
  site.add(site.agreement("fine"), {});
  const std::string page = site.page("/");
  CHECK(times(page, "not counted") == 1);
  CHECK(has(text_of(page), "Not counted: answers of 5xx under 1 agreement; see there why."));
  CHECK(has(page, "href=\"/agreements/kms#uncounted\">40 answers of 5xx not counted</a>"));
}

TEST_CASE("whether there is news is answered at once, and kept nowhere") {
  PageSite site;
  web::Site made = site.site();
  made.news = [] { return std::string("7-1\n"); };
  const Asked answer = ask(web::make_handler(std::move(made)), request_of("GET", "/-/news"));
  CHECK(answer.at_once);
  CHECK(answer.response.body == "7-1\n");
  CHECK(answer.response.headers.at("Cache-Control") == "no-store");
  CHECK(site.get("/-/news").status == 200);
  // An open page asks for it, and names its keys.
  const std::string script = site.get("/assets/recoup.js").body;
  CHECK(has(script, "fetch(\"/-/news\""));
  CHECK(has(site.page("/"), "<span id=\"help\" hidden>"));
}
