// What a query of another engine writes: absolute counts, corrected as late rows come.
#include "ledger/implementations.h"
#include "ledger/open.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace std::chrono_literals;

TEST_CASE("a count of 0 takes one away, and a correction is in the journal") {
  const core::Instant ten = std::chrono::sys_days(std::chrono::year(2026) / 10 / 3) + 10h;
  const core::Minute minute = core::minute_of(ten);
  const core::Outcome ok = core::Answered{200};
  const core::Outcome down = core::Answered{503};
  for (const test::Implementation& implementation : test::kImplementations) {
    const test::TempDir dir;
    const auto opened = ledger::open_ledger(implementation.url(dir));
    REQUIRE(opened);
    ledger::Ledger& ledger = **opened;
    const auto id = ledger.series({"kms", record::SeriesKind::query, "requests", "clickhouse"});
    REQUIRE(id);
    record::Batch batch;
    batch.minutes = {{*id, minute, {{ok, 5}, {down, 2}}}};
    REQUIRE(ledger.write(batch));
    CHECK(ledger.journal("kms", 0)->empty());

    batch.minutes = {{*id, minute, {{ok, 7}, {down, 0}}}};
    batch.corrections = {{"kms", {ten, ten + 1min}, "requests"}};
    REQUIRE(ledger.write(batch));
    CHECK(*ledger.counts(*id, minute) == std::vector<core::OutcomeCount>{{ok, 7}});
    const auto journal = ledger.journal("kms", 0);
    REQUIRE(journal);
    REQUIRE(journal->size() == 1);
    CHECK(journal->front().kind == record::JournalEntry::Kind::query);
    CHECK(journal->front().span == core::Interval{ten, ten + 1min});
    CHECK(journal->front().text == "requests");

    const auto sources = ledger.sources("kms", {ten, ten + 1h});
    REQUIRE(sources);
    REQUIRE(sources->size() == 1);
    CHECK(sources->front().format == "clickhouse");
    CHECK(sources->front().vantage.empty());
  }
}
