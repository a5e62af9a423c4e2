#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/sql/connection.h"
#include "ledger/tables/journal_table.h"
#include "record/records.h"

namespace recoup::ledger {

// ResourceTable is the table of which resource a probe or log is of, where a contract sums the time
// of several: as the settings said it last, so that one that is no longer in them stays what it
// was. What changes in it for counts that are there is in the journal. All methods throw Failure.
// For one thread at a time.
class ResourceTable {
 public:
  using Named = std::map<record::LogName, std::string>;  // resources by their sources

  // Both outlive the table.
  ResourceTable(Connection& connection, JournalTable& journal);

  // Whether it has these of these agreements.
  bool is_as_said(const std::map<std::string, Named>& agreements);

  // As TallyStore::name_resources, inside a transaction.
  void say(const std::map<std::string, Named>& agreements);

  // The resources of the agreement's series that are of one.
  std::unordered_map<record::SeriesId, std::string> by_series(const std::string& agreement);

 private:
  Named of(const std::string& agreement);
  void note(const std::string& agreement, const record::LogName& source,
            const std::string& resource);

  JournalTable& journal_;
  Statement of_;
  Statement put_;
  Statement span_;
  Statement by_series_;
};

}  // namespace recoup::ledger
