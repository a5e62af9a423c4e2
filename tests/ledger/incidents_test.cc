// What a ledger keeps of providers' own incidents.

#include "ledger/implementations.h"
#include "ledger/open.h"
#include "support/catch.h"

using namespace recoup;
using namespace std::chrono_literals;
using recoup::test::kImplementations;
using recoup::test::TempDir;
using Change = record::KeptIncident::Change;

namespace {

const core::Instant kNoon = *core::parse_instant("2026-10-03T12:00:00Z");

core::ProviderIncident incident(const std::string& id, core::Millis begin = 0ms) {
  core::ProviderIncident one;
  one.provider = "aws";
  one.id = id;
  one.services = {"KMS", "S3"};
  one.regions = {"us-east-1", "eu-west-1"};
  one.begin = kNoon + begin;
  one.end = kNoon + begin + 45min;
  one.announced = kNoon + begin + 7min;
  one.updated = kNoon + begin + 50min;
  one.title = "Increased <error> rates";
  one.url = "https://health.aws.amazon.com/";
  one.source = "digest";
  return one;
}

std::vector<std::string> ids(const std::vector<core::ProviderIncident>& incidents) {
  std::vector<std::string> all;
  for (const auto& one : incidents) all.push_back(one.id);
  return all;
}

}  // namespace

TEST_CASE("incidents are kept as they were told, and found by their time") {
  for (const auto& implementation : kImplementations) {
    INFO(implementation.name);
    const TempDir dir;
    const auto ledger = *ledger::open_ledger(implementation.url(dir), ledger::Missing::make);
    auto open = incident("open", 10h);
    open.end.reset();
    open.announced.reset();
    open.updated.reset();
    open.regions.clear();
    open.agreements = {"mine", "yours"};
    const auto kept = *ledger->keep_incidents({{incident("one"), {}}, {open, {}}});
    REQUIRE(kept.size() == 2);
    CHECK(kept[0].change == Change::added);
    CHECK(kept[0].incident.number != kept[1].incident.number);
    const auto all = *ledger->incidents({kNoon - 1h, kNoon + 24h});
    REQUIRE(all.size() == 2);
    CHECK(all[0] == kept[0].incident);
    CHECK(all[1] == kept[1].incident);
    open.number = all[1].number;
    CHECK(all[1] == open);
    // The end is not included, of either.
    CHECK(ids(*ledger->incidents({kNoon + 45min, kNoon + 24h})) ==
          std::vector<std::string>{"open"});
    CHECK(ledger->incidents({kNoon - 1h, kNoon})->empty());
    CHECK(ids(*ledger->incidents({kNoon + 44min, kNoon + 1h})) == std::vector<std::string>{"one"});
  }
}

TEST_CASE("an incident that is told again is brought up to date, and keeps its number") {
  for (const auto& implementation : kImplementations) {
    INFO(implementation.name);
    const TempDir dir;
    const auto ledger = *ledger::open_ledger(implementation.url(dir), ledger::Missing::make);
    auto mine = incident("one");
    mine.agreements = {"mine"};
    const auto first = ledger->keep_incidents({{mine, {}}})->front();
    auto copy = incident("one");
    copy.source = "another copy";
    const auto same = ledger->keep_incidents({{copy, {}}})->front();
    CHECK(same.change == Change::same);
    CHECK(same.incident == first.incident);
    auto later = incident("one");
    later.end = kNoon + 90min;
    later.updated = kNoon + 95min;
    later.services = {"KMS"};
    const auto now = ledger->keep_incidents({{later, {}}})->front();
    CHECK(now.change == Change::updated);
    CHECK(now.incident.number == first.incident.number);
    CHECK(now.incident.agreements == std::vector<std::string>{"mine"});
    const auto all = *ledger->incidents({kNoon, kNoon + 2h});
    REQUIRE(all.size() == 1);
    CHECK(all[0] == now.incident);
    // Another provider may use the same id.
    auto other = incident("one");
    other.provider = "google";
    CHECK(ledger->keep_incidents({{other, {}}})->front().change == Change::added);
  }
}

TEST_CASE(
    "what changes in incidents is in the journals of whom they touch, and changes no figure") {
  for (const auto& implementation : kImplementations) {
    INFO(implementation.name);
    const TempDir dir;
    const auto ledger = *ledger::open_ledger(implementation.url(dir), ledger::Missing::make);
    const auto number =
        ledger->keep_incidents({{incident("one"), {"mine"}}})->front().incident.number;
    REQUIRE(ledger->keep_incidents({{incident("one"), {"mine"}}}).ok());  // nothing new
    const auto removed = ledger->remove_incident(number, {"mine"});
    REQUIRE(removed.ok());
    REQUIRE(*removed);
    CHECK((*removed)->services == std::vector<std::string>{"KMS", "S3"});
    CHECK_FALSE(*ledger->remove_incident(number, {"mine"}));
    CHECK(ledger->incidents({kNoon, kNoon + 1h})->empty());

    const auto journal = *ledger->journal("mine", 0);
    REQUIRE(journal.size() == 2);
    CHECK(journal[0].kind == record::JournalEntry::Kind::incident);
    CHECK(journal[0].span == incident("one").span());
    CHECK(journal[0].text == "Increased <error> rates");
    CHECK(journal[1].kind == record::JournalEntry::Kind::incident_removed);
    CHECK_FALSE(journal[0].is_of_figures());
    CHECK_FALSE(journal[1].is_of_figures());
    CHECK(ledger->journal("yours", 0)->empty());
    // The number is nobody's any more.
    CHECK(ledger->keep_incidents({{incident("two"), {}}})->front().incident.number > number);
  }
}
