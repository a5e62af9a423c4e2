-- A ledger of the eighth version: that of version 5, by the steps between them as they were
-- published. Not to be edited: it stands for files that users have.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE chain (
    series  INTEGER PRIMARY KEY REFERENCES series (id),
    records INTEGER NOT NULL CHECK (records > 0),
    head    BLOB NOT NULL CHECK (length(head) = 32)
  ) STRICT;
INSERT INTO chain VALUES(1,3,X'80749e4e7e816db252cb96a4249284df3e2888e5fc7d420a456689d166d6b688');
CREATE TABLE checkpoint (
    series       INTEGER PRIMARY KEY REFERENCES series (id),
    watermark_ms INTEGER NOT NULL,
    every_ms     INTEGER NOT NULL CHECK (every_ms >= 0),
    place        TEXT NOT NULL
  ) STRICT;
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
INSERT INTO evidence VALUES(1,1790992987000,4,2,'',0,'','GET /a',1,X'6d0958c53faf5cfed9da187bc898e991d641ff15d7fabe4276c9dd3447a709d9');
INSERT INTO evidence VALUES(1,1790993407000,11,2,'',0,'','GET /a',2,X'948f53e6948f1eca439e0f68afaae167b45fe8f594fbbd569c576b192ef80497');
INSERT INTO evidence VALUES(1,1790993827000,18,2,'',0,'','GET /a',3,X'80749e4e7e816db252cb96a4249284df3e2888e5fc7d420a456689d166d6b688');
CREATE TABLE exclusion (
    agreement TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL CHECK (end_ms > begin_ms),
    reason    TEXT NOT NULL,
    PRIMARY KEY (agreement, begin_ms, end_ms)
  ) STRICT, WITHOUT ROWID;
INSERT INTO exclusion VALUES('kms',1790992800000,1790993100000,'maintenance');
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
    own       INTEGER NOT NULL, read_before INTEGER NOT NULL DEFAULT 0, format TEXT NOT NULL DEFAULT '', records INTEGER NOT NULL DEFAULT 0, identity INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0, indirect INTEGER NOT NULL DEFAULT 0, from_ms INTEGER NOT NULL DEFAULT 0, to_ms INTEGER NOT NULL DEFAULT 0, read_ms INTEGER NOT NULL DEFAULT 0,
    UNIQUE (agreement, digest)
  ) STRICT;
INSERT INTO file VALUES(1,1,'kms','web','7655156f359e07f117adcfd33bada78af0325b4611ec46d70807f53bcc863105',1670,'web.log',20,20,0,0,0,'combined',20,110425413899100544,0,0,0,0,0);
INSERT INTO file VALUES(2,2,'kms','agg','52598c431623added6d86b0c0a026eb093c0f3d15faa0f63bc966b7168e2cf08',90,'agg.csv',3,24,0,0,0,'counts',2,-2988149488015154877,0,0,0,0,0);
CREATE TABLE gap (
    series   INTEGER NOT NULL REFERENCES series (id),
    begin_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL,
    every_ms INTEGER NOT NULL CHECK (every_ms > 0), reason TEXT NOT NULL DEFAULT 'stopped'
    CHECK (reason IN ('stopped', 'suspended', 'clock')),
    PRIMARY KEY (series, begin_ms)
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
INSERT INTO journal VALUES(1,'kms','file',1790992800000,1790994000000,'web.log','');
INSERT INTO journal VALUES(2,'kms','file',1791079200000,1791079320000,'agg.csv','');
INSERT INTO journal VALUES(3,'kms','exclusion',1790992800000,1790993100000,'maintenance','');
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
INSERT INTO line_run VALUES(1,1,'kms',29849880,29849899,0,X'1c7af8a7ea833f07f91eb2cb7247b461445cfb51d5c64fb6802d7d599ec85dbc',X'1c7af8a7ea833f07f91eb2cb7247b461445cfb51d5c64fb6802d7d599ec85dbc17ead03fba9e3b72');
CREATE TABLE outcome (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
  ) STRICT;
INSERT INTO outcome VALUES(1,'200');
INSERT INTO outcome VALUES(2,'503');
INSERT INTO outcome VALUES(3,'500/InternalError');
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
INSERT INTO seal VALUES('kms','2026-10',1,1795744980852,1790812800000,1793491200000,'257395df9995b5f81bb1669d6e319b429c6d7fc05ecb7739dde0aa638896c32a','30178d3bd0619a7d2bace7080c8f96fec2d2c6d9b4f47ef0728e2f8ec8ed0cbe',3,'aws-kms','2022-11-29','aa3b5c6c5465c07e8e20588b399d5d44567b9a962afdb1b180c4e97918994f3e','dadb3c63fa98b4dce0df1eaf15bc506da758708218a5d5b3c90493f5c14bfae5','96131f6f7421e7fbf7f835d4c4591fc25508c3b9cd225b57a6e72eb2ac574acc',39,6,'267823/267840','1/10','','','',0,'2026-12-01T00:00:00Z','2027-01-01T00:00:00Z','','275b45b76a8ba310daa3fb982b07d444a73e664a98d9dd4dba08f626b0061e2f','','');
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
INSERT INTO seal_chain VALUES('kms','2026-10',1,'log','web','7655156f359e07f117adcfd33bada78af0325b4611ec46d70807f53bcc863105',3,'80749e4e7e816db252cb96a4249284df3e2888e5fc7d420a456689d166d6b688');
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
INSERT INTO seal_line VALUES('kms','2026-10',1,'exclusion',1,'2026-10-03T02:00:00Z to 2026-10-03T02:05:00Z: maintenance');
CREATE TABLE sealed_until (
    agreement TEXT NOT NULL,
    month     TEXT NOT NULL,
    journal   INTEGER NOT NULL,
    PRIMARY KEY (agreement, month)
  ) STRICT, WITHOUT ROWID;
INSERT INTO sealed_until VALUES('kms','2026-10',3);
CREATE TABLE tally (
    series  INTEGER NOT NULL REFERENCES series (id),
    minute  INTEGER NOT NULL,
    outcome INTEGER NOT NULL REFERENCES outcome (id),
    count   INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (series, minute, outcome)
  ) STRICT, WITHOUT ROWID;
INSERT INTO tally VALUES(1,29849880,1,1);
INSERT INTO tally VALUES(1,29849881,1,1);
INSERT INTO tally VALUES(1,29849882,1,1);
INSERT INTO tally VALUES(1,29849883,2,1);
INSERT INTO tally VALUES(1,29849884,1,1);
INSERT INTO tally VALUES(1,29849885,1,1);
INSERT INTO tally VALUES(1,29849886,1,1);
INSERT INTO tally VALUES(1,29849887,1,1);
INSERT INTO tally VALUES(1,29849888,1,1);
INSERT INTO tally VALUES(1,29849889,1,1);
INSERT INTO tally VALUES(1,29849890,2,1);
INSERT INTO tally VALUES(1,29849891,1,1);
INSERT INTO tally VALUES(1,29849892,1,1);
INSERT INTO tally VALUES(1,29849893,1,1);
INSERT INTO tally VALUES(1,29849894,1,1);
INSERT INTO tally VALUES(1,29849895,1,1);
INSERT INTO tally VALUES(1,29849896,1,1);
INSERT INTO tally VALUES(1,29849897,2,1);
INSERT INTO tally VALUES(1,29849898,1,1);
INSERT INTO tally VALUES(1,29849899,1,1);
INSERT INTO tally VALUES(2,29851320,1,20);
INSERT INTO tally VALUES(2,29851321,3,4);
CREATE TABLE writer (
    vantage  TEXT PRIMARY KEY,
    host     TEXT NOT NULL,
    process  INTEGER NOT NULL,
    since_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "series" (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('probe', 'log', 'stream', 'query', 'sdk')),
    name      TEXT NOT NULL,
    part      TEXT NOT NULL,
    UNIQUE (agreement, kind, name, part)
  ) STRICT;
INSERT INTO series VALUES(1,'kms','log','web','7655156f359e07f117adcfd33bada78af0325b4611ec46d70807f53bcc863105');
INSERT INTO series VALUES(2,'kms','log','agg','52598c431623added6d86b0c0a026eb093c0f3d15faa0f63bc966b7168e2cf08');
CREATE TABLE unseen (
    series   INTEGER NOT NULL REFERENCES series (id),
    begin_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL CHECK (end_ms > begin_ms),
    why      TEXT NOT NULL,
    PRIMARY KEY (series, begin_ms)
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
CREATE TABLE event_again (
    series    INTEGER NOT NULL REFERENCES series (id),
    minute    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    file      INTEGER NOT NULL,
    outcome   INTEGER NOT NULL REFERENCES outcome (id),
    corrected INTEGER NOT NULL CHECK (corrected IN (0, 1)),
    PRIMARY KEY (series, minute, id, file, corrected)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE trail_mark (
    agreement TEXT NOT NULL,
    log       TEXT NOT NULL,
    at_ms     INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('off', 'on', 'outage')),
    what      TEXT NOT NULL,
    file      INTEGER NOT NULL,
    PRIMARY KEY (agreement, log, at_ms, kind, what, file)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE compared (
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (agreement, kind, name)
  ) STRICT, WITHOUT ROWID;
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
CREATE TABLE growth (
    agreement TEXT PRIMARY KEY,
    turn      INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
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
COMMIT;
PRAGMA application_id = 1380144464;
PRAGMA user_version = 8;
