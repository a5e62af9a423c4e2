#pragma once

#include <string>
#include <vector>

#include "config/settings.h"
#include "core/provider_incidents.h"
#include "ledger/ledger.h"
#include "report/json.h"

namespace recoup::cli {

// IncidentRow is a provider's incident, and which agreements of the settings it touches.
struct IncidentRow {
  core::ProviderIncident incident;
  std::vector<std::string> touched;  // ids
  std::vector<std::string> perhaps;  // it does not say which Regions, or the agreement does not
  std::string change = {};           // what became of it: "added"; empty: nothing was done
};

IncidentRow incident_row(const config::Settings& settings, core::ProviderIncident incident);

// All of the ledger, by begin.
core::Result<std::vector<IncidentRow>> all_incident_rows(const config::Settings& settings,
                                                         ledger::Incidents& ledger);

// Keeps the incidents in the ledger; a row for each, in their order.
core::Result<std::vector<IncidentRow>> keep_incidents(
    const config::Settings& settings, ledger::Incidents& ledger,
    const std::vector<core::ProviderIncident>& incidents);

// As a table, and below it what to do about those that touch no agreement as far as can be told.
void print_incident_rows(const std::vector<IncidentRow>& rows);

report::Json incident_rows_json(const std::vector<IncidentRow>& rows);

}  // namespace recoup::cli
