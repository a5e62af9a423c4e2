-- A ledger as the second version wrote it. Not to be edited: it stands for files that users have.
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

CREATE TABLE exclusion (
  agreement TEXT NOT NULL,
  begin_ms  INTEGER NOT NULL,
  end_ms    INTEGER NOT NULL CHECK (end_ms > begin_ms),
  reason    TEXT NOT NULL,
  PRIMARY KEY (agreement, begin_ms, end_ms)
) STRICT, WITHOUT ROWID;

INSERT INTO series VALUES (1, 'kms', 'probe', 'generate', 'berlin'), (2, 'kms', 'log', 'nginx', 'd1'), (3, 's3', 'probe', 'get', 'berlin');
INSERT INTO outcome VALUES (1, '200'), (2, '503/SlowDown'), (3, 'timeout');
INSERT INTO tally VALUES (1, 29846880, 1, 11), (2, 29846881, 2, 1);
INSERT INTO evidence VALUES
  (1, 1790812801000, 1, 3, '', 0, '', 'GET /ä'),
  (1, 1790812800000, 0, 2, 'req-0', 84, '192.0.2.7:443', 'GET /'),
  (2, 1790812860000, 0, 2, '', 84, '192.0.2.7', 'GET /');
INSERT INTO accounted VALUES (1, 1790812859000, 1000);
INSERT INTO gap VALUES (1, 1790812920000, 1790812980000, 1000);
INSERT INTO file VALUES (1, 2, 'kms', 'nginx', 'd1', 100, 'access.log', 1, 1, 0, 0);
INSERT INTO clock_step VALUES (1790812890000, -2000);
INSERT INTO exclusion VALUES ('kms', 1790812800000, 1790812860000, 'maintenance');

PRAGMA application_id = 1380144464;
PRAGMA user_version = 2;
