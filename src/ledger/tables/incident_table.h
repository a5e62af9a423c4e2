#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/provider_incidents.h"
#include "ledger/sql/connection.h"
#include "ledger/tables/journal_table.h"
#include "record/incidents.h"

namespace recoup::ledger {

// IncidentTable is the tables of what providers told of their own troubles; what changes in them is
// in the journals of the agreements that they touch. All methods throw Failure, and stand inside a
// transaction of the caller. For one thread at a time.
class IncidentTable {
 public:
  // Both outlive the table.
  IncidentTable(Connection& connection, JournalTable& journal);

  // As Incidents::keep_incidents, remove_incident and incidents.
  std::vector<record::KeptIncident> put(const std::vector<record::ToldIncident>& told);
  std::optional<core::ProviderIncident> remove(std::uint64_t number,
                                               const std::vector<std::string>& touched);
  std::vector<core::ProviderIncident> find(const core::Interval& span);

 private:
  record::KeptIncident put_one(const core::ProviderIncident& told);
  std::optional<core::ProviderIncident> known(const core::ProviderIncident& told);
  void write(const core::ProviderIncident& incident);
  void read_words(core::ProviderIncident& incident);

  JournalTable& journal_;
  Statement put_;
  Statement renew_;
  Statement put_word_;
  Statement known_;
  Statement numbered_;
  Statement words_;
  Statement forget_words_;
  Statement remove_;
  Statement find_;
};

}  // namespace recoup::ledger
