#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ledger/sql/connection.h"
#include "ledger/tables/fold_table.h"
#include "ledger/tables/outcome_ids.h"
#include "ledger/tables/removed_table.h"
#include "ledger/tables/resource_table.h"
#include "record/chain.h"
#include "record/records.h"

namespace recoup::ledger {

// A record as a row of the table gives it, from the column `first` on: at, tie, outcome, request
// id, duration, peer, detail. Throws Failure.
record::Evidence evidence_of(const Rows& row, int first, OutcomeIds& outcomes);

// EvidenceTable is the table of evidence, the chains through it, and how both fit what was counted.
// All methods throw Failure. For one thread at a time.
class EvidenceTable {
 public:
  // All outlive the table.
  EvidenceTable(Connection& connection, OutcomeIds& outcomes, ResourceTable& resources,
                FoldTable& folds, RemovedTable& removed);

  // Forgets the chains' heads: at the begin of a transaction, since another process may have
  // written in the meantime.
  void begin();

  // Adds the record at the end of its series' chain; what is there already stays, and is not
  // chained again. Inside a transaction.
  void put(record::SeriesId series, const record::Evidence& seen);

  // The same for many records, of which those of a series that stand together are asked for at
  // once: a database that is far away is not waited for once a record.
  void put(const std::vector<record::SeriesEvidence>& rows);

  // The same of one series, whatever the rows name.
  void put(record::SeriesId series, std::span<const record::SeriesEvidence> rows);

  // Writes the heads of the chains that grew. Before the transaction is committed.
  void end();

  // Takes out all evidence of the series, and its chain.
  void remove(record::SeriesId series);

  // Takes out the record of that tie in the span, where there is one; end() chains what is left of
  // the series anew.
  void remove(record::SeriesId series, const core::Interval& span, std::int64_t tie);

  // As EvidenceStore::evidence.
  void read(const std::string& agreement, const core::Interval& span,
            const std::function<void(const record::Evidence&)>& each);

  // As EvidenceStore::evidence_page.
  std::vector<record::Evidence> page(const std::string& agreement, const core::Interval& span,
                                     std::uint64_t skip, std::size_t most);

  // As EvidenceStore::chain, check_chain and check_evidence.
  std::vector<record::ChainHead> heads(const std::string& agreement, const core::Interval& span);
  std::vector<record::ChainFault> check_chains(const std::string& agreement,
                                               const std::vector<record::ChainHead>& sealed);
  record::EvidenceCheck check_counts(const std::string& agreement);

 private:
  // The end of a chain: its last link, and how many records it has.
  struct End {
    std::string link;
    std::uint64_t records = 0;
    bool grew = false;
  };
  struct StoredChain {
    record::SeriesId id = 0;
    record::SeriesKey key;
    std::uint64_t records = 0;
    std::string head;
  };

  std::set<std::pair<std::int64_t, std::uint64_t>> known_among(
      record::SeriesId series, std::span<const record::SeriesEvidence> rows);
  void chain_anew(record::SeriesId series);
  End& end_of(record::SeriesId series);
  std::string first_link_of(record::SeriesId series);
  std::vector<StoredChain> stored(const std::string& agreement);
  record::ChainFault walk(const StoredChain& chain, const std::vector<record::ChainHead>& sealed);

  OutcomeIds& outcomes_;
  ResourceTable& resources_;
  FoldTable& folds_;
  RemovedTable& removed_;
  record::Linker linker_;
  std::unordered_map<record::SeriesId, End> ends_;
  std::set<record::SeriesId> broken_;  // chains that a record was taken out of
  Statement put_;
  Statement known_;
  Statement find_end_;
  Statement find_key_;
  Statement put_end_;
  Statement remove_one_;
  Statement relink_;
  Statement remove_records_;
  Statement remove_end_;
  Statement read_;
  Statement page_;
  Statement heads_;
  Statement chains_;
  Statement chained_;
  Statement excess_;
  Statement totals_;
  Statement folded_;
};

}  // namespace recoup::ledger
