#include <algorithm>

#include <fmt/format.h>

#include "claim/folder.h"
#include "claim/month.h"
#include "claim/write_claim.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup;
using recoup::test::ClaimFolder;
using recoup::test::ClaimWorld;
using recoup::test::joined;
using recoup::test::names;

namespace {

using std::chrono::minutes;

const core::Formula kRuns = core::DowntimeRuns{core::Ratio(1, 10), minutes(5), 10};
const core::Formula kWindows = core::BadWindows{minutes(5), core::Ratio(5, 100)};
const core::Formula kAllFailed = core::AllFailed{minutes(5)};
const core::Formula kLeftOut = core::MeanOfIntervals{minutes(5), core::Silent::left_out};
const core::Formula kRatio = core::RequestRatio{};
const core::Formula kRatioOnce = core::RequestRatio{minutes(5)};

// Two runs of bad minutes, one of them too short; one minute at exactly 10 %.
ClaimWorld runs() {
  ClaimWorld world = ClaimWorld::with(kRuns, 20);
  for (std::size_t i = 100; i < 106; ++i) world.fail({i, 20, 3, 3});
  world.fail({106, 20, 2, 2});
  for (std::size_t i = 200; i < 204; ++i) world.fail({i, 20, 20, 5});
  return world;
}

ClaimWorld windows() {
  ClaimWorld world = ClaimWorld::with(kWindows, 100);
  world.fail({10, 100, 6, 6});
  world.fail({11, 100, 5, 5});
  return world;
}

ClaimWorld all_failed() {
  ClaimWorld world = ClaimWorld::with(kAllFailed, 10);
  world.fail({10, 10, 10, 8});
  world.fail({11, 10, 9, 9});
  return world;
}

ClaimWorld left_out() {
  ClaimWorld world = ClaimWorld::with(kLeftOut, 0);
  world.fail({10, 10, 1, 1});
  world.fail({11, 10, 0, 0});
  return world;
}

ClaimWorld ratio() {
  ClaimWorld world = ClaimWorld::with(kRatio, 10);
  world.fail({10, 10, 9, 9});
  world.fail({4000, 10, 1, 0});
  return world;
}

// Errors at minutes 10, 12 and 15: those of 12 repeat, those of 15 are new.
ClaimWorld ratio_once() {
  ClaimWorld world = ClaimWorld::with(kRatioOnce, 1);
  world.version().commitment = core::Ratio(9999999, 10000000);
  world.version().commitment_text = "99.99999";
  world.fail({10, 10, 9, 9});
  world.fail({12, 10, 9, 9});
  world.fail({15, 10, 4, 4});
  return world;
}

struct Family {
  const char* name;
  ClaimWorld (*world)();
  const char* uptime;     // percent, as verify says it
  std::size_t intervals;  // in intervals.log
  std::uint64_t errors;   // of these
  const char* definition;
  const char* formula;
};

const std::vector<Family> kFamilies{
    {"downtime-runs", runs, "99.986559139784", 6, 18,
     "A Downtime Period is a run of at least 5 consecutive minutes, with an Error rate of more "
     "than 10 % in each, and with at least 10 Requests in all.",
     "100 x (M - D) / M"},
    {"bad-windows", windows, "99.988799283154", 1, 6,
     "A 5-minute window is unavailable as a whole if more than 5 % of its Requests fail",
     "100 x (N - B) / N"},
    {"all-failed", all_failed, "99.988799283154", 1, 10,
     "is unavailable if Requests were made in it and every one failed with an Error.",
     "100 x (N - B) / N"},
    {"mean-of-intervals", left_out, "95.000000000000", 1, 1,
     "An interval without Requests is left out.", "100 x (N - S) / N"},
    {"ratio", ratio, "99.997759856630", 2, 10,
     "is the percentage of the Requests of the billing cycle that do not fail with Errors.",
     "100 x (T - F) / T"},
    {"ratio", ratio_once, "99.995520415705", 2, 2,
     "An Error that repeats one of the same kind within 5 minutes after its first is neither",
     "100 x (T - F) / T"},
};

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a claim of each family verifies from its own files") {
  for (const Family& family : kFamilies) {
    INFO(family.name << ", " << family.definition);
    const ClaimFolder folder(family.world());
    const claim::Verification verified = folder.verify();
    CHECK(joined(verified) == "");
    const std::string says =
        fmt::format("the Monthly Uptime Percentage is {} %, from intervals.log", family.uptime);
    CHECK(std::count(verified.agreed.begin(), verified.agreed.end(), says) == 1);
    CHECK(std::count(verified.agreed.begin(), verified.agreed.end(),
                     fmt::format("intervals.log has {} intervals and {} Errors, as claim.json says",
                                 family.intervals, family.errors)) == 1);
    CHECK(folder.read("claim.json").find(fmt::format("\"family\": \"{}\"", family.name)) !=
          std::string::npos);
  }
}

TEST_CASE("the body of each family says its definition and its formula") {
  for (const Family& family : kFamilies) {
    INFO(family.definition);
    const std::string body = ClaimFolder(family.world()).read("body.md");
    CHECK(body.find(family.definition) != std::string::npos);
    CHECK(body.find(fmt::format("| Monthly Uptime Percentage | {} = {} % |\n", family.formula,
                                family.uptime)) != std::string::npos);
  }
}

TEST_CASE("an edit of a claim of each family is found although the checksums were made to fit") {
  struct Edit {
    ClaimWorld (*world)();
    const char* file;
    const char* from;
    const char* to;
    const char* finds;
  };
  const std::vector<Edit> edits{
      // A minute at the threshold ends the run, and what is left of it is too short.
      {runs, "intervals.log", "20             3             3   85.000000000000",
       "20             2             2   90.000000000000",
       "intervals.log:7: expected a minute of a Downtime Period by the contract's formula, got 20 "
       "requests and 2 errors"},
      {runs, "intervals.log", "2026-10-01T01:42:00Z", "# 26-10-01T01:42:00Z",
       "expected the uptime 100.000000000000 % as intervals.log adds up to"},
      {runs, "claim.json", "\"at_least\": \"5m\"", "\"at_least\": \"7m\"",
       "expected a minute of a Downtime Period"},
      {runs, "claim.json", "\"minimum_requests\": 10", "\"minimum_requests\": 1000",
       "expected a minute of a Downtime Period"},
      {runs, "claim.json", "\"error_rate_above\": \"10\"", "\"error_rate_above\": \"15\"",
       "expected a minute of a Downtime Period"},
      {runs, "claim.json", "\"error_rate_above\": \"10\"",
       "\"error_rate_above\": \"0.00000000000000000000000000000000001\"",
       "expected a percentage of at most 10 digits at /rule/formula/error_rate_above"},
      {windows, "intervals.log", "100             6             6   94.000000000000",
       "100             5             5   95.000000000000",
       "expected a 5-minute window that was unavailable by the contract's formula"},
      {windows, "claim.json", "\"window\": \"5m\"", "\"window\": \"10m\"",
       "expected 4464 intervals in the billing cycle, got 8928"},
      {all_failed, "intervals.log", "10            10             8    0.000000000000",
       "11            10             8    9.090909090909",
       "expected a 5-minute interval that was unavailable by the contract's formula"},
      {left_out, "claim.json", "\"silent\": 8926", "\"silent\": 8925",
       "expected the uptime 96.666666666666 % as intervals.log adds up to, got 95"},
      {left_out, "claim.json", "\"silent\": \"left-out\"", "\"silent\": \"available\"",
       "expected the uptime 99.998879928315 % as intervals.log adds up to, got 95"},
      {ratio, "claim.json", "\"requests\": 446400", "\"requests\": 446401",
       "expected the uptime 99.997759861649 % as intervals.log adds up to"},
      {ratio, "intervals.log", "10             9             9   10.000000000000",
       "10             8             8   20.000000000000",
       "expected 10 Errors as claim.json says, got 9"},
      {ratio_once, "requests.log", "2026-10-01T00:15:00.204Z", "# 26-10-01T00:15:00.204Z",
       "expected 1 more failed requests in the interval 2026-10-01T00:15:00Z"},
  };
  for (const Edit& edit : edits) {
    INFO(edit.from << " -> " << edit.to);
    const ClaimFolder folder(edit.world());
    folder.replace(edit.file, edit.from, edit.to);
    folder.sum_again();
    const claim::Verification verified = folder.verify();
    INFO(joined(verified));
    CHECK(names(verified, edit.finds));
  }
}

TEST_CASE("the minutes of Downtime Periods are listed, and no others") {
  const ClaimFolder folder(runs());
  const std::string log = folder.read("intervals.log");
  CHECK(log.find("# every minute of a Downtime Period: ") != std::string::npos);
  CHECK(lines_of(log) == 6 + 6);
  CHECK(log.find("2026-10-01T01:46:00Z  2026") == std::string::npos);
  CHECK(log.find("2026-10-01T03:20:00Z") == std::string::npos);
  const std::string body = folder.read("body.md");
  CHECK(body.find("| M: minutes in the billing cycle | 44640 |") != std::string::npos);
  CHECK(body.find("| D: minutes in Downtime Periods, listed in intervals.log | 6 |") !=
        std::string::npos);
  CHECK(body.find("| Errors | 100 |\n| of these in intervals.log | 18 |") != std::string::npos);
  CHECK(lines_of(folder.read("requests.log")) == 6 + 18);
}

TEST_CASE("a repeated Error is neither counted nor shown as evidence") {
  const ClaimFolder folder(ratio_once());
  const std::string log = folder.read("requests.log");
  CHECK(lines_of(log) == 6 + 2);
  CHECK(log.find("2026-10-01T00:10:00.204Z") != std::string::npos);
  CHECK(log.find("2026-10-01T00:15:00.204Z") != std::string::npos);
}

TEST_CASE("a repeat whose first Error has no record is not shown in its place") {
  ClaimWorld world = ratio_once();
  std::erase_if(world.evidence, [&](const record::Evidence& record) {
    return core::minute_of(record.at) == core::minute_of(world.begin_of(10));
  });
  const ClaimFolder folder(world);
  CHECK(folder.read("requests.log").find("00:12:00.204Z") == std::string::npos);
  CHECK(joined(folder.verify()) == "");
}

TEST_CASE("an Error is defined by statuses, names and the time without an answer") {
  struct Case {
    core::ErrorRule rule;
    const char* text;
  };
  const std::vector<Case> cases{
      {{{{500, 599}}, {}, {}, ""}, "- An Error is a Request that returns 5xx.\n"},
      {{{{500, 599}}, {"KMSInternalException"}, {}, ""},
       "- An Error is a Request that returns 5xx with the error KMSInternalException.\n"},
      {{{}, {"InternalError", "KMSInternalException"}, {}, ""},
       "- An Error is a Request that returns the error InternalError or KMSInternalException.\n"},
      {{{{500, 500}, {503, 503}}, {}, std::chrono::seconds(10), ""},
       "- An Error is a Request that returns 500 or 503, or that gets no answer within 10 s.\n"},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    ClaimWorld world = all_failed();
    world.version().error = c.rule;
    const ClaimFolder folder(world);
    CHECK(folder.read("body.md").find(c.text) != std::string::npos);
    CHECK(joined(folder.verify()) == "");
  }
}

TEST_CASE("a timeout that is an Error is in the request log, and verifies") {
  ClaimWorld world = all_failed();
  world.version().error.no_answer_within = std::chrono::seconds(10);
  world.tallies.add(core::minute_of(world.begin_of(10)), core::Failed{core::NoAnswer::timeout}, 1);
  record::Evidence record = world.record(10, 50);
  record.outcome = core::Failed{core::NoAnswer::timeout};
  world.evidence.push_back(record);
  const ClaimFolder folder(world);
  CHECK(folder.read("requests.log").find("     -  timeout  ") != std::string::npos);
  CHECK(joined(folder.verify()) == "");
  folder.replace("requests.log", "     -  timeout  ", "     -  connect  ");
  folder.sum_again();
  CHECK(names(folder.verify(), "expected an Error by the contract, got connect"));
}

TEST_CASE("a contract without a subject, a Region and a deadline gives a plain claim") {
  ClaimWorld world = ratio();
  world.agreement.region.clear();
  world.version().claim = {};
  const ClaimFolder folder(world);
  CHECK(folder.read("subject.txt") ==
        "Service Credit request: AWS Key Management Service, 2026-10\n");
  CHECK(folder.read("body.md").find("To be received") == std::string::npos);
  CHECK(folder.read("intervals.log")
            .starts_with("# every minute with an Error: AWS Key Management Service\n"));
}

TEST_CASE("what only the user knows is left to be filled in") {
  ClaimWorld world = runs();
  world.version().claim.needs = {"the affected API ids", "the project number"};
  const std::string body = ClaimFolder(world).read("body.md");
  CHECK(body.find("\n| the affected API ids | ____ |\n| the project number | ____ |\n") !=
        std::string::npos);
}

TEST_CASE("terms that the customer supplied are named as such") {
  ClaimWorld world = runs();
  CHECK(ClaimFolder(world).read("body.md").find("supplied by the customer") == std::string::npos);
  world.version().supplied = {"credits", "claim.deadline"};
  CHECK(ClaimFolder(world).read("body.md").find(
            "they were supplied by the customer: credits, claim.deadline.") != std::string::npos);
}

TEST_CASE("each exclusion says what the uptime would be without it") {
  ClaimWorld world = runs();
  world.agreement.exclusions = {{{world.begin_of(100), world.begin_of(101)}, "we were upgrading"}};
  const std::string body = ClaimFolder(world).read("body.md");
  CHECK(body.find("Every minute that one of these touches is in no Downtime Period:") !=
        std::string::npos);
  CHECK(body.find("we were upgrading. Without it the Monthly Uptime Percentage would be "
                  "99.986559139784 %.\n") != std::string::npos);
}

TEST_CASE("a month in part says from when, and what of it counts") {
  ClaimWorld world = runs();
  world.agreement.since = world.begin_of(60);
  world.cycle = core::counted_cycle(world.version(), world.cycle, world.agreement);
  CHECK(ClaimFolder(world).read("body.md").find(
            "| Used in part | the service was used from 2026-10-01T01:00:00Z; the whole billing "
            "cycle counts |\n") != std::string::npos);
}

TEST_CASE("of a month in part that counts in part the grid begins with what counts") {
  ClaimWorld world = ClaimWorld::with(kLeftOut, 10);
  world.version().part_month = core::PartMonth::used_time;
  world.agreement.since = world.cycle.span.begin + minutes(62);
  world.agreement.until = world.cycle.span.end - minutes(1);
  world.cycle = core::counted_cycle(world.version(), world.cycle, world.agreement);
  world.fail({3, 10, 9, 9});
  const ClaimFolder folder(world);
  CHECK(folder.read("body.md").find(
            "| Used in part | the service was used from 2026-10-01T01:02:00Z up to, not including, "
            "2026-10-31T23:59:00Z; that time alone counts |\n") != std::string::npos);
  CHECK(folder.read("intervals.log").find("2026-10-01T01:17:00Z  2026-10-01T01:22:00Z") !=
        std::string::npos);
  CHECK(joined(folder.verify()) == "");
}
