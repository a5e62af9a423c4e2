#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/tables/claim_table.h"
#include "ledger/tables/compared_table.h"
#include "ledger/tables/digest_table.h"
#include "ledger/tables/event_table.h"
#include "ledger/tables/evidence_table.h"
#include "ledger/tables/file_table.h"
#include "ledger/tables/fold_table.h"
#include "ledger/tables/followed_table.h"
#include "ledger/tables/incident_table.h"
#include "ledger/tables/journal_table.h"
#include "ledger/tables/outcome_ids.h"
#include "ledger/tables/removed_table.h"
#include "ledger/tables/resource_table.h"
#include "ledger/tables/seal_table.h"
#include "ledger/tables/series_table.h"
#include "ledger/tables/stamp_table.h"
#include "ledger/tables/tally_table.h"
#include "ledger/tables/told_table.h"

namespace recoup::ledger {

// Tables is all tables of one ledger, over one connection. All methods throw Failure, and stand
// inside a transaction of the caller.
struct Tables {
  // It outlives the tables.
  explicit Tables(Connection& connection);

  // At the begin of each transaction that writes.
  void begin() { folds.begin(); }

  // As TallyStore::write and FileStore::import.
  void put(const record::Batch& batch);
  bool import(const std::string& agreement, const std::string& log,
              const record::ImportedFile& file, const record::Pieces& pieces,
              const std::string& replaces, std::optional<std::uint64_t> compared_with);

  // As FileStore::import_trail and remove_file.
  std::vector<record::TrailAdded> import_trail(const std::vector<record::TrailFile>& files);
  std::optional<core::Interval> remove_file(const std::string& agreement,
                                            const std::string& digest);

  // As the methods of FollowStore of the same names.
  std::optional<std::int64_t> grow(const record::FileGrowth& growth, const record::Pieces& pieces,
                                   std::uint64_t compared_with);
  core::Interval note_silence(const record::Silence& silence);

  void note_unseen(const EventTable::Trail& trail, core::Instant heard);

  Connection& connection;
  OutcomeIds outcomes;
  JournalTable journal;
  ResourceTable resources;
  SeriesTable series;
  FoldTable folds;
  TallyTable tallies;
  RemovedTable removed;
  EvidenceTable evidence;
  FileTable files;
  FollowedTable followed;
  EventTable events;
  ComparedTable compared;
  ExclusionTable exclusions;
  SealTable seals;
  ClaimTable claims;
  DigestTable digests;
  IncidentTable incidents;
  ToldTable told;
  StampTable stamps;
};

}  // namespace recoup::ledger
