#include "support/catch.h"
#include "web/api/api.h"
#include "web/page_site.h"
#include "web/pages/page_burn.h"
#include "web/pages/page_latency.h"

using namespace recoup;
using namespace recoup::test;
using record::ClaimState;
using std::chrono::year;

namespace {

std::string between(const std::string& page, const std::string& begin, const std::string& end) {
  const auto from = page.find(begin);
  if (from == std::string::npos) return {};
  return page.substr(from, page.find(end, from) - from);
}

std::string section(const std::string& page, const std::string& id) {
  return between(page, "<section id=\"" + id + "\"", "</section>");
}

std::string verdict(const std::string& page) {
  return text_of(between(page, "<h1 class=\"verdict\">", "</h1>"));
}
std::string lead(const std::string& page) {
  return text_of(between(page, "<p class=\"lead\">", "</p>"));
}
// What is to be done next, in one line, and the buttons under it.
std::string next_box(const std::string& page) {
  return between(page, "<div class=\"next\">", "<div class=\"seen\">");
}
std::string next(const std::string& page) {
  std::string text = next_box(page);
  for (auto at = text.find("<div class=\"actions\">"); at != std::string::npos;
       at = text.find("<div class=\"actions\">")) {
    text.erase(at, text.find("</div>", at) - at);
  }
  text = text_of(text);
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  for (auto at = text.find("  "); at != std::string::npos; at = text.find("  ")) text.erase(at, 1);
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

}  // namespace

TEST_CASE("a month's page begins with its verdict in a sentence") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  SECTION("certain") {
    site.add(kms, {{7, 40}});
    const std::string page = site.page("/agreements/kms");
    CHECK(verdict(page) ==
          "In October 2026 so far, AWS Key Management Service in us-east-1 is at 99.992532 %, less "
          "than the 99.999 % that its contract commits to.");
    CHECK(lead(page) ==
          "By what was read of the intervals until 2026-10-21 10:00 UTC, nothing that is still to "
          "come can lift it to that. A Service Credit of 184.50 USD is due when the month is over. "
          "Measured: all of the time so far.");
  }
  SECTION("met") {
    site.add(kms, {});
    CHECK(verdict(site.page("/agreements/kms")) ==
          "In October 2026 so far, AWS Key Management Service in us-east-1 keeps its promise: "
          "100.000000 %, not less than 99.999 %, measured all of the time.");
  }
  SECTION("below so far") {
    site.version().formula = core::RequestRatio{};
    site.add(kms, {{7, 40}});
    CHECK(has(lead(site.page("/agreements/kms")), "What is not over yet can still lift it."));
  }
  SECTION("silent") {
    site.add(kms, {}, 0);
    CHECK(verdict(site.page("/agreements/kms")) ==
          "In October 2026, AWS Key Management Service in us-east-1 was not measured yet.");
  }
  SECTION("over, and not met") {
    site.add(kms, {});
    site.add_month(kms, year(2026) / 9, {{7, 40}}, ClaimState::claimable);
    const std::string page = site.page("/agreements/kms/2026-09");
    CHECK(verdict(page) ==
          "In September 2026, AWS Key Management Service in us-east-1 had 99.992283 %, less than "
          "the 99.999 % that its contract commits to.");
    CHECK(lead(page) == "A Service Credit of 184.50 USD is due. Measured: all of the time.");
  }
  SECTION("over, not met, and no charge known") {
    site.known_charge.reset();
    site.add(kms, {});
    site.add_month(kms, year(2026) / 9, {{7, 40}}, ClaimState::nothing);
    CHECK(has(lead(site.page("/agreements/kms/2026-09")),
              "There is no credit: the charges of the billing cycle are not known."));
  }
}

TEST_CASE("what to do next is said as the command to give") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  site.add(kms, {{7, 40}});
  CHECK(next(site.page("/agreements/kms")) ==
        "Next: Nothing before 2026-11-01 00:00 UTC, when the cycle is over. Then: recoup claim "
        "--agreement kms --month 2026-10 --out claim-kms-2026-10");
  struct Case {
    ClaimState state;
    const char* words;
  };
  const std::vector<Case> cases{
      {ClaimState::nothing, "Next: Nothing to do: there is nothing to claim."},
      {ClaimState::claimable,
       "Next: Claim 184.50 USD for September 2026, before 2026-11-01, 10 days left: download the "
       "files, or write them here: recoup claim --agreement kms --month 2026-09 --out "
       "claim-kms-2026-09"},
      {ClaimState::written,
       "recoup claims mark --agreement kms --month 2026-09 submitted --case ID"},
      {ClaimState::submitted,
       "recoup claims mark --agreement kms --month 2026-09 credited --amount AMOUNT"},
      {ClaimState::credited, "Next: Nothing: the provider gave the credit."},
      {ClaimState::refused,
       "recoup claims mark --agreement kms --month 2026-09 submitted --case ID"},
      {ClaimState::expired, "Next: Nothing: the time for a claim is over."},
  };
  for (const Case& c : cases) {
    INFO(c.words);
    PageSite one;
    one.add(kms, {});
    one.add_month(kms, year(2026) / 9, {{7, 40}}, c.state);
    CHECK(has(next(one.page("/agreements/kms/2026-09")), c.words));
  }
}

TEST_CASE("what to do next is about the agreement: an open claim comes before a month that runs") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  site.add(kms, {{7, 40}});
  site.add_month(kms, year(2026) / 8, {}, ClaimState::nothing);
  site.add_month(kms, year(2026) / 9, {{7, 40}}, ClaimState::claimable);
  for (const char* target : {"/agreements/kms", "/agreements/kms/2026-08"}) {
    INFO(target);
    const std::string page = site.page(target);
    CHECK(next(page).starts_with("Next: Claim 184.50 USD for September 2026, before 2026-11-01"));
    const std::string box = next_box(page);
    CHECK(has(box, "href=\"/agreements/kms/2026-09/claim.zip\">Download .zip</a>"));
    CHECK(has(box, "href=\"/agreements/kms/2026-09#claim\">Open the claim</a>"));
    CHECK(has(
        box, "data-copy=\"recoup claim --agreement kms --month 2026-09 --out claim-kms-2026-09\""));
    // Said once: not above it too.
    CHECK_FALSE(has(page, "open-claims"));
  }
  CHECK(has(next(site.page("/agreements/kms")),
            "October 2026: Nothing before 2026-11-01 00:00 UTC, when the cycle is over."));
  CHECK_FALSE(has(next(site.page("/agreements/kms/2026-08")), "Nothing to do"));
  // Its own page has the buttons for itself.
  const std::string own = next_box(site.page("/agreements/kms/2026-09"));
  CHECK(has(own, "href=\"#claim\">Open the claim</a>"));
}

TEST_CASE("claims that wait stand on top of every page of the agreement") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  site.add(kms, {{7, 40}});
  site.add_month(kms, year(2026) / 8, {{7, 40}}, ClaimState::claimable);
  site.add_month(kms, year(2026) / 9, {{7, 40}}, ClaimState::claimable);
  for (const char* target : {"/agreements/kms/2026-10/2026-10-02",
                             "/agreements/kms/2026-10/evidence", "/agreements/kms/year"}) {
    INFO(target);
    const std::string list = between(site.page(target), "<section class=\"open-claims\"", "</ul>");
    CHECK(has(list, "<a href=\"/agreements/kms/2026-08#claim\">The claim for August 2026</a>"));
    CHECK(has(list, "<a href=\"/agreements/kms/2026-09#claim\">The claim for September 2026</a>"));
    CHECK(has(text_of(list), "184.50 USD, before 2026-11-01, 10 days left"));
  }
  // Of August and September each page speaks of itself below.
  const std::string august = between(site.page("/agreements/kms/2026-08"), "open-claims", "</ul>");
  CHECK(has(august, "September 2026"));
  CHECK_FALSE(has(august, "August 2026"));
}

TEST_CASE("twelve months are drawn beside each other, those that nobody measured as such") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  site.add(kms, {{7, 40}});
  site.add_month(kms, year(2025) / 3, {}, ClaimState::nothing);
  site.add_month(kms, year(2026) / 9, {{7, 40}, {8, 40}}, ClaimState::claimable);
  const std::string page = site.page("/agreements/kms/year");
  CHECK(has(page, "November 2025 to October 2026"));
  CHECK(times(page, "<svg class=\"month small\"") == 2);
  CHECK(times(page, "<small>not measured</small>") == 10);
  CHECK(has(page, "<a href=\"/agreements/kms/2026-09\"><b>September 2026</b></a>"));
  CHECK(has(text_of(page), "measured all of the time, 2 intervals lost"));
  CHECK(has(page, "<a rel=\"prev\" href=\"/agreements/kms/year?until=2025-10\">"));
  CHECK_FALSE(has(page, "rel=\"next\""));
  const std::string before = site.page("/agreements/kms/year?until=2025-10");
  CHECK(has(before, "<b>March 2025</b>"));
  CHECK(has(before, "<a rel=\"next\" href=\"/agreements/kms/year?until=2026-10\">"));
  CHECK(site.get("/agreements/kms/year?until=nonsense").status == 400);
  CHECK(has(site.page("/agreements/kms"), "href=\"/agreements/kms/year?until=2026-10\""));
  site.fault = core::Error{"the disk is full"};
  CHECK(site.get("/agreements/kms/year").status == 503);
}

TEST_CASE("what is left of the budget is said in time and as a share, and its bar shows the same") {
  struct Case {
    std::vector<Lost> lost;
    const char* words;
    const char* bar;
  };
  // 26.784 seconds of October may be lost: an interval of five minutes with 60 Requests loses five
  // seconds by each Error.
  const std::vector<Case> cases{
      {{}, "26 s left (100 %)<small>of 26 s that may be lost", "<rect width=\"100%\""},
      {{{7, 2}}, "16 s left (62 %)<small>of 26 s that may be lost", "<rect width=\"62%\""},
      {{{7, 8}}, "overspent by 13 s</span><small>40 s lost, 26 s may be", "bar left over"},
      {{{7, 60}, {8, 60}},
       "22 times overspent</span><small>10 min lost, 26 s may be",
       "bar left over"},
  };
  for (const Case& c : cases) {
    INFO(c.words);
    PageSite site;
    site.add(site.agreement("kms"), c.lost);
    const std::string figure = between(site.page("/agreements/kms"), "<dt>Budget</dt>", "</div>");
    CHECK(has(figure, c.words));
    CHECK(has(figure, c.bar));
  }
}

TEST_CASE("a credit that comes by itself is waited for, and not claimed") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  site.version().claim.deadline.reset();
  site.version().claim.automatic = core::AutomaticCredit{30, 60};
  site.add(kms, {{7, 40}});
  site.add_month(kms, year(2026) / 9, {{7, 40}}, ClaimState::claimable);
  const std::string both = next(site.page("/agreements/kms"));
  CHECK(
      both.starts_with("Next: The credit for September 2026 comes by itself: watch the bill until "
                       "2026-10-31 00:00 UTC."));
  CHECK(
      both.ends_with("October 2026: Nothing before 2026-11-01 00:00 UTC, when the cycle is over."));
  PageSite alone;
  alone.version().claim.deadline.reset();
  alone.version().claim.automatic = core::AutomaticCredit{30, 60};
  alone.add(kms, {{7, 40}});
  CHECK(next(alone.page("/agreements/kms")) ==
        "Next: Nothing before 2026-11-01 00:00 UTC, when the cycle is over. The credit for October "
        "2026 comes by itself: watch the bill until 2026-12-01 00:00 UTC. When it is there: recoup "
        "claims mark --agreement kms --month 2026-10 credited --amount AMOUNT");
  const std::string september = site.page("/agreements/kms/2026-09");
  CHECK(
      next(september).starts_with("Next: The credit for September 2026 comes by itself: watch the "
                                  "bill until 2026-10-31 00:00 UTC."));
  CHECK(has(text_of(section(september, "claim")),
            "there is no claim to write: watch the bill until 2026-10-31 00:00 UTC, in a dispute "
            "until 2026-11-30 00:00 UTC."));
}

TEST_CASE("a claim that is not taken yet is said beside its deadline") {
  PageSite site;
  site.version().claim.not_before = core::NotBefore{5, true};
  site.add(site.agreement("kms"), {{7, 40}});
  CHECK(has(text_of(section(site.page("/agreements/kms"), "claim")),
            "It is not taken before 2026-11-07 00:00 UTC."));
}

TEST_CASE("both readings of the deadline stand beside each other") {
  PageSite site;
  site.add(site.agreement("kms"), {{7, 40}});
  const std::string page = site.page("/agreements/kms");
  CHECK(has(page, "2026-12-01<small>2027-01-01 by its literal reading"));
  CHECK(has(text_of(section(page, "claim")),
            "before 2026-12-01 00:00 UTC by the earlier reading of the contract, and before "
            "2027-01-01 00:00 UTC by its literal reading"));
}

TEST_CASE("a month of which nobody knows the terms, and one with a claim alone, have pages") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  site.add(kms, {});
  site.add_seen(kms, year(2014) / 6);
  CHECK(has(site.page("/agreements/kms"), "href=\"/agreements/kms/2014-06\""));
  const web::Response unknown = site.get("/agreements/kms/2014-06");
  CHECK(unknown.status == 200);
  CHECK(has(unknown.body, "No version of the contract is known for June 2014."));
}

TEST_CASE("how much of the month was measured stands beside what it came to") {
  PageSite site;
  auto judgement = site.judged(site.agreement("kms"), PageSite::kMonth, {}, 40);
  site.snapshot->judgements.push_back(judgement);
  // 20 days, 10 hours and 3 minutes have begun 5,881 intervals; 40 of these had Requests.
  CHECK(has(site.page("/agreements/kms"),
            "<dt>Measured</dt><dd>0.68 % of the time<small>40 of 5,881 intervals so far</small>"));
}

TEST_CASE("a promise is kept by what was measured, and a month hardly or never seen keeps none") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  site.add(kms, {}, 40);
  site.add_month(kms, year(2026) / 9, {}, ClaimState::unmeasured, 0);
  const std::string hardly = site.page("/agreements/kms");
  CHECK(verdict(hardly) ==
        "In October 2026, AWS Key Management Service in us-east-1 was measured 0.68 % of the time "
        "so far, and lost nothing of that: 100.000000 %, not less than 99.999 %.");
  CHECK(has(hardly, "<span class=\"tag none\">Hardly measured yet</span>"));
  PageSite most;
  most.add(kms, {}, 5800);
  CHECK(has(verdict(most.page("/agreements/kms")),
            "keeps its promise: 100.000000 %, not less than 99.999 %, measured 98 % of the time."));
  const std::string page = site.page("/agreements/kms/2026-09");
  CHECK(verdict(page) ==
        "In September 2026, AWS Key Management Service in us-east-1 was not measured.");
  CHECK(next(page) ==
        "Next: Nobody knows what there is to claim. Request logs of the month can still be read: "
        "recoup import --agreement kms --format combined FILE");
  CHECK(has(page, "<dt>Service Credit</dt><dd>not known<small>nothing was measured</small>"));
  for (const char* id : {"budget", "incident", "lost"}) {
    INFO(id);
    CHECK(has(section(page, id), "Nobody knows: nothing was measured."));
  }
  CHECK(has(section(page, "credit"), "no Request of the billing cycle was measured"));
  // Neither the page nor the list of months calls silence a hundred percent.
  CHECK_FALSE(has(page, "100.0"));
  CHECK(has(section(page, "months"), "not measured"));
}

TEST_CASE("months that nobody measured are one line of the list, and none at its ends") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  site.add(kms, {});
  site.add_month(kms, year(2015) / 2, {}, ClaimState::nothing);
  site.add_month(kms, year(2026) / 7, {}, ClaimState::nothing);
  const std::string months = text_of(section(site.page("/agreements/kms"), "months"));
  CHECK(has(months, "March 2015 to June 2026"));
  CHECK(has(months, "136 months without any measurement"));
  CHECK(has(months, "August 2026 to September 2026"));
  CHECK(times(months, "without any measurement") == 2);
  // No uptime stands there without how much of it was measured.
  CHECK(times(months, "100.000000measured all") == 2);

  // The running month was not measured: nothing is known of the service's span up to it.
  PageSite stopped;
  stopped.add(kms, {}, 0);
  stopped.add_month(kms, year(2026) / 7, {}, ClaimState::nothing);
  CHECK_FALSE(has(stopped.page("/agreements/kms"), "without any measurement"));
}

TEST_CASE("what was credited is shown, not what was asked for") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  site.add(kms, {});
  site.add_month(kms, year(2026) / 9, {{7, 40}}, ClaimState::credited);
  CHECK(has(text_of(section(site.page("/agreements/kms/2026-09"), "claim")),
            "credited an amount that was not noted (184.50 USD can be claimed)"));
  site.credit_last_month("kms", {core::Ratio(150, 1), "USD"});
  const std::string page = site.page("/agreements/kms/2026-09");
  CHECK(has(text_of(section(page, "claim")), "credited 150.00 USD (184.50 USD can be claimed)"));
  CHECK(has(section(page, "months"), "150.00 USD"));
  CHECK_FALSE(has(section(page, "months"), "184.50 USD"));
}

TEST_CASE("a failed request that an exclusion touches counts as excluded, on every page") {
  PageSite site;
  core::Agreement kms = site.agreement("kms");
  // Ten seconds of the interval from 00:35 to 00:40.
  kms.exclusions = {
      {{*core::parse_instant("2026-10-01T00:39:50Z"), *core::parse_instant("2026-10-01T00:40:00Z")},
       "ours"}};
  site.add(kms, {{7, 3}, {8, 2}});
  for (const char* target : {"/agreements/kms", "/agreements/kms/2026-10/2026-10-01",
                             "/agreements/kms/2026-10/evidence"}) {
    INFO(target);
    const std::string page = site.page(target);
    CHECK(times(page, "<tr class=\"out\">") == 3);
    CHECK(times(page, "<td>an Error</td>") == 2);
  }
}

TEST_CASE("times have the cycle's zone beside them where it is not UTC") {
  PageSite site;
  site.zone = zurich();
  site.add(site.agreement("kms"), {{7, 40}});
  const std::string page = site.page("/agreements/kms");
  CHECK(has(page,
            "2026-10-31 23:00 UTC</time> <small class=\"local\">(2026-11-01 00:00 "
            "Europe/Zurich)</small>"));
  CHECK(has(section(page, "lost"), "<th scope=\"col\">Europe/Zurich</th>"));
  CHECK(has(section(page, "lost"), "2026-09-30 22:35</a></th><td>2026-10-01 00:35</td>"));
}

TEST_CASE("a month leads to those before and after it, and all are listed with their claims") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  site.add(kms, {});
  site.add_month(kms, year(2026) / 7, {}, ClaimState::nothing);
  site.add_month(kms, year(2026) / 9, {{7, 40}}, ClaimState::claimable);
  const std::string page = site.page("/agreements/kms/2026-09");
  CHECK(has(page, "<a rel=\"prev\" href=\"/agreements/kms/2026-07\">"));
  CHECK(has(page, "<a rel=\"next\" href=\"/agreements/kms/2026-10\">"));
  const std::string months = text_of(section(page, "months"));
  CHECK(months.find("October 2026") < months.find("September 2026"));
  CHECK(months.find("September 2026") < months.find("July 2026"));
  CHECK(has(months, "still running"));
  CHECK(has(months, "claimable"));
  CHECK(has(months, "99.992283"));
  CHECK_FALSE(site.at_once);
  CHECK(site.get("/agreements/kms/2026-10").body == site.get("/agreements/kms").body);
}

TEST_CASE("a claim shows its seal, and its files or why there are none") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  site.add(kms, {});
  site.add_month(kms, year(2026) / 9, {{7, 40}}, ClaimState::claimable);
  const std::string claim = section(site.page("/agreements/kms/2026-09"), "claim");
  CHECK(has(claim, "as revision 2: SHA-256"));
  CHECK(has(claim, "Requests: 535,680, before 535,620"));
  CHECK(has(claim, "href=\"/agreements/kms/2026-09/claim.zip\""));
  CHECK_FALSE(has(claim, "What it lacks"));
  site.lacks = {{"the charge is an <estimate>", "name the bill"},
                {"no Error has a record", "import the logs", "missing-records"}};
  const std::string lacking = section(site.page("/agreements/kms/2026-09"), "claim");
  CHECK(has(lacking,
            "<h3>What it lacks</h3>\n<ul>\n<li>the charge is an &lt;estimate&gt;. What to do: name "
            "the bill.</li>"));
  CHECK(has(lacking, "<strong>It is not written like this:</strong> no Error has a record"));
  // What would be refused is not offered.
  const std::string stopped = next_box(site.page("/agreements/kms/2026-09"));
  CHECK(has(stopped, "It is not written before something is mended"));
  CHECK_FALSE(has(stopped, "claim.zip"));
  site.refusals = {"the month is not over", "no charge is known"};
  const web::Response refused = site.get("/agreements/kms/2026-09/claim.zip");
  CHECK(refused.status == 409);
  CHECK(has(refused.body, "the month is not over; no charge is known"));
}

TEST_CASE("what-if shows the verdicts of two contracts beside each other") {
  PageSite site;
  site.add(site.agreement("kms"), {{7, 40}});
  const std::string form = section(site.page("/agreements/kms"), "what-if");
  CHECK(has(form, "<option>aws-kms@2019-05-01</option>"));
  // Others are not listed, but found.
  CHECK_FALSE(has(form, "google-kms"));
  CHECK_FALSE(has(form, "<table"));
  const std::string found = section(site.page("/agreements/kms?contract=cloud"), "what-if");
  CHECK(has(found, "name=\"contract\" value=\"cloud\""));
  CHECK(has(found, "href=\"/agreements/kms/2026-10?under=google-kms%402024-01-01#what-if\""));
  CHECK(has(section(site.page("/agreements/kms?contract=zzz"), "what-if"),
            "No contract is like that."));
  const std::string both =
      section(site.page("/agreements/kms?under=google-kms@2024-01-01"), "what-if");
  CHECK(has(both, "<option selected>google-kms@2024-01-01</option>"));
  CHECK(has(both, "its own: aws-kms@2022-11-29"));
  CHECK(has(both, "Breach certain</span></td><td><span class=\"tag good\">Met so far"));
  CHECK(has(both, "<td>184.50 USD</td><td>none</td>"));
  // Of all that differs what leads to another tier is marked.
  CHECK(times(both, "class=\"marked\"") == 1);
  CHECK(has(both,
            "<tr class=\"marked\"><th scope=\"row\">Service Credit</th><td>10 %</td><td>0 %</td>"));
  CHECK(has(section(site.page("/agreements/kms?under=nothing"), "what-if"),
            "No contract is called nothing"));
}

TEST_CASE("where the ledger fails, the page shows what is known and says what is missing") {
  PageSite site;
  site.add(site.agreement("kms"), {{7, 40}});
  site.fault = core::Error{"the disk is full"};
  const std::string page = site.page("/agreements/kms");
  CHECK(has(verdict(page), "99.992532 %"));
  CHECK(has(page, "The months could not be read: the disk is full."));
  CHECK(has(page, "The evidence could not be read: the disk is full."));
  CHECK(site.get("/agreements/kms/2026-09").status == 503);
  CHECK(site.get("/agreements/kms/2026-10/evidence").status == 503);
  CHECK(site.get("/agreements/kms/2026-10/claim.zip").status == 503);
  site.fault.reset();
  site.with_ledger = false;
  CHECK(has(verdict(site.page("/agreements/kms")), "99.992532 %"));
  CHECK(site.at_once);
  CHECK(has(site.page("/agreements/kms"), "The ledger cannot be read here"));
  CHECK(site.get("/agreements/kms/2026-09").status == 503);
}

TEST_CASE("what there is not is answered as a page that leads back") {
  PageSite site;
  site.add(site.agreement("kms"), {});
  struct Case {
    const char* target;
    int status;
  };
  const std::vector<Case> cases{
      {"/agreements/other", 404},
      {"/agreements/kms/2026-13", 400},
      {"/agreements/kms/october", 400},
      {"/agreements/kms/2026-09", 404},
      {"/agreements/kms/2027-01", 404},
      {"/agreements/kms/2026-10/2026-09-30", 404},
      {"/agreements/kms/2026-10/nothing", 404},
      {"/agreements/kms/2026-10/evidence/more", 404},
      {"/agreements/kms/2026-10/evidence?after=nonsense", 400},
      {"/agreements/kms/2026-10/evidence?after=2025-01-01T00:00:00Z,0", 400},
      {"/agreements/kms/2026-10/evidence?after=2026-10-01T00:00:00Z,x", 400},
  };
  for (const Case& c : cases) {
    INFO(c.target);
    const web::Response answer = site.get(c.target);
    CHECK(answer.status == c.status);
    CHECK(has(answer.body, "<a href=\"/\">All agreements</a>"));
    CHECK(answer.content_type == "text/html; charset=utf-8");
  }
  CHECK(site.get("/agreements").headers.at("Location") == "/");
}

TEST_CASE(
    "other readings of the contract stand first in what-if, and say whether the tier changes") {
  PageSite site;
  core::Judgement& kms = site.add(site.agreement("kms"), {{7, 40}});
  core::Otherwise same;
  same.what = "requests without an answer are Errors";
  same.uptime = core::Ratio(9999, 10000);
  same.credit.share = kms.credit.share;
  core::Otherwise other;
  other.what = "silent intervals are left out";
  other.uptime = core::Ratio(98, 100);
  other.credit.share = core::Ratio(25, 100);
  kms.otherwise = {same, other};
  const std::string part = section(site.page("/agreements/kms"), "what-if");
  CHECK(has(part,
            "<tr><th scope=\"row\">requests without an answer are Errors</th><td>99.990000 %</td>"
            "<td>10 %</td><td>the same</td></tr>"));
  CHECK(has(part,
            "<tr class=\"marked\"><th scope=\"row\">silent intervals are left out</th>"
            "<td>98.000000 %</td><td>25 %</td><td>another</td></tr>"));
  CHECK(part.find("silent intervals") < part.find("<form"));
}

TEST_CASE("evidence stands by interval, without columns that are empty, those excluded marked") {
  PageSite site;
  core::Agreement kms = site.agreement("kms");
  kms.exclusions = {
      {{*core::parse_instant("2026-10-01T00:39:50Z"), *core::parse_instant("2026-10-01T00:40:00Z")},
       "ours"}};
  site.add(kms, {{7, 3}, {8, 2}});
  const std::string page = site.page("/agreements/kms/2026-10/evidence");
  CHECK(times(page, "scope=\"rowgroup\"") == 2);
  CHECK(has(page,
            "<b>2026-10-01 00:35 to 00:40 UTC</b>, 3 failed requests here <span class=\"tag "
            "note\">excluded</span></th>"));
  CHECK(has(page, "<b>2026-10-01 00:40 to 00:45 UTC</b>, 2 failed requests here</th>"));
  CHECK(times(page, "<tr class=\"out\">") == 3);
  CHECK(has(page, "<th scope=\"row\">00:35:00.204</th>"));
  CHECK(has(page, "<th scope=\"col\">Request id</th>"));
  site.forget_ids("kms");
  const std::string bare = site.page("/agreements/kms/2026-10/evidence");
  CHECK_FALSE(has(bare, "Request id"));
  CHECK(has(bare, "<th scope=\"col\">Seen by</th>"));
}

TEST_CASE("evidence is narrowed by outcome and source, page by page") {
  PageSite site;
  std::vector<Lost> lost;
  for (std::size_t i = 0; i < 9; ++i) lost.push_back({100 + i, 50});
  site.add(site.agreement("kms"), lost);
  const std::string all = "/agreements/kms/2026-10/evidence";
  const std::string form = between(site.page(all), "<form", "</form>");
  CHECK(has(form, "method=\"get\""));
  CHECK(has(form, "<option value=\"access\">access</option>"));
  CHECK(has(form, "<option value=\"503/KMSInternalException\">"));
  CHECK(has(site.page(all + "?outcome=timeout"), "No record of a failed request is like that."));
  std::string target = all + "?outcome=kmsinternal&source=access";
  std::size_t records = 0;
  std::size_t pages = 0;
  while (!target.empty()) {
    const std::string page = site.page(target);
    records += times(page, "<td>access</td>");
    CHECK_FALSE(has(page, "<td>kms</td>"));
    CHECK(has(page, "<option value=\"access\" selected>"));
    ++pages;
    target = between(page, "<a rel=\"next\" href=\"", "\">");
    if (!target.empty()) target = target.substr(target.find('/'));
    for (auto at = target.find("&amp;"); at != std::string::npos; at = target.find("&amp;")) {
      target.replace(at, 5, "&");
    }
  }
  CHECK(records == 225);
  CHECK(pages == 3);
}

TEST_CASE("the pages of the evidence have each record once, by time") {
  PageSite site;
  std::vector<Lost> lost;
  for (std::size_t i = 0; i < 9; ++i) lost.push_back({100 + i, 50});
  site.add(site.agreement("kms"), lost);
  CHECK(times(section(site.page("/agreements/kms"), "evidence"), "<th scope=\"row\">") == 20);
  std::string target = "/agreements/kms/2026-10/evidence";
  std::size_t records = 0;
  std::size_t pages = 0;
  while (!target.empty()) {
    const std::string page = site.page(target);
    for (const std::string& row : {std::string("<th scope=\"row\">")}) records += times(page, row);
    ++pages;
    const std::string link = between(page, "<a rel=\"next\" href=\"", "\">");
    target = link.empty() ? "" : link.substr(link.find('/'));
  }
  CHECK(records == 450);
  CHECK(pages == 5);
}

TEST_CASE("of many lost intervals the first are listed, and where all of them are") {
  PageSite site;
  std::vector<Lost> lost;
  for (std::size_t i = 0; i < 150; ++i) lost.push_back({100 + i, 6});
  site.add(site.agreement("kms"), lost);
  const std::string list = section(site.page("/agreements/kms"), "lost");
  CHECK(times(list, "<th scope=\"row\">") == 50);
  CHECK(has(list, "The first 50 of 150."));
  CHECK(has(list, "?state=lost&amp;limit=10000\""));
  web::Request request;
  request.method = "GET";
  request.path = between(list, "/api/v1/", "?");
  request.query = {{"state", "lost"}, {"limit", "10000"}};
  const web::Response answer = test::ask(web::make_handler(site.site()), request).response;
  CHECK(answer.status == 200);
  CHECK(times(answer.body, "\"begin\"") == 150);
}

TEST_CASE("a day's page has that day's intervals alone, and its neighbours") {
  PageSite site;
  site.add(site.agreement("kms"), {{287, 6}, {288, 12}, {575, 18}, {576, 24}});
  const std::string page = site.page("/agreements/kms/2026-10/2026-10-02");
  CHECK(has(page, "Friday, 2026-10-02"));
  CHECK(has(page, "<a rel=\"prev\" href=\"/agreements/kms/2026-10/2026-10-01\">"));
  CHECK(has(page, "<a rel=\"next\" href=\"/agreements/kms/2026-10/2026-10-03\">"));
  const std::string lost = section(page, "lost");
  CHECK(times(lost, "<th scope=\"row\">") == 2);
  CHECK(has(lost, "2026-10-02 00:00"));
  CHECK(has(lost, "2026-10-02 23:55"));
  // 12/60 + 18/60 of an interval, of 8,928.
  CHECK(has(page, "0.005600358 %"));
  CHECK(times(section(page, "evidence"), "<th scope=\"row\">") == 30);
  CHECK_FALSE(has(site.page("/agreements/kms/2026-10/2026-10-01"), "rel=\"prev\""));
  CHECK_FALSE(has(site.page("/agreements/kms/2026-10/2026-10-31"), "rel=\"next\""));
}

TEST_CASE("each cell of a day has its figures in a table, neighbours that are alike in one line") {
  PageSite site;
  site.add(site.agreement("kms"), {{290, 12}, {291, 60}});
  const std::string page = site.page("/agreements/kms/2026-10/2026-10-02");
  const std::string table = between(page, "<caption id=\"every-interval\">", "</table>");
  CHECK(times(table, "<tr") == 5);
  CHECK(has(table, "<tr><th scope=\"row\">00:00</th><td>00:10</td><td>no Error</td><td>2</td>"));
  CHECK(has(table,
            "<tr class=\"marked\"><th scope=\"row\">00:10</th><td>00:15</td><td>lost, up to 25 % "
            "Errors</td><td>1</td><td>60</td><td>12</td></tr>"));
  CHECK(has(table, "<td>lost, every Request</td><td>1</td><td>60</td><td>60</td></tr>"));
}

TEST_CASE("a day of 25 hours has them all") {
  PageSite site;
  site.zone = zurich();
  site.now = *core::parse_instant("2026-10-31T00:00:00Z");
  site.snapshot->at = site.now;
  site.add(site.agreement("kms"), {});
  const std::string page = site.page("/agreements/kms/2026-10/2026-10-25");
  CHECK(has(page, "2026-10-24 22:00 to 2026-10-25 23:00 UTC, a day of the zone Europe/Zurich"));
  CHECK(has(page, "of 300"));
}

TEST_CASE("an incident is the current one until an hour passed without loss") {
  // 10:03 of the 21st is in the interval 20 * 288 + 120.
  constexpr std::size_t kNow = 5880;
  struct Case {
    std::size_t interval;
    const char* words;
  };
  const std::vector<Case> cases{
      {kNow, "There is one now, since 2026-10-21 10:00 UTC"},
      {kNow - 12, "There is one now, since 2026-10-21 09:00 UTC"},
      {kNow - 13, "None now. The last one ended 2026-10-21 09:00 UTC (1 hour ago)"},
      {0, "None now. The last one ended 2026-10-01 00:05 UTC (20 days ago)"},
  };
  for (const Case& c : cases) {
    INFO(c.words);
    PageSite site;
    site.add(site.agreement("kms"), {{c.interval, 6}});
    CHECK(has(text_of(section(site.page("/agreements/kms"), "incident")), c.words));
  }
  PageSite calm;
  calm.add(calm.agreement("kms"), {});
  CHECK(has(calm.page("/agreements/kms"), "None now, and none this month."));
}

TEST_CASE("the burn of the budget adds up to the month's loss, in every family") {
  using std::chrono::minutes;
  const std::vector<core::Formula> families{core::MeanOfIntervals{minutes(5)},
                                            core::DowntimeRuns{core::Ratio(1, 10), minutes(1)},
                                            core::BadWindows{minutes(10), core::Ratio(1, 10)},
                                            core::AllFailed{minutes(5)}, core::RequestRatio{}};
  for (const core::Formula& family : families) {
    INFO(family.index());
    PageSite site;
    site.version().formula = family;
    const core::Judgement& judgement =
        site.add(site.agreement("kms"), {{3, 7}, {287, 60}, {288, 60}, {1000, 11}, {2500, 60}});
    const core::Burn burn = core::burn_of(*judgement.version, judgement.zone, judgement.assessment);
    REQUIRE(burn.days.size() == 21);
    CHECK(burn.days.back().total > core::Ratio());
    CHECK(burn.days.back().total == core::Ratio(1, 1) - judgement.assessment.uptime);
    CHECK(burn.allowed == core::Ratio(1, 100000));
    core::Ratio sum;
    for (const core::BurnDay& day : burn.days) {
      sum += day.lost;
      CHECK(day.total == sum);
    }
  }
}

TEST_CASE("the burn ends where the month was judged, and leaves the rest blank") {
  PageSite site;
  site.now = *core::parse_instant("2026-10-03T10:03:20Z");
  const core::Judgement& judgement = site.add(site.agreement("kms"), {{3, 7}, {300, 60}});
  const core::Burn burn = core::burn_of(*judgement.version, judgement.zone, judgement.assessment);
  REQUIRE(burn.days.size() == 3);
  CHECK(burn.days[0].end == *core::parse_instant("2026-10-02T00:00:00Z"));
  CHECK(burn.days[2].end == *core::parse_instant("2026-10-03T10:05:00Z"));
  CHECK(burn.days[2].lost == core::Ratio());
  const std::string svg = web::burn_svg(burn, core::Zone::utc()).bytes();
  CHECK(has(svg, "may be lost"));
  // 2 days, 10 hours and 5 minutes of 31 days, in parts of 100,000.
  CHECK(has(svg, "L7806 "));
}

TEST_CASE("a percentile is the bound of its bucket and never more exact") {
  record::Histogram histogram;
  CHECK(web::within_html(histogram, core::Ratio(99, 100)) == "&ndash;");
  for (int i = 0; i < 98; ++i) histogram.add(std::chrono::milliseconds(12));
  histogram.add(std::chrono::milliseconds(25));
  CHECK(web::within_html(histogram, core::Ratio(99, 100)) == "25 ms");
  histogram.add(std::chrono::milliseconds(1500));
  CHECK(web::within_html(histogram, core::Ratio(99, 100)) == "25 ms");
  CHECK(web::within_html(histogram, core::Ratio(991, 1000)) == "2.5 s");
  histogram.add(std::chrono::seconds(11));
  CHECK(web::within_html(histogram, core::Ratio(1, 1)) == "over 10 s");
  histogram = record::Histogram();
  histogram.add(std::chrono::microseconds(10));
  CHECK(web::within_html(histogram, core::Ratio(1, 2)) == "1 ms");
}

TEST_CASE("answers of 5xx that are not counted stand beside the verdict and in a section") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  site.version().error.names = {"InternalError"};
  site.add(kms, {{7, 40}});
  const std::string page = site.page("/agreements/kms");
  CHECK(verdict(page) ==
        "In October 2026 so far, AWS Key Management Service in us-east-1 keeps its promise: "
        "100.000000 %, not less than 99.999 %, measured all of the time. Not counted: 40 answers "
        "of 5xx.");
  CHECK(next(page) == "Next: See why 40 answers of 5xx are not counted.");
  CHECK(has(section(page, "incident"), "<a href=\"#uncounted\">Failures that are not counted</a>"));
  const std::string listed = text_of(section(page, "uncounted"));
  CHECK(has(listed, "503/KMSInternalException"));
  CHECK(has(listed, "40"));
  CHECK(has(listed,
            "503/KMSInternalException is not an Error: an Error is a Request that returns "
            "500 or 503 with InternalError"));
}

TEST_CASE("a month in which every failure is counted has no word of failures that are not") {
  PageSite site;
  site.add(site.agreement("kms"), {{7, 40}});
  const std::string page = site.page("/agreements/kms");
  CHECK_FALSE(has(page, "uncounted"));
  CHECK_FALSE(has(page, "Not counted"));
}

TEST_CASE("of many outcomes that are not counted the page shows the most frequent") {
  PageSite site;
  core::Judgement& kms = site.add(site.agreement("kms"), {});
  for (int i = 0; i < 25; ++i) {
    kms.assessment.uncounted.outcomes.push_back(
        {core::Answered{500, "Name" + std::to_string(i)}, 1, core::Uncounted::error_name, "why"});
  }
  kms.assessment.uncounted.reasons[1] = 25;
  const std::string listed = text_of(section(site.page("/agreements/kms"), "uncounted"));
  CHECK(has(listed, "500/Name19"));
  CHECK_FALSE(has(listed, "500/Name20"));
  CHECK(has(listed, "And 5 other outcomes that came less often."));
}

TEST_CASE("charges that a bill is named for are not said to be in no bill") {
  PageSite site;
  const core::Agreement kms = site.agreement("kms");
  core::Judgement& judgement = site.add(kms, {{7, 40}});
  judgement.credit = core::credit(
      site.version(), judgement.assessment,
      core::KnownCharge(core::Error{"expected rows of the service X in 2026-10, got none"}));
  const std::string text = next(site.page("/agreements/kms"));
  CHECK(has(text, "does not say it yet (expected rows of the service X in 2026-10, got none)"));
  CHECK_FALSE(has(text, "name a bill"));
}

TEST_CASE("a month's page says up to when a third party signed the time, and what is missing") {
  PageSite site;
  site.add(site.agreement("kms"), {});
  CHECK_FALSE(has(site.page("/agreements/kms"), "section id=\"time\""));
  record::StampCounts stamps;
  stamps.agreements = {{"kms", *core::parse_instant("2026-10-19T00:00:00Z"), {}, 2, 1}};
  stamps.failing = "https://tsa.example/tsr: expected the status 200, got <503>";
  site.snapshot->stamps = stamps;
  const std::string text = text_of(section(site.page("/agreements/kms"), "time"));
  CHECK(has(text, "day by day, up to 2026-10-19T00:00:00Z."));
  CHECK(has(text, "2 tokens are due and not there: https://tsa.example/tsr: expected the status"));
  CHECK(has(text, "Changed after it was signed, and signed again: 1 time."));
}
