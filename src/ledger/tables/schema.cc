#include "ledger/tables/schema.h"

#include <array>

#include <fmt/format.h>

#include "ledger/sql/sqlite.h"
#include "ledger/sql/statement.h"
#include "ledger/tables/chain_migration.h"

namespace recoup::ledger {
namespace {

// "RCUP" marks a SQLite file as a ledger.
constexpr std::int64_t kApplicationId = 0x52435550;

// Migration is one step from a version of the tables to the next.
struct Migration {
  const char* sql;
  void (*carry)(Database&) = nullptr;  // then moves what SQL alone cannot
};

// Element i brings a ledger from version i to i + 1. What was published is never edited: a change
// is a new element. Instants are milliseconds and minutes are minutes since 1970, UTC.
constexpr std::array<Migration, 4> kMigrations{{{R"sql(
  CREATE TABLE series (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('probe', 'log')),
    name      TEXT NOT NULL,
    part      TEXT NOT NULL,
    UNIQUE (agreement, kind, name, part)
  ) STRICT;

  CREATE TABLE outcome (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE tally (
    series  INTEGER NOT NULL REFERENCES series (id),
    minute  INTEGER NOT NULL,
    outcome INTEGER NOT NULL REFERENCES outcome (id),
    count   INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (series, minute, outcome)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE evidence (
    series      INTEGER NOT NULL REFERENCES series (id),
    at_ms       INTEGER NOT NULL,
    tie         INTEGER NOT NULL,
    outcome     INTEGER NOT NULL REFERENCES outcome (id),
    request_id  TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    peer        TEXT NOT NULL,
    detail      TEXT NOT NULL,
    PRIMARY KEY (series, at_ms, tie)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE accounted (
    series   INTEGER PRIMARY KEY REFERENCES series (id),
    until_ms INTEGER NOT NULL,
    every_ms INTEGER NOT NULL CHECK (every_ms > 0)
  ) STRICT;

  CREATE TABLE gap (
    series   INTEGER NOT NULL REFERENCES series (id),
    begin_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL,
    every_ms INTEGER NOT NULL CHECK (every_ms > 0),
    PRIMARY KEY (series, begin_ms)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE file (
    id        INTEGER PRIMARY KEY,
    series    INTEGER NOT NULL REFERENCES series (id),
    agreement TEXT NOT NULL,
    log       TEXT NOT NULL,
    digest    TEXT NOT NULL,
    bytes     INTEGER NOT NULL,
    name      TEXT NOT NULL,
    lines     INTEGER NOT NULL,
    requests  INTEGER NOT NULL,
    malformed INTEGER NOT NULL,
    own       INTEGER NOT NULL,
    UNIQUE (agreement, digest)
  ) STRICT;

  CREATE TABLE clock_step (
    at_ms INTEGER NOT NULL,
    by_ms INTEGER NOT NULL,
    PRIMARY KEY (at_ms, by_ms)
  ) STRICT, WITHOUT ROWID;
)sql"},
                                                {R"sql(
  CREATE TABLE exclusion (
    agreement TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL CHECK (end_ms > begin_ms),
    reason    TEXT NOT NULL,
    PRIMARY KEY (agreement, begin_ms, end_ms)
  ) STRICT, WITHOUT ROWID;
)sql"},
                                                {R"sql(
  -- Takes the place of `evidence` when what is there has been chained.
  CREATE TABLE chained (
    series      INTEGER NOT NULL REFERENCES series (id),
    at_ms       INTEGER NOT NULL,
    tie         INTEGER NOT NULL,
    outcome     INTEGER NOT NULL REFERENCES outcome (id),
    request_id  TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    peer        TEXT NOT NULL,
    detail      TEXT NOT NULL,
    position    INTEGER NOT NULL CHECK (position > 0),
    link        BLOB NOT NULL CHECK (length(link) = 32),
    PRIMARY KEY (series, at_ms, tie)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE chain (
    series  INTEGER PRIMARY KEY REFERENCES series (id),
    records INTEGER NOT NULL CHECK (records > 0),
    head    BLOB NOT NULL CHECK (length(head) = 32)
  ) STRICT;

  CREATE TABLE journal (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL,
    text      TEXT NOT NULL,
    replaces  TEXT NOT NULL
  ) STRICT;
  CREATE INDEX journal_of_agreement ON journal (agreement);

  CREATE TABLE seal (
    agreement         TEXT NOT NULL,
    month             TEXT NOT NULL,
    revision          INTEGER NOT NULL CHECK (revision > 0),
    at_ms             INTEGER NOT NULL,
    begin_ms          INTEGER NOT NULL,
    end_ms            INTEGER NOT NULL,
    tallies_sha256    TEXT NOT NULL,
    evidence_sha256   TEXT NOT NULL,
    evidence_records  INTEGER NOT NULL,
    rule              TEXT NOT NULL,
    version           TEXT NOT NULL,
    rule_digest       TEXT NOT NULL,
    assessment_sha256 TEXT NOT NULL,
    charge_sha256     TEXT NOT NULL,
    requests          INTEGER NOT NULL,
    errors            INTEGER NOT NULL,
    uptime            TEXT NOT NULL,
    share             TEXT NOT NULL,
    charge            TEXT NOT NULL,
    charge_from       TEXT NOT NULL,
    amount            TEXT NOT NULL,
    eligible          INTEGER NOT NULL,
    safe              TEXT NOT NULL,
    literal           TEXT NOT NULL,
    previous          TEXT NOT NULL,
    digest            TEXT NOT NULL,
    signature         TEXT NOT NULL,
    public_key        TEXT NOT NULL,
    PRIMARY KEY (agreement, month, revision)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE seal_chain (
    agreement TEXT NOT NULL,
    month     TEXT NOT NULL,
    revision  INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    part      TEXT NOT NULL,
    records   INTEGER NOT NULL,
    head      TEXT NOT NULL,
    PRIMARY KEY (agreement, month, revision, kind, name, part),
    FOREIGN KEY (agreement, month, revision) REFERENCES seal DEFERRABLE INITIALLY DEFERRED
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE seal_line (
    agreement TEXT NOT NULL,
    month     TEXT NOT NULL,
    revision  INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('exclusion', 'change')),
    position  INTEGER NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (agreement, month, revision, kind, position),
    FOREIGN KEY (agreement, month, revision) REFERENCES seal DEFERRABLE INITIALLY DEFERRED
  ) STRICT, WITHOUT ROWID;

  -- Up to which entry of the journal each sealed month was looked at; the only part that moves.
  CREATE TABLE sealed_until (
    agreement TEXT NOT NULL,
    month     TEXT NOT NULL,
    journal   INTEGER NOT NULL,
    PRIMARY KEY (agreement, month)
  ) STRICT, WITHOUT ROWID;

  CREATE TRIGGER seal_is_next BEFORE INSERT ON seal
  WHEN NEW.revision <> 1 + (SELECT coalesce(max(revision), 0) FROM seal
                            WHERE agreement = NEW.agreement AND month = NEW.month)
  BEGIN SELECT RAISE(ABORT, 'expected the next revision of a seal'); END;
  CREATE TRIGGER seal_chain_is_first BEFORE INSERT ON seal_chain
  WHEN EXISTS (SELECT 1 FROM seal WHERE agreement = NEW.agreement AND month = NEW.month
               AND revision = NEW.revision)
  BEGIN SELECT RAISE(ABORT, 'a seal never changes'); END;
  CREATE TRIGGER seal_line_is_first BEFORE INSERT ON seal_line
  WHEN EXISTS (SELECT 1 FROM seal WHERE agreement = NEW.agreement AND month = NEW.month
               AND revision = NEW.revision)
  BEGIN SELECT RAISE(ABORT, 'a seal never changes'); END;
  CREATE TRIGGER seal_stays BEFORE UPDATE ON seal
  BEGIN SELECT RAISE(ABORT, 'a seal never changes'); END;
  CREATE TRIGGER seal_remains BEFORE DELETE ON seal
  BEGIN SELECT RAISE(ABORT, 'a seal never changes'); END;
  CREATE TRIGGER seal_chain_stays BEFORE UPDATE ON seal_chain
  BEGIN SELECT RAISE(ABORT, 'a seal never changes'); END;
  CREATE TRIGGER seal_chain_remains BEFORE DELETE ON seal_chain
  BEGIN SELECT RAISE(ABORT, 'a seal never changes'); END;
  CREATE TRIGGER seal_line_stays BEFORE UPDATE ON seal_line
  BEGIN SELECT RAISE(ABORT, 'a seal never changes'); END;
  CREATE TRIGGER seal_line_remains BEFORE DELETE ON seal_line
  BEGIN SELECT RAISE(ABORT, 'a seal never changes'); END;

  CREATE TABLE claim_event (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    month     TEXT NOT NULL,
    at_ms     INTEGER NOT NULL,
    step      TEXT NOT NULL
              CHECK (step IN ('written', 'submitted', 'credited', 'refused', 'withdrawn')),
    case_id   TEXT NOT NULL,
    amount    TEXT NOT NULL,
    note      TEXT NOT NULL,
    folder    TEXT NOT NULL,
    revision  INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX claim_event_of_agreement ON claim_event (agreement);
)sql",
                                                 chain_evidence},
                                                {R"sql(
  ALTER TABLE gap ADD COLUMN reason TEXT NOT NULL DEFAULT 'stopped'
    CHECK (reason IN ('stopped', 'suspended', 'clock'));
  -- Who records for a vantage, in words: that nobody else does is a lock's to say.
  CREATE TABLE writer (
    vantage  TEXT PRIMARY KEY,
    host     TEXT NOT NULL,
    process  INTEGER NOT NULL,
    since_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  -- What is known of a file's lines; records = 0: it was read before they were looked at.
  ALTER TABLE file ADD COLUMN read_before INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE file ADD COLUMN format TEXT NOT NULL DEFAULT '';
  ALTER TABLE file ADD COLUMN records INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE file ADD COLUMN identity INTEGER NOT NULL DEFAULT 0;

  CREATE TABLE line_run (
    id        INTEGER PRIMARY KEY,
    series    INTEGER NOT NULL REFERENCES series (id),
    agreement TEXT NOT NULL,
    earliest  INTEGER NOT NULL,
    latest    INTEGER NOT NULL,
    cut       INTEGER NOT NULL,
    head      BLOB NOT NULL,
    prints    BLOB NOT NULL
  ) STRICT;
  CREATE INDEX line_run_of_agreement ON line_run (agreement, latest);
  CREATE INDEX line_run_of_series ON line_run (series);
  -- A step may take back the newest one before it.
  CREATE TABLE claim_step (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    month     TEXT NOT NULL,
    at_ms     INTEGER NOT NULL,
    step      TEXT NOT NULL CHECK (step IN ('written', 'submitted', 'credited', 'refused',
                                            'withdrawn', 'unmarked')),
    case_id   TEXT NOT NULL,
    amount    TEXT NOT NULL,
    note      TEXT NOT NULL,
    folder    TEXT NOT NULL,
    revision  INTEGER NOT NULL
  ) STRICT;
  INSERT INTO claim_step SELECT * FROM claim_event ORDER BY id;
  DROP TABLE claim_event;
  ALTER TABLE claim_step RENAME TO claim_event;
  CREATE INDEX claim_event_of_agreement ON claim_event (agreement);
)sql"}}};

constexpr auto kNewest = static_cast<std::int64_t>(kMigrations.size());

std::int64_t number(Database& database, const char* sql) {
  Statement statement(database, sql);
  Rows rows = statement.query();
  return rows.next() ? rows.integer(0) : 0;
}

// The version of the ledger in this file; 0 for an empty file. Throws for what is no ledger.
std::int64_t version_of(Database& database) {
  const std::int64_t application = number(database, "PRAGMA application_id");
  const std::int64_t version = number(database, "PRAGMA user_version");
  if (application == kApplicationId && version > kNewest) {
    throw Failure(
        {fmt::format("expected a ledger of version {} or older, got version {}", kNewest, version),
         "", "use the newer recoup that wrote it, or name another file as the ledger"});
  }
  if (application == kApplicationId && version > 0) return version;
  const bool empty = number(database, "SELECT count(*) FROM sqlite_schema") == 0;
  if (application == 0 && version == 0 && empty) return 0;
  throw Failure({"expected a ledger, got a SQLite database of something else", "",
                 "name another file as the ledger"});
}

}  // namespace

bool is_empty(Database& database) { return version_of(database) == 0; }

void prepare_schema(Database& database) {
  // A ledger that is up to date is opened without the lock of a writer.
  if (version_of(database) == kNewest) return;
  Transaction transaction(database, Transaction::Kind::write);
  const auto from = static_cast<std::size_t>(version_of(database));
  for (std::size_t i = from; i < kMigrations.size(); ++i) {
    database.run(kMigrations[i].sql);
    if (kMigrations[i].carry != nullptr) kMigrations[i].carry(database);
  }
  database.run(
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, kNewest)
          .c_str());
  transaction.commit();
}

}  // namespace recoup::ledger
