// What every ledger does, whatever it is kept in: the list runs over all implementations.
#include <algorithm>
#include <string>
#include <vector>

#include "ledger/implementations.h"
#include "ledger/open.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace {

using namespace recoup::ledger;
using namespace recoup::record;
using namespace std::chrono_literals;
using recoup::core::Answered;
using recoup::core::ExclusionWindow;
using recoup::core::Failed;
using recoup::core::Gap;
using recoup::core::Instant;
using recoup::core::Interval;
using recoup::core::Minute;
using recoup::core::Missed;
using recoup::core::NoAnswer;
using recoup::core::NotSent;
using recoup::core::Outcome;
using recoup::core::OutcomeCount;
using recoup::core::Tallies;
using recoup::record::Evidence;
using recoup::test::Implementation;
using recoup::test::kImplementations;
using recoup::test::TempDir;

const Instant kTen = std::chrono::sys_days(std::chrono::year(2026) / 10 / 3) + 10h;
const Minute kMinute = recoup::core::minute_of(kTen);
const Interval kHour{kTen, kTen + 1h};
const Outcome kOk = Answered{200};
const Outcome kDown = Answered{503, "KMSInternalException", true};

// World is one new ledger of the implementation under test with a series of a probe.
struct World {
  TempDir dir;
  std::unique_ptr<Ledger> ledger;
  SeriesId probe = 0;

  explicit World(const Implementation& implementation) {
    auto opened = open_ledger(implementation.url(dir));
    REQUIRE(opened.ok());
    ledger = *std::move(opened);
    probe = series("kms", "generate");
  }

  SeriesId series(const std::string& agreement, const std::string& name) const {
    const auto id = ledger->series({agreement, SeriesKind::probe, name, "berlin"});
    REQUIRE(id.ok());
    return *id;
  }

  void write(const Batch& batch) const {
    const auto written = ledger->write(batch);
    INFO(written.error().message);
    REQUIRE(written.ok());
  }

  std::vector<OutcomeCount> counts(Minute minute) const {
    auto counts = ledger->counts(probe, minute);
    REQUIRE(counts.ok());
    return *counts;
  }

  std::vector<Evidence> evidence(const std::string& agreement, const Interval& span) const {
    std::vector<Evidence> all;
    REQUIRE(ledger->evidence(agreement, span, [&](const Evidence& e) { all.push_back(e); }).ok());
    return all;
  }

  Tallies tallies(const std::string& agreement, const Interval& span) const {
    auto tallies = ledger->tallies(agreement, span);
    REQUIRE(tallies.ok());
    return *tallies;
  }
};

// The tallies as sorted lines, "10:03 200 11" with the minute counted from kTen.
std::vector<std::string> lines(const Tallies& tallies) {
  std::vector<std::string> lines;
  for (const Tallies::Row& row : tallies.rows()) {
    lines.push_back(std::to_string((row.minute - kMinute).count()) + ' ' +
                    to_text(tallies.outcomes()[row.outcome]) + ' ' + std::to_string(row.count));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

using Lines = std::vector<std::string>;
using Windows = std::vector<ExclusionWindow>;

Evidence failure(Instant at, std::uint64_t tie = 0) {
  return {at, tie, kDown, "req-" + std::to_string(tie), 84ms, "192.0.2.7:443", "GET /"};
}

ImportedFile file(const std::string& digest, std::uint64_t bytes) {
  return {digest, bytes, "access.log", 5, 3, 1, 1};
}

}  // namespace

#define EVERY_LEDGER                                                   \
  const auto& implementation = GENERATE(from_range(kImplementations)); \
  INFO(implementation.name);                                           \
  const World world(implementation)

TEST_CASE("a series keeps its id, and each key has its own") {
  EVERY_LEDGER;
  CHECK(world.series("kms", "generate") == world.probe);
  const std::vector<SeriesKey> keys{{"kms", SeriesKind::probe, "generate", "berlin"},
                                    {"kms", SeriesKind::probe, "generate", "tokyo"},
                                    {"kms", SeriesKind::file, "generate", "berlin"},
                                    {"s3", SeriesKind::probe, "generate", "berlin"}};
  const auto ids = world.ledger->series(keys);
  REQUIRE(ids.ok());
  CHECK(ids->front() == world.probe);
  std::vector<SeriesId> distinct = *ids;
  std::sort(distinct.begin(), distinct.end());
  CHECK(std::unique(distinct.begin(), distinct.end()) == distinct.end());
  CHECK(*world.ledger->series(keys) == *ids);
}

TEST_CASE("a batch that is written again changes nothing") {
  EVERY_LEDGER;
  Batch batch;
  batch.minutes = {{world.probe, kMinute, {{kOk, 11}, {kDown, 1}}}};
  batch.evidence = {{world.probe, failure(kTen + 17s)}};
  batch.checkpoints = {{world.probe, kTen + 55s, 5s}};
  batch.gaps = {{world.probe, {{kTen - 5min, kTen}, 5s}}};
  batch.clock_steps = {{kTen + 30s, -2s, 0s, "berlin"}, {kTen + 30s, -2s, 0s, "lima"}};
  for (int i = 0; i < 3; ++i) world.write(batch);

  CHECK(world.counts(kMinute) == std::vector<OutcomeCount>{{kOk, 11}, {kDown, 1}});
  CHECK(world.evidence("kms", kHour) == std::vector<Evidence>{failure(kTen + 17s)});
  CHECK(world.tallies("kms", {kTen - 1h, kTen}).gaps() ==
        std::vector<Gap>{{{kTen - 5min, kTen}, 5s}});
  const auto steps = world.ledger->clock_steps(kHour);
  REQUIRE(steps.ok());
  REQUIRE(steps->size() == 2);
  CHECK(steps->front().at == kTen + 30s);
  CHECK(steps->front().by == -2s);
  CHECK(steps->front().vantage == "berlin");
  CHECK(steps->back().vantage == "lima");
}

TEST_CASE("a minute that is written again has the later counts, and keeps those not named") {
  EVERY_LEDGER;
  world.write({.minutes = {{world.probe, kMinute, {{kOk, 5}, {Failed{NoAnswer::dns}, 2}}}}});
  world.write({.minutes = {{world.probe, kMinute, {{kOk, 9}, {kDown, 1}}}}});
  CHECK(lines(world.tallies("kms", kHour)) ==
        Lines{"0 200 9", "0 503/KMSInternalException!unattributed 1", "0 dns 2"});
  CHECK(world.counts(kMinute + 1min).empty());
}

TEST_CASE("every kind of outcome comes back as it was") {
  EVERY_LEDGER;
  std::vector<OutcomeCount> counts;
  for (const char* text :
       {"200", "999", "503/SlowDown", "500!unattributed", "503/A.b_c-1!unattributed", "dns",
        "connect", "tls", "timeout", "reset", "other", "connect-timeout", "missed/late",
        "missed/overrun", "missed/resources", "missed/stopped", "missed/suspended",
        "missed/clock"}) {
    counts.push_back({*recoup::core::parse_outcome(text), counts.size() + 1});
  }
  world.write({.minutes = {{world.probe, kMinute, counts}}});
  CHECK(world.counts(kMinute) == counts);
}

TEST_CASE("tallies of a span begin with its begin and stop before its end") {
  EVERY_LEDGER;
  for (int i = -1; i <= 60; ++i) {
    world.write({.minutes = {{world.probe, kMinute + std::chrono::minutes(i), {{kOk, 1}}}}});
  }
  const auto minutes = [&](Interval span) {
    std::vector<int> found;
    const Tallies tallies = world.tallies("kms", span);
    for (const auto& row : tallies.rows()) {
      found.push_back(static_cast<int>((row.minute - kMinute).count()));
    }
    std::sort(found.begin(), found.end());
    return found;
  };
  CHECK(minutes(kHour).size() == 60);
  CHECK(minutes({kTen, kTen + 1min}) == std::vector{0});
  CHECK(minutes({kTen, kTen + 1min + 1ms}) == std::vector{0, 1});
  CHECK(minutes({kTen + 1ms, kTen + 2min}) == std::vector{1});
  CHECK(minutes({kTen, kTen}).empty());
  CHECK(minutes({kTen + 1min, kTen}).empty());
}

TEST_CASE("evidence of a span is there at begin and at end - 1 ms, and not at end") {
  EVERY_LEDGER;
  Batch batch;
  for (const Instant at : {kHour.begin - 1ms, kHour.begin, kHour.end - 1ms, kHour.end}) {
    batch.evidence.push_back({world.probe, failure(at)});
  }
  world.write(batch);
  CHECK(world.evidence("kms", kHour) ==
        std::vector<Evidence>{failure(kHour.begin), failure(kHour.end - 1ms)});
}

TEST_CASE("evidence comes by time, then series, then tie") {
  EVERY_LEDGER;
  const SeriesId second = world.series("kms", "decrypt");
  REQUIRE(second > world.probe);
  world.write({.evidence = {{second, failure(kTen, 1)},
                            {second, failure(kTen, 0)},
                            {second, failure(kTen + 1ms, 4)},
                            {world.probe, failure(kTen + 2ms, 5)},
                            {world.probe, failure(kTen, 10)},
                            {world.probe, failure(kTen, 9)}}});
  std::vector<std::uint64_t> ties;
  for (const Evidence& e : world.evidence("kms", kHour)) ties.push_back(e.tie);
  CHECK(ties == std::vector<std::uint64_t>{9, 10, 0, 1, 4, 5});
}

TEST_CASE("pages of evidence are together all of it, in its order, however far it is apart") {
  EVERY_LEDGER;
  const SeriesId second = world.series("kms", "encrypt");
  Batch batch;
  for (int i = 0; i < 40; ++i) {
    // Some in one millisecond, some within minutes, some hours apart.
    const Instant at = kTen + i * i * i * 1s - (i % 3 == 0 ? 0s : 1s * (i % 2));
    batch.evidence.push_back(
        {i % 2 == 0 ? world.probe : second, failure(at, static_cast<std::uint64_t>(i))});
  }
  world.write(batch);
  const Interval span{kTen - 1h, kTen + 20h};
  const std::vector<Evidence> all = world.evidence("kms", span);
  CHECK(all.size() == 40);
  for (const std::size_t most : {1, 7, 39, 40, 100}) {
    INFO(most << " a page");
    std::vector<Evidence> read;
    while (true) {
      const auto page = world.ledger->evidence_page("kms", span, read.size(), most);
      REQUIRE(page.ok());
      CHECK(page->size() <= most);
      if (page->empty()) break;
      for (const Evidence& one : *page) CHECK((one.source == "encrypt") == (one.tie % 2 == 1));
      read.insert(read.end(), page->begin(), page->end());
    }
    CHECK(read == all);
  }
  CHECK(world.ledger->evidence_page("s3", span, 0, 10)->empty());
}

TEST_CASE("all series of an agreement are listed, and up to when its probes are accounted for") {
  EVERY_LEDGER;
  const SeriesId encrypt = world.series("kms", "encrypt");
  world.series("s3", "get");
  world.write({.checkpoints = {{encrypt, kTen, 5s}}});
  const auto all = world.ledger->all_series("kms");
  REQUIRE(all.ok());
  REQUIRE(all->size() == 2);
  CHECK((*all)[0].key == SeriesKey{"kms", SeriesKind::probe, "encrypt", "berlin"});
  REQUIRE((*all)[0].checkpoint);
  CHECK((*all)[0].checkpoint->watermark == kTen);
  CHECK((*all)[0].checkpoint->every == 5s);
  CHECK((*all)[1].key.name == "generate");
  CHECK_FALSE((*all)[1].checkpoint);
}

TEST_CASE("the first evidence of a series, instant and tie stays") {
  EVERY_LEDGER;
  world.write({.evidence = {{world.probe, failure(kTen, 1)}}});
  Evidence other = failure(kTen, 1);
  other.detail = "GET /other";
  world.write({.evidence = {{world.probe, other}}});
  CHECK(world.evidence("kms", kHour) == std::vector<Evidence>{failure(kTen, 1)});
}

TEST_CASE("evidence keeps any text, also none and such with a NUL or a quote") {
  EVERY_LEDGER;
  Evidence odd{kTen, 0, kDown, "", 0ms, "", std::string("it's \0 \xc3\xa4 \"x\"", 13)};
  world.write({.evidence = {{world.probe, odd}}});
  CHECK(world.evidence("kms", kHour) == std::vector<Evidence>{odd});
}

TEST_CASE("a series of any kind keeps where its source goes on, in the source's own words") {
  EVERY_LEDGER;
  const auto kind = GENERATE(SeriesKind::probe, SeriesKind::file, SeriesKind::stream,
                             SeriesKind::query, SeriesKind::sdk);
  const auto id = world.ledger->series(SeriesKey{"kms", kind, "trail", "part"});
  REQUIRE(id.ok());
  const Checkpoint first{*id, kTen, 0ms, "inode 7, byte 4096"};
  world.write({.checkpoints = {first}});
  CHECK(*world.ledger->checkpoint(*id) == first);
  const Checkpoint second{*id, kTen + 1h, 0ms, "it's \"üåß\""};
  world.write({.checkpoints = {second}});
  CHECK(*world.ledger->checkpoint(*id) == second);
  const auto all = world.ledger->all_series("kms");
  REQUIRE(all.ok());
  const auto state = std::find_if(all->begin(), all->end(),
                                  [&](const auto& one) { return one.key.name == "trail"; });
  REQUIRE(state != all->end());
  CHECK(state->key.kind == kind);
  CHECK(state->checkpoint == second);
}

TEST_CASE(
    "what a series is accounted for is what was written last, as a clock that went back has it") {
  EVERY_LEDGER;
  const auto checkpoint = [&] { return *world.ledger->checkpoint(world.probe); };
  CHECK_FALSE(checkpoint().has_value());
  world.write({.checkpoints = {{world.probe, kTen, 5s}}});
  REQUIRE(checkpoint().has_value());
  CHECK(checkpoint()->watermark == kTen);
  CHECK(checkpoint()->every == 5s);
  world.write({.checkpoints = {{world.probe, kTen - 1h, 7s}}});
  CHECK(checkpoint()->watermark == kTen - 1h);
  CHECK(checkpoint()->every == 7s);
  world.write({.checkpoints = {{world.probe, kTen + 1ms, 10s}}});
  CHECK(checkpoint()->watermark == kTen + 1ms);
  CHECK(checkpoint()->every == 10s);
  CHECK(checkpoint()->series == world.probe);
}

TEST_CASE("a gap of the same series and begin replaces the earlier one, unless that is longer") {
  EVERY_LEDGER;
  world.write({.gaps = {{world.probe, {{kTen, kTen + 1min}, 5s}}}});
  world.write({.gaps = {{world.probe, {{kTen, kTen + 3min}, 10s}},
                        {world.series("kms", "decrypt"), {{kTen, kTen + 2min}, 5s}}}});
  CHECK(world.tallies("kms", kHour).gaps() ==
        std::vector<Gap>{{{kTen, kTen + 3min}, 10s}, {{kTen, kTen + 2min}, 5s}});
  world.write({.gaps = {{world.probe, {{kTen, kTen + 2min}, 5s}}}});
  CHECK(world.tallies("kms", kHour).gaps().front() == Gap{{kTen, kTen + 3min}, 10s});
}

TEST_CASE("a gap and a checkpoint keep of how many targets they are") {
  EVERY_LEDGER;
  const Gap gap{{kTen, kTen + 1min}, 5s, NotSent::stopped, {}, 1000};
  world.write({.checkpoints = {{world.probe, kTen, 5s, {}, 1000}}, .gaps = {{world.probe, gap}}});
  CHECK(world.tallies("kms", kHour).gaps() == std::vector<Gap>{gap});
  CHECK((*world.ledger->checkpoint(world.probe))->targets == 1000);
  CHECK((*world.ledger->all_series("kms"))[0].checkpoint->targets == 1000);
}

TEST_CASE("a gap keeps its reason") {
  EVERY_LEDGER;
  const Gap slept{{kTen, kTen + 1min}, 5s, NotSent::suspended};
  const Gap jumped{{kTen + 5min, kTen + 6min}, 5s, NotSent::clock};
  world.write({.gaps = {{world.probe, slept}, {world.probe, jumped}}});
  CHECK(world.tallies("kms", kHour).gaps() == std::vector<Gap>{slept, jumped});
}

TEST_CASE("an instant that two gaps of a series cover is due once, and twice in two series") {
  EVERY_LEDGER;
  // The clock jumped an hour ahead and was set back; in that hour the service stopped.
  const auto missed = [&](Interval span) {
    std::uint64_t due = 0;
    const auto tallies = world.tallies("kms", span);
    for (const Gap& gap : tallies.gaps()) due += gap.due(gap.span);
    return due;
  };
  world.write({.gaps = {{world.probe, {{kTen, kTen + 30min}, 10s, NotSent::clock}},
                        {world.probe, {{kTen + 10min, kTen + 11min}, 10s}},
                        {world.probe, {{kTen + 29min + 5s, kTen + 31min}, 10s}}}});
  CHECK(missed(kHour) == 180 + 6);
  std::uint64_t parts = 0;
  for (auto at = kTen; at < kTen + 1h; at += 1min) parts += missed({at, at + 1min});
  CHECK(parts == 180 + 6);
  world.write({.gaps = {{world.series("kms", "decrypt"), {{kTen, kTen + 1min}, 10s}}}});
  CHECK(missed(kHour) == 180 + 6 + 6);
}

TEST_CASE("the newest minute of a series is known, and of a new one there is none") {
  EVERY_LEDGER;
  CHECK_FALSE(world.ledger->newest_minute(world.probe)->has_value());
  world.write({.minutes = {{world.probe, kMinute + 60min, {{kOk, 1}}},
                           {world.probe, kMinute, {{kOk, 1}}}}});
  CHECK(**world.ledger->newest_minute(world.probe) == kMinute + 60min);
}

TEST_CASE("a gap is cut to the span, so that adjoining spans miss together what it misses") {
  EVERY_LEDGER;
  world.write({.gaps = {{world.probe, {{kTen, kTen + 10min}, 7s}}}});
  std::uint64_t missed = 0;
  for (auto at = kTen - 3min; at < kTen + 12min; at += 1min) {
    const auto tallies = world.tallies("kms", {at, at + 1min});
    for (const Gap& gap : tallies.gaps()) missed += gap.due(gap.span);
  }
  CHECK(missed == 86);
}

TEST_CASE("a gap comes along with every span that it overlaps, and no other") {
  EVERY_LEDGER;
  world.write({.gaps = {{world.probe, {{kTen + 10min, kTen + 20min}, 5s}}}});
  const auto found = [&](Interval span) { return world.tallies("kms", span).gaps().size() == 1; };
  CHECK(found(kHour));
  CHECK(found({kTen + 12min, kTen + 13min}));
  CHECK(found({kTen + 19min + 59s, kTen + 1h}));
  CHECK(found({kTen, kTen + 10min + 1ms}));
  CHECK_FALSE(found({kTen, kTen + 10min}));
  CHECK_FALSE(found({kTen + 20min, kTen + 1h}));
}

TEST_CASE("clock steps of a span are there at begin, and not at end") {
  EVERY_LEDGER;
  world.write(
      {.clock_steps = {{kTen - 1ms, 1s}, {kTen, 2s}, {kTen + 1h - 1ms, -3s}, {kTen + 1h, 4s}}});
  const auto steps = world.ledger->clock_steps(kHour);
  REQUIRE(steps.ok());
  REQUIRE(steps->size() == 2);
  CHECK(steps->front().by == 2s);
  CHECK(steps->back().by == -3s);
}

TEST_CASE("two agreements do not mix, and two series of one agreement add up") {
  EVERY_LEDGER;
  const SeriesId second = world.series("kms", "decrypt");
  const SeriesId other = world.series("s3", "generate");
  world.write({.minutes = {{world.probe, kMinute, {{kOk, 1}}},
                           {second, kMinute, {{kOk, 2}}},
                           {other, kMinute, {{kOk, 40}}}},
               .evidence = {{other, failure(kTen)}},
               .gaps = {{other, {{kTen, kTen + 1min}, 5s}}}});
  CHECK(lines(world.tallies("kms", kHour)) == Lines{"0 200 1", "0 200 2"});
  CHECK(lines(world.tallies("s3", kHour)) == Lines{"0 200 40"});
  CHECK(world.evidence("kms", kHour).empty());
  CHECK(world.tallies("kms", kHour).gaps().empty());
  CHECK(world.tallies("s3", kHour).gaps().size() == 1);
  CHECK(world.tallies("unknown", kHour).rows().empty());
}

TEST_CASE("a batch with one row that cannot be written leaves nothing behind") {
  EVERY_LEDGER;
  Batch batch;
  batch.minutes = {{world.probe, kMinute, {{Answered{418}, 7}}}, {999999, kMinute, {{kOk, 1}}}};
  const auto written = world.ledger->write(batch);
  REQUIRE_FALSE(written.ok());
  CHECK(written.error().message.find("could not write a batch to the ledger: ") == 0);
  CHECK(world.counts(kMinute).empty());
  // The outcome that was new in the failed batch is new again.
  batch.minutes.pop_back();
  world.write(batch);
  CHECK(world.counts(kMinute) == std::vector<OutcomeCount>{{Answered{418}, 7}});
}

TEST_CASE("a count or an outcome that could not be read back is refused") {
  EVERY_LEDGER;
  CHECK_FALSE(world.ledger->write({.minutes = {{world.probe, kMinute, {{kOk, 1ULL << 63}}}}}).ok());
  CHECK_FALSE(world.ledger->write({.minutes = {{world.probe, kMinute, {{Answered{7}, 1}}}}}).ok());
  CHECK_FALSE(
      world.ledger->write({.minutes = {{world.probe, kMinute, {{Answered{500, "a b"}, 1}}}}}).ok());
  CHECK(world.counts(kMinute).empty());
}

TEST_CASE("a file is imported once, however often it is given") {
  EVERY_LEDGER;
  Batch content;
  content.minutes = {{0, kMinute, {{kOk, 3}}}};
  content.evidence = {{0, failure(kTen)}};
  CHECK(*world.ledger->import("kms", "nginx", file("d1", 100), content, "") == true);
  CHECK(*world.ledger->import("kms", "nginx", file("d1", 100), content, "") == false);
  CHECK(*world.ledger->import("kms", "renamed", file("d1", 100), content, "") == false);
  CHECK(lines(world.tallies("kms", kHour)) == Lines{"0 200 3"});
  CHECK(world.evidence("kms", kHour).size() == 1);

  CHECK(*world.ledger->import("s3", "nginx", file("d1", 100), content, "") == true);
  CHECK(lines(world.tallies("kms", kHour)) == Lines{"0 200 3"});

  const auto files = world.ledger->files("kms");
  REQUIRE(files.ok());
  REQUIRE(files->size() == 1);
  const ImportedFile& known = files->front();
  CHECK(known.digest == "d1");
  CHECK(known.bytes == 100);
  CHECK(known.name == "access.log");
  CHECK(std::vector{known.lines, known.requests, known.malformed, known.own} ==
        std::vector<std::uint64_t>{5, 3, 1, 1});
}

TEST_CASE("the longer copy of a file takes the place of the shorter one, of whichever log") {
  EVERY_LEDGER;
  const std::string log = GENERATE("nginx", "renamed");
  Batch shorter;
  shorter.minutes = {{0, kMinute, {{kOk, 3}}}, {0, kMinute + 1min, {{Answered{404}, 1}}}};
  shorter.evidence = {{0, failure(kTen, 1)}, {0, failure(kTen, 2)}};
  Batch longer;
  longer.minutes = {{0, kMinute, {{kOk, 5}}}};
  longer.evidence = {{0, failure(kTen, 2)}};
  CHECK(*world.ledger->import("kms", "nginx", file("d0", 10), Batch{}, ""));
  CHECK(*world.ledger->import("kms", "nginx", file("d1", 100), shorter, ""));
  CHECK(*world.ledger->import("kms", log, file("d2", 200), longer, "d1"));
  CHECK(lines(world.tallies("kms", kHour)) == Lines{"0 200 5"});
  CHECK(world.evidence("kms", kHour) == std::vector<Evidence>{failure(kTen, 2)});

  std::vector<std::string> digests;
  const auto files = world.ledger->files("kms");
  REQUIRE(files.ok());
  for (const ImportedFile& known : *files) {
    digests.push_back(known.digest);
  }
  CHECK(digests == std::vector<std::string>{"d0", "d2"});
}

TEST_CASE("a file that is to replace one that is not there is refused whole") {
  EVERY_LEDGER;
  Batch content;
  content.minutes = {{0, kMinute, {{kOk, 3}}}};
  const auto imported = world.ledger->import("kms", "nginx", file("d2", 200), content, "d1");
  REQUIRE_FALSE(imported.ok());
  CHECK(imported.error().message ==
        "could not import a log file: expected the file d1 to replace, got none");
  CHECK(world.tallies("kms", kHour).rows().empty());
  CHECK(world.ledger->files("kms")->empty());
}

TEST_CASE("exclusions come back by begin, then end, and those of other agreements do not") {
  EVERY_LEDGER;
  const ExclusionWindow first{{kTen, kTen + 1min}, "we disabled the key"};
  const ExclusionWindow longer{{kTen, kTen + 5min}, "overlaps, and it's \"quoted\""};
  const ExclusionWindow later{{kTen + 30s, kTen + 1h}, "maintenance"};
  for (const auto* window : {&later, &longer, &first}) {
    REQUIRE(world.ledger->exclude("kms", *window).ok());
  }
  REQUIRE(world.ledger->exclude("s3", {kHour, "other"}).ok());
  CHECK(*world.ledger->exclusions("kms") == Windows{first, longer, later});
  CHECK(world.ledger->exclusions("s3")->size() == 1);
  CHECK(world.ledger->exclusions("none")->empty());
}

TEST_CASE("the news of the journal are whose entries are newer, and which is the newest") {
  EVERY_LEDGER;
  using News = std::map<std::string, std::uint64_t>;
  CHECK(*world.ledger->journal_news(0) == News{});
  REQUIRE(world.ledger->exclude("kms", {kHour, "first"}).ok());
  REQUIRE(world.ledger->exclude("s3", {kHour, "other"}).ok());
  REQUIRE(world.ledger->exclude("kms", {{kTen, kTen + 1min}, "second"}).ok());
  const News all = *world.ledger->journal_news(0);
  CHECK(all.size() == 2);
  CHECK(all.at("kms") == world.ledger->journal("kms", 0)->back().id);
  CHECK(all.at("kms") > all.at("s3"));
  CHECK(*world.ledger->journal_news(all.at("s3")) == News{{"kms", all.at("kms")}});
  CHECK(*world.ledger->journal_news(all.at("kms")) == News{});
}

TEST_CASE("an exclusion of the same begin and end is there once, with the later reason") {
  EVERY_LEDGER;
  for (const char* reason : {"first", "second", "second"}) {
    REQUIRE(world.ledger->exclude("kms", {kHour, reason}).ok());
  }
  CHECK(*world.ledger->exclusions("kms") == Windows{{kHour, "second"}});
}

TEST_CASE("an exclusion is taken back by its exact begin and end") {
  EVERY_LEDGER;
  REQUIRE(world.ledger->exclude("kms", {kHour, "maintenance"}).ok());
  CHECK(*world.ledger->remove_exclusion("kms", {kHour.begin, kHour.end - 1ms}) == false);
  CHECK(*world.ledger->remove_exclusion("kms", {kHour.begin + 1ms, kHour.end}) == false);
  CHECK(*world.ledger->remove_exclusion("s3", kHour) == false);
  CHECK(world.ledger->exclusions("kms")->size() == 1);
  CHECK(*world.ledger->remove_exclusion("kms", kHour) == true);
  CHECK(world.ledger->exclusions("kms")->empty());
  CHECK(*world.ledger->remove_exclusion("kms", kHour) == false);
}

TEST_CASE("what probes sent is told apart from what stood in logs, and from what was missed") {
  EVERY_LEDGER;
  world.write({.minutes = {{world.probe,
                            recoup::core::minute_of(kTen),
                            {{recoup::core::Answered{200}, 7},
                             {recoup::core::Failed{recoup::core::NoAnswer::timeout}, 2},
                             {recoup::core::Missed{recoup::core::NotSent::late}, 3}}}}});
  ImportedFile file;
  file.digest = "d";
  const Batch content{
      .minutes = {{0, recoup::core::minute_of(kTen), {{recoup::core::Answered{200}, 50}}}}};
  REQUIRE(world.ledger->import("kms", "trail", file, content, "").ok());
  CHECK(world.tallies("kms", kHour).sent() == 9);
}

TEST_CASE("what local processes reported is told apart from what others counted") {
  EVERY_LEDGER;
  const auto count = [&](SeriesKind kind, int status, std::uint64_t requests) {
    const auto series = *world.ledger->series(SeriesKey{"kms", kind, "x", "here"});
    world.write({.minutes = {{series,
                              recoup::core::minute_of(kTen),
                              {{recoup::core::Answered{status}, requests}}}}});
  };
  count(SeriesKind::probe, 500, 1);
  count(SeriesKind::stream, 500, 2);
  count(SeriesKind::sdk, 500, 4);
  count(SeriesKind::sdk, 200, 8);
  const auto tallies = world.tallies("kms", kHour);
  CHECK(tallies.sent() == 1);
  std::map<std::string, std::uint64_t> all;
  std::map<std::string, std::uint64_t> reported;
  const auto name = [&](const auto& row) {
    return recoup::core::to_text(tallies.outcomes()[row.outcome]);
  };
  for (const auto& row : tallies.rows()) all[name(row)] += row.count;
  for (const auto& row : tallies.reported()) reported[name(row)] += row.count;
  CHECK(all == std::map<std::string, std::uint64_t>{{"200", 8}, {"500", 7}});
  CHECK(reported == std::map<std::string, std::uint64_t>{{"200", 8}, {"500", 4}});
}

TEST_CASE(
    "a file whose counts make the agreement's too many is refused, and nothing of it is kept") {
  EVERY_LEDGER;
  constexpr std::uint64_t kNearly = recoup::core::kMostCounted - 100;
  const auto import = [&](const std::string& digest, std::uint64_t count) {
    const Batch content{.minutes = {{0, kMinute, {{kOk, count}}}}};
    return world.ledger->import("kms", "app", file(digest, 100), content, "");
  };
  world.write({.minutes = {{world.probe, kMinute, {{kOk, 50}}}}});
  REQUIRE(import("first", kNearly).ok());
  for (const std::string digest : {"second", "third"}) {
    const auto refused = import(digest, kNearly);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message ==
          "could not import a log file: expected counts that add up to no more than "
          "9223372036854775807, got more");
  }
  CHECK(world.ledger->files("kms")->size() == 1);
  CHECK(lines(world.tallies("kms", kHour)) ==
        std::vector<std::string>{"0 200 50", "0 200 9223372036854775707"});
  CHECK_FALSE(import("fourth", recoup::core::kMostCounted + 1).ok());
}

TEST_CASE("tallies whose counts are too many to be added are an error") {
  EVERY_LEDGER;
  for (const char* name : {"first", "second"}) {
    const SeriesId id = world.series("kms", name);
    world.write({.minutes = {{id, kMinute, {{kOk, recoup::core::kMostCounted}}}}});
  }
  CHECK_FALSE(world.ledger->tallies("kms", kHour).ok());
  CHECK(world.ledger->tallies("kms", {kTen + 1min, kTen + 1h}).ok());
}

TEST_CASE("evidence is set against the counts of its minute") {
  EVERY_LEDGER;
  world.write({.minutes = {{world.probe, kMinute, {{kOk, 9}, {kDown, 2}}},
                           {world.probe, kMinute + 1min, {{kDown, 3}}}},
               .evidence = {{world.probe, failure(kTen, 0)},
                            {world.probe, failure(kTen + 59s, 1)},
                            {world.probe, failure(kTen + 60s, 2)}}});
  auto check = world.ledger->check_evidence("kms");
  REQUIRE(check.ok());
  CHECK(check->excess.empty());
  REQUIRE(check->totals.size() == 2);
  CHECK(check->totals[0].outcome == kOk);
  CHECK(check->totals[0].counted == 9);
  CHECK(check->totals[0].recorded == 0);
  CHECK(check->totals[1].outcome == kDown);
  CHECK(check->totals[1].counted == 5);
  CHECK(check->totals[1].recorded == 3);

  world.write({.minutes = {{world.probe, kMinute, {{kDown, 1}}}},
               .evidence = {{world.probe, failure(kTen + 5min, 3)}}});
  check = world.ledger->check_evidence("kms");
  REQUIRE(check.ok());
  REQUIRE(check->excess.size() == 1);
  CHECK(check->excess[0].series.name == "generate");
  CHECK(check->excess[0].minute == kMinute);
  CHECK(check->excess[0].outcome == kDown);
  CHECK(check->excess[0].counted == 1);
  CHECK(check->excess[0].recorded == 2);
  CHECK(world.ledger->check_evidence("s3")->totals.empty());
}
