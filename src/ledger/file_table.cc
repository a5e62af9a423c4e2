#include "ledger/file_table.h"

#include <fmt/format.h>

#include "ledger/columns.h"
#include "ledger/sqlite.h"

namespace recoup::ledger {

FileTable::FileTable(Database& database, EvidenceTable& evidence)
    : evidence_(evidence),
      all_(database,
           "SELECT digest, bytes, name, lines, requests, malformed, own FROM file "
           "WHERE agreement = ? ORDER BY id"),
      find_(database, "SELECT series FROM file WHERE agreement = ? AND digest = ?"),
      add_(database,
           "INSERT INTO file "
           "(series, agreement, log, digest, bytes, name, lines, requests, malformed, own) "
           "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      span_(database, "SELECT count(*), min(minute), max(minute) + 1 FROM tally WHERE series = ?"),
      remove_(database, "DELETE FROM file WHERE series = ?"),
      remove_tally_(database, "DELETE FROM tally WHERE series = ?"),
      remove_series_(database, "DELETE FROM series WHERE id = ?") {}

std::vector<ImportedFile> FileTable::all(const std::string& agreement) {
  std::vector<ImportedFile> files;
  Rows rows = all_.query(agreement);
  while (rows.next()) {
    files.push_back({std::string(rows.text(0)), rows.count(1), std::string(rows.text(2)),
                     rows.count(3), rows.count(4), rows.count(5), rows.count(6)});
  }
  return files;
}

bool FileTable::has(const std::string& agreement, const std::string& digest) {
  return find(agreement, digest).has_value();
}

std::optional<SeriesId> FileTable::find(const std::string& agreement, const std::string& digest) {
  Rows rows = find_.query(agreement, digest);
  if (!rows.next()) return std::nullopt;
  return rows.integer(0);
}

void FileTable::add(SeriesId series, const std::string& agreement, const std::string& log,
                    const ImportedFile& file) {
  add_.run(series, agreement, log, file.digest, file.bytes, file.name, file.lines, file.requests,
           file.malformed, file.own);
}

core::Interval FileTable::remove(const std::string& agreement, const std::string& digest) {
  const auto series = find(agreement, digest);
  if (!series) {
    throw Failure({fmt::format("expected the file {} to replace, got none", digest), "",
                   "another import may have replaced it in the meantime: import again"});
  }
  const core::Interval span = span_of(*series);
  remove_.run(*series);
  evidence_.remove(*series);
  remove_tally_.run(*series);
  remove_series_.run(*series);
  return span;
}

core::Interval FileTable::span_of(SeriesId series) {
  Rows rows = span_.query(series);
  rows.next();
  if (rows.integer(0) == 0) return {};
  return {minute(rows.integer(1)), minute(rows.integer(2))};
}

}  // namespace recoup::ledger
