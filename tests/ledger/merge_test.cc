// Ledgers that are joined: in whichever order, as often as anybody likes, and what is refused.
#include "ledger/merge.h"

#include <algorithm>
#include <numeric>

#include "core/classify.h"
#include "ledger/implementations.h"
#include "ledger/open.h"
#include "record/canonical.h"
#include "record/digest.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace {

using namespace recoup;
using namespace std::chrono_literals;
using ledger::Ledger;
using record::Batch;
using record::SeriesKind;

const core::Instant kTen = std::chrono::sys_days(std::chrono::year(2026) / 10 / 3) + 10h;
const core::Minute kMinute = core::minute_of(kTen);
const core::Interval kAlways{core::Instant{}, core::kOpenEnd};
const core::Outcome kOk = core::Answered{200};
const core::Outcome kDown = core::Answered{503, "KMSInternalException", true};

std::unique_ptr<Ledger> open(const std::string& url) {
  auto opened = ledger::open_ledger(url);
  REQUIRE(opened.ok());
  return *std::move(opened);
}

record::SeriesId probe(Ledger& at, const std::string& vantage) {
  return *at.series({"kms", SeriesKind::probe, "generate", vantage});
}

// What one probe of the vantage saw in the minutes [first, end), some of it bad.
Batch seen(record::SeriesId series, int first, int end) {
  Batch batch;
  for (int i = first; i < end; ++i) {
    const core::Minute minute = kMinute + std::chrono::minutes(i);
    const std::uint64_t bad = i % 3 == 0 ? 2 : 0;
    batch.minutes.push_back({series, minute, {{kOk, 10}}});
    if (bad == 0) continue;
    batch.minutes.back().counts.push_back({kDown, bad});
    for (std::uint64_t tie = 0; tie < bad; ++tie) {
      batch.evidence.push_back(
          {series,
           {core::Instant(minute) + 5s, tie, kDown, "id-" + std::to_string(i), 20ms, "", ""}});
    }
  }
  batch.checkpoints.push_back({series, kTen + std::chrono::minutes(end) - 1s, 6s});
  return batch;
}

void write(Ledger& at, const Batch& batch) { REQUIRE(at.write(batch).ok()); }

void import(Ledger& at, const std::string& digest, const core::Minute& minute,
            const std::string& prints = {}, std::uint64_t requests = 40) {
  record::ImportedFile file;
  file.name = digest + ".log";
  file.digest = digest;
  file.bytes = 1000;
  file.lines = file.records = file.requests = requests;
  file.format = "combined";
  if (!prints.empty()) {
    record::LineRun run;
    run.earliest = run.latest = minute;
    run.head = prints.substr(0, 32);
    run.prints = prints;
    file.runs = {run};
  }
  REQUIRE(*at.import("kms", "nginx", file,
                     {.minutes = {{0, minute, {{kOk, requests - 1}, {kDown, 1}}}},
                      .evidence = {{0, {core::Instant(minute), 1, kDown, "", 0ms, "", ""}}}},
                     ""));
}

std::string prints(char first) {
  std::string all;
  for (int i = 0; i < 40; ++i) all += {static_cast<char>(first + i), static_cast<char>(i)};
  return all;
}

// Three ledgers, as three machines have them, and one of all that they saw.
struct World {
  test::TempDir dir;
  std::array<std::string, 3> urls{"sqlite:" + dir.file("berlin.db"),
                                  "sqlite:" + dir.file("tokyo.db"),
                                  "sqlite:" + dir.file("logs.db")};
  std::string whole = "sqlite:" + dir.file("whole.db");

  World() {
    for (const std::string& url : {urls[0], whole}) {
      const auto at = open(url);
      const auto series = probe(*at, "berlin");
      write(*at, seen(series, 0, 60));
      write(*at, {.gaps = {{series, {{kTen + 2h, kTen + 3h}, 6s, core::NotSent::stopped}}},
                  .clock_steps = {{kTen + 2h, 4s}}});
      REQUIRE(at->exclude("kms", {{kTen + 30min, kTen + 31min}, "maintenance"}).ok());
    }
    for (const std::string& url : {urls[1], whole}) {
      const auto at = open(url);
      const auto series = probe(*at, "tokyo");
      write(*at, seen(series, 20, 90));
      write(*at, {.unseen = {{series, {{kTen + 90min, kTen + 95min}, "was full"}}}});
      REQUIRE(at->add_claim_event({"kms", std::chrono::year(2026) / std::chrono::September, kTen,
                                   record::ClaimStep::submitted, "case 7"})
                  .ok());
    }
    for (const std::string& url : {urls[2], whole}) {
      const auto at = open(url);
      import(*at, "a", kMinute, prints('a'));
      import(*at, "b", kMinute + 3min, prints('q'));
      import_trail(*at, "t1", {1, 2, 3});
    }
    // Another machine read a file of the trail that has some of the same events.
    import_trail(*open(urls[1]), "t2", {3, 4});
    import_trail(*open(whole), "t2", {3, 4});
  }

  static void import_trail(Ledger& at, const std::string& digest,
                           const std::vector<std::uint64_t>& ids) {
    record::TrailFile file;
    file.agreement = "kms";
    file.log = "trail";
    file.file.digest = digest;
    file.file.name = digest + ".json.gz";
    file.file.kind = SeriesKind::stream;
    file.file.span = {kTen, kTen + 1h};
    file.events.outcomes = {kOk, kDown};
    file.events.heard = kTen + 1h;
    for (const std::uint64_t id : ids) {
      const core::Instant when = kTen + std::chrono::minutes(id);
      const std::uint32_t outcome = id % 2 == 1 ? 1 : 0;
      file.events.events.push_back({when, id, outcome});
      if (outcome == 1) file.events.evidence.push_back({when, id, kDown, "", 0ms, "", ""});
    }
    REQUIRE(at.import_trail({file}).ok());
  }
};

ledger::Merged merge(const std::string& from, const std::string& into) {
  const auto merged = ledger::merge(*ledger::Address::parse(from), *ledger::Address::parse(into));
  if (!merged) FAIL(merged.error().message);
  return *merged;
}

core::Error refusal(const std::string& from, const std::string& into) {
  const auto merged = ledger::merge(*ledger::Address::parse(from), *ledger::Address::parse(into));
  REQUIRE_FALSE(merged.ok());
  return merged.error();
}

// All that judgements and seals rest on, as text.
std::string content(Ledger& at) {
  std::string text = record::canonical_tallies(*at.tallies("kms", kAlways));
  record::EvidenceDigest evidence;
  REQUIRE(
      at.evidence("kms", kAlways, [&](const record::Evidence& one) { evidence.add(one); }).ok());
  text += evidence.hex() + '\n';
  const auto heads = at.chain("kms", kAlways);
  for (const record::ChainHead& head : *heads) {
    text += head.kind + ' ' + head.name + ' ' + head.part + ' ' + std::to_string(head.records);
    // The records of a trail's day are chained in the order in which its files came.
    text += head.kind == "stream" ? "\n" : ' ' + head.head + '\n';
  }
  const auto exclusions = at.exclusions("kms");
  for (const core::ExclusionWindow& one : *exclusions) text += one.reason + '\n';
  const auto claims = at.claim_events("kms");
  for (const record::ClaimEvent& one : *claims) text += one.case_id + '\n';
  const auto steps = at.clock_steps(kAlways);
  for (const record::ClockStep& step : *steps) text += core::to_text(step.at) + '\n';
  std::vector<std::string> files;
  const auto read = at.files("kms");
  for (const record::ImportedFile& file : *read) files.push_back(file.name);
  std::sort(files.begin(), files.end());
  for (const std::string& name : files) text += name + '\n';
  return text;
}

}  // namespace

TEST_CASE("three ledgers are the same one whole, in all six orders, and again adds nothing") {
  const World world;
  const std::string expected = content(*open(world.whole));
  std::array<std::size_t, 3> order{0, 1, 2};
  int run = 0;
  do {
    const std::string into = run == 0
                                 ? test::PostgresServer::shared().new_database()
                                 : "sqlite:" + world.dir.file("all-" + std::to_string(run) + ".db");
    CAPTURE(order, into);
    for (const std::size_t i : order) CHECK(merge(world.urls[i], into).is_new());
    for (const std::size_t i : order) CHECK_FALSE(merge(world.urls[i], into).is_new());
    const auto all = open(into);
    CHECK(content(*all) == expected);
    CHECK(all->check_chain("kms", {})->empty());
    CHECK(all->check_evidence("kms")->excess.empty());
    const auto point = all->checkpoint(probe(*all, "tokyo"));
    CHECK((*point)->watermark == kTen + 90min - 1s);
    ++run;
  } while (std::next_permutation(order.begin(), order.end()));
  CHECK(run == 6);
}

TEST_CASE("a later copy of a ledger in use brings what is new, also within its last minute") {
  const test::TempDir dir;
  const std::string url = "sqlite:" + dir.file("berlin.db");
  const std::string into = "sqlite:" + dir.file("all.db");
  const auto at = open(url);
  const auto series = probe(*at, "berlin");
  write(*at, seen(series, 0, 5));
  write(*at, {.minutes = {{series, kMinute + 5min, {{kOk, 3}}}},
              .checkpoints = {{series, kTen + 5min + 20s, 6s}}});
  CHECK(merge(url, into).minutes == 6);
  write(*at, {.minutes = {{series, kMinute + 5min, {{kOk, 9}, {kDown, 1}}}}});
  write(*at, seen(series, 6, 10));
  const ledger::Merged merged = merge(url, into);
  CHECK(merged.minutes == 5);
  CHECK(merged.series == 0);
  const auto all = open(into);
  CHECK(all->counts(probe(*all, "berlin"), kMinute + 5min)->size() == 2);
  CHECK_FALSE(merge(url, into).is_new());
  // What came to a time that may be sealed is in the journal.
  const std::vector<record::JournalEntry> journal = *all->journal("kms", 0);
  REQUIRE_FALSE(journal.empty());
  CHECK(journal.back().replaces == "late");
  CHECK(journal.back().span.begin == kTen + 5min);
}

TEST_CASE("what a ledger had removed of its evidence is said when it is merged") {
  const test::TempDir dir;
  const std::string from = "sqlite:" + dir.file("from.db");
  {
    const auto at = open(from);
    import(*at, "a", kMinute, prints('a'));
    import(*at, "b", kMinute + 3min, prints('q'));
    const auto turn = at->remove_evidence({"kms", kMinute + 1min, 100});
    REQUIRE(turn.ok());
    REQUIRE(turn->records == 1);
  }
  const ledger::Merged merged = merge(from, "sqlite:" + dir.file("into.db"));
  CHECK(merged.records == 1);
  CHECK(merged.removed == 1);
}

TEST_CASE("what two processes counted apart for one vantage is refused, and nothing is changed") {
  const test::TempDir dir;
  const std::string one = "sqlite:" + dir.file("one.db");
  const std::string other = "sqlite:" + dir.file("other.db");
  {
    const auto at = open(one);
    write(*at, seen(probe(*at, "berlin"), 0, 10));
    const auto there = open(other);
    write(*there, seen(probe(*there, "tokyo"), 0, 10));
    Batch differs = seen(probe(*there, "berlin"), 4, 14);
    differs.minutes[1].counts[0].count = 11;
    write(*there, differs);
  }
  const std::string before = content(*open(one));
  const core::Error error = refusal(other, one);
  CHECK(error.message.find("the probe generate from berlin of kms") != std::string::npos);
  CHECK(error.message.find("at 2026-10-03T10:05:00Z") != std::string::npos);
  CHECK(error.help.find("vantage") != std::string::npos);
  CHECK(content(*open(one)) == before);
  CHECK(refusal(one, other).message.find("2026-10-03T10:05:00Z") != std::string::npos);
  CHECK(refusal(one, one).message == "expected two ledgers, got one twice");
}

TEST_CASE("log files with lines in common are refused, in whichever ledger they are") {
  const test::TempDir dir;
  const std::string one = "sqlite:" + dir.file("one.db");
  const std::string other = "sqlite:" + dir.file("other.db");
  import(*open(one), "a", kMinute, prints('a'));
  import(*open(other), "part-of-a", kMinute, prints('a').substr(10, 40));
  CHECK(refusal(other, one).message.find("no lines in common") != std::string::npos);
  CHECK(refusal(one, other).message.find("no lines in common") != std::string::npos);

  // The same file that was counted in part, since another one had its lines.
  const std::string third = "sqlite:" + dir.file("third.db");
  import(*open(third), "a", kMinute, prints('a'), 30);
  CHECK(refusal(third, one).help.find("recoup imports --agreement kms") != std::string::npos);
}

TEST_CASE("a ledger that is not there is none to be merged, and none is made of it") {
  const test::TempDir dir;
  const std::string gone = "sqlite:" + dir.file("gone.db");
  const std::string into = "sqlite:" + dir.file("all.db");
  CHECK(refusal(gone, into).message.find("got no file") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(dir.file("gone.db")));
}
