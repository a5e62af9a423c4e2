#include "service/import.h"

#include "ledger/open.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup;

namespace {

const std::string kShort =
    "minute,outcome,count\n2026-10-03T02:00:00Z,200,20\n2026-10-03T02:01:00Z,503,4\n";
const std::string kLong = kShort + "2026-10-03T02:02:00Z,200,7\n";

std::uint64_t requests(ledger::Ledger& ledger) {
  const auto day = *core::parse_instant("2026-10-03T00:00:00Z");
  std::uint64_t sum = 0;
  const auto tallies = ledger.tallies("web", {day, day + std::chrono::days(1)});
  REQUIRE(tallies.ok());
  for (const auto& row : tallies->rows()) sum += row.count;
  return sum;
}

}  // namespace

TEST_CASE("a grown file takes the place of its shorter copy, under whichever name of the log") {
  const test::TempDir dir;
  const std::string log = GENERATE("nginx", "renamed");
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  const auto import = [&](const std::string& source, const std::string& text) {
    auto imported = service::import_log(*ledger, {"web", source, "counts"},
                                        dir.write("counts.csv", text), nullptr);
    REQUIRE(imported.ok());
    return *std::move(imported);
  };
  CHECK(import("nginx", kShort).new_to_ledger);
  CHECK(requests(*ledger) == 24);
  const auto grown = import(log, kLong);
  CHECK(grown.new_to_ledger);
  CHECK_FALSE(grown.content.replaces.empty());
  CHECK(requests(*ledger) == 31);
  CHECK_FALSE(import(log, kLong).new_to_ledger);
  CHECK(requests(*ledger) == 31);
  CHECK(ledger->files("web")->size() == 1);
}
