-- A ledger as the third version wrote it. Not to be edited: it stands for files that users have.
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

CREATE TABLE exclusion (
  agreement TEXT NOT NULL,
  begin_ms  INTEGER NOT NULL,
  end_ms    INTEGER NOT NULL CHECK (end_ms > begin_ms),
  reason    TEXT NOT NULL,
  PRIMARY KEY (agreement, begin_ms, end_ms)
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

INSERT INTO series VALUES (1, 'kms', 'probe', 'generate', 'berlin');
INSERT INTO outcome VALUES (1, '200'), (2, '503');
INSERT INTO tally VALUES (1, 29846880, 1, 11), (1, 29846881, 2, 1);
INSERT INTO accounted VALUES (1, 1790812859000, 1000);
INSERT INTO claim_event VALUES
  (1, 'kms', '2026-09', 1790812800000, 'written', '', '36903/200 USD', '', '/claims/a', 1),
  (2, 'kms', '2026-09', 1790812860000, 'submitted', '42', '', 'by the console', '', 1),
  (3, 's3', '2026-09', 1790812860000, 'refused', '7', '', '', '', 0);

PRAGMA application_id = 1380144464;
PRAGMA user_version = 3;
