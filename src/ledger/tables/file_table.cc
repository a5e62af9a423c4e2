#include "ledger/tables/file_table.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "ledger/sql/connection.h"
#include "ledger/tables/columns.h"

namespace recoup::ledger {
namespace {

std::string files_where(std::string_view condition) {
  return fmt::format(
      "SELECT digest, bytes, name, lines, requests, malformed, own, read_before, format, "
      "records, identity, log, errors, indirect, from_ms, to_ms, read_ms, "
      "only_from_ms, only_to_ms, packed_digest, packed_bytes FROM file WHERE agreement = $1 "
      "AND {} ORDER BY id",
      condition);
}

void take_files(Rows&& rows, std::vector<record::ImportedFile>& files) {
  while (rows.next()) {
    files.push_back({rows.string(0), rows.count(1), rows.string(2), rows.count(3), rows.count(4),
                     rows.count(5), rows.count(6), rows.count(7)});
    record::ImportedFile& file = files.back();
    file.format = rows.string(8);
    file.records = rows.count(9);
    file.identity = static_cast<std::uint64_t>(rows.integer(10));
    file.log = rows.string(11);
    file.errors = rows.count(12);
    file.indirect = rows.count(13);
    file.span = {instant(rows.integer(14)), instant(rows.integer(15))};
    file.read = instant(rows.integer(16));
    file.only = {instant(rows.integer(17)), instant(rows.integer(18))};
    file.packed_digest = rows.string(19);
    file.packed_bytes = rows.count(20);
  }
}

}  // namespace

FileTable::FileTable(Connection& connection, EvidenceTable& evidence, FoldTable& folds)
    : evidence_(evidence),
      folds_(folds),
      all_(connection, files_where("true").c_str()),
      of_size_(connection, files_where("bytes = $2 AND packed_bytes = 0").c_str()),
      of_packed_size_(connection, files_where("packed_bytes = $2 AND packed_bytes > 0").c_str()),
      of_digest_(connection, files_where("digest = $2").c_str()),
      of_records_(connection, files_where("records = $2 AND identity = $3").c_str()),
      shorter_(connection, files_where("records < $2").c_str()),
      find_(connection, "SELECT series FROM file WHERE agreement = $1 AND digest = $2"),
      read_of_(connection,
               "SELECT only_from_ms, only_to_ms FROM file WHERE agreement = $1 AND digest = $2"),
      add_(connection,
           "INSERT INTO file "
           "(series, agreement, log, digest, bytes, name, lines, requests, malformed, own, "
           "read_before, format, records, identity, errors, indirect, from_ms, to_ms, read_ms, "
           "only_from_ms, only_to_ms, packed_digest, packed_bytes) "
           "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
           "$18, $19, $20, $21, $22, $23) RETURNING id"),
      // A file of which a part was taken back, and that went on, is no longer known as a whole:
      // then there are no records and no identity by which a copy would be taken for all of it.
      grow_(connection,
            "UPDATE file SET bytes = $1, name = $2, lines = lines + $3, requests = requests + $4, "
            "malformed = malformed + $5, own = own + $6, read_before = read_before + $7, "
            "records = CASE WHEN records + $8 = $9 THEN $9 ELSE 0 END, identity = $10, "
            "errors = errors + $11, "
            "from_ms = CASE WHEN $12 = $13 THEN from_ms WHEN from_ms = to_ms OR $12 < from_ms "
            "THEN $12 ELSE from_ms END, "
            "to_ms = CASE WHEN $13 > to_ms THEN $13 ELSE to_ms END, read_ms = $14 "
            "WHERE series = $15"),
      newest_run_(connection,
                  "SELECT id, earliest, latest, prints FROM line_run WHERE series = $1 "
                  "ORDER BY id DESC LIMIT 1"),
      grow_run_(connection,
                "UPDATE line_run SET earliest = $1, latest = $2, cut = $3, prints = $4 "
                "WHERE id = $5"),
      of_trail_(connection,
                "SELECT file.id, from_ms, to_ms FROM file JOIN series "
                "ON series.id = file.series WHERE file.agreement = $1 AND digest = $2 "
                "AND series.kind = 'stream'"),
      forget_(connection, "DELETE FROM file WHERE id = $1"),
      note_(connection, "UPDATE file SET requests = $1, read_before = $2 WHERE id = $3"),
      span_(connection,
            "SELECT count(first), min(first), max(last) + 1 FROM ("
            "SELECT min(minute) AS first, max(minute) AS last FROM tally WHERE series = $1 "
            "UNION ALL SELECT min(first_minute), max(last_minute) FROM tally_day "
            "WHERE series = $1) AS spans"),
      remove_(connection, "DELETE FROM file WHERE series = $1"),
      remove_tally_(connection, "DELETE FROM tally WHERE series = $1"),
      remove_unseen_(connection, "DELETE FROM unseen WHERE series = $1"),
      remove_series_(connection, "DELETE FROM series WHERE id = $1"),
      last_import_(connection,
                   "SELECT (SELECT coalesce(max(id), 0) FROM journal "
                   "WHERE agreement = $1 AND kind = 'file') + "
                   "coalesce((SELECT turn FROM growth WHERE agreement = $1), 0)"),
      add_run_(connection,
               "INSERT INTO line_run (series, agreement, earliest, latest, cut, head, prints) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7)"),
      runs_(
          connection,
          "SELECT line_run.id, file.name, file.log, file.format, earliest, latest, cut, head, "
          "EXISTS (SELECT 1 FROM followed WHERE followed.name = file.digest) "
          "FROM line_run JOIN file ON file.agreement = line_run.agreement "
          "AND file.series = line_run.series "
          "WHERE line_run.agreement = $1 AND latest >= $2 AND earliest < $3 ORDER BY line_run.id"),
      prints_(connection, "SELECT prints FROM line_run WHERE id = $1"),
      remove_runs_(connection, "DELETE FROM line_run WHERE series = $1"),
      add_keys_(connection,
                "INSERT INTO line_key (series, agreement, hour_ms, keys) VALUES ($1, $2, $3, $4)"),
      keys_(connection,
            "SELECT keys FROM line_key JOIN file ON file.agreement = line_key.agreement "
            "AND file.series = line_key.series "
            "WHERE line_key.agreement = $1 AND hour_ms = $2 AND file.format = $3 "
            "AND file.digest <> $4"),
      remove_keys_(connection, "DELETE FROM line_key WHERE series = $1") {}

std::vector<record::ImportedFile> FileTable::all(const std::string& agreement) {
  std::vector<record::ImportedFile> files;
  take_files(all_.query(agreement), files);
  return files;
}

std::vector<record::ImportedFile> FileTable::of_size(const std::string& agreement,
                                                     std::uint64_t bytes) {
  std::vector<record::ImportedFile> files;
  take_files(of_size_.query(agreement, bytes), files);
  take_files(of_packed_size_.query(agreement, bytes), files);
  return files;
}

std::vector<record::ImportedFile> FileTable::alike(const std::string& agreement,
                                                   const std::string& digest, std::uint64_t records,
                                                   std::uint64_t identity) {
  std::vector<record::ImportedFile> files;
  take_files(of_digest_.query(agreement, digest), files);
  take_files(of_records_.query(agreement, records, static_cast<std::int64_t>(identity)), files);
  return files;
}

std::vector<record::ImportedFile> FileTable::shorter(const std::string& agreement,
                                                     std::uint64_t records) {
  std::vector<record::ImportedFile> files;
  take_files(shorter_.query(agreement, records), files);
  return files;
}

bool FileTable::has(const std::string& agreement, const std::string& digest) {
  return find(agreement, digest).has_value();
}

std::optional<core::Interval> FileTable::read_of(const std::string& agreement,
                                                 const std::string& digest) {
  Rows rows = read_of_.query(agreement, digest);
  if (!rows.next()) return std::nullopt;
  return core::Interval{instant(rows.integer(0)), instant(rows.integer(1))};
}

std::optional<record::SeriesId> FileTable::find(const std::string& agreement,
                                                const std::string& digest) {
  Rows rows = find_.query(agreement, digest);
  if (!rows.next()) return std::nullopt;
  return rows.integer(0);
}

std::int64_t FileTable::add(record::SeriesId series, const std::string& agreement,
                            const std::string& log, const record::ImportedFile& file) {
  std::int64_t id = 0;
  {
    Rows added = add_.query(series, agreement, log, file.digest, file.bytes, file.name, file.lines,
                            file.requests, file.malformed, file.own, file.read_before, file.format,
                            file.records, static_cast<std::int64_t>(file.identity), file.errors,
                            file.indirect, number(file.span.begin), number(file.span.end),
                            number(file.read), number(file.only.begin), number(file.only.end),
                            file.packed_digest, file.packed_bytes);
    added.next();
    id = added.integer(0);
    added.next();
  }
  for (const record::LineRun& run : file.runs) add_run(series, agreement, run);
  add_keys(series, agreement, file.keys);
  return id;
}

void FileTable::add_keys(record::SeriesId series, const std::string& agreement,
                         const std::vector<record::HourKeys>& keys) {
  for (const record::HourKeys& one : keys) {
    add_keys_.run(series, agreement, number(one.hour), Blob{one.keys});
  }
}

void FileTable::add_run(record::SeriesId series, const std::string& agreement,
                        const record::LineRun& run) {
  add_run_.run(series, agreement, number(run.earliest), number(run.latest),
               std::int64_t{run.cut ? 1 : 0}, Blob{run.head}, Blob{run.prints});
}

// Puts the prints behind those of the newest run; false where there is none any more.
bool FileTable::join_run(record::SeriesId series, const record::LineRun& run) {
  std::int64_t id = 0;
  record::LineRun all = run;
  {
    Rows rows = newest_run_.query(series);
    if (!rows.next()) return false;
    id = rows.integer(0);
    all.earliest = std::min(run.earliest, minute(rows.integer(1)));
    all.latest = std::max(run.latest, minute(rows.integer(2)));
    all.prints = std::string(rows.blob(3)) + run.prints;
  }
  grow_run_.run(number(all.earliest), number(all.latest), std::int64_t{all.cut ? 1 : 0},
                Blob{all.prints}, id);
  return true;
}

void FileTable::grow(record::SeriesId series, const record::FileGrowth& growth) {
  const record::ImportedFile& file = growth.file;
  if (!has(growth.agreement, file.digest)) {
    record::ImportedFile entry = file;
    entry.runs.clear();
    if (growth.new_records != file.records) entry.records = entry.identity = 0;
    add(series, growth.agreement, growth.log, entry);
  } else {
    grow_.run(file.bytes, file.name, file.lines, file.requests, file.malformed, file.own,
              file.read_before, growth.new_records, file.records,
              static_cast<std::int64_t>(file.identity), file.errors, number(file.span.begin),
              number(file.span.end), number(file.read), series);
    add_keys(series, growth.agreement, file.keys);
  }
  for (std::size_t i = 0; i < file.runs.size(); ++i) {
    if (i == 0 && growth.joins && join_run(series, file.runs[i])) continue;
    add_run(series, growth.agreement, file.runs[i]);
  }
}

std::optional<FileTable::OfTrail> FileTable::of_trail(const std::string& agreement,
                                                      const std::string& digest) {
  Rows rows = of_trail_.query(agreement, digest);
  if (!rows.next()) return std::nullopt;
  return OfTrail{rows.integer(0), {instant(rows.integer(1)), instant(rows.integer(2))}};
}

void FileTable::forget(std::int64_t id) { forget_.run(id); }

void FileTable::note(std::int64_t id, std::uint64_t requests, std::uint64_t read_before) {
  note_.run(requests, read_before, id);
}

std::uint64_t FileTable::last_import(const std::string& agreement) {
  Rows rows = last_import_.query(agreement);
  rows.next();
  return rows.count(0);
}

std::vector<record::LineRun> FileTable::runs(const std::string& agreement,
                                             const core::Interval& span) {
  std::vector<record::LineRun> runs;
  const auto first = std::chrono::floor<std::chrono::minutes>(span.begin);
  const auto end = std::chrono::ceil<std::chrono::minutes>(span.end);
  Rows rows = runs_.query(agreement, number(core::Minute(first)), number(core::Minute(end)));
  while (rows.next()) {
    runs.push_back({rows.integer(0),
                    rows.string(1),
                    rows.string(2),
                    rows.string(3),
                    minute(rows.integer(4)),
                    minute(rows.integer(5)),
                    rows.integer(6) != 0,
                    std::string(rows.blob(7)),
                    {},
                    rows.integer(8) != 0});
  }
  return runs;
}

std::string FileTable::prints(std::int64_t run) {
  Rows rows = prints_.query(run);
  if (!rows.next()) throw Failure({fmt::format("expected the lines of run {}, got none", run)});
  return std::string(rows.blob(0));
}

void FileTable::keys(const std::string& agreement, const std::string& format, core::Instant hour,
                     const std::string& except, const std::function<void(std::string_view)>& each) {
  Rows rows = keys_.query(agreement, number(hour), format, except);
  while (rows.next()) each(rows.blob(0));
}

core::Interval FileTable::remove(const std::string& agreement, const std::string& digest) {
  const auto series = find(agreement, digest);
  if (!series) {
    throw Failure({fmt::format("expected the file {} to replace, got none", digest), "",
                   "another import may have replaced it in the meantime: import again"});
  }
  const core::Interval span = span_of(*series);
  remove_runs_.run(*series);
  remove_keys_.run(*series);
  remove_.run(*series);
  evidence_.remove(*series);
  remove_tally_.run(*series);
  folds_.remove(*series);
  remove_unseen_.run(*series);
  remove_series_.run(*series);
  return span;
}

core::Interval FileTable::span_of(record::SeriesId series) {
  Rows rows = span_.query(series);
  rows.next();
  if (rows.integer(0) == 0) return {};
  return {minute(rows.integer(1)), minute(rows.integer(2))};
}

}  // namespace recoup::ledger
