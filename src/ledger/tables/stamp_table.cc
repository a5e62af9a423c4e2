#include "ledger/tables/stamp_table.h"

#include "ledger/tables/columns.h"
#include "record/digest.h"

namespace recoup::ledger {
namespace {

// Each names the token before it: one that names another would break the chain for ever.
void check_follows(const record::Stamp& stamp, const std::string& newest) {
  const auto document = record::parse_stamp(stamp.document);
  if (!document) throw Failure(document.error());
  const std::string previous = newest.empty() ? "" : record::sha256_hex(newest);
  if (document->agreement == stamp.agreement && document->previous == previous) return;
  throw Failure(
      {"expected a time stamp that names the token before it, got one that does not: "
       "another process has added one"});
}

}  // namespace

StampTable::StampTable(Connection& connection)
    : newest_(connection, "SELECT token FROM stamp WHERE agreement = $1 ORDER BY id DESC LIMIT 1"),
      add_(connection,
           "INSERT INTO stamp (agreement, begin_ms, end_ms, at_ms, document, token, chain) "
           "VALUES ($1, $2, $3, $4, $5, $6, $7)"),
      // The newest one is always among them.
      from_(connection,
            "SELECT begin_ms, end_ms, at_ms, document, token, chain FROM stamp "
            "WHERE agreement = $1 AND id >= (SELECT coalesce(min(id), (SELECT max(id) FROM stamp "
            "WHERE agreement = $1)) FROM stamp WHERE agreement = $1 AND end_ms > $2) ORDER BY id") {
}

void StampTable::add(const record::Stamp& stamp) {
  std::string newest;
  {
    Rows rows = newest_.query(stamp.agreement);
    if (rows.next()) newest = rows.blob(0);
  }
  check_follows(stamp, newest);
  add_.run(stamp.agreement, number(stamp.span.begin), number(stamp.span.end), number(stamp.at),
           stamp.document, Blob{stamp.token}, stamp.chain);
}

std::vector<record::Stamp> StampTable::from(const std::string& agreement, core::Instant from) {
  std::vector<record::Stamp> stamps;
  Rows rows = from_.query(agreement, number(from));
  while (rows.next()) {
    stamps.push_back({agreement,
                      {instant(rows.integer(0)), instant(rows.integer(1))},
                      instant(rows.integer(2)),
                      rows.string(3),
                      std::string(rows.blob(4)),
                      rows.string(5)});
  }
  return stamps;
}

}  // namespace recoup::ledger
