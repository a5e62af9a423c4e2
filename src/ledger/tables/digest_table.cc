#include "ledger/tables/digest_table.h"

#include "ledger/tables/columns.h"

namespace recoup::ledger {

DigestTable::DigestTable(Connection& connection)
    : put_digest_(connection,
                  "INSERT INTO digest_file (bucket, object, begin_ms, end_ms, content, signature) "
                  "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (bucket, object) DO UPDATE SET "
                  "begin_ms = excluded.begin_ms, end_ms = excluded.end_ms, "
                  "content = excluded.content, signature = excluded.signature"),
      put_key_(connection,
               "INSERT INTO digest_key (value, from_ms, to_ms) VALUES ($1, $2, $3) "
               "ON CONFLICT (value, from_ms, to_ms) DO NOTHING"),
      put_file_(connection,
                "INSERT INTO checked_file (digest, says, hash) VALUES ($1, $2, $3) "
                "ON CONFLICT (digest) DO UPDATE SET says = excluded.says, hash = excluded.hash"),
      digests_(connection,
               "SELECT bucket, object, begin_ms, end_ms, content, signature FROM digest_file "
               "WHERE begin_ms < $1 AND end_ms > $2 ORDER BY begin_ms, bucket, object"),
      keys_(connection,
            "SELECT value, from_ms, to_ms FROM digest_key ORDER BY value, from_ms, to_ms"),
      files_(connection,
             "SELECT file.digest, name, coalesce(says, ''), coalesce(hash, '') FROM file "
             "LEFT JOIN checked_file ON checked_file.digest = file.digest "
             "WHERE agreement = $1 AND format = 'cloudtrail' AND from_ms < $2 AND to_ms > $3 "
             "ORDER BY id") {}

void DigestTable::put(const record::DigestEvidence& evidence) {
  for (const record::KeptDigest& one : evidence.digests) {
    put_digest_.run(one.place.bucket, one.place.key, number(one.span.begin), number(one.span.end),
                    one.content, one.signature);
  }
  for (const record::KeptKey& key : evidence.keys) {
    put_key_.run(key.value, number(key.valid.begin), number(key.valid.end));
  }
  for (const record::CheckedFile& file : evidence.files) {
    put_file_.run(file.digest, file.says, file.hash);
  }
}

record::DigestEvidence DigestTable::find(const std::string& agreement, const core::Interval& span,
                                         core::Millis late) {
  record::DigestEvidence evidence;
  {
    Rows rows = digests_.query(number(span.end + late), number(span.begin));
    while (rows.next()) {
      evidence.digests.push_back({{rows.string(0), rows.string(1)},
                                  {instant(rows.integer(2)), instant(rows.integer(3))},
                                  rows.string(4),
                                  rows.string(5)});
    }
  }
  {
    Rows rows = keys_.query();
    while (rows.next()) {
      evidence.keys.push_back(
          {rows.string(0), {instant(rows.integer(1)), instant(rows.integer(2))}});
    }
  }
  Rows rows = files_.query(agreement, number(span.end), number(span.begin));
  while (rows.next()) {
    evidence.files.push_back({rows.string(0), rows.string(1), rows.string(2), rows.string(3)});
  }
  return evidence;
}

}  // namespace recoup::ledger
