#include "ledger/sql/lease.h"

namespace recoup::ledger {
namespace {

constexpr std::int64_t kLeaseMs = kLeaseTime.count();

}  // namespace

// The database's clock, in milliseconds, is extract(epoch FROM clock_timestamp()) * 1000. To take a
// lease is one statement: of two that find it free, the second finds the first one's row.
LeaseTable::LeaseTable(Connection& connection)
    : find_(connection, "SELECT host, process, since_ms, until_ms FROM lease WHERE name = $1"),
      all_(connection,
           "SELECT name, host, process, since_ms, until_ms, CASE WHEN until_ms > "
           "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint) THEN 1 ELSE 0 END "
           "FROM lease ORDER BY name"),
      take_(connection,
            "INSERT INTO lease (name, number, host, process, since_ms, until_ms) "
            "VALUES ($1, 1, $2, $3, $4, "
            "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint) + $5) "
            "ON CONFLICT (name) DO UPDATE SET number = lease.number + 1, host = excluded.host, "
            "process = excluded.process, since_ms = excluded.since_ms, "
            "until_ms = excluded.until_ms WHERE lease.until_ms <= "
            "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint) RETURNING number"),
      renew_(connection,
             "UPDATE lease SET until_ms = "
             "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint) + $1 "
             "WHERE name = $2 AND number = $3"),
      end_(connection, "UPDATE lease SET until_ms = 0 WHERE name = $1 AND number = $2"),
      is_of_(connection, "SELECT 1 FROM lease WHERE name = $1 AND number = $2") {}

std::optional<Held> LeaseTable::find(const std::string& name) {
  Rows rows = find_.query(name);
  if (!rows.next()) return std::nullopt;
  return Held{rows.string(0), rows.count(1), core::Instant(core::Millis(rows.integer(2))),
              core::Instant(core::Millis(rows.integer(3)))};
}

std::vector<LeaseTable::Named> LeaseTable::all() {
  std::vector<Named> all;
  for (Rows rows = all_.query(); rows.next();) {
    all.push_back({rows.string(0),
                   {rows.string(1), rows.count(2), core::Instant(core::Millis(rows.integer(3))),
                    core::Instant(core::Millis(rows.integer(4)))},
                   rows.integer(5) != 0});
  }
  return all;
}

std::optional<std::int64_t> LeaseTable::take(const std::string& name,
                                             const record::Writer& writer) {
  Rows rows = take_.query(name, writer.host, writer.process,
                          std::int64_t{writer.since.time_since_epoch().count()}, kLeaseMs);
  if (!rows.next()) return std::nullopt;
  return rows.integer(0);
}

bool LeaseTable::renew(const std::string& name, std::int64_t number) {
  return renew_.change(kLeaseMs, name, number) > 0;
}

void LeaseTable::end(const std::string& name, std::int64_t number) { end_.run(name, number); }

bool LeaseTable::is_of(const std::string& name, std::int64_t number) {
  Rows rows = is_of_.query(name, number);
  return rows.next();
}

}  // namespace recoup::ledger
