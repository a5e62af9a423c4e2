-- A ledger of the twelfth version: that of version 10, by the steps between them as they were
-- published. Not to be edited: it stands for files that users have.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE chain (
    series  INTEGER PRIMARY KEY REFERENCES series (id),
    records INTEGER NOT NULL CHECK (records > 0),
    head    BLOB NOT NULL CHECK (length(head) = 32)
  ) STRICT;
INSERT INTO chain VALUES(2,2,X'8abac148c9e1e54b35f084513c4c8115ad782ecf369c5e271a8cd8c7cc75daea');
CREATE TABLE checked_file (
    digest TEXT PRIMARY KEY,
    says   TEXT NOT NULL CHECK (says IN ('yes', 'changed', 'unlisted')),
    hash   TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoint (
    series       INTEGER PRIMARY KEY REFERENCES series (id),
    watermark_ms INTEGER NOT NULL,
    every_ms     INTEGER NOT NULL CHECK (every_ms >= 0),
    place        TEXT NOT NULL
  ) STRICT;
INSERT INTO checkpoint VALUES(1,1790989380000,0,'');
CREATE TABLE IF NOT EXISTS "claim_event" (
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
CREATE TABLE clock_step (
    at_ms INTEGER NOT NULL,
    by_ms INTEGER NOT NULL,
    PRIMARY KEY (at_ms, by_ms)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE compared (
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (agreement, kind, name)
  ) STRICT, WITHOUT ROWID;
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
CREATE TABLE digest_key (
    value   TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms   INTEGER NOT NULL,
    PRIMARY KEY (value, from_ms, to_ms)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE event (
    series    INTEGER NOT NULL REFERENCES series (id),
    minute    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    file      INTEGER NOT NULL,
    outcome   INTEGER NOT NULL REFERENCES outcome (id),
    corrected INTEGER NOT NULL CHECK (corrected IN (0, 1)),
    PRIMARY KEY (series, minute, id)
  ) STRICT, WITHOUT ROWID;
INSERT INTO event VALUES(2,29849760,8647211786323855644,1,1,0);
INSERT INTO event VALUES(2,29849761,5930764374336914123,1,2,0);
INSERT INTO event VALUES(2,29849762,4765377107510951069,1,1,0);
INSERT INTO event VALUES(2,29849763,7043370455442083900,1,1,0);
INSERT INTO event VALUES(2,29849820,743735539176435101,2,1,0);
INSERT INTO event VALUES(2,29849821,4743095969022477710,2,2,0);
INSERT INTO event VALUES(2,29849822,1606396257348546057,2,1,0);
INSERT INTO event VALUES(2,29849823,2752337082598877228,2,1,0);
CREATE TABLE event_again (
    series    INTEGER NOT NULL REFERENCES series (id),
    minute    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    file      INTEGER NOT NULL,
    outcome   INTEGER NOT NULL REFERENCES outcome (id),
    corrected INTEGER NOT NULL CHECK (corrected IN (0, 1)),
    PRIMARY KEY (series, minute, id, file, corrected)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "evidence" (
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
INSERT INTO evidence VALUES(2,1790985660000,5930764374336914123,2,'req-0-1',0,'','Decrypt, eventID event-0-1, record 2 of 0.json.gz',1,X'1a9bd8cfde0b9b19e2a7808b59c88547256c1af5eebf37243d3dd5a9f9db1ec6');
INSERT INTO evidence VALUES(2,1790989260000,4743095969022477710,2,'req-1-1',0,'','Decrypt, eventID event-1-1, record 2 of 1.json.gz',2,X'8abac148c9e1e54b35f084513c4c8115ad782ecf369c5e271a8cd8c7cc75daea');
CREATE TABLE exclusion (
    agreement TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL CHECK (end_ms > begin_ms),
    reason    TEXT NOT NULL,
    PRIMARY KEY (agreement, begin_ms, end_ms)
  ) STRICT, WITHOUT ROWID;
INSERT INTO exclusion VALUES('kms',1791165600000,1791167400000,'we disabled the key');
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
    own       INTEGER NOT NULL, read_before INTEGER NOT NULL DEFAULT 0, format TEXT NOT NULL DEFAULT '', records INTEGER NOT NULL DEFAULT 0, identity INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0, indirect INTEGER NOT NULL DEFAULT 0, from_ms INTEGER NOT NULL DEFAULT 0, to_ms INTEGER NOT NULL DEFAULT 0, read_ms INTEGER NOT NULL DEFAULT 0, only_from_ms INTEGER NOT NULL DEFAULT 0, only_to_ms INTEGER NOT NULL DEFAULT 253402214400000, packed_digest TEXT NOT NULL DEFAULT '', packed_bytes INTEGER NOT NULL DEFAULT 0,
    UNIQUE (agreement, digest)
  ) STRICT;
INSERT INTO file VALUES(1,1,'kms','import','f75739a1ef4eff8f3dba9aaf48214a15b1398728faf98ef78e269f3167ecb3c0',1490,'logs/0.json.gz',4,4,0,0,0,'cloudtrail',4,0,1,0,1790985600000,1790985781000,1795803625470,0,253402214400000,'',0);
INSERT INTO file VALUES(2,1,'kms','import','9b1c6e631b3a6493c9909c237f47d74a9018ab5f92ded9fe7b57d7a34b7476a0',1490,'logs/1.json.gz',4,4,0,0,0,'cloudtrail',4,0,1,0,1790989200000,1790989381000,1795803625470,0,253402214400000,'',0);
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
CREATE TABLE gap (
    series   INTEGER NOT NULL REFERENCES series (id),
    begin_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL,
    every_ms INTEGER NOT NULL CHECK (every_ms > 0), reason TEXT NOT NULL DEFAULT 'stopped'
    CHECK (reason IN ('stopped', 'suspended', 'clock')),
    PRIMARY KEY (series, begin_ms)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE growth (
    agreement TEXT PRIMARY KEY,
    turn      INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
CREATE TABLE journal (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL,
    text      TEXT NOT NULL,
    replaces  TEXT NOT NULL
  ) STRICT;
INSERT INTO journal VALUES(1,'kms','file',1790985600000,1790985781000,'logs/0.json.gz','');
INSERT INTO journal VALUES(2,'kms','file',1790989200000,1790989381000,'logs/1.json.gz','');
INSERT INTO journal VALUES(3,'kms','exclusion',1791165600000,1791167400000,'we disabled the key','');
CREATE TABLE line_key (
    id        INTEGER PRIMARY KEY,
    series    INTEGER NOT NULL REFERENCES series (id),
    agreement TEXT NOT NULL,
    hour_ms   INTEGER NOT NULL,
    keys      BLOB NOT NULL
  ) STRICT;
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
CREATE TABLE outcome (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
  ) STRICT;
INSERT INTO outcome VALUES(1,'200');
INSERT INTO outcome VALUES(2,'500/KMSInternalException');
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
CREATE TABLE sealed_until (
    agreement TEXT NOT NULL,
    month     TEXT NOT NULL,
    journal   INTEGER NOT NULL,
    PRIMARY KEY (agreement, month)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "series" (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('probe', 'log', 'stream', 'query', 'sdk')),
    name      TEXT NOT NULL,
    part      TEXT NOT NULL,
    UNIQUE (agreement, kind, name, part)
  ) STRICT;
INSERT INTO series VALUES(1,'kms','stream','cloudtrail','');
INSERT INTO series VALUES(2,'kms','stream','cloudtrail','2026-10-03');
CREATE TABLE tally (
    series  INTEGER NOT NULL REFERENCES series (id),
    minute  INTEGER NOT NULL,
    outcome INTEGER NOT NULL REFERENCES outcome (id),
    count   INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (series, minute, outcome)
  ) STRICT, WITHOUT ROWID;
INSERT INTO tally VALUES(2,29849760,1,1);
INSERT INTO tally VALUES(2,29849761,2,1);
INSERT INTO tally VALUES(2,29849762,1,1);
INSERT INTO tally VALUES(2,29849763,1,1);
INSERT INTO tally VALUES(2,29849820,1,1);
INSERT INTO tally VALUES(2,29849821,2,1);
INSERT INTO tally VALUES(2,29849822,1,1);
INSERT INTO tally VALUES(2,29849823,1,1);
CREATE TABLE trail_mark (
    agreement TEXT NOT NULL,
    log       TEXT NOT NULL,
    at_ms     INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('off', 'on', 'outage')),
    what      TEXT NOT NULL,
    file      INTEGER NOT NULL,
    PRIMARY KEY (agreement, log, at_ms, kind, what, file)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE unseen (
    series   INTEGER NOT NULL REFERENCES series (id),
    begin_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL CHECK (end_ms > begin_ms),
    why      TEXT NOT NULL,
    PRIMARY KEY (series, begin_ms)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE writer (
    vantage  TEXT PRIMARY KEY,
    host     TEXT NOT NULL,
    process  INTEGER NOT NULL,
    since_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
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
CREATE TABLE incident_word (
    incident INTEGER NOT NULL REFERENCES incident (id),
    kind     TEXT NOT NULL CHECK (kind IN ('service', 'region', 'agreement')),
    place    INTEGER NOT NULL,
    word     TEXT NOT NULL,
    PRIMARY KEY (incident, kind, place)
  ) STRICT, WITHOUT ROWID;
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
DELETE FROM sqlite_sequence;
CREATE INDEX journal_of_agreement ON journal (agreement);
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
CREATE INDEX line_run_of_agreement ON line_run (agreement, latest);
CREATE INDEX line_run_of_series ON line_run (series);
CREATE INDEX claim_event_of_agreement ON claim_event (agreement);
CREATE INDEX event_corrected ON event (series) WHERE corrected = 1;
CREATE INDEX followed_by_reader ON followed (reader);
CREATE INDEX followed_by_name ON followed (name);
CREATE INDEX line_key_of_agreement ON line_key (agreement, hour_ms);
CREATE INDEX line_key_of_series ON line_key (series);
CREATE INDEX file_of_bytes ON file (agreement, bytes);
CREATE INDEX file_of_packed_bytes ON file (agreement, packed_bytes) WHERE packed_bytes > 0;
CREATE INDEX file_of_records ON file (agreement, records, identity);
CREATE INDEX digest_file_by_begin ON digest_file (begin_ms);
CREATE INDEX incident_by_begin ON incident (begin_ms);
CREATE INDEX stamp_of_agreement ON stamp (agreement, id);
COMMIT;
PRAGMA application_id = 1380144464;
PRAGMA user_version = 12;
