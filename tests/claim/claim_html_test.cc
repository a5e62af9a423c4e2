#include "claim/page/claim_html.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include "claim/folder.h"
#include "claim/month.h"
#include "claim/page_style.h"
#include "report/html_text.h"
#include "report/picture.h"
#include "report/picture_days.h"
#include "report/style.h"
#include "report/zoom.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup;
using recoup::test::ClaimFolder;
using recoup::test::ClaimWorld;
using report::Look;

namespace {

std::size_t times(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The page, its spaces that no line may end at as plain ones.
std::string page_of(const ClaimWorld& world) {
  std::string page = ClaimFolder(world).read("claim.html");
  constexpr std::string_view kNoBreakSpace = "\u00a0";
  for (auto at = page.find(kNoBreakSpace); at != std::string::npos;
       at = page.find(kNoBreakSpace, at)) {
    page.replace(at, kNoBreakSpace.size(), 1, ' ');
  }
  return page;
}

ClaimWorld breach() {
  ClaimWorld world;
  world.fail({600, 60, 12, 12});
  world.fail({601, 60, 60, 20});
  world.fail({8927, 7, 1, 1});
  return world;
}

// A zone that was two hours, and from the 25th of October 2026 one hour, ahead of UTC.
core::Zone zurich() {
  using std::chrono::hours;
  const core::Instant change = std::chrono::sys_days(std::chrono::year(2026) / 10 / 25) + hours(1);
  return core::Zone("Europe/Zurich", {{core::Instant{}, hours(2)}, {change, hours(1)}});
}

// A month of parts made by hand.
core::Assessment month_of(const core::Zone& zone, std::chrono::minutes interval) {
  core::Assessment a;
  a.cycle = core::cycle_of(std::chrono::year(2026) / 10, zone);
  a.interval = interval;
  core::IntervalPart part;
  part.state = core::IntervalState::measured;
  part.requests = 100;
  a.parts.append(part, static_cast<std::size_t>(a.cycle.span.length() / interval));
  return a;
}

template <typename Change>
void change(core::Assessment& a, Change change) {
  std::vector<core::IntervalPart> parts = a.parts.unpacked();
  change(parts);
  a.parts = core::Intervals(core::runs_of(parts));
}

void lose(core::Assessment& a, std::size_t index, std::uint64_t errors) {
  change(a, [&](auto& parts) {
    parts[index].errors = errors;
    parts[index].lost = true;
  });
}

void set_state(core::Assessment& a, std::size_t index, core::IntervalState state) {
  change(a, [&](auto& parts) { parts[index].state = state; });
}

}  // namespace

TEST_CASE("a page has its whole style once, and in itself") {
  ClaimWorld world(0);
  world.fail({600, 1, 1, 1});
  const ClaimFolder folder(world);
  const std::string page = folder.read("claim.html");
  CHECK(has(page, "<style>\n" + recoup::test::page_style() + "</style>\n</head>"));
  CHECK(times(page, "<style") == 1);
  CHECK_FALSE(has(page, "<link"));
  CHECK(recoup::test::with_style(recoup::test::without_style(page)) == page);
}

TEST_CASE("a day of the picture has 288 five-minute cells, 300 on the day the clock goes back") {
  const auto days = report::picture_days(month_of(zurich(), std::chrono::minutes(5)), zurich());
  REQUIRE(days.size() == 31);
  for (const report::PictureDay& day : days) {
    INFO(core::to_text(day.date));
    CHECK(day.stretches.size() == 1);
    CHECK(day.stretches.front().intervals ==
          (day.date.day() == std::chrono::day(25) ? 300u : 288u));
    CHECK(day.stretches.front().span == day.day);
  }
}

TEST_CASE("neighbours of one look are one stretch, with the sum of what was lost in them") {
  core::Assessment a = month_of(core::Zone::utc(), std::chrono::minutes(5));
  lose(a, 10, 3);
  lose(a, 11, 4);
  lose(a, 12, 100);
  const auto day = report::picture_days(a, core::Zone::utc()).front();
  REQUIRE(day.stretches.size() == 4);
  CHECK(day.stretches[1].look == Look::lost_2);
  CHECK(day.stretches[1].intervals == 2);
  CHECK(day.stretches[1].errors == 7);
  CHECK(day.stretches[2].look == Look::lost_5);
  CHECK(day.lost == 3);
  CHECK(day.errors == 107);
}

TEST_CASE("the share of Errors decides the step of the scale") {
  struct Case {
    std::uint64_t requests, errors;
    Look look;
  };
  for (const Case& c : std::vector<Case>{{1000, 10, Look::lost_1},
                                         {1000, 11, Look::lost_2},
                                         {100, 5, Look::lost_2},
                                         {100, 25, Look::lost_3},
                                         {100, 26, Look::lost_4},
                                         {100, 99, Look::lost_4},
                                         {100, 100, Look::lost_5}}) {
    core::IntervalPart part;
    part.state = core::IntervalState::measured;
    part.requests = c.requests;
    part.errors = c.errors;
    part.lost = true;
    INFO(c.errors << " of " << c.requests);
    CHECK(report::look_of(part) == c.look);
    part.lost = false;
    CHECK(report::look_of(part) == Look::errors);
  }
}

TEST_CASE("minutes share a five-minute cell, which shows the worst of them") {
  core::Assessment a = month_of(core::Zone::utc(), std::chrono::minutes(1));
  set_state(a, 6, core::IntervalState::silent);
  lose(a, 7, 30);
  lose(a, 8, 2);
  set_state(a, 13, core::IntervalState::excluded);
  const auto day = report::picture_days(a, core::Zone::utc()).front();
  REQUIRE(day.stretches.size() == 4);
  CHECK(day.stretches[1].look == Look::lost_4);
  CHECK(day.stretches[1].intervals == 5);
  CHECK(day.stretches[1].lost == 2);
  CHECK(day.stretches[1].span.length() == std::chrono::minutes(5));
  CHECK(day.stretches[2].look == Look::excluded);
  CHECK(day.intervals[static_cast<std::size_t>(Look::silent)] == 1);
  CHECK(day.intervals[static_cast<std::size_t>(Look::excluded)] == 1);
}

TEST_CASE("longer intervals are a cell each, and one over midnight shows on both days") {
  core::Assessment a = month_of(core::Zone::utc(), std::chrono::minutes(60));
  a.cycle.span.begin += std::chrono::minutes(30);
  change(a, [](auto& parts) { parts.pop_back(); });
  lose(a, 23, 100);
  const auto days = report::picture_days(a, core::Zone::utc());
  CHECK(days[0].stretches.back().look == Look::lost_5);
  CHECK(days[0].stretches.back().span.length() == std::chrono::minutes(30));
  CHECK(days[1].stretches.front().look == Look::lost_5);
  CHECK(days[0].lost == 1);
  CHECK(days[1].lost == 0);
}

TEST_CASE("silent, excluded and not begun are told apart by more than colour") {
  core::Assessment a = month_of(core::Zone::utc(), std::chrono::minutes(5));
  set_state(a, 3, core::IntervalState::silent);
  set_state(a, 5, core::IntervalState::excluded);
  set_state(a, 7, core::IntervalState::ahead);
  a.exclusions = {{{a.interval_at(5), "we moved <alias/payroll>"}, core::Ratio(1, 1)}};
  const std::string svg = report::picture_svg(a, core::Zone::utc(), {"p", {}}).bytes();
  CHECK(has(svg, "<pattern id=\"p-silent\""));
  CHECK(has(svg, "class=\"silent\" fill=\"url(#p-silent)\""));
  CHECK(has(svg, "2026-10-01 00:15 to 00:20 UTC: silent, no Request"));
  CHECK(has(svg, "class=\"excluded\" fill=\"url(#p-excluded)\""));
  CHECK(has(svg, "excluded, we moved &lt;"));
  CHECK_FALSE(has(svg, "payroll"));
  CHECK(has(svg, "class=\"ahead\""));
  CHECK(has(svg, "not begun yet"));
}

TEST_CASE("a lost interval of the picture names its instant, Requests, Errors and Availability") {
  core::Assessment a = month_of(core::Zone::utc(), std::chrono::minutes(5));
  lose(a, 288 + 24, 12);
  const std::string svg = report::picture_svg(a, core::Zone::utc()).bytes();
  CHECK(has(svg,
            "<title>2026-10-02 02:00 to 02:05 UTC: 100 Requests, 12 Errors, Availability 88 "
            "%</title>"));
  CHECK(has(svg, "x=\"8.333%\" width=\"0.347%\""));
}

TEST_CASE("a quiet month's picture is a few kilobytes, without links unless they are asked for") {
  const core::Assessment a = month_of(core::Zone::utc(), std::chrono::minutes(5));
  const std::string svg = report::picture_svg(a, core::Zone::utc()).bytes();
  CHECK(svg.size() < 8000);
  CHECK_FALSE(has(svg, "<a "));
  CHECK(has(svg, "role=\"img\""));
  const std::string linked =
      report::picture_svg(a, core::Zone::utc(),
                          {"x", [](core::Date day) { return "?day=" + core::to_text(day); }})
          .bytes();
  CHECK(times(linked, "<a href=\"?day=2026-10-") == 31);
  // The whole row leads there, and is called by what is seen of its name first.
  CHECK(has(linked, "aria-label=\"Thu 1, 2026-10-01: nothing lost\"><rect class=\"hit\""));
  CHECK(has(linked, "role=\"group\""));
  CHECK(has(linked, "id=\"x-title\""));
}

TEST_CASE("a legend has what the month has, and nothing else") {
  core::Assessment a = month_of(core::Zone::utc(), std::chrono::minutes(5));
  lose(a, 10, 3);
  set_state(a, 20, core::IntervalState::silent);
  const std::string legend = report::picture_legend(a, "interval").bytes();
  CHECK(times(legend, "<li>") == 3);
  CHECK(has(legend, "lost, up to 5 % Errors <b>1</b>"));
  CHECK_FALSE(has(legend, "<b>0</b>"));
}

TEST_CASE("each step of loss has one hue, on a light ground and on a dark one") {
  const std::string css = report::colours_css().bytes();
  const auto hue = [](const std::string& text) {
    const auto part = [&](std::size_t at) { return std::stoi(text.substr(at, 2), nullptr, 16); };
    const int red = part(0), green = part(2), blue = part(4);
    const int most = std::max({red, green, blue}), least = std::min({red, green, blue});
    const int span = std::max(1, most - least);
    if (most == red) return (60 * (green - blue) / span + 360) % 360;
    return most == green ? 120 + 60 * (blue - red) / span : 240 + 60 * (red - green) / span;
  };
  for (int step = 1; step <= 5; ++step) {
    const std::string name = fmt::format("--lost-{}: #", step);
    const auto light = css.find(name);
    const auto dark = css.find(name, light + 1);
    const auto paper = css.find(name, dark + 1);
    REQUIRE(paper != std::string::npos);
    const int one = hue(css.substr(light + name.size(), 6));
    const int other = hue(css.substr(dark + name.size(), 6));
    INFO(step << ": " << one << " and " << other);
    CHECK(std::min(std::abs(one - other), 360 - std::abs(one - other)) <= 20);
    CHECK(css.substr(light + name.size(), 6) == css.substr(paper + name.size(), 6));
  }
}

TEST_CASE("outages stand from the worst, and lost intervals within an hour belong together") {
  core::Assessment a = month_of(core::Zone::utc(), std::chrono::minutes(5));
  lose(a, 100, 10);
  lose(a, 112, 10);
  lose(a, 125, 50);
  const auto outages = report::outages_of(a);
  REQUIRE(outages.size() == 2);
  CHECK(outages[0].first == 125);
  CHECK(outages[1].first == 100);
  CHECK(outages[1].last == 112);
  CHECK(outages[1].lost == 2);
}

TEST_CASE("an outage of a month is drawn with few bars") {
  core::Assessment a = month_of(core::Zone::utc(), std::chrono::minutes(5));
  change(a, [](auto& parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      parts[i].errors = 1 + i % 100;
      parts[i].lost = true;
    }
  });
  const auto outages = report::outages_of(a);
  REQUIRE(outages.size() == 1);
  const std::string svg = report::zoom_svg(a, outages.front(), "z", "interval").bytes();
  CHECK(times(svg, "<rect") == 2 * 288);
  CHECK(has(svg, "Each bar is 155 minutes."));
}

TEST_CASE("the page says the verdict in one sentence") {
  CHECK(has(page_of(breach()),
            "In October 2026, AWS Key Management Service in <span "
            "class=\"nowrap\">us-east-1</span> had a Monthly Uptime "
            "Percentage of <strong class=\"bad\">99.984959 %</strong>, less than the "
            "<strong>99.999 %</strong> that its contract commits to. A Service Credit of "
            "<strong>184.50 USD</strong> is due."));
}

TEST_CASE("the arithmetic can be redone with a calculator") {
  const std::string page = page_of(breach());
  CHECK(has(page, "S = 1/7 + 12/60 + 60/60 = <b>1.342857142857</b>"));
  CHECK(
      has(page,
          "Monthly Uptime Percentage = 100 × (N − S) / N = 100 × (8,928 − 1.342857142857) / 8,928 "
          "= <b>99.984959037378 %</b>"));
  CHECK(has(page, "S, exact: <code>47 / 35</code>"));
  CHECK(has(page, "99.984959037378 % &lt; 99.999 %"));
}

TEST_CASE("equal terms of the sum are shown once, with how many there are") {
  ClaimWorld world(10);
  for (std::size_t i = 0; i < 200; ++i) world.fail({i, 10, 10, 0});
  CHECK(has(page_of(world), "S = 200 × 10/10 = <b>200.000000000000</b>"));
}

TEST_CASE("every family's formula stands with its own numbers") {
  struct Case {
    core::Formula formula;
    const char* line;
  };
  const std::vector<Case> cases{
      {core::DowntimeRuns{core::Ratio(1, 10), std::chrono::minutes(5), 10},
       "100 × (M − D) / M = 100 × (44,640 − 6) / 44,640 = <b>99.986559139784 %</b>"},
      {core::BadWindows{std::chrono::minutes(10), core::Ratio(1, 10)},
       "100 × (N − B) / N = 100 × (4,464 − 6) / 4,464 = <b>99.865591397849 %</b>"},
      {core::AllFailed{std::chrono::minutes(5)},
       "100 × (N − B) / N = 100 × (8,928 − 6) / 8,928 = <b>99.932795698924 %</b>"},
      {core::RequestRatio{},
       "100 × (T − F) / T = 100 × (892,800 − 120) / 892,800 = <b>99.986559139784 %</b>"},
  };
  for (const Case& c : cases) {
    INFO(c.line);
    ClaimWorld world = ClaimWorld::with(c.formula, 20);
    for (std::size_t i = 100; i < 106; ++i) world.fail({i, 20, 20, 0});
    CHECK(has(page_of(world), c.line));
  }
}

TEST_CASE("the Downtime Periods are listed with their minutes") {
  ClaimWorld world =
      ClaimWorld::with(core::DowntimeRuns{core::Ratio(1, 10), std::chrono::minutes(5), 10}, 20);
  for (std::size_t i = 100; i < 106; ++i) world.fail({i, 20, 3, 0});
  CHECK(has(page_of(world),
            "<tr><th scope=\"row\">2026-10-01 01:40 UTC</th><td>2026-10-01 01:46 UTC</td>"
            "<td>6</td><td>120</td><td>18</td></tr>"));
}

TEST_CASE("the charge stands line by line, with what must be known of it") {
  ClaimWorld world = breach();
  world.charge = core::Charge{
      {core::Ratio(12345678, 1000), "USD"},
      "estimate",
      "book aws-kms",
      {{"customer managed keys", "40 keys x 1.00 USD", core::Ratio(40, 1)},
       {"requests <all>", "41,018,926 x 0.03 USD / 10,000", core::Ratio(12305678, 1000)}},
      {"Taxes are not in it."},
      false,
      {{"stated", {core::Ratio(12000, 1), "USD"}}}};
  const std::string page = page_of(world);
  CHECK(has(page, "<tr><th scope=\"row\">customer managed keys</th>"));
  CHECK(has(page, "requests &lt;all&gt;"));
  CHECK(has(page, "<td>12,305.678</td>"));
  CHECK(has(page, "Taxes are not in it."));
  CHECK(has(page, "The provider may still change this charge."));
  CHECK_FALSE(has(page, "12,000.00 USD"));
  CHECK(
      has(page, "10 % × 12,345.678 USD = 1,234.5678 USD, cut to two digits: <b>1,234.56 USD</b>"));
}

TEST_CASE("the tier that was reached is marked with more than colour") {
  const std::string page = page_of(breach());
  CHECK(times(page, "<td>yes: 99.984959 %</td>") == 1);
  CHECK(times(page, "<td>no</td>") == 2);
}

TEST_CASE("a long list is folded up, and none is cut without a word") {
  ClaimWorld world(10);
  for (std::size_t i = 0; i < 60; ++i) world.fail({i, 10, 10, 10});
  const std::string page = page_of(world);
  CHECK(has(page, "<summary>Show 60 intervals</summary>"));
  CHECK(has(page, "Here are the first 500; requests.log has all 600."));
  CHECK(has(page, "<summary>Show 500 failed requests</summary>"));
  CHECK(times(page, "<code>7a3e1c90-5b1f-4c7d-9a53-") == 500);
}

TEST_CASE("a month whose every minute is lost lists ten thousand of them and says so") {
  ClaimWorld world =
      ClaimWorld::with(core::DowntimeRuns{core::Ratio(1, 10), std::chrono::minutes(5), 10}, 0);
  for (std::size_t i = 0; i < 44640; ++i) world.fail({i, 20, 20, 0});
  const std::string page = page_of(world);
  CHECK(has(page, "Here are the first 10,000; intervals.log has all 44,640."));
  INFO(page.size());
  CHECK(page.size() < 2'000'000);
}

TEST_CASE("a month whose every interval is lost in another way is a page of about two megabytes") {
  ClaimWorld world(0);
  for (std::size_t i = 0; i < 8928; ++i) world.fail({i, 3000, i % 2 == 0 ? 1u : 1501u, 1});
  const std::string page = page_of(world);
  CHECK(times(page, "</td></tr>") > 8928);
  INFO(page.size());
  CHECK(page.size() < 2'200'000);
}

TEST_CASE("text from outside can break no tag, and shows nothing confidential") {
  ClaimWorld world = breach();
  const std::string evil = "</style><script>alert(\"1\")</script>&'\x01 jane@example.com";
  world.rule.service = "Service <b>" + evil.substr(0, 20);
  world.charge->note = evil;
  world.agreement.exclusions = {{{world.begin_of(1), world.begin_of(2)}, evil}};
  world.evidence.front().detail = evil;
  world.version().source = "https://x.example/\"onclick=\"a";
  world.version().exclusions = {{"(i)", evil.substr(0, 30)}};
  const std::string page = page_of(world);
  CHECK_FALSE(has(page, "<script"));
  CHECK_FALSE(has(page, "jane@"));
  CHECK_FALSE(has(page, "\"onclick"));
  CHECK(times(page, "</style>") == 1);
  CHECK(has(page, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;"));
}

TEST_CASE("the page asks for nothing else and runs nothing") {
  const std::string page = page_of(breach());
  for (const char* word : {"<script", "<link", "<img", "<iframe", "@import", "url(http",
                           " src=", " onload", " onclick", "<form"}) {
    INFO(word);
    CHECK_FALSE(has(page, word));
  }
}

TEST_CASE("the files of the claim stand with their digests") {
  const ClaimFolder folder(breach());
  const std::string page = folder.read("claim.html");
  for (const char* name : {"subject.txt", "body.md", "intervals.log", "requests.log"}) {
    INFO(name);
    CHECK(has(page, record::sha256_hex(folder.read(name))));
  }
}

TEST_CASE("the month is drawn in the zone of the billing cycle") {
  ClaimWorld world = breach();
  world.cycle = core::cycle_of(std::chrono::year(2026) / 10, zurich());
  claim::Claim claim = world.claim();
  claim.zone = zurich();
  claim::Logged logged;
  logged.by_interval.resize(claim.assessment.parts.size());
  const std::string page = claim::claim_html(claim, {logged, {}, {}}).bytes();
  CHECK(has(page, "A row is a day of the zone Europe/Zurich"));
  CHECK(has(page, "2026-10-25 has 25 hours."));
  CHECK(times(page, "<g class=\"day\"") == 31);
}
