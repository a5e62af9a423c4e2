// Ledgers of every version that users may have: each opens in this one, whole, with what was in it.

#include <filesystem>
#include <regex>

#include "ledger/full_ledger.h"
#include "ledger/inspect.h"
#include "ledger/open.h"
#include "ledger/other.h"
#include "ledger/tables/sqlite_schema.h"
#include "support/places.h"
#include "support/process.h"
#include "support/temp_dir.h"

namespace {

using namespace recoup;
using recoup::test::Other;
using recoup::test::TempDir;

std::string fixture(std::size_t version) {
  return fmt::format("{}/ledger/version-{}.sql", TESTS_DIR, version);
}

// All rows that say what was seen and done, as one text.
std::string told(const std::string& path) {
  Other file(path);
  std::string all;
  for (const char* sql :
       {"SELECT coalesce(group_concat(text, ' '), '') FROM (SELECT text FROM outcome ORDER BY id)",
        "SELECT total(count) || ' ' || count(*) FROM tally",
        "SELECT coalesce(group_concat(at_ms || request_id || detail), '') FROM "
        "(SELECT * FROM evidence ORDER BY series, at_ms, tie)",
        "SELECT coalesce(group_concat(name || digest || requests), '') FROM (SELECT * FROM file "
        "ORDER BY id)"}) {
    all += file.text(sql) + '\n';
  }
  return all;
}

}  // namespace

TEST_CASE("a ledger of each version is kept, up to this one") {
  for (std::size_t version = 1; version <= ledger::kSqliteSchema.size(); ++version) {
    INFO("a ledger of this version has to be kept: " << version);
    CHECK(std::filesystem::exists(fixture(version)));
  }
}

TEST_CASE("a ledger of each version opens in this one, is whole, and has what it had") {
  for (std::size_t version = 1; version <= ledger::kSqliteSchema.size(); ++version) {
    INFO(version);
    const TempDir dir;
    const std::string path = dir.file("ledger.db");
    Other(path).run(test::read_text(fixture(version)).c_str());
    REQUIRE(Other(path).text("PRAGMA user_version") == std::to_string(version));
    const std::string before = told(path);
    const auto address = *ledger::Address::parse("sqlite:" + path);
    const auto opened = ledger::open_ledger(address, ledger::Missing::refuse);
    INFO((opened.ok() ? std::string() : opened.error().message));
    REQUIRE(opened.ok());
    CHECK(told(path) == before);
    const auto found = ledger::inspect(address);
    REQUIRE(found.ok());
    CHECK(found->faults == std::vector<std::string>{});
    CHECK_FALSE(found->agreements.empty());
    for (const std::string& agreement : found->agreements) {
      CHECK(test::ask_everything(**opened, agreement));
      const auto seals = (*opened)->seals(agreement);
      REQUIRE(seals.ok());
      for (const record::Seal& seal : *seals) {
        CHECK(record::seal_faults(seal) == std::vector<std::string>{});
      }
    }
  }
}
