#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/sql/connection.h"
#include "ledger/tables/evidence_table.h"
#include "record/followed.h"
#include "record/records.h"

namespace recoup::ledger {

// FileTable is the table of imported files. All methods throw Failure. For one thread at a time.
class FileTable {
 public:
  // All outlive the table.
  FileTable(Connection& connection, EvidenceTable& evidence, FoldTable& folds);

  // Of the agreement, oldest first.
  std::vector<record::ImportedFile> all(const std::string& agreement);

  // As FileStore::files_of_size, files_alike and short_files.
  std::vector<record::ImportedFile> of_size(const std::string& agreement, std::uint64_t bytes);
  std::vector<record::ImportedFile> alike(const std::string& agreement, const std::string& digest,
                                          std::uint64_t records, std::uint64_t identity);
  std::vector<record::ImportedFile> shorter(const std::string& agreement, std::uint64_t records);

  bool has(const std::string& agreement, const std::string& digest);

  // Which requests of the file were looked at (record::ImportedFile::only); nothing where it was
  // not read.
  std::optional<core::Interval> read_of(const std::string& agreement, const std::string& digest);

  // Returns its number.
  std::int64_t add(record::SeriesId series, const std::string& agreement, const std::string& log,
                   const record::ImportedFile& file);

  // Adds what a followed file has gained to its entry, which is made where there is none: it is
  // new, or was taken back. `series` is the file's.
  void grow(record::SeriesId series, const record::FileGrowth& growth);

  // A file of a trail, whose records are kept under its number; nothing where it is none.
  struct OfTrail {
    std::int64_t id = 0;
    core::Interval span;
  };
  std::optional<OfTrail> of_trail(const std::string& agreement, const std::string& digest);

  // Takes the entry of that number out, and nothing else.
  void forget(std::int64_t id);

  // What was found of the file's requests when they were counted.
  void note(std::int64_t id, std::uint64_t requests, std::uint64_t read_before);

  // The newest entry of the journal that an import for the agreement left, or 0, and how often a
  // followed file has gained something: unlike the ids of files neither ever comes back, nor does
  // their sum.
  std::uint64_t last_import(const std::string& agreement);

  // The runs of lines of the agreement's files that have a minute in the span, oldest first,
  // without their prints; and those. That there is no such run is a Failure.
  std::vector<record::LineRun> runs(const std::string& agreement, const core::Interval& span);
  std::string prints(std::int64_t run);

  // As FileStore::line_keys.
  void keys(const std::string& agreement, const std::string& format, core::Instant hour,
            const std::string& except, const std::function<void(std::string_view)>& each);

  // Takes a file of lines out with its series and all that was in it. That it is not there is a
  // Failure.
  // Returns the time from its first minute to its last. Inside a transaction.
  core::Interval remove(const std::string& agreement, const std::string& digest);

 private:
  std::optional<record::SeriesId> find(const std::string& agreement, const std::string& digest);
  core::Interval span_of(record::SeriesId series);
  void add_keys(record::SeriesId series, const std::string& agreement,
                const std::vector<record::HourKeys>& keys);
  void add_run(record::SeriesId series, const std::string& agreement, const record::LineRun& run);
  bool join_run(record::SeriesId series, const record::LineRun& run);

  EvidenceTable& evidence_;
  FoldTable& folds_;
  Statement all_;
  Statement of_size_;
  Statement of_packed_size_;
  Statement of_digest_;
  Statement of_records_;
  Statement shorter_;
  Statement find_;
  Statement read_of_;
  Statement add_;
  Statement grow_;
  Statement newest_run_;
  Statement grow_run_;
  Statement of_trail_;
  Statement forget_;
  Statement note_;
  Statement span_;
  Statement remove_;
  Statement remove_tally_;
  Statement remove_unseen_;
  Statement remove_series_;
  Statement last_import_;
  Statement add_run_;
  Statement runs_;
  Statement prints_;
  Statement remove_runs_;
  Statement add_keys_;
  Statement keys_;
  Statement remove_keys_;
};

}  // namespace recoup::ledger
