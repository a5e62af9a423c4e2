#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/agreement.h"
#include "ledger/sql/connection.h"
#include "record/batch.h"
#include "record/records.h"

namespace recoup::ledger {

// JournalTable is the table of what may change a time that is over. All methods throw Failure, and
// stand inside the transaction of what they note. For one thread at a time.
class JournalTable {
 public:
  explicit JournalTable(Connection& connection);

  // Adds the entry; its id is the table's to give.
  void add(const std::string& agreement, const record::JournalEntry& entry);

  // One entry for each agreement whose series have the gaps, from the first begin to the last end.
  // The same of what was not seen.
  void add_gaps(const std::vector<record::SeriesGap>& gaps);
  void add_unseen(const std::vector<record::SeriesUnseen>& unseen);

  // The same of counts and evidence that waited elsewhere.
  void add_late(const record::Batch& batch);

  std::vector<record::JournalEntry> after(const std::string& agreement, std::uint64_t id);

  // As Journal::journal_news.
  std::map<std::string, std::uint64_t> news(std::uint64_t after);

 private:
  void add_spans(const std::vector<std::pair<record::SeriesId, core::Interval>>& spans,
                 std::string_view mark = {});

  Statement add_;
  Statement find_agreement_;
  Statement after_;
  Statement news_;
};

// ExclusionTable is the table of what the user excluded; what changes in it is in the journal. All
// methods throw Failure, and stand inside a transaction of the caller. For one thread at a time.
class ExclusionTable {
 public:
  // Both outlive the table.
  ExclusionTable(Connection& connection, JournalTable& journal);

  // As Exclusions::exclude, remove_exclusion and exclusions.
  void put(const std::string& agreement, const core::ExclusionWindow& window);
  bool remove(const std::string& agreement, const core::Interval& span);
  std::vector<core::ExclusionWindow> all(const std::string& agreement);

 private:
  JournalTable& journal_;
  Statement put_;
  Statement remove_;
  Statement all_;
};

}  // namespace recoup::ledger
