#include "service/query_reading.h"

#include "ledger/open.h"
#include "support/catch.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

core::Instant at(const char* text) { return *core::parse_instant(text); }

struct Due {
  config::QuerySettings query;
  core::Agreement agreement;
  service::QueryPlace place;

  core::Interval operator()(const char* now) const {
    return service::due_span(query, agreement, place, at(now));
  }
};

}  // namespace

TEST_CASE("a query is asked for what is over, and again for what may have come late") {
  Due due;
  // The first time since the begin of the month.
  CHECK(due("2026-06-03T10:05:30Z") ==
        core::Interval{at("2026-06-01T00:00:00Z"), at("2026-06-03T10:04:00Z")});
  due.query.from = at("2026-06-02T00:00:30Z");
  CHECK(due("2026-06-03T10:05:30Z").begin == at("2026-06-02T00:00:00Z"));
  due.agreement.since = at("2026-06-03T00:00:00Z");
  CHECK(due("2026-06-03T10:05:30Z").begin == at("2026-06-03T00:00:00Z"));

  due.place.watermark = at("2026-06-03T10:04:00Z");
  CHECK(due("2026-06-03T10:06:30Z") ==
        core::Interval{at("2026-06-03T08:04:00Z"), at("2026-06-03T10:05:00Z")});
  // After days in which nobody asked it goes on where it was, and not before `from`.
  CHECK(due("2026-07-09T00:01:00Z") ==
        core::Interval{at("2026-06-03T08:04:00Z"), at("2026-07-09T00:00:00Z")});
  due.query.from = at("2026-06-03T10:00:00Z");
  CHECK(due("2026-07-09T00:01:00Z").begin == at("2026-06-03T10:00:00Z"));
  // Nothing is due before `from`, and a clock that was set back asks for no future.
  CHECK(due("2026-06-03T09:00:00Z").empty());
}

TEST_CASE("a query whose engine is exchanged goes on where the other one ended") {
  const auto ledger = ledger::open_ledger("sqlite::memory:");
  REQUIRE(ledger);
  config::QuerySettings query;
  query.id = "requests";
  auto place = service::find_place(**ledger, "kms", query);
  REQUIRE(place);
  CHECK_FALSE(place->watermark);
  record::Batch batch;
  batch.checkpoints = {{place->series, at("2026-06-03T10:04:00Z"), 0ms}};
  REQUIRE((*ledger)->write(batch));
  query.query.engine = sources::QueryEngine::postgresql;
  const auto other = service::find_place(**ledger, "kms", query);
  REQUIRE(other);
  CHECK(other->series != place->series);
  CHECK(other->watermark == at("2026-06-03T10:04:00Z"));
  query.id = "another";
  CHECK_FALSE(service::find_place(**ledger, "kms", query)->watermark);
}
