#pragma once

#include <string>

#include "ledger/ledger.h"
#include "ledger/sql/file_watch.h"
#include "ledger/sql/sqlite.h"
#include "ledger/tables/claim_table.h"
#include "ledger/tables/evidence_check.h"
#include "ledger/tables/evidence_table.h"
#include "ledger/tables/exclusion_table.h"
#include "ledger/tables/file_table.h"
#include "ledger/tables/journal_table.h"
#include "ledger/tables/outcome_ids.h"
#include "ledger/tables/seal_table.h"
#include "ledger/tables/series_table.h"
#include "ledger/tables/tally_table.h"

namespace recoup::ledger {

// Tables is one connection to one ledger's file, and all tables in it.
struct Tables {
  // Opens the file and brings it to this program's version. Throws Failure.
  Tables(const std::string& path, Missing missing, core::Millis busy_timeout);

  // Writes the batch, inside a transaction.
  void put(const record::Batch& batch);

  bool made;  // there was no file, or an empty one
  Database database;
  FileWatch watch;
  OutcomeIds outcomes;
  SeriesTable series;
  TallyTable tallies;
  EvidenceTable evidence;
  EvidenceCheckTable evidence_check;
  FileTable files;
  JournalTable journal;
  ExclusionTable exclusions;
  SealTable seals;
  ClaimTable claims;
};

}  // namespace recoup::ledger
