#pragma once

#include <string>
#include <vector>

#include "metrics/exposition.h"
#include "report/snapshot.h"

namespace recoup::metrics {

// Adds what the service says of itself.
void add_service(Exposition& out, const report::Snapshot& snapshot, const std::string& version);

// Adds which part of the service it is, whether it is the judge, and whose leases last.
void add_roles(Exposition& out, const report::Snapshot& snapshot);

// What became of the settings when they were read again.
void add_settings(Exposition& out, const report::SettingsState& settings);

// Adds whether its probes can be signed.
void add_credentials(Exposition& out, const std::vector<report::CredentialState>& all);

// Adds what its server answered.
void add_notices(Exposition& out, const report::NoticeCounts& notices);
// Adds how the ledger is kept small.
void add_upkeep(Exposition& out, const record::UpkeepCounts& upkeep);
void add_web(Exposition& out, const report::WebUsage& web);

// Adds what it takes of its machine, by the names that all of Prometheus' client libraries use.
void add_process(Exposition& out, const report::ProcessUsage& process);

}  // namespace recoup::metrics
