#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/chain.h"
#include "ledger/outcome_ids.h"
#include "ledger/records.h"
#include "ledger/statement.h"

namespace recoup::ledger {

// A record as a row of the table gives it, from the column `first` on: at, tie, outcome, request
// id, duration, peer, detail. Throws Failure.
core::Evidence evidence_of(const Rows& row, int first, OutcomeIds& outcomes);

// EvidenceTable is the table of evidence and the chains through it. All methods throw Failure. For
// one thread at a time.
class EvidenceTable {
 public:
  // Both outlive the table.
  EvidenceTable(Database& database, OutcomeIds& outcomes);

  // Forgets the chains' heads: at the begin of a transaction, since another process may have
  // written in the meantime.
  void begin();

  // Adds the record at the end of its series' chain; what is there already stays, and is not
  // chained again. Inside a transaction.
  void put(SeriesId series, const core::Evidence& seen);

  // Writes the heads of the chains that grew. Before the transaction is committed.
  void end();

  // Takes out all evidence of the series, and its chain.
  void remove(SeriesId series);

  void read(const std::string& agreement, const core::Interval& span,
            const std::function<void(const core::Evidence&)>& each);

  // As Ledger::evidence_page.
  std::vector<core::Evidence> page(const std::string& agreement, const core::Interval& span,
                                   std::uint64_t skip, std::size_t most);

  // As Ledger::chain and Ledger::check_chain.
  std::vector<core::ChainHead> heads(const std::string& agreement, const core::Interval& span);
  std::vector<ChainFault> check(const std::string& agreement,
                                const std::vector<core::ChainHead>& sealed);

 private:
  // The end of a chain: its last link, and how many records it has.
  struct End {
    std::string link;
    std::uint64_t records = 0;
    bool grew = false;
  };
  struct StoredChain {
    SeriesId id = 0;
    SeriesKey key;
    std::uint64_t records = 0;
    std::string head;
  };

  End& end_of(SeriesId series);
  std::string first_link_of(SeriesId series);
  std::vector<StoredChain> stored(const std::string& agreement);
  ChainFault walk(const StoredChain& chain, const std::vector<core::ChainHead>& sealed);

  Database& database_;
  OutcomeIds& outcomes_;
  core::Linker linker_;
  std::unordered_map<SeriesId, End> ends_;
  Statement put_;
  Statement find_end_;
  Statement find_key_;
  Statement put_end_;
  Statement remove_records_;
  Statement remove_end_;
  Statement read_;
  Statement page_;
  Statement heads_;
  Statement chains_;
  Statement chained_;
};

}  // namespace recoup::ledger
