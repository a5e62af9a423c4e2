#include "ledger/tables/tables.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "ledger/tables/schema.h"

namespace recoup::ledger {
namespace {

// Durable at every commit: the log is synchronised before it is acknowledged. The cache holds the
// leaves that 100,000 series dirty a minute; the log's file shrinks again after a large import.
constexpr const char* kPragmas = R"sql(
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA cache_size = -65536;
  PRAGMA journal_size_limit = 67108864;
)sql";

// Makes the file, for its owner alone, where there is none and one is wanted; SQLite gives the
// files beside it the same mode. What keeps it from being made, SQLite finds again and says.
bool make_file(const std::string& path, Missing missing) {
  struct stat found {};
  if (path == ":memory:") return true;
  if (stat(path.c_str(), &found) == 0 || errno != ENOENT) return false;
  if (missing == Missing::refuse) {
    throw Failure({"expected a ledger, got no file", "",
                   "see whether `ledger` in the settings names the right file; recoup run and "
                   "recoup import make a new one"});
  }
  // SQLite would delete the log, and with it what a killed service wrote last.
  if (stat((path + "-wal").c_str(), &found) == 0 && found.st_size > 0) {
    throw Failure({"expected a ledger, got no file but its write-ahead log (-wal)", "",
                   "put the ledger back beside its log, or move the log away for a new ledger"});
  }
  if (stat((path + ".saving").c_str(), &found) == 0) {
    throw Failure(
        {"expected a ledger, got no file but one that a service was saving it to (.saving)", "",
         "see with sqlite3 whether it is whole (PRAGMA integrity_check); then put it in the "
         "ledger's place, or move it away for a new ledger"});
  }
  const int made = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (made >= 0) close(made);
  return true;
}

// A database of something else must be refused before anything in it is changed; statements can be
// prepared only when their tables are there. The tables are in the file itself at once, so that a
// copy of it is a ledger.
Database& ready(Database& database, Missing missing, bool& made) {
  if (is_empty(database)) {
    if (missing == Missing::refuse) {
      throw Failure({"expected a ledger, got an empty file", "",
                     "recoup run and recoup import make a ledger of it"});
    }
    made = true;
  }
  database.run(kPragmas);
  prepare_schema(database);
  if (made) database.checkpoint();
  return database;
}

}  // namespace

Tables::Tables(const std::string& path, Missing missing, core::Millis busy_timeout)
    : made(make_file(path, missing)),
      database(path, busy_timeout),
      watch(ready(database, missing, made), path),
      outcomes(database),
      series(database),
      tallies(database, outcomes),
      evidence(database, outcomes),
      evidence_check(database, outcomes),
      files(database, evidence),
      journal(database),
      exclusions(database, journal),
      seals(database),
      claims(database) {}

void Tables::put(const record::Batch& batch) {
  for (const record::SeriesMinute& row : batch.minutes) tallies.put(row.series, row);
  evidence.begin();
  for (const record::SeriesEvidence& row : batch.evidence) evidence.put(row.series, row.evidence);
  evidence.end();
  for (const record::Accounted& row : batch.accounted) tallies.put(row);
  for (const record::SeriesGap& row : batch.gaps) tallies.put(row);
  journal.add_gaps(batch.gaps);
  for (const record::ClockStep& step : batch.clock_steps) tallies.put(step);
}

}  // namespace recoup::ledger
