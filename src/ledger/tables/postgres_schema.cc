#include "ledger/tables/postgres_schema.h"

#include <array>
#include <deque>
#include <regex>
#include <utility>
#include <vector>

#include "ledger/tables/sqlite_schema.h"

namespace recoup::ledger {
namespace {

// The version of SQLite's tables that these are alike, in the words of its steps. A seal's parts
// stand before it, which a key to it would forbid; that seals never change is left to the program:
// to keep it would be code in the server.
constexpr std::size_t kFirstVersion = 14;
constexpr const char* kTables = R"sql(
  -- Small, and the same everywhere.
  CREATE TABLE series (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('probe', 'log', 'stream', 'query', 'sdk')),
    name      TEXT NOT NULL,
    part      TEXT NOT NULL,
    UNIQUE (agreement, kind, name, part)
  );
  CREATE TABLE outcome (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
  );
  CREATE TABLE clock_step (
    at_ms INTEGER NOT NULL,
    by_ms INTEGER NOT NULL,
    PRIMARY KEY (at_ms, by_ms)
  );
  CREATE TABLE growth (
    agreement TEXT PRIMARY KEY,
    turn      INTEGER NOT NULL
  );
  CREATE TABLE digest_file (
    id        INTEGER PRIMARY KEY,
    bucket    TEXT NOT NULL,
    object    TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL CHECK (end_ms > begin_ms),
    content   TEXT NOT NULL,
    signature TEXT NOT NULL,
    UNIQUE (bucket, object)
  );
  CREATE INDEX digest_file_by_begin ON digest_file (begin_ms);
  CREATE TABLE digest_key (
    value   TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms   INTEGER NOT NULL,
    PRIMARY KEY (value, from_ms, to_ms)
  );
  CREATE TABLE checked_file (
    digest TEXT PRIMARY KEY,
    says   TEXT NOT NULL CHECK (says IN ('yes', 'changed', 'unlisted')),
    hash   TEXT NOT NULL
  );
  CREATE TABLE incident (
    id           INTEGER PRIMARY KEY,
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
  );
  CREATE INDEX incident_by_begin ON incident (begin_ms);
  CREATE TABLE incident_word (
    incident INTEGER NOT NULL REFERENCES incident (id),
    kind     TEXT NOT NULL CHECK (kind IN ('service', 'region', 'agreement')),
    place    INTEGER NOT NULL,
    word     TEXT NOT NULL,
    PRIMARY KEY (incident, kind, place)
  );
  CREATE TABLE told (
    name  TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL
  );
  -- Who may do what there may be but one to do, and until when, by the database's clock: whoever
  -- comes later has the next number, and what is written under an older one is refused.
  CREATE TABLE lease (
    name     TEXT PRIMARY KEY,
    number   INTEGER NOT NULL,
    host     TEXT NOT NULL,
    process  INTEGER NOT NULL,
    since_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL
  );

  -- By series.
  CREATE TABLE tally (
    series  INTEGER NOT NULL REFERENCES series (id),
    minute  INTEGER NOT NULL,
    outcome INTEGER NOT NULL REFERENCES outcome (id),
    count   INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (series, minute, outcome)
  );
  CREATE TABLE evidence (
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
  );
  CREATE TABLE chain (
    series  BIGINT PRIMARY KEY REFERENCES series (id),
    records INTEGER NOT NULL CHECK (records > 0),
    head    BLOB NOT NULL CHECK (length(head) = 32)
  );
  CREATE TABLE checkpoint (
    series       BIGINT PRIMARY KEY REFERENCES series (id),
    watermark_ms INTEGER NOT NULL,
    every_ms     INTEGER NOT NULL CHECK (every_ms >= 0),
    place        TEXT NOT NULL
  );
  CREATE TABLE gap (
    series   INTEGER NOT NULL REFERENCES series (id),
    begin_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL,
    every_ms INTEGER NOT NULL CHECK (every_ms > 0),
    reason   TEXT NOT NULL CHECK (reason IN ('stopped', 'suspended', 'clock')),
    PRIMARY KEY (series, begin_ms)
  );
  CREATE TABLE unseen (
    series   INTEGER NOT NULL REFERENCES series (id),
    begin_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL CHECK (end_ms > begin_ms),
    why      TEXT NOT NULL,
    PRIMARY KEY (series, begin_ms)
  );
  CREATE TABLE event (
    series    INTEGER NOT NULL REFERENCES series (id),
    minute    INTEGER NOT NULL,
    id        BIGINT NOT NULL,
    file      INTEGER NOT NULL,
    outcome   INTEGER NOT NULL REFERENCES outcome (id),
    corrected INTEGER NOT NULL CHECK (corrected IN (0, 1)),
    PRIMARY KEY (series, minute, id)
  );
  CREATE INDEX event_corrected ON event (series) WHERE corrected = 1;
  CREATE TABLE event_again (
    series    INTEGER NOT NULL REFERENCES series (id),
    minute    INTEGER NOT NULL,
    id        BIGINT NOT NULL,
    file      INTEGER NOT NULL,
    outcome   INTEGER NOT NULL REFERENCES outcome (id),
    corrected INTEGER NOT NULL CHECK (corrected IN (0, 1)),
    PRIMARY KEY (series, minute, id, file, corrected)
  );

  -- By agreement.
  CREATE TABLE file (
    id            NUMBERED,
    series        INTEGER NOT NULL REFERENCES series (id),
    agreement     TEXT NOT NULL,
    log           TEXT NOT NULL,
    digest        TEXT NOT NULL,
    bytes         INTEGER NOT NULL,
    name          TEXT NOT NULL,
    lines         INTEGER NOT NULL,
    requests      INTEGER NOT NULL,
    malformed     INTEGER NOT NULL,
    own           INTEGER NOT NULL,
    read_before   INTEGER NOT NULL,
    format        TEXT NOT NULL,
    records       INTEGER NOT NULL,
    identity      INTEGER NOT NULL,
    errors        INTEGER NOT NULL,
    indirect      INTEGER NOT NULL,
    from_ms       INTEGER NOT NULL,
    to_ms         INTEGER NOT NULL,
    read_ms       INTEGER NOT NULL,
    only_from_ms  INTEGER NOT NULL,
    only_to_ms    INTEGER NOT NULL,
    packed_digest TEXT NOT NULL,
    packed_bytes  INTEGER NOT NULL,
    PRIMARY KEY (agreement, id),
    UNIQUE (agreement, digest)
  );
  CREATE INDEX file_by_id ON file (id);
  CREATE INDEX file_of_series ON file (series);
  CREATE INDEX file_of_bytes ON file (agreement, bytes);
  CREATE INDEX file_of_packed_bytes ON file (agreement, packed_bytes) WHERE packed_bytes > 0;
  CREATE INDEX file_of_records ON file (agreement, records, identity);
  CREATE TABLE line_run (
    id        NUMBERED,
    series    INTEGER NOT NULL REFERENCES series (id),
    agreement TEXT NOT NULL,
    earliest  INTEGER NOT NULL,
    latest    INTEGER NOT NULL,
    cut       INTEGER NOT NULL,
    head      BLOB NOT NULL,
    prints    BLOB NOT NULL,
    PRIMARY KEY (agreement, id)
  );
  CREATE INDEX line_run_by_id ON line_run (id);
  CREATE INDEX line_run_of_agreement ON line_run (agreement, latest);
  CREATE INDEX line_run_of_series ON line_run (series);
  CREATE TABLE line_key (
    id        NUMBERED,
    series    INTEGER NOT NULL REFERENCES series (id),
    agreement TEXT NOT NULL,
    hour_ms   INTEGER NOT NULL,
    keys      BLOB NOT NULL,
    PRIMARY KEY (agreement, id)
  );
  CREATE INDEX line_key_of_agreement ON line_key (agreement, hour_ms);
  CREATE INDEX line_key_of_series ON line_key (series);
  CREATE TABLE trail_mark (
    agreement TEXT NOT NULL,
    log       TEXT NOT NULL,
    at_ms     INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('off', 'on', 'outage')),
    what      TEXT NOT NULL,
    file      INTEGER NOT NULL,
    PRIMARY KEY (agreement, log, at_ms, kind, what, file)
  );
  CREATE TABLE compared (
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (agreement, kind, name)
  );
  CREATE TABLE exclusion (
    agreement TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL CHECK (end_ms > begin_ms),
    reason    TEXT NOT NULL,
    PRIMARY KEY (agreement, begin_ms, end_ms)
  );
  CREATE TABLE journal (
    id        BIGINT NOT NULL,
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL,
    text      TEXT NOT NULL,
    replaces  TEXT NOT NULL,
    PRIMARY KEY (agreement, id)
  );
  CREATE INDEX journal_by_id ON journal (id);
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
  );
  CREATE TABLE seal_chain (
    agreement TEXT NOT NULL,
    month     TEXT NOT NULL,
    revision  INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    part      TEXT NOT NULL,
    records   INTEGER NOT NULL,
    head      TEXT NOT NULL,
    PRIMARY KEY (agreement, month, revision, kind, name, part)
  );
  CREATE TABLE seal_line (
    agreement TEXT NOT NULL,
    month     TEXT NOT NULL,
    revision  INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('exclusion', 'change')),
    position  INTEGER NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (agreement, month, revision, kind, position)
  );
  CREATE TABLE sealed_until (
    agreement TEXT NOT NULL,
    month     TEXT NOT NULL,
    journal   INTEGER NOT NULL,
    PRIMARY KEY (agreement, month)
  );
  CREATE TABLE claim_event (
    id        BIGINT NOT NULL,
    agreement TEXT NOT NULL,
    month     TEXT NOT NULL,
    at_ms     INTEGER NOT NULL,
    step      TEXT NOT NULL CHECK (step IN ('written', 'submitted', 'confirmed', 'credited', 'refused', 'disputed',
                                            'settled', 'withdrawn', 'unmarked')),
    case_id   TEXT NOT NULL,
    amount    TEXT NOT NULL,
    note      TEXT NOT NULL,
    folder    TEXT NOT NULL,
    revision  INTEGER NOT NULL,
    PRIMARY KEY (agreement, id)
  );
  CREATE INDEX claim_event_by_id ON claim_event (id);
  CREATE TABLE stamp (
    id        NUMBERED,
    agreement TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL CHECK (end_ms > begin_ms),
    at_ms     INTEGER NOT NULL,
    document  TEXT NOT NULL,
    token     BLOB NOT NULL,
    chain     TEXT NOT NULL,
    PRIMARY KEY (agreement, id)
  );
  -- By reader.
  CREATE TABLE followed (
    id         NUMBERED,
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
    context    BLOB NOT NULL,
    PRIMARY KEY (reader, id)
  );
  CREATE INDEX followed_by_id ON followed (id);
  CREATE INDEX followed_by_name ON followed (name);
)sql";

// All versions, with the words that they point to.
struct Versions {
  std::deque<std::string> words;
  std::vector<Migration> steps;
  Schema schema;

  Versions() {
    for (std::size_t version = 1; version <= kSqliteSchema.size(); ++version) {
      const Migration& step = kSqliteSchema[version - 1];
      if (version < kFirstVersion) {
        steps.push_back({""});
      } else if (version == kFirstVersion) {
        steps.push_back({words.emplace_back(in_postgres_words(kTables)).c_str()});
      } else if (step.postgres != nullptr) {
        steps.push_back({step.postgres, step.carry});
      } else {
        steps.push_back({words.emplace_back(in_postgres_words(step.sql)).c_str(), step.carry});
      }
    }
    schema = steps;
  }
};

}  // namespace

std::string in_postgres_words(std::string_view sql) {
  static const std::array<std::pair<std::regex, const char*>, 8> kWords{
      {{std::regex(R"(\bid\s+INTEGER\s+PRIMARY\s+KEY(\s+AUTOINCREMENT)?)"),
        "id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"},
       {std::regex(R"(\bNUMBERED\b)"), "bigint GENERATED BY DEFAULT AS IDENTITY"},
       {std::regex(R"(\bINTEGER\b)"), "bigint"},
       {std::regex(R"(\bBLOB\b)"), "bytea"},
       {std::regex(R"(\bTEXT\b)"), "text COLLATE \"C\""},
       {std::regex(R"(\b[xX]'([0-9a-fA-F]*)')"), "'\\x$1'"},
       {std::regex(R"(\)\s*(STRICT\s*,\s*WITHOUT\s+ROWID|WITHOUT\s+ROWID\s*,\s*STRICT)\s*;)"),
        ");"},
       {std::regex(R"(\)\s*(STRICT|WITHOUT\s+ROWID)\s*;)"), ");"}}};
  std::string words(sql);
  for (const auto& [from, to] : kWords) words = std::regex_replace(words, from, to);
  return words;
}

const Schema& postgres_schema() {
  static const Versions kVersions;
  return kVersions.schema;
}

}  // namespace recoup::ledger
