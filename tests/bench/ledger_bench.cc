// What does the ledger cost beyond the SQLite calls that keep the same rows?
//
//   bench_ledger [SERIES]
//
// A second's batch of SERIES probes is written, a month of one agreement is read, and all records
// of it; beside each, a bare loop over the same statements. Processor time, medians of five.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "ledger/open.h"
#include "processor_time.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

const core::Instant kStart = std::chrono::sys_days(std::chrono::year(2026) / 10 / 1);
constexpr int kMinutes = 44'640;  // of October
constexpr int kRecords = 50'000;

void check(bool right, const char* what) {
  if (right) return;
  fmt::print(stderr, "{}\n", what);
  std::exit(1);
}

// Bare is a connection to the same file with nothing around it.
class Bare {
 public:
  explicit Bare(const std::string& path) {
    check(sqlite3_open(path.c_str(), &db_) == SQLITE_OK, "the file could not be opened");
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
        "PRAGMA cache_size = -65536");
  }
  ~Bare() { sqlite3_close(db_); }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

  void run(const char* sql) {
    check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sqlite3_errmsg(db_));
  }

  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) ==
              SQLITE_OK,
          sqlite3_errmsg(db_));
    return statement;
  }

 private:
  sqlite3* db_ = nullptr;
};

void run_with(sqlite3_stmt* statement, const std::vector<std::int64_t>& values) {
  int position = 0;
  for (const std::int64_t value : values) sqlite3_bind_int64(statement, ++position, value);
  check(sqlite3_step(statement) == SQLITE_DONE, "a row could not be written");
  sqlite3_reset(statement);
}

// The sum of what `value` gives for each row.
std::uint64_t sum(sqlite3_stmt* statement, const std::function<std::uint64_t()>& value) {
  std::uint64_t total = 0;
  while (sqlite3_step(statement) == SQLITE_ROW) total += value();
  sqlite3_reset(statement);
  return total;
}

record::Batch second_of(const std::vector<record::SeriesId>& ids, int minute) {
  record::Batch batch;
  const core::Minute at = core::minute_of(kStart) + std::chrono::minutes(minute);
  for (const record::SeriesId id : ids) {
    batch.minutes.push_back({id, at, {{core::Answered{200}, 6}}});
    batch.checkpoints.push_back({id, core::Instant(at) + 59s, 10s});
  }
  return batch;
}

void print(const char* what, double ours, double bare) {
  fmt::print("{:<40} {:8.1f} ms, {:.2f} of bare SQLite\n", what, ours * 1e3, ours / bare);
}

}  // namespace

int main(int argc, char** argv) {
  const int series = argc > 1 ? std::stoi(argv[1]) : 20'000;
  const test::TempDir dir;
  const std::string path = dir.file("ledger.db");
  const auto ledger = *ledger::open_ledger("sqlite:" + path);
  std::vector<record::SeriesKey> keys;
  for (int i = 0; i < series; ++i) {
    keys.push_back({fmt::format("agreement-{}", i % 1000), record::SeriesKind::probe,
                    fmt::format("probe-{}", i), "berlin"});
  }
  const auto ids = *ledger->series(keys);
  check(ledger->write(second_of(ids, 0)).ok(), "a batch could not be written");

  const double writing = bench::median_time(
      [&](int i) { check(ledger->write(second_of(ids, 1 + i)).ok(), "not written"); });
  Bare bare(path);
  sqlite3_stmt* put = bare.prepare(
      "INSERT INTO tally (series, minute, outcome, count) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (series, minute, outcome) DO UPDATE SET count = excluded.count");
  sqlite3_stmt* put_accounted = bare.prepare(
      "INSERT INTO accounted (series, until_ms, every_ms) VALUES (?, ?, ?) ON CONFLICT (series) "
      "DO UPDATE SET until_ms = excluded.until_ms, every_ms = excluded.every_ms");
  const double bare_writing = bench::median_time([&](int i) {
    const std::int64_t minute = core::minute_of(kStart).time_since_epoch().count() + 10 + i;
    bare.run("BEGIN IMMEDIATE");
    for (const record::SeriesId id : ids) run_with(put, {id, minute, 1, 6});
    for (const record::SeriesId id : ids) run_with(put_accounted, {id, minute * 60000, 10000});
    bare.run("COMMIT");
  });
  fmt::print("{} series\n", series);
  print("write one batch of all series", writing, bare_writing);

  const auto probe = *ledger->series({"month", record::SeriesKind::probe, "p", "berlin"});
  record::Batch month;
  for (int i = 0; i < kMinutes; ++i) {
    const core::Minute at = core::minute_of(kStart) + std::chrono::minutes(i);
    month.minutes.push_back({probe, at, {{core::Answered{200}, 5}, {core::Answered{503}, 1}}});
  }
  for (int i = 0; i < kRecords; ++i) {
    month.evidence.push_back(
        {probe, record::Evidence{kStart + i * 1s, 0, core::Answered{503}, fmt::format("req-{}", i),
                                 84ms, "192.0.2.7:443", "GET /generate"}});
  }
  check(ledger->write(month).ok(), "the month could not be written");
  const core::Interval october{kStart, kStart + 24h * 31};

  const double reading = bench::median_time([&](int) {
    check(ledger->tallies("month", october)->rows().size() == 2 * kMinutes, "rows are missing");
  });
  sqlite3_stmt* tallies = bare.prepare(
      "SELECT tally.minute, tally.outcome, tally.count FROM series "
      "JOIN tally ON tally.series = series.id WHERE series.agreement = 'month'");
  const double bare_reading = bench::median_time([&](int) {
    const auto counted = sum(tallies, [&] {
      (void)sqlite3_column_int64(tallies, 0);
      (void)sqlite3_column_int64(tallies, 1);
      return static_cast<std::uint64_t>(sqlite3_column_int64(tallies, 2));
    });
    check(counted == 6ULL * kMinutes, "counts are missing");
  });
  print("read a month's tallies", reading, bare_reading);

  const double records = bench::median_time([&](int) {
    std::size_t seen = 0;
    check(ledger->evidence("month", october, [&](const record::Evidence&) { ++seen; }).ok() &&
              seen == kRecords,
          "records are missing");
  });
  sqlite3_stmt* evidence = bare.prepare(
      "SELECT at_ms, tie, outcome, request_id, duration_ms, peer, detail FROM series "
      "JOIN evidence ON evidence.series = series.id WHERE series.agreement = 'month' "
      "ORDER BY at_ms, evidence.series, tie");
  const double bare_records = bench::median_time([&](int) {
    const auto bytes = sum(evidence, [&] {
      for (const int column : {3, 5, 6}) (void)sqlite3_column_text(evidence, column);
      return 1;
    });
    check(bytes == kRecords, "records are missing");
  });
  print("read its records", records, bare_records);
  for (sqlite3_stmt* one : {put, put_accounted, tallies, evidence}) sqlite3_finalize(one);
  return 0;
}
