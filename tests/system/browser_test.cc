// What somebody reads, in a real browser: tests/browser/check.mjs opens it wide and narrow, light
// and dark and on paper. With RECOUP_SHOTS set to a folder, the screenshots are kept there.

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "claim/month.h"
#include "claim/page_style.h"
#include "claim/write_claim.h"
#include "support/catch.h"
#include "support/missing.h"
#include "support/places.h"
#include "support/process.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace recoup::test;

namespace {

constexpr char kChecks[] = TESTS_DIR "/browser";

bool can_browse() { return have_program("chromium") && have_checks(kChecks); }

void expect_readable(const std::string& page, const std::string& name) {
  if (!can_browse()) return;
  TempDir temp;
  const char* keep = std::getenv("RECOUP_SHOTS");
  const std::string shots = keep == nullptr ? temp.file("shots") : std::string(keep) + '/' + name;
  const Finished checked =
      run({"node", std::string(kChecks) + "/check.mjs", page, shots}, temp.path().string());
  INFO(checked.err);
  CHECK(checked.status == 0);
  CHECK(std::filesystem::file_size(shots + "/print.pdf") > 10'000);
}

// The golden page, with its style.
void expect_golden_is_readable(const std::string& name) {
  const TempDir temp;
  const std::string page = slurp(std::string(TESTS_DIR) + "/golden/" + name + "/claim.html");
  expect_readable(temp.write("claim.html", with_style(page)), name);
}

// A zone that was two hours, and from the 25th of October 2026 one hour, ahead of UTC.
core::Zone zurich() {
  using std::chrono::hours;
  const core::Instant change = std::chrono::sys_days(std::chrono::year(2026) / 10 / 25) + hours(1);
  return core::Zone("Europe/Zurich", {{core::Instant{}, hours(2)}, {change, hours(1)}});
}

// An October with all that a month can have: scattered Errors, a morning's outage that builds up
// and goes, an hour of maintenance taken out, silent nights, a day of 25 hours, a long charge.
ClaimWorld eventful() {
  ClaimWorld world(0);
  world.cycle = core::cycle_of(std::chrono::year(2026) / 10, zurich());
  world.now = world.cycle.span.end;
  world.agreement.practice = true;
  world.agreement.exclusions = {
      {{world.begin_of(2800), world.begin_of(2812)}, "we disabled the key ourselves"}};
  const auto errors_in = [](std::size_t i) -> std::uint64_t {
    if (i >= 3870 && i < 3900) return i < 3880 ? (i - 3869) * 12 : i < 3890 ? 120 : (3900 - i) * 12;
    if (i >= 6000 && i < 6004) return 3;
    return i % 1427 == 13 ? 1 : 0;
  };
  for (std::size_t i = 0; i < 8940; ++i) {
    const bool night = i % 2016 >= 1440 && i % 288 < 60;
    const std::uint64_t errors = errors_in(i);
    if (!night) world.fail({i, 120 + i % 7, errors, std::min<std::uint64_t>(errors, 50)});
  }
  world.charge = core::Charge{
      {core::Ratio(12345678, 1000), "USD"},
      "estimate",
      "book aws-kms of 2026-10",
      {{"customer managed keys", "40 keys x 1.00 USD", core::Ratio(40, 1)},
       {"symmetric requests", "(41,038,926 - 20,000 free) x 0.03 USD / 10,000 requests",
        core::Ratio(12305678, 1000)}},
      {"Taxes and support are not in it.", "The Region's prices are those of 2026-09-01."},
      false,
      {{"stated", {core::Ratio(12000, 1), "USD"}}}};
  world.version().exclusions = {{"(i)", "suspensions and terminations that the contract describes"},
                                {"(ii)", "factors outside the provider's reasonable control"}};
  world.version().clauses = {{"availability", "an interval without Requests is 100 % available"}};
  return world;
}

}  // namespace

TEST_CASE("the page of a claim of 10 % is readable in a real browser") {
  expect_golden_is_readable("claim-kms-10");
}

TEST_CASE("the page of a claim of 100 % of practice data is readable in a real browser") {
  expect_golden_is_readable("claim-kms-100-practice");
}

TEST_CASE("the page of a claim by Downtime Periods is readable in a real browser") {
  expect_golden_is_readable("claim-downtime-runs");
}

TEST_CASE("the page of an eventful month in another zone is readable in a real browser") {
  TempDir temp;
  ClaimWorld world = eventful();
  claim::Claim claim = world.claim();
  claim.zone = zurich();
  const auto written = claim::write_claim(claim, world.reader(), temp.file("claim"));
  if (!written) FAIL(written.error().message);
  expect_readable(temp.file("claim/claim.html"), "eventful");
}

TEST_CASE("the checks of a page find what is wrong with one") {
  if (!can_browse()) return;
  TempDir temp;
  struct Case {
    const char* body;
    const char* fault;
  };
  const std::vector<Case> cases{
      {"<h1>x</h1><p><img src=\"http://127.0.0.1:9/x.png\" alt=\"x\"></p>", "requests http://"},
      {"<h1>x</h1><p style=\"color:#ccc;background:#fff\">pale</p>", "color-contrast"},
      {"<h1>x</h1><p><b>open</p>", "html-validate"},
      {"<h1>x</h1><div style=\"width:2000px\">wide</div>", "the page is 2"},
      {"<h1>x</h1><p><a href=\"#x\" tabindex=\"-1\">no</a></p>", "Tab does not reach"},
      {"<h1>x</h1><details><summary>s</summary><p>folded</p></details>", "stay folded on paper"},
  };
  for (const Case& c : cases) {
    INFO(c.body);
    const std::string page = temp.write(
        "page.html", std::string("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                                 "<title>t</title></head><body><main>") +
                         c.body + "</main></body></html>\n");
    const Finished checked =
        run({"node", std::string(kChecks) + "/check.mjs", page, temp.file("shots")},
            temp.path().string());
    CHECK(checked.status == 1);
    INFO(checked.err);
    CHECK(checked.err.find(c.fault) != std::string::npos);
  }
}
