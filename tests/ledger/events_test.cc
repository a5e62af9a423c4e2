// Records with ids of their own: each counts once, whichever files have it, and is taken back with
// the last file that does.
#include <map>

#include "ledger/open.h"
#include "support/catch.h"

using namespace recoup;
using record::Event;
using record::TrailMark;

namespace {

const core::Instant kDay = *core::parse_instant("2026-10-03T00:00:00Z");

core::Instant at(const std::string& time) {
  return *core::parse_instant("2026-10-03T" + time + "Z");
}

record::Events events(const std::vector<Event>& list) {
  record::Events all;
  all.outcomes = {core::Answered{200}, core::Answered{500, "KMSInternalException"}};
  all.events = list;
  for (const Event& one : list) {
    all.heard = std::max(all.heard, one.at);
    if (one.outcome != 1) continue;
    record::Evidence evidence;
    evidence.at = one.at;
    evidence.tie = one.id;
    evidence.outcome = all.outcomes[1];
    all.evidence.push_back(evidence);
  }
  return all;
}

// A ledger with a trail of the agreement "kms".
struct World {
  std::unique_ptr<ledger::Ledger> ledger = *ledger::open_ledger("sqlite::memory:");

  record::TrailAdded import(const std::string& digest, const record::Events& all) const {
    return import({{digest, all}}).front();
  }

  std::vector<record::TrailAdded> import(
      const std::vector<std::pair<std::string, record::Events>>& files) const {
    std::vector<record::TrailFile> list;
    for (const auto& [digest, all] : files) {
      record::TrailFile file{"kms", "trail", {}, all};
      file.file.digest = digest;
      file.file.name = digest;
      file.file.span = {kDay, kDay + std::chrono::days(1)};
      list.push_back(file);
    }
    auto added = ledger->import_trail(list);
    REQUIRE(added.ok());
    return *std::move(added);
  }

  core::Tallies tallies() const {
    auto all = ledger->tallies("kms", {kDay - std::chrono::days(2), kDay + std::chrono::days(2)});
    REQUIRE(all.ok());
    return *std::move(all);
  }

  // "02:00 200 x3, …" in order.
  std::string counts() const {
    const core::Tallies all = tallies();
    std::map<std::string, std::uint64_t> sums;
    for (const auto& row : all.rows()) {
      sums[core::to_text(core::Instant(row.minute)).substr(11, 5) + ' ' +
           core::to_text(all.outcomes()[row.outcome])] += row.count;
    }
    std::string text;
    for (const auto& [what, count] : sums) {
      text += (text.empty() ? "" : ", ") + what + " x" + std::to_string(count);
    }
    return text;
  }

  std::size_t records() const {
    std::size_t count = 0;
    REQUIRE(ledger
                ->evidence("kms", {kDay - std::chrono::days(2), kDay + std::chrono::days(2)},
                           [&](const record::Evidence&) { ++count; })
                .ok());
    return count;
  }

  // Counts and evidence fit each other, and the chains hold.
  bool is_sound() const {
    const auto check = ledger->check_evidence("kms");
    const auto faults = ledger->check_chain("kms", {});
    REQUIRE((check.ok() && faults.ok()));
    return check->excess.empty() && faults->empty();
  }
};

const Event kServed{at("02:00:07"), 1, 0, false};
const Event kFailed{at("02:00:09"), 2, 1, false};
const Event kLater{at("02:05:00"), 3, 0, false};

}  // namespace

TEST_CASE("the same event twice within a file is one Request") {
  const World world;
  const auto added = world.import("a", events({kServed, kFailed, kServed, kFailed}));
  CHECK(added.counted == 2);
  CHECK(added.duplicates == 2);
  CHECK(world.counts() == "02:00 200 x1, 02:00 500/KMSInternalException x1");
  CHECK(world.records() == 1);
  CHECK(world.is_sound());
}

TEST_CASE("the same event in two files, of one import or of two, is one Request") {
  const World world;
  if (GENERATE(true, false)) {
    world.import({{"a", events({kServed, kFailed})}, {"b", events({kFailed, kLater})}});
  } else {
    world.import("a", events({kServed, kFailed}));
    world.import("b", events({kFailed, kLater}));
  }
  CHECK(world.counts() == "02:00 200 x1, 02:00 500/KMSInternalException x1, 02:05 200 x1");
  CHECK(world.ledger->files("kms")->size() == 2);
  CHECK(world.is_sound());
}

TEST_CASE("the same event under another name of the log is one Request") {
  const World world;
  world.import("a", events({kServed, kFailed}));
  record::TrailFile file{"kms", "renamed", {}, events({kFailed, kLater})};
  file.file.digest = "b";
  file.file.span = {kDay, kDay + std::chrono::days(1)};
  CHECK(world.ledger->import_trail({file})->front().duplicates == 1);
  CHECK(world.counts() == "02:00 200 x1, 02:00 500/KMSInternalException x1, 02:05 200 x1");
  REQUIRE(world.ledger->remove_file("kms", "b").ok());
  CHECK(world.counts() == "02:00 200 x1, 02:00 500/KMSInternalException x1");
  CHECK(world.is_sound());
}

TEST_CASE("a file with nothing new changes nothing and leaves no trace") {
  const World world;
  world.import("a", events({kServed, kFailed}));
  CHECK_FALSE(world.import("a", events({kServed, kFailed})).is_new);
  const auto repacked = world.import("repacked", events({kFailed, kServed}));
  CHECK_FALSE(repacked.is_new);
  CHECK(repacked.duplicates == 2);
  CHECK(world.ledger->files("kms")->size() == 1);
}

TEST_CASE("a corrected record takes the place of the first one, whichever comes first") {
  const World world;
  const Event corrected{at("02:00:09"), 2, 0, true};
  if (GENERATE(true, false)) {
    world.import("a", events({kServed, kFailed}));
    CHECK(world.import("b", events({corrected})).corrected == 1);
  } else {
    world.import("b", events({corrected}));
    world.import("a", events({kServed, kFailed}));
  }
  CHECK(world.counts() == "02:00 200 x2");
  CHECK(world.records() == 0);
  CHECK(world.is_sound());
}

TEST_CASE(
    "a corrected record of another minute takes the place of the first one, either way round") {
  const World world;
  const std::string time = GENERATE("03:10:00", "23:59:00");
  const Event corrected{at(time), 2, 0, true};
  const Event first{GENERATE(at("02:00:09"), at("23:59:59") - std::chrono::days(1)), 2, 1, false};
  if (GENERATE(true, false)) {
    world.import("a", events({first}));
    world.import("b", events({corrected}));
  } else {
    world.import("b", events({corrected}));
    world.import("a", events({first}));
  }
  CHECK(world.counts() == time.substr(0, 5) + " 200 x1");
  CHECK(world.records() == 0);
  REQUIRE(world.ledger->remove_file("kms", "b").ok());
  CHECK(world.counts().find("500/KMSInternalException x1") != std::string::npos);
}

TEST_CASE("a file that is taken back leaves what other files have") {
  const World world;
  world.import("a", events({kServed, kFailed}));
  world.import("b", events({kFailed, kLater}));
  const auto span = world.ledger->remove_file("kms", "a");
  REQUIRE(span.ok());
  REQUIRE(*span);
  CHECK((*span)->contains(at("02:00:00")));
  CHECK(world.counts() == "02:00 500/KMSInternalException x1, 02:05 200 x1");
  CHECK(world.records() == 1);
  CHECK(world.is_sound());
  CHECK(world.ledger->files("kms")->size() == 1);
  REQUIRE(world.ledger->remove_file("kms", "b").ok());
  CHECK(world.counts().empty());
  CHECK(world.records() == 0);
  CHECK(world.is_sound());
  CHECK_FALSE(world.ledger->remove_file("kms", "b")->has_value());
  world.import("a", events({kServed, kFailed}));
  CHECK(world.counts() == "02:00 200 x1, 02:00 500/KMSInternalException x1");
}

TEST_CASE("from where a trail was switched off to the next event, nobody saw") {
  const World world;
  record::Events all = events({kServed, kLater});
  all.marks = {{at("02:01:00"), TrailMark::Kind::off, "StopLogging of a trail"}};
  world.import("a", all);
  const auto unseen = world.tallies().unseen();
  REQUIRE(unseen.size() == 1);
  CHECK(unseen[0].span == core::Interval{at("02:01:00"), at("02:05:00")});
  CHECK(unseen[0].why == "StopLogging of a trail");

  // What comes late shows that it was seen for longer.
  world.import("late", events({{at("02:02:30"), 4, 0, false}}));
  REQUIRE(world.tallies().unseen().size() == 1);
  CHECK(world.tallies().unseen()[0].span.end == at("02:02:00"));
  REQUIRE(world.ledger->remove_file("kms", "a").ok());
  CHECK(world.tallies().unseen().empty());
}

TEST_CASE(
    "a trail that was switched on again is seen from there on, and an outage hides a minute") {
  const World world;
  record::Events all = events({kServed});
  all.heard = at("04:00:00");
  all.marks = {{at("03:00:00"), TrailMark::Kind::off, "StopLogging of a trail"},
               {at("03:30:00"), TrailMark::Kind::on, "StartLogging of a trail"},
               {at("01:00:20"), TrailMark::Kind::outage, "outage"}};
  world.import("a", all);
  const auto unseen = world.tallies().unseen();
  REQUIRE(unseen.size() == 2);
  CHECK(unseen[0].span == core::Interval{at("01:00:00"), at("01:01:00")});
  CHECK(unseen[1].span == core::Interval{at("03:00:00"), at("03:30:00")});
}
