#pragma once

#include <string>

#include "ledger/claim_table.h"
#include "ledger/evidence_check.h"
#include "ledger/evidence_table.h"
#include "ledger/exclusion_table.h"
#include "ledger/file_table.h"
#include "ledger/file_watch.h"
#include "ledger/journal_table.h"
#include "ledger/ledger.h"
#include "ledger/outcome_ids.h"
#include "ledger/seal_table.h"
#include "ledger/series_table.h"
#include "ledger/sqlite.h"
#include "ledger/tally_table.h"

namespace recoup::ledger {

// Tables is one connection to one ledger's file, and all tables in it.
struct Tables {
  // Opens the file and brings it to this program's version. Throws Failure.
  Tables(const std::string& path, Missing missing, core::Millis busy_timeout);

  // Writes the batch, inside a transaction.
  void put(const Batch& batch);

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
