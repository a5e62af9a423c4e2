// Rows of a ledger as somebody else may have left them: a disk, another program, a hand.

#include <array>
#include <filesystem>

#include <sqlite3.h>

#include "fuzz/fuzz.h"
#include "ledger/full_ledger.h"
#include "ledger/open.h"
#include "ledger/other.h"
#include "ledger/tables/folded_day.h"
#include "record/digest.h"
#include "support/process.h"
#include "support/temp_dir.h"

using namespace recoup;
using recoup::test::fuzz;

namespace {

struct Column {
  std::string table, name, type;
};

std::vector<Column> columns_of(const std::string& path) {
  std::vector<Column> all;
  sqlite3* file = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &file) == SQLITE_OK);
  const auto take = [](void* to, int, char** texts, char**) {
    static_cast<std::vector<Column>*>(to)->push_back({texts[0], texts[1], texts[2]});
    return 0;
  };
  sqlite3_exec(file,
               "SELECT m.name, c.name, c.type FROM sqlite_schema m, pragma_table_info(m.name) c "
               "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY 1, 2",
               take, &all, nullptr);
  sqlite3_close(file);
  return all;
}

// Puts the value in every row of the column, as its type has it and whatever the table says
// against it; where rows must differ, in one.
void spoil(const std::string& path, const Column& column, std::string_view value) {
  sqlite3* file = nullptr;
  sqlite3_open(path.c_str(), &file);
  sqlite3_exec(file, "PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF", nullptr,
               nullptr, nullptr);
  for (const char* all : {"", " LIMIT 1"}) {
    const std::string rows = " WHERE rowid IN (SELECT rowid FROM " + column.table + all + ")";
    for (const std::string& where : {std::string(), rows}) {
      const std::string sql = "UPDATE OR IGNORE " + column.table + " SET " + column.name +
                              " = CAST(?1 AS " + column.type + ")" + where;
      sqlite3_stmt* statement = nullptr;
      if (sqlite3_prepare_v2(file, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) continue;
      sqlite3_bind_text64(statement, 1, value.data() != nullptr ? value.data() : "", value.size(),
                          SQLITE_STATIC, SQLITE_UTF8);
      sqlite3_step(statement);
      sqlite3_finalize(statement);
    }
  }
  sqlite3_close(file);
}

// Where nothing is synchronised that is gone in a moment.
std::filesystem::path in_memory() {
  return std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
}

}  // namespace

// The first line names a column, the rest is its value.
TEST_CASE("no value in a row breaks a ledger's answers", "[ledger-rows]") {
  const test::TempDir folder(in_memory());
  const std::string whole = folder.file("whole.db");
  { const test::FullLedger full(**ledger::open_ledger("sqlite:" + whole)); }
  {
    test::Other other(whole);
    for (const char* seal : {"seal", "seal_chain", "seal_line"}) {
      other.run((std::string("DROP TRIGGER ") + seal + "_stays").c_str());
    }
    other.run("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  const std::vector<Column> columns = columns_of(whole);
  REQUIRE(columns.size() > 100);
  std::vector<std::string> seeds;
  for (const Column& column : columns) {
    const std::string name = column.table + '.' + column.name + '\n';
    // Opening a ledger takes milliseconds: each column has one of them.
    constexpr std::array kValues{"9223372036854775807", "-9223372036854775808", "2026-10",
                                 "1/3 USD", "503/SlowDown"};
    seeds.push_back(name + kValues[seeds.size() % kValues.size()]);
  }
  const std::string path = folder.file("spoiled.db");
  fuzz(
      seeds,
      [&](const std::string& text) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string name = text.substr(0, end);
        // Any name is one of a column: most would be of none.
        std::size_t number = 0;
        for (const char c : name) number = number * 31 + static_cast<unsigned char>(c);
        number %= columns.size();
        for (std::size_t i = 0; i < columns.size(); ++i) {
          if (columns[i].table + '.' + columns[i].name == name) number = i;
        }
        for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(path + tail);
        std::filesystem::copy_file(whole, path);
        spoil(path, columns[number], std::string_view(text).substr(std::min(end + 1, text.size())));
        const auto opened = ledger::open_ledger("sqlite:" + path, ledger::Missing::refuse);
        if (opened) (void)test::ask_everything(**opened, "kms");
      },
      test::kSlow);
}

TEST_CASE("no bytes in a ledger's file break it", "[ledger-file]") {
  const test::TempDir folder(in_memory());
  const std::string whole = folder.file("whole.db");
  { const test::FullLedger full(**ledger::open_ledger("sqlite:" + whole)); }
  test::Other(whole).run("PRAGMA wal_checkpoint(TRUNCATE); VACUUM");
  const std::string path = folder.file("spoiled.db");
  fuzz(
      {test::read_text(whole)},
      [&](const std::string& bytes) {
        for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(path + tail);
        folder.write("spoiled.db", bytes);
        const auto opened = ledger::open_ledger("sqlite:" + path, ledger::Missing::refuse);
        if (opened) (void)test::ask_everything(**opened, "kms");
      },
      test::kSlow);
}

// A day is told from a broken one by its digest: with a right one, what stands before it is looked
// at as well.
TEST_CASE("no bytes but those of a day are a folded day", "[folded-day]") {
  const auto with_digest = [](std::string bytes) {
    const std::string digits = record::sha256_hex(bytes);
    for (std::size_t i = 0; i < 8; i += 2) {
      bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    }
    return bytes;
  };
  std::vector<ledger::DayCount> steady, uneven;
  for (int minute = 0; minute < ledger::kMinutesOfDay; ++minute) {
    steady.push_back({1, minute, 12});
    if (minute % 7 < 3)
      uneven.push_back({4, minute, static_cast<std::uint64_t>(minute * minute + 1)});
  }
  std::vector<std::string> seeds;
  for (const auto& day : {steady, uneven, std::vector<ledger::DayCount>{{3, 1439, 1}}}) {
    const std::string bytes = ledger::fold_day(day);
    REQUIRE(*ledger::unfold_day(bytes) == day);
    seeds.push_back(bytes.substr(0, bytes.size() - 4));
  }
  fuzz(seeds, [&](const std::string& text) {
    (void)ledger::unfold_day(text);
    const std::string bytes = with_digest(text);
    if (const auto day = ledger::unfold_day(bytes)) CHECK(ledger::fold_day(*day) == bytes);
  });
}
