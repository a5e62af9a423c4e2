#include "ledger/tables/sqlite_schema.h"

#include <array>

#include "ledger/tables/evidence_table.h"
#include "record/chain.h"

namespace recoup::ledger {
namespace {

// Instants are milliseconds and minutes are minutes since 1970, UTC.
constexpr const char* kVersion1 = R"sql(
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
)sql";

constexpr const char* kVersion2 = R"sql(
  CREATE TABLE exclusion (
    agreement TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL CHECK (end_ms > begin_ms),
    reason    TEXT NOT NULL,
    PRIMARY KEY (agreement, begin_ms, end_ms)
  ) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kVersion3 = R"sql(
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
)sql";

constexpr const char* kVersion4 = R"sql(
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
)sql";

constexpr const char* kVersion5 = R"sql(
  -- A series may come from more kinds of sources. Its id stays, and with it what refers to it.
  CREATE TABLE series_of_any_kind (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('probe', 'log', 'stream', 'query')),
    name      TEXT NOT NULL,
    part      TEXT NOT NULL,
    UNIQUE (agreement, kind, name, part)
  ) STRICT;
  INSERT INTO series_of_any_kind SELECT * FROM series ORDER BY id;
  DROP TABLE series;
  ALTER TABLE series_of_any_kind RENAME TO series;
  -- Takes the place of `accounted`. every_ms = 0: nothing is due, and a silence is no gap.
  CREATE TABLE checkpoint (
    series       INTEGER PRIMARY KEY REFERENCES series (id),
    watermark_ms INTEGER NOT NULL,
    every_ms     INTEGER NOT NULL CHECK (every_ms >= 0),
    place        TEXT NOT NULL
  ) STRICT;
  INSERT INTO checkpoint SELECT series, until_ms, every_ms, '' FROM accounted ORDER BY series;
  DROP TABLE accounted;
)sql";

constexpr const char* kVersion6 = R"sql(
  -- What AWS SDKs report is a kind of its own. Ids stay, as above.
  CREATE TABLE series_of_any_kind (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('probe', 'log', 'stream', 'query', 'sdk')),
    name      TEXT NOT NULL,
    part      TEXT NOT NULL,
    UNIQUE (agreement, kind, name, part)
  ) STRICT;
  INSERT INTO series_of_any_kind SELECT * FROM series ORDER BY id;
  DROP TABLE series;
  ALTER TABLE series_of_any_kind RENAME TO series;
  -- Times of which a source says that it did not see everything.
  CREATE TABLE unseen (
    series   INTEGER NOT NULL REFERENCES series (id),
    begin_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL CHECK (end_ms > begin_ms),
    why      TEXT NOT NULL,
    PRIMARY KEY (series, begin_ms)
  ) STRICT, WITHOUT ROWID;

  -- Records that have an id of their own, by which each is known again wherever it comes back: one
  -- row for each that is counted, with 64 bits of a hash of its id. corrected: it took the place of
  -- the record that was first told of the same request.
  CREATE TABLE event (
    series    INTEGER NOT NULL REFERENCES series (id),
    minute    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    file      INTEGER NOT NULL,
    outcome   INTEGER NOT NULL REFERENCES outcome (id),
    corrected INTEGER NOT NULL CHECK (corrected IN (0, 1)),
    PRIMARY KEY (series, minute, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX event_corrected ON event (series) WHERE corrected = 1;

  -- The same records as other files have them, and those whose place a corrected one took: they count
  -- when the file of the one that does is taken back.
  CREATE TABLE event_again (
    series    INTEGER NOT NULL REFERENCES series (id),
    minute    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    file      INTEGER NOT NULL,
    outcome   INTEGER NOT NULL REFERENCES outcome (id),
    corrected INTEGER NOT NULL CHECK (corrected IN (0, 1)),
    PRIMARY KEY (series, minute, id, file, corrected)
  ) STRICT, WITHOUT ROWID;

  -- What a trail says of itself: that it was switched off, or on again.
  CREATE TABLE trail_mark (
    agreement TEXT NOT NULL,
    log       TEXT NOT NULL,
    at_ms     INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('off', 'on', 'outage')),
    what      TEXT NOT NULL,
    file      INTEGER NOT NULL,
    PRIMARY KEY (agreement, log, at_ms, kind, what, file)
  ) STRICT, WITHOUT ROWID;

  -- What is shown of a file that was read.
  ALTER TABLE file ADD COLUMN errors INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE file ADD COLUMN indirect INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE file ADD COLUMN from_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE file ADD COLUMN to_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE file ADD COLUMN read_ms INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr const char* kVersion7 = R"sql(
  -- Logs that see the Requests of others: compared with these, and not counted.
  CREATE TABLE compared (
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (agreement, kind, name)
  ) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kVersion8 = R"sql(
  -- Where the reading of log files goes on that are followed. name = '': it is read as a whole.
  CREATE TABLE followed (
    id         INTEGER PRIMARY KEY,
    reader     TEXT NOT NULL,
    path       TEXT NOT NULL,
    device     INTEGER NOT NULL,
    inode      INTEGER NOT NULL,
    size       INTEGER NOT NULL,
    changed_ns INTEGER NOT NULL,
    name       TEXT NOT NULL,
    format     TEXT NOT NULL,
    position   INTEGER NOT NULL,
    lines      INTEGER NOT NULL,
    malformed  INTEGER NOT NULL,
    records    INTEGER NOT NULL,
    identity   INTEGER NOT NULL,
    head       TEXT NOT NULL,
    edges      TEXT NOT NULL,
    run        INTEGER NOT NULL,
    context    BLOB NOT NULL
  ) STRICT;
  CREATE INDEX followed_by_reader ON followed (reader);
  CREATE INDEX followed_by_name ON followed (name);
  -- How often files of an agreement that are followed have gained something.
  CREATE TABLE growth (
    agreement TEXT PRIMARY KEY,
    turn      INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kVersion9 = R"sql(
  -- Of which time the requests of a file were looked at: up to the last day of 9999 where of all.
  ALTER TABLE file ADD COLUMN only_from_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE file ADD COLUMN only_to_ms INTEGER NOT NULL DEFAULT 253402214400000;
  -- A packed file as it lies, where it is not known by that in `digest`.
  ALTER TABLE file ADD COLUMN packed_digest TEXT NOT NULL DEFAULT '';
  ALTER TABLE file ADD COLUMN packed_bytes INTEGER NOT NULL DEFAULT 0;

  -- The lines of a file that are known one by one, hour by hour: 8 bytes each, in order.
  CREATE TABLE line_key (
    id        INTEGER PRIMARY KEY,
    series    INTEGER NOT NULL REFERENCES series (id),
    agreement TEXT NOT NULL,
    hour_ms   INTEGER NOT NULL,
    keys      BLOB NOT NULL
  ) STRICT;
  CREATE INDEX line_key_of_agreement ON line_key (agreement, hour_ms);
  CREATE INDEX line_key_of_series ON line_key (series);
)sql";

constexpr const char* kVersion10 = R"sql(
  -- A new file is compared with those that may be it, however many were read.
  CREATE INDEX file_of_bytes ON file (agreement, bytes);
  CREATE INDEX file_of_packed_bytes ON file (agreement, packed_bytes) WHERE packed_bytes > 0;
  CREATE INDEX file_of_records ON file (agreement, records, identity);

  -- CloudTrail's digest files that verified, each with the signature of its own bytes.
  CREATE TABLE digest_file (
    id        INTEGER PRIMARY KEY,
    bucket    TEXT NOT NULL,
    object    TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL CHECK (end_ms > begin_ms),
    content   TEXT NOT NULL,
    signature TEXT NOT NULL,
    UNIQUE (bucket, object)
  ) STRICT;
  CREATE INDEX digest_file_by_begin ON digest_file (begin_ms);
  -- The keys that signed them: base64 of DER, and when they were in use.
  CREATE TABLE digest_key (
    value   TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms   INTEGER NOT NULL,
    PRIMARY KEY (value, from_ms, to_ms)
  ) STRICT, WITHOUT ROWID;
  -- What they said of log files, by the SHA-256 of a file; hash: that of what is in it, unpacked.
  CREATE TABLE checked_file (
    digest TEXT PRIMARY KEY,
    says   TEXT NOT NULL CHECK (says IN ('yes', 'changed', 'unlisted')),
    hash   TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kVersion11 = R"sql(
  -- What providers told of their own troubles, known again by provider and their own id. 0 in place
  -- of an instant that nobody told. until_ms: up to where it reaches, as far as was told.
  CREATE TABLE incident (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    provider     TEXT NOT NULL,
    given_id     TEXT NOT NULL,
    begin_ms     INTEGER NOT NULL,
    end_ms       INTEGER NOT NULL,
    announced_ms INTEGER NOT NULL,
    updated_ms   INTEGER NOT NULL,
    title        TEXT NOT NULL,
    url          TEXT NOT NULL,
    source       TEXT NOT NULL,
    until_ms     INTEGER NOT NULL CHECK (until_ms > begin_ms),
    UNIQUE (provider, given_id)
  ) STRICT;
  CREATE INDEX incident_by_begin ON incident (begin_ms);
  -- What it names, in its order: services and Regions as the provider does, agreements as the user.
  CREATE TABLE incident_word (
    incident INTEGER NOT NULL REFERENCES incident (id),
    kind     TEXT NOT NULL CHECK (kind IN ('service', 'region', 'agreement')),
    place    INTEGER NOT NULL,
    word     TEXT NOT NULL,
    PRIMARY KEY (incident, kind, place)
  ) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kVersion12 = R"sql(
  -- What a third party signed the time of: documents of digests, in the order in which each names
  -- the token before it of the same agreement. chain: the certificates that its signer's rests on.
  CREATE TABLE stamp (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL CHECK (end_ms > begin_ms),
    at_ms     INTEGER NOT NULL,
    document  TEXT NOT NULL,
    token     BLOB NOT NULL,
    chain     TEXT NOT NULL
  ) STRICT;
  CREATE INDEX stamp_of_agreement ON stamp (agreement, id);
)sql";

constexpr const char* kVersion13 = R"sql(
  -- A provider may say that a credit is due before it gives it, and a user may object.
  CREATE TABLE claim_step (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    month     TEXT NOT NULL,
    at_ms     INTEGER NOT NULL,
    step      TEXT NOT NULL CHECK (step IN ('written', 'submitted', 'confirmed', 'credited',
                                            'refused', 'disputed', 'settled', 'withdrawn',
                                            'unmarked')),
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

  -- What people were told, by a name that stands for it.
  CREATE TABLE told (
    name  TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
)sql";

// Outcomes may be "connect-timeout", which an older recoup cannot read. A "timeout" that is kept
// already stays what it is: nobody knows any more whether its connection stood.
constexpr const char* kVersion14 = "";

// Of which resource a source is, where a contract sums the time of several.
constexpr const char* kVersion15 = R"sql(
  CREATE TABLE source_resource (
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    resource  TEXT NOT NULL,
    PRIMARY KEY (agreement, kind, name)
  ) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kVersion16 = R"sql(
  -- How many targets of one series are due in each period of it.
  ALTER TABLE gap ADD COLUMN targets INTEGER NOT NULL DEFAULT 1 CHECK (targets > 0);
  ALTER TABLE checkpoint ADD COLUMN targets INTEGER NOT NULL DEFAULT 1 CHECK (targets > 0);
)sql";

constexpr const char* kVersion17 = R"sql(
  -- The counts of a UTC day of a series in one row, in the place of those in `tally`: days since
  -- 1970, and what folded_day.h says of the bytes.
  CREATE TABLE tally_day (
    series       INTEGER NOT NULL REFERENCES series (id),
    day          INTEGER NOT NULL,
    first_minute INTEGER NOT NULL,
    last_minute  INTEGER NOT NULL,
    counts       BLOB NOT NULL,
    PRIMARY KEY (series, day)
  ) STRICT, WITHOUT ROWID;
  -- From which day on none is there, and what they come to.
  CREATE TABLE folded_until (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    day INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE folded (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    days    INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    bytes   INTEGER NOT NULL
  ) STRICT;
  -- Of a chain whose begin was removed: how many records, all seen before until_ms, and the link of
  -- the last of them.
  CREATE TABLE evidence_removed (
    series   INTEGER PRIMARY KEY REFERENCES series (id),
    records  INTEGER NOT NULL CHECK (records > 0),
    until_ms INTEGER NOT NULL,
    link     BLOB NOT NULL CHECK (length(link) = 32)
  ) STRICT;
)sql";

constexpr const char* kVersion18 = R"sql(
  -- Whose clock it was.
  CREATE TABLE clock_step_of (
    at_ms   INTEGER NOT NULL,
    by_ms   INTEGER NOT NULL,
    vantage TEXT NOT NULL,
    PRIMARY KEY (at_ms, by_ms, vantage)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO clock_step_of (at_ms, by_ms, vantage) SELECT at_ms, by_ms, '' FROM clock_step;
  DROP TABLE clock_step;
  ALTER TABLE clock_step_of RENAME TO clock_step;
)sql";

constexpr const char* kVersion19 = R"sql(
  -- How much of the cycle was measured, a fraction of 1; '' where that was not kept.
  ALTER TABLE seal ADD COLUMN measured TEXT NOT NULL DEFAULT '';
)sql";

// The link before the first of each series with evidence, by the series' id.
std::vector<std::pair<record::SeriesId, std::string>> begins(Connection& connection) {
  std::vector<std::pair<record::SeriesId, std::string>> all;
  Statement series(connection,
                   "SELECT id, agreement, kind, name, part FROM series WHERE EXISTS "
                   "(SELECT 1 FROM evidence WHERE evidence.series = series.id) ORDER BY id");
  Rows rows = series.query();
  while (rows.next()) {
    all.emplace_back(rows.integer(0), record::first_link(rows.string(1), rows.string(2),
                                                         rows.string(3), rows.string(4)));
  }
  return all;
}

// Chains the evidence that is there, series by series, by time and tie; it takes the place of what
// was not chained.
void chain_evidence(Connection& connection) {
  {
    OutcomeIds outcomes(connection);
    record::Linker linker;
    Statement read(connection,
                   "SELECT at_ms, tie, outcome, request_id, duration_ms, peer, detail "
                   "FROM evidence WHERE series = $1 ORDER BY at_ms, tie");
    Statement put(connection,
                  "INSERT INTO chained (series, at_ms, tie, outcome, request_id, duration_ms, "
                  "peer, detail, position, link) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    Statement put_end(connection, "INSERT INTO chain (series, records, head) VALUES ($1, $2, $3)");
    for (auto& [series, link] : begins(connection)) {
      std::uint64_t position = 0;
      Rows rows = read.query(series);
      while (rows.next()) {
        linker.advance(link, evidence_of(rows, 0, outcomes));
        put.run(series, rows.integer(0), rows.count(1), rows.integer(2), rows.text(3),
                rows.integer(4), rows.text(5), rows.text(6), ++position, Blob{link});
      }
      put_end.run(series, position, Blob{link});
    }
  }
  connection.run("DROP TABLE evidence; ALTER TABLE chained RENAME TO evidence");
}

constexpr std::array<Migration, 19> kMigrations{{{kVersion1},
                                                 {kVersion2},
                                                 {kVersion3, chain_evidence},
                                                 {kVersion4},
                                                 {kVersion5},
                                                 {kVersion6},
                                                 {kVersion7},
                                                 {kVersion8},
                                                 {kVersion9},
                                                 {kVersion10},
                                                 {kVersion11},
                                                 {kVersion12},
                                                 {kVersion13},
                                                 {kVersion14},
                                                 {kVersion15},
                                                 {kVersion16},
                                                 {kVersion17},
                                                 {kVersion18},
                                                 {kVersion19}}};

}  // namespace

constinit const Schema kSqliteSchema = kMigrations;

}  // namespace recoup::ledger
