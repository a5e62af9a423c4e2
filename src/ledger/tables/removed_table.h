#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/sql/connection.h"
#include "record/records.h"
#include "record/upkeep.h"

namespace recoup::ledger {

// RemovedTable is the table of how far evidence was removed, and removes it. A chain loses its
// begin and nothing else: where the rest begins is kept, so that it is checked as before. All
// methods throw Failure. For one thread at a time.
class RemovedTable {
 public:
  // It outlives the table.
  explicit RemovedTable(Connection& connection);

  // As Upkeep::remove_evidence, inside a transaction, and Upkeep::removed_evidence.
  record::EvidenceTurn remove(const record::EvidenceOrder& order);
  std::vector<record::RemovedEvidence> all(const std::string& agreement);

  // Where a chain begins that lost its begin: behind so many records, at that link.
  struct Begin {
    std::uint64_t records = 0;
    std::string link = {};
    std::int64_t until = 0;  // all of them were seen before this; milliseconds since 1970
  };
  std::optional<Begin> begin_of(record::SeriesId series);

  // Takes the series out.
  void forget(record::SeriesId series) { forget_.run(series); }

 private:
  std::uint64_t last_to_go(record::SeriesId series, core::Instant before);
  void remove(record::SeriesId series, const record::EvidenceOrder& order,
              record::EvidenceTurn& turn);

  Statement find_;
  Statement put_;
  Statement forget_;
  Statement all_;
  Statement series_;
  Statement first_kept_;
  Statement last_;
  Statement going_;
  Statement remove_;
};

}  // namespace recoup::ledger
