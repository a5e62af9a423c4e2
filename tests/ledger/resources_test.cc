// Of which of several resources a source is, where a contract sums their time.
#include "ledger/ledger.h"
#include "ledger/open.h"
#include "support/catch.h"

using namespace recoup;
using namespace std::chrono_literals;
using record::LogName;
using record::SeriesKind;

namespace {

const core::Instant kTen = *core::parse_instant("2026-10-03T10:00:00Z");
const core::Interval kHour{kTen, kTen + 1h};
const LogName kProbe{SeriesKind::probe, "a"};
const LogName kFile{SeriesKind::file, "access"};

// A probe and a file of one agreement, each with a request, a record, a gap and a time not seen.
struct World {
  std::unique_ptr<ledger::Ledger> ledger = *ledger::open_ledger("sqlite::memory:");

  World() {
    for (const LogName& source : {kProbe, kFile}) {
      const auto id = *ledger->series({"vaults", source.kind, source.name, "part"});
      record::Batch batch;
      batch.minutes.push_back({id, core::minute_of(kTen), {{core::Answered{503}, 1}}});
      batch.evidence.push_back({id, {kTen, 0, core::Answered{503}, "req", 1ms, "", source.name}});
      batch.gaps.push_back({id, {{kTen + 5min, kTen + 6min}, 1min}});
      batch.unseen.push_back({id, {{kTen + 8min, kTen + 9min}, "why"}});
      REQUIRE(ledger->write(batch).ok());
    }
  }

  void name(const std::map<LogName, std::string>& named) const {
    REQUIRE(ledger->name_resources({{"vaults", named}}).ok());
  }

  // The resource of each row, by what its source is called in the evidence.
  std::map<std::string, std::string> records() const {
    std::map<std::string, std::string> all;
    REQUIRE(ledger
                ->evidence("vaults", kHour,
                           [&](const record::Evidence& one) { all[one.detail] = one.resource; })
                .ok());
    const auto page = ledger->evidence_page("vaults", kHour, 0, 10);
    REQUIRE(page.ok());
    for (const record::Evidence& one : *page) CHECK(all[one.detail] == one.resource);
    return all;
  }
};

}  // namespace

TEST_CASE("counts, gaps, times not seen and records name the resource that was said last") {
  const World world;
  CHECK(world.ledger->tallies("vaults", kHour)->resources() == std::vector<std::string>{""});
  CHECK(world.records() == std::map<std::string, std::string>{{"a", ""}, {"access", ""}});

  world.name({{kProbe, "vault-a"}, {kFile, "vault-b"}});
  const core::Tallies all = *world.ledger->tallies("vaults", kHour);
  for (const char* name : {"vault-a", "vault-b"}) {
    INFO(name);
    const core::Tallies own = all.only([&](const std::string& of) { return of == name; });
    CHECK(own.rows().size() == 1);
    CHECK(own.gaps().size() == 1);
    CHECK(own.unseen().size() == 1);
  }
  CHECK(all.only([](const std::string& of) { return of.empty(); }).rows().empty());
  CHECK(world.records() ==
        std::map<std::string, std::string>{{"a", "vault-a"}, {"access", "vault-b"}});
  const auto by_source = world.ledger->tallies_by_source("vaults", kHour);
  for (const record::SourceTallies& one : *by_source) {
    CHECK(one.tallies.resources().size() == 2);
  }

  // A source that is not named any more stays what it was; another word takes its place.
  world.name({{kProbe, "vault-c"}});
  CHECK(world.records() ==
        std::map<std::string, std::string>{{"a", "vault-c"}, {"access", "vault-b"}});
}

TEST_CASE("what changes for counts that are there is in the journal, once") {
  const World world;
  using Kind = record::JournalEntry::Kind;
  const auto entries = [&] {
    std::vector<record::JournalEntry> all = *world.ledger->journal("vaults", 0);
    std::erase_if(all, [](const auto& one) { return one.kind != Kind::resource; });
    return all;
  };
  world.name({{kProbe, "vault-a"}, {{SeriesKind::probe, "new"}, "vault-b"}});
  world.name({{kProbe, "vault-a"}});
  REQUIRE(entries().size() == 1);
  CHECK(entries()[0].text == "a is of vault-a");
  CHECK(entries()[0].span == core::Interval{kTen, kTen + 1min});
  CHECK(entries()[0].is_of_figures());
}

TEST_CASE("a log that is compared is of its resource, too") {
  const World world;
  world.name({{kFile, "vault-b"}});
  REQUIRE(world.ledger->compare({{"vaults", {kFile}}}).ok());
  const auto logs = *world.ledger->compared("vaults", kHour);
  REQUIRE(logs.size() == 2);
  CHECK(logs[1].tallies.resources() == std::vector<std::string>{"", "vault-b"});
}
