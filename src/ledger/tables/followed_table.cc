#include "ledger/tables/followed_table.h"

#include "ledger/tables/columns.h"

namespace recoup::ledger {
namespace {

// Numbers of the system's, all 64 bits of which may be used.
std::int64_t as_signed(std::uint64_t number) { return static_cast<std::int64_t>(number); }
std::uint64_t as_unsigned(std::int64_t number) { return static_cast<std::uint64_t>(number); }

}  // namespace

FollowedTable::FollowedTable(Connection& connection)
    : all_(connection,
           "SELECT id, path, device, inode, size, changed_ns, name, format, position, lines, "
           "malformed, records, identity, head, edges, run, context FROM followed "
           "WHERE reader = $1 ORDER BY id"),
      add_(connection,
           "INSERT INTO followed (reader, path, device, inode, size, changed_ns, name, format, "
           "position, lines, malformed, records, identity, head, edges, run, context) "
           "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) "
           "RETURNING id"),
      change_(connection,
              "UPDATE followed SET path = $1, device = $2, inode = $3, size = $4, changed_ns = $5, "
              "name = $6, format = $7, position = $8, lines = $9, malformed = $10, records = $11, "
              "identity = $12, head = $13, edges = $14, run = $15, context = $16 WHERE id = $17"),
      forget_(connection, "DELETE FROM followed WHERE id = $1"),
      count_growth_(connection,
                    "INSERT INTO growth (agreement, turn) VALUES ($1, 1) "
                    "ON CONFLICT (agreement) DO UPDATE SET turn = growth.turn + 1") {}

std::vector<record::FollowedFile> FollowedTable::all(const std::string& reader) {
  std::vector<record::FollowedFile> files;
  Rows rows = all_.query(reader);
  while (rows.next()) {
    record::FollowedFile file;
    file.id = rows.integer(0);
    file.reader = reader;
    file.path = rows.string(1);
    file.device = as_unsigned(rows.integer(2));
    file.inode = as_unsigned(rows.integer(3));
    file.size = rows.count(4);
    file.changed_ns = rows.integer(5);
    file.name = rows.string(6);
    file.format = rows.string(7);
    file.position = rows.count(8);
    file.lines = rows.count(9);
    file.malformed = rows.count(10);
    file.records = rows.count(11);
    file.identity = as_unsigned(rows.integer(12));
    file.head = rows.string(13);
    file.edges = rows.string(14);
    file.run = rows.count(15);
    file.context = std::string(rows.blob(16));
    files.push_back(std::move(file));
  }
  return files;
}

std::int64_t FollowedTable::put(const record::FollowedFile& file) {
  if (file.id != 0) {
    change_.run(file.path, as_signed(file.device), as_signed(file.inode), file.size,
                file.changed_ns, file.name, file.format, file.position, file.lines, file.malformed,
                file.records, as_signed(file.identity), file.head, file.edges, file.run,
                Blob{file.context}, file.id);
    return file.id;
  }
  Rows added = add_.query(file.reader, file.path, as_signed(file.device), as_signed(file.inode),
                          file.size, file.changed_ns, file.name, file.format, file.position,
                          file.lines, file.malformed, file.records, as_signed(file.identity),
                          file.head, file.edges, file.run, Blob{file.context});
  added.next();
  const std::int64_t id = added.integer(0);
  added.next();
  return id;
}

void FollowedTable::forget(std::int64_t id) { forget_.run(id); }

void FollowedTable::count_growth(const std::string& agreement) { count_growth_.run(agreement); }

}  // namespace recoup::ledger
