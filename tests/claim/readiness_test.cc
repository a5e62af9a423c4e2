#include "claim/readiness.h"

#include <sys/stat.h>

#include "claim/folder.h"
#include "claim/notes.h"

using namespace recoup;
using recoup::test::ClaimFolder;
using recoup::test::ClaimWorld;

namespace {

ClaimWorld breach(std::uint64_t recorded) {
  ClaimWorld world;
  world.fail({600, 60, 12, recorded});
  world.late_until = std::nullopt;
  return world;
}

std::vector<claim::Lack> lacks_of(const ClaimWorld& world) {
  const claim::Claim claim = world.claim();
  const auto logged = claim::count_logged(claim, world.reader());
  REQUIRE(logged.ok());
  return claim::readiness(claim, *logged);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

unsigned mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

}  // namespace

TEST_CASE("a claim with a record and a request id of every Error, on a bill, lacks nothing") {
  CHECK(lacks_of(breach(12)).empty());
}

TEST_CASE("a claim without any record is refused unless the user insists") {
  const auto lacks = lacks_of(breach(0));
  REQUIRE(lacks.size() == 1);
  CHECK(lacks[0].text ==
        "none of the 12 Errors has a record of the request: requests.log would be empty, and "
        "nothing would corroborate the outage");
  const auto refused = claim::refusal(lacks, {});
  REQUIRE(refused);
  CHECK(refused->message.starts_with("the claim is not ready: none of the 12 Errors"));
  CHECK(refused->help.ends_with("; or write it all the same with --accept missing-records"));
}

TEST_CASE("where all that was recorded is nobody's, the refusal says so") {
  ClaimWorld world = breach(0);
  world.tallies.add(core::minute_of(world.begin_of(601)),
                    core::Answered{503, "KMSInternalException", true}, 3);
  CHECK(has(lacks_of(world).front().text,
            "; 3 error answers were recorded that cannot be attributed to the provider"));
}

TEST_CASE("a log that gives another verdict is told to the user, and Requests that count twice") {
  ClaimWorld world = breach(12);
  core::Comparison other;
  other.log = "web";
  other.uptime = core::Ratio(1, 1);
  world.comparisons = {other};
  auto lacks = lacks_of(world);
  REQUIRE(lacks.size() == 1);
  CHECK(lacks[0].text ==
        "the log web, with which the claim is compared, would give an uptime of 100.000000000000 % "
        "by itself, "
        "and no claim like this");
  CHECK_FALSE(claim::refusal(lacks, {}));
  world.comparisons[0].tier = world.claim().assessment.tier;
  CHECK(lacks_of(world).empty());
  world.overlaps = {{"the log sdk (csm)", "the log trail (cloudtrail)"}};
  lacks = lacks_of(world);
  REQUIRE(lacks.size() == 1);
  CHECK(lacks[0].text ==
        "the log sdk (csm) and the log trail (cloudtrail) are both counted, and see the same "
        "Requests: some count twice");
  CHECK(claim::refusal(lacks, {}));
}

namespace {

struct Case {
  const char* what;
  void (*make)(ClaimWorld&);
  const char* text;
  const char* accept = "";
};

}  // namespace

TEST_CASE("what stops a claim is told first, and goes on where the user accepts it") {
  const std::vector<Case> cases{
      {"a record missing", [](ClaimWorld& w) { w.evidence.pop_back(); },
       "1 of the 12 Errors has no record of the request", "missing-records"},
      {"an estimate", [](ClaimWorld& w) { w.charge->from = "estimate"; },
       "the charge is an estimate from a price book, and the credit is a share of the charges "
       "paid",
       "estimated-charge"},
      {"too late", [](ClaimWorld& w) { w.asked = w.claim().assessment.deadline->literal; },
       "it is too late: by either reading of the contract it had to be received before "
       "2027-01-01T00:00:00Z",
       "late"},
      {"another agreement", [](ClaimWorld& w) { w.twin = "the agreements a and b are one"; },
       "the agreements a and b are one", "two-agreements"},
      {"counts that are estimates",
       [](ClaimWorld& w) {
         w.sources = {{"prometheus", {"counters"}, "", {}, true}};
       },
       "the counts of counters are estimates: prometheus samples counters, and what they grew by "
       "between samples is extrapolated",
       "estimated-counts"},
  };
  for (const Case& c : cases) {
    INFO(c.what);
    ClaimWorld world = breach(12);
    world.version().claim.needs = {"API ids"};  // a warning
    c.make(world);
    const auto lacks = lacks_of(world);
    REQUIRE(lacks.size() == 2);
    CHECK(lacks[0].text == c.text);
    CHECK(lacks[0].accept == c.accept);
    const auto refused = claim::refusal(lacks, {"counted-twice"});
    REQUIRE(refused);
    CHECK(has(refused->help, std::string("or write it all the same with --accept ") + c.accept));
    CHECK_FALSE(claim::refusal(lacks, {c.accept}));
    CHECK(claim::parse_accept(c.accept).ok());
  }
  CHECK_FALSE(claim::parse_accept("everything").ok());
}

TEST_CASE("between both readings of the deadline a claim is urgent, and goes on") {
  ClaimWorld world = breach(12);
  world.asked = world.claim().assessment.deadline->safe;
  const auto lacks = lacks_of(world);
  REQUIRE(lacks.size() == 1);
  CHECK(has(lacks[0].text, "by the earlier reading of the contract it is too late"));
  CHECK_FALSE(claim::refusal(lacks, {}));
}

TEST_CASE("what a provider may ask for is told, and stops nothing") {
  const std::vector<Case> cases{
      {"a request id missing", [](ClaimWorld& w) { w.evidence.front().request_id.clear(); },
       "1 of the 12 failed requests with a record has no request id of the provider, who cannot "
       "look it up"},
      {"no request id at all",
       [](ClaimWorld& w) {
         for (record::Evidence& record : w.evidence) record.request_id.clear();
       },
       "12 of the 12 failed requests with a record have no request id of the provider, who cannot "
       "look them up"},
      {"an open bill", [](ClaimWorld& w) { w.charge->final = false; },
       "the charge is not final: the provider may still change it"},
      {"just above the minimum",
       [](ClaimWorld& w) { w.charge->amount.amount = core::Ratio(1001, 100); },
       "the amount is more than the contract's minimum of 1.00 USD only before it is cut: 1.001 "
       "USD is shown as 1.00 USD"},
      {"not sealed", [](ClaimWorld& w) { w.late_until = w.cycle.span.end; },
       "the month is not sealed: late logs may still change it"},
      {"a text without a date",
       [](ClaimWorld& w) {
         w.version().read = w.version().effective;
         w.version().effective.reset();
       },
       "it is judged by the text read on 2022-11-29, and nobody knows when that came into force"},
      {"a line that nobody could read",
       [](ClaimWorld& w) { w.tallies.add(core::minute_of(w.begin_of(700)), core::Unread{}, 1); },
       "1 line of the logs could not be read, and is not counted"},
      {"a source of best effort",
       [](ClaimWorld& w) {
         w.sources = {{"probe", {"probe"}, ""}, {"alb", {"web"}, "Requests may be missing."}};
       },
       "the provider may count Requests that web has not: Requests may be missing."},
      {"something by hand", [](ClaimWorld& w) { w.version().claim.needs = {"API ids"}; },
       "the contract wants in the claim what only you know: API ids"},
  };
  for (const Case& c : cases) {
    INFO(c.what);
    ClaimWorld world = breach(12);
    c.make(world);
    const auto lacks = lacks_of(world);
    REQUIRE(lacks.size() == 1);
    CHECK(lacks[0].text == c.text);
    CHECK_FALSE(lacks[0].help.empty());
    CHECK_FALSE(claim::refusal(lacks, {}));
  }
}

TEST_CASE("the notes have both readings of the deadline and what is lacking, the claim neither") {
  ClaimWorld world = breach(12);
  world.charge->from = "estimate";
  world.charge->others = {{"stated", {core::Ratio(1800, 1), "USD"}}};
  const ClaimFolder folder(world);
  const std::string notes = [&] {
    claim::Claim claim = world.claim();
    claim.lacks = lacks_of(world);
    return claim::notes_text(claim, "claims/october");
  }();
  CHECK(has(notes, "received before 2026-12-01T00:00:00Z: that is the earlier reading"));
  CHECK(has(notes, "literal reading it must be received before 2027-01-01T00:00:00Z"));
  CHECK(
      has(notes,
          "- **Accepted by you (estimated-charge):** the charge is an estimate from a price book"));
  CHECK(has(notes, "`sh claims/october/send.sh --dry-run` looks up what AWS Support asks for"));
  CHECK(has(notes, "- The charge by comparison, stated: 1800.00 USD.\n"));
  CHECK_FALSE(has(folder.read("body.md"), "1800.00 USD"));
  CHECK(has(notes, "send dispute.csv and ask for which of these intervals."));
  CHECK(
      has(notes,
          "recoup claims mark --agreement kms-us-east-1 --month 2026-10 submitted --case NUMBER"));
  for (const char* name : {"body.md", "body.txt", "claim.html", "subject.txt", "create-case.json",
                           "create-case.cli.json"}) {
    INFO(name);
    const std::string text = folder.read(name);
    CHECK_FALSE(has(text, "2026-12-01"));
    CHECK_FALSE(has(text, "reading"));
    CHECK(has(text, "2027-01-01") == (std::string(name) != "subject.txt"));
  }
}

TEST_CASE("the notes lie beside the claim's folder, however it is written") {
  CHECK(claim::notes_path("claim") == "claim.notes.md");
  CHECK(claim::notes_path("claims/october//") == "claims/october.notes.md");
  CHECK(claim::notes_path("/srv/claim/") == "/srv/claim.notes.md");
  CHECK(claim::notes_path(".") == std::filesystem::current_path().string() + ".notes.md");
}

TEST_CASE("the body lists what the case carries, and what is there on request") {
  const ClaimFolder folder(breach(12));
  const std::string body = folder.read("body.md");
  const auto at = body.find("## Attachments");
  REQUIRE(at != std::string::npos);
  const std::string list = body.substr(at, body.find("## How it was computed") - at);
  CHECK(has(list, "\n- intervals.log: "));
  CHECK(has(list, "\n- requests.log: "));
  CHECK_FALSE(has(list, "\n- claim.json"));
  CHECK_FALSE(has(list, "\n- SHA256SUMS"));
  CHECK(has(list, "\nOn request: this claim as a page with pictures (claim.html)"));
}

TEST_CASE("a claim's folder and files are for their owner alone") {
  const mode_t before = umask(0);
  const ClaimFolder folder(breach(12));
  umask(before);
  CHECK(mode_of(folder.path()) == 0700);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    INFO(entry.path());
    CHECK(mode_of(entry.path()) == 0600);
    ++files;
  }
  CHECK(files == 13);
}

TEST_CASE("a claim that comes before the contract takes one is told of, and refuses nothing") {
  ClaimWorld world = breach(12);
  world.version().claim.not_before = core::NotBefore{5, true};
  CHECK(lacks_of(world).empty());

  claim::Claim early = world.claim();
  early.too_early_until = early.assessment.not_before;
  const auto logged = claim::count_logged(early, world.reader());
  const auto lacks = claim::readiness(early, *logged);
  REQUIRE(lacks.size() == 1);
  // 2 November 2026 is a Monday.
  CHECK(lacks[0].text ==
        "the contract takes no claim before 2026-11-07T00:00:00Z, with every day from Monday to "
        "Friday as a business day");
  CHECK(has(lacks[0].help, "where a public holiday is among these days, later by as many"));
  CHECK_FALSE(claim::refusal(lacks, {}));
  CHECK(has(claim::notes_text(early, "claim"),
            "The contract takes no claim before 2026-11-07T00:00:00Z.\nSend it"));
}
