-- A ledger as the nineteenth version wrote it: something in every table (tests/ledger/full_ledger.h), a
-- day of it folded, and the begin of a chain removed. Not to be edited: it stands for files that users have.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE chain (
    series  INTEGER PRIMARY KEY REFERENCES series (id),
    records INTEGER NOT NULL CHECK (records > 0),
    head    BLOB NOT NULL CHECK (length(head) = 32)
  ) STRICT;
INSERT INTO chain VALUES(1,2,X'32171fa9906889dc544c86c50c144c20587298efec97b8575fb1781df05f6648');
INSERT INTO chain VALUES(2,2,X'06cf5bd50e905b3a70c1a61b12f4d3e80877b98246ada4e11820124f6a8dfb16');
INSERT INTO chain VALUES(3,2,X'e4851429bb247b9c97353fab57bc87497392f44a835c9b4a4b3a2da12e586742');
INSERT INTO chain VALUES(6,2,X'52c4e2048eaeeba536d23179e73929e9b91e22fab4b39f3e0111c1fa86abd7f3');
CREATE TABLE checked_file (
    digest TEXT PRIMARY KEY,
    says   TEXT NOT NULL CHECK (says IN ('yes', 'changed', 'unlisted')),
    hash   TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO checked_file VALUES('eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','yes','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
CREATE TABLE checkpoint (
    series       INTEGER PRIMARY KEY REFERENCES series (id),
    watermark_ms INTEGER NOT NULL,
    every_ms     INTEGER NOT NULL CHECK (every_ms >= 0),
    place        TEXT NOT NULL
  , targets INTEGER NOT NULL DEFAULT 1 CHECK (targets > 0)) STRICT;
INSERT INTO checkpoint VALUES(1,1791021659000,5000,'',1);
INSERT INTO checkpoint VALUES(4,0,0,'',1);
CREATE TABLE IF NOT EXISTS "claim_event" (
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
INSERT INTO claim_event VALUES(1,'kms','2026-10',1793581200000,'submitted','case-1','369/2 USD','','',1);
CREATE TABLE compared (
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (agreement, kind, name)
  ) STRICT, WITHOUT ROWID;
INSERT INTO compared VALUES('kms','log','trail');
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
INSERT INTO digest_file VALUES(1,'bucket','digest-1',1791021600000,1791025200000,'{}','ab');
CREATE TABLE digest_key (
    value   TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms   INTEGER NOT NULL,
    PRIMARY KEY (value, from_ms, to_ms)
  ) STRICT, WITHOUT ROWID;
INSERT INTO digest_key VALUES('key',1791021600000,1791025200000);
CREATE TABLE event (
    series    INTEGER NOT NULL REFERENCES series (id),
    minute    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    file      INTEGER NOT NULL,
    outcome   INTEGER NOT NULL REFERENCES outcome (id),
    corrected INTEGER NOT NULL CHECK (corrected IN (0, 1)),
    PRIMARY KEY (series, minute, id)
  ) STRICT, WITHOUT ROWID;
INSERT INTO event VALUES(5,29850369,1,2,1,0);
INSERT INTO event VALUES(5,29850369,2,3,1,1);
CREATE TABLE event_again (
    series    INTEGER NOT NULL REFERENCES series (id),
    minute    INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    file      INTEGER NOT NULL,
    outcome   INTEGER NOT NULL REFERENCES outcome (id),
    corrected INTEGER NOT NULL CHECK (corrected IN (0, 1)),
    PRIMARY KEY (series, minute, id, file, corrected)
  ) STRICT, WITHOUT ROWID;
INSERT INTO event_again VALUES(5,29850369,1,3,1,0);
INSERT INTO event_again VALUES(5,29850369,2,2,3,0);
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
INSERT INTO evidence VALUES(1,1791021608000,2,2,'req-2',84,'192.0.2.7:443','GET /',2,X'32171fa9906889dc544c86c50c144c20587298efec97b8575fb1781df05f6648');
INSERT INTO evidence VALUES(2,1791108003000,1,2,'req-1',84,'192.0.2.7:443','GET /',1,X'10fd2e1c7ae01ed9cbc4433955598cd30ef152e1de7e7e4b0758782845da4314');
INSERT INTO evidence VALUES(2,1791108008000,2,2,'req-2',84,'192.0.2.7:443','GET /',2,X'06cf5bd50e905b3a70c1a61b12f4d3e80877b98246ada4e11820124f6a8dfb16');
INSERT INTO evidence VALUES(3,1791021908000,2,2,'req-2',84,'192.0.2.7:443','GET /',2,X'e4851429bb247b9c97353fab57bc87497392f44a835c9b4a4b3a2da12e586742');
INSERT INTO evidence VALUES(6,1791022028000,2,2,'req-2',84,'192.0.2.7:443','GET /',2,X'52c4e2048eaeeba536d23179e73929e9b91e22fab4b39f3e0111c1fa86abd7f3');
CREATE TABLE evidence_removed (
    series   INTEGER PRIMARY KEY REFERENCES series (id),
    records  INTEGER NOT NULL CHECK (records > 0),
    until_ms INTEGER NOT NULL,
    link     BLOB NOT NULL CHECK (length(link) = 32)
  ) STRICT;
INSERT INTO evidence_removed VALUES(1,1,1791021603001,X'ac87e781b63bcf0bd17d4e2a3206a88369575e48494ff6583cd825902ac1bcab');
INSERT INTO evidence_removed VALUES(3,1,1791021903001,X'e32c38c62f0c32952cc5575aa6f9fcdb49655ac4b5b170f5d43a81ec335ab372');
INSERT INTO evidence_removed VALUES(6,1,1791022023001,X'83fc56a30e63129766aa1e9d9476000de26e6c8f27c75714193f93e203695103');
CREATE TABLE exclusion (
    agreement TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL CHECK (end_ms > begin_ms),
    reason    TEXT NOT NULL,
    PRIMARY KEY (agreement, begin_ms, end_ms)
  ) STRICT, WITHOUT ROWID;
INSERT INTO exclusion VALUES('kms',1791036000000,1791039600000,'we disabled the key');
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
INSERT INTO file VALUES(1,3,'kms','nginx','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',700,'access.log',5,3,1,1,0,'combined',5,77,0,0,1791021600000,1791025200000,1791108000000,0,253402214400000,'',0);
INSERT INTO file VALUES(2,4,'kms','trail','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',0,'a.json.gz',0,2,0,0,0,'cloudtrail',0,0,0,0,1791021600000,1791025200000,0,0,253402214400000,'',0);
INSERT INTO file VALUES(3,4,'kms','trail','ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',0,'b.json.gz',0,0,0,0,1,'cloudtrail',0,0,0,0,1791021600000,1791025200000,0,0,253402214400000,'',0);
INSERT INTO file VALUES(4,6,'kms','followed','followed file 1',0,'access.log',12,12,0,0,0,'combined',12,0,0,0,1791022020000,1791022080000,0,0,253402214400000,'',0);
CREATE TABLE folded (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    days    INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    bytes   INTEGER NOT NULL
  ) STRICT;
INSERT INTO folded VALUES(1,5,9,88);
CREATE TABLE folded_until (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    day INTEGER NOT NULL
  ) STRICT;
INSERT INTO folded_until VALUES(1,20732);
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
INSERT INTO followed VALUES(1,'kms/followed','/var/log/access.log',0,0,900,0,'followed file 1','',900,0,0,0,0,'','',0,X'');
CREATE TABLE gap (
    series   INTEGER NOT NULL REFERENCES series (id),
    begin_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL,
    every_ms INTEGER NOT NULL CHECK (every_ms > 0), reason TEXT NOT NULL DEFAULT 'stopped'
    CHECK (reason IN ('stopped', 'suspended', 'clock')), targets INTEGER NOT NULL DEFAULT 1 CHECK (targets > 0),
    PRIMARY KEY (series, begin_ms)
  ) STRICT, WITHOUT ROWID;
INSERT INTO gap VALUES(1,1791021660000,1791021720000,5000,'stopped',1);
CREATE TABLE growth (
    agreement TEXT PRIMARY KEY,
    turn      INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO growth VALUES('kms',1);
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
INSERT INTO incident VALUES(1,'aws','arn:1',1791021600000,0,0,0,'Increased error rates','','',1791021600001);
CREATE TABLE incident_word (
    incident INTEGER NOT NULL REFERENCES incident (id),
    kind     TEXT NOT NULL CHECK (kind IN ('service', 'region', 'agreement')),
    place    INTEGER NOT NULL,
    word     TEXT NOT NULL,
    PRIMARY KEY (incident, kind, place)
  ) STRICT, WITHOUT ROWID;
INSERT INTO incident_word VALUES(1,'agreement',0,'kms');
INSERT INTO incident_word VALUES(1,'region',0,'us-east-1');
INSERT INTO incident_word VALUES(1,'service',0,'KMS');
CREATE TABLE journal (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL,
    begin_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL,
    text      TEXT NOT NULL,
    replaces  TEXT NOT NULL
  ) STRICT;
INSERT INTO journal VALUES(1,'kms','gap',1791021660000,1791021720000,'','');
INSERT INTO journal VALUES(2,'kms','gap',1791025200000,1791028800000,'','');
INSERT INTO journal VALUES(3,'kms','file',1791021900000,1791021960000,'access.log','');
INSERT INTO journal VALUES(4,'kms','file',1791021600000,1791025200000,'a.json.gz','');
INSERT INTO journal VALUES(5,'kms','file',1791021600000,1791025200000,'b.json.gz','');
INSERT INTO journal VALUES(6,'kms','gap',1791028800000,1791032400000,'followed','');
INSERT INTO journal VALUES(7,'kms','incident',1791021600000,1791021600001,'Increased error rates','');
INSERT INTO journal VALUES(8,'kms','exclusion',1791036000000,1791039600000,'we disabled the key','');
INSERT INTO journal VALUES(9,'kms','resource',1791021900000,1791021960000,'nginx is of vault','');
CREATE TABLE line_key (
    id        INTEGER PRIMARY KEY,
    series    INTEGER NOT NULL REFERENCES series (id),
    agreement TEXT NOT NULL,
    hour_ms   INTEGER NOT NULL,
    keys      BLOB NOT NULL
  ) STRICT;
INSERT INTO line_key VALUES(1,3,'kms',1791021600000,X'382062797465732e');
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
INSERT INTO line_run VALUES(1,3,'kms',29850360,29850360,0,X'0068656164',X'007072696e7473206f66206c696e6573');
CREATE TABLE outcome (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
  ) STRICT;
INSERT INTO outcome VALUES(1,'200');
INSERT INTO outcome VALUES(2,'503/KMSInternalException');
INSERT INTO outcome VALUES(3,'500/KMSInternalException');
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
    public_key        TEXT NOT NULL, measured TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (agreement, month, revision)
  ) STRICT, WITHOUT ROWID;
INSERT INTO seal VALUES('kms','2026-10',1,1793577600000,1790812800000,1793491200000,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',9,'aws-kms','2022-11-29','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',60,9,'2975/2976','1/10','1845/1 USD','bill','369/2 USD',1,'','','','d321703753de31c31f290420d619c64a45003c2012807649db3c776b5749f305','','','1/744');
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
INSERT INTO seal_chain VALUES('kms','2026-10',1,'log','followed','followed file 1',2,'52c4e2048eaeeba536d23179e73929e9b91e22fab4b39f3e0111c1fa86abd7f3');
INSERT INTO seal_chain VALUES('kms','2026-10',1,'log','nginx','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',2,'e4851429bb247b9c97353fab57bc87497392f44a835c9b4a4b3a2da12e586742');
INSERT INTO seal_chain VALUES('kms','2026-10',1,'probe','generate','berlin',2,'32171fa9906889dc544c86c50c144c20587298efec97b8575fb1781df05f6648');
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
INSERT INTO seal_line VALUES('kms','2026-10',1,'exclusion',1,'2026-10-03T14:00:00Z to 2026-10-03T15:00:00Z: we disabled the key');
CREATE TABLE sealed_until (
    agreement TEXT NOT NULL,
    month     TEXT NOT NULL,
    journal   INTEGER NOT NULL,
    PRIMARY KEY (agreement, month)
  ) STRICT, WITHOUT ROWID;
INSERT INTO sealed_until VALUES('kms','2026-10',1);
CREATE TABLE IF NOT EXISTS "series" (
    id        INTEGER PRIMARY KEY,
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('probe', 'log', 'stream', 'query', 'sdk')),
    name      TEXT NOT NULL,
    part      TEXT NOT NULL,
    UNIQUE (agreement, kind, name, part)
  ) STRICT;
INSERT INTO series VALUES(1,'kms','probe','generate','berlin');
INSERT INTO series VALUES(2,'s3','probe','get','berlin');
INSERT INTO series VALUES(3,'kms','log','nginx','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd');
INSERT INTO series VALUES(4,'kms','stream','cloudtrail','');
INSERT INTO series VALUES(5,'kms','stream','cloudtrail','2026-10-03');
INSERT INTO series VALUES(6,'kms','log','followed','followed file 1');
INSERT INTO series VALUES(7,'kms','log','followed','silence');
CREATE TABLE source_resource (
    agreement TEXT NOT NULL,
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    resource  TEXT NOT NULL,
    PRIMARY KEY (agreement, kind, name)
  ) STRICT, WITHOUT ROWID;
INSERT INTO source_resource VALUES('kms','log','nginx','vault');
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
INSERT INTO stamp VALUES(1,'kms',1790985600000,1791072000000,1791072660000,replace('{\n  "agreement": "kms",\n  "begin": "2026-10-03T00:00:00Z",\n  "chain": [],\n  "end": "2026-10-04T00:00:00Z",\n  "previous": "",\n  "reason": "",\n  "revision": 1,\n  "seal": null,\n  "sources": [],\n  "stamp": 1\n}\n','\n',char(10)),X'746f6b656e00','chain');
CREATE TABLE tally (
    series  INTEGER NOT NULL REFERENCES series (id),
    minute  INTEGER NOT NULL,
    outcome INTEGER NOT NULL REFERENCES outcome (id),
    count   INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (series, minute, outcome)
  ) STRICT, WITHOUT ROWID;
INSERT INTO tally VALUES(6,29854740,1,60);
CREATE TABLE tally_day (
    series       INTEGER NOT NULL REFERENCES series (id),
    day          INTEGER NOT NULL,
    first_minute INTEGER NOT NULL,
    last_minute  INTEGER NOT NULL,
    counts       BLOB NOT NULL,
    PRIMARY KEY (series, day)
  ) STRICT, WITHOUT ROWID;
INSERT INTO tally_day VALUES(1,20729,29850360,29850360,X'010101d80400000a0101d804000002ecb0d184');
INSERT INTO tally_day VALUES(2,20730,29851800,29851800,X'010101d80400000a0101d804000002ecb0d184');
INSERT INTO tally_day VALUES(3,20729,29850365,29850365,X'010101dd0400000a0101dd0400000231e608cc');
INSERT INTO tally_day VALUES(5,20729,29850369,29850369,X'010101e104000002a568b2a3');
INSERT INTO tally_day VALUES(6,20729,29850367,29850367,X'010101df0400000a0101df04000002ed394a54');
CREATE TABLE told (
    name  TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO told VALUES('kms: 2026-10 is below',1791021600000);
CREATE TABLE trail_mark (
    agreement TEXT NOT NULL,
    log       TEXT NOT NULL,
    at_ms     INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('off', 'on', 'outage')),
    what      TEXT NOT NULL,
    file      INTEGER NOT NULL,
    PRIMARY KEY (agreement, log, at_ms, kind, what, file)
  ) STRICT, WITHOUT ROWID;
INSERT INTO trail_mark VALUES('kms','cloudtrail',1791023400000,'off','StopLogging',2);
INSERT INTO trail_mark VALUES('kms','cloudtrail',1791023400000,'off','StopLogging',3);
CREATE TABLE unseen (
    series   INTEGER NOT NULL REFERENCES series (id),
    begin_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL CHECK (end_ms > begin_ms),
    why      TEXT NOT NULL,
    PRIMARY KEY (series, begin_ms)
  ) STRICT, WITHOUT ROWID;
INSERT INTO unseen VALUES(1,1791025200000,1791028800000,'StopLogging');
INSERT INTO unseen VALUES(7,1791028800000,1791032400000,'the log said nothing');
CREATE TABLE writer (
    vantage  TEXT PRIMARY KEY,
    host     TEXT NOT NULL,
    process  INTEGER NOT NULL,
    since_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO writer VALUES('berlin','host',7,1791021600000);
CREATE TABLE IF NOT EXISTS "clock_step" (
    at_ms   INTEGER NOT NULL,
    by_ms   INTEGER NOT NULL,
    vantage TEXT NOT NULL,
    PRIMARY KEY (at_ms, by_ms, vantage)
  ) STRICT, WITHOUT ROWID;
INSERT INTO clock_step VALUES(1791021780000,250,'');
INSERT INTO clock_step VALUES(1791021780000,250,'berlin');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('incident',1);
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
CREATE INDEX claim_event_of_agreement ON claim_event (agreement);
COMMIT;
PRAGMA application_id = 1380144464;
PRAGMA user_version = 19;
