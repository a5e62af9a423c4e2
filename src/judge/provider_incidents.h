#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/judgement.h"
#include "ledger/ledger.h"

namespace recoup::judge {

// Whether a provider's incident touches an agreement.
enum class Touch {
  yes,  // its provider, one of its services and its Region are the agreement's, or the user says so
  perhaps,  // provider and service are; which Regions are meant, one of both does not say
  no,       // another provider, service or Region, or none that can be told
};

// As far as both say: nothing is guessed. A service is the agreement's by the name that its rule
// has for it, or by the one that the provider's records and SDKs have (Rule::sdk_services).
Touch touch_of(const core::ProviderIncident& incident, const core::Agreement& agreement,
               const core::Rule& rule);

// A provider by the name that rules have for it: "aws" of "Amazon Web Services"; of others the name
// as it is, in small letters.
std::string provider_id(std::string_view name);

// The incidents of the ledger that touch the agreement, and overlap the cycle.
core::Result<std::vector<core::ProviderIncident>> incidents_of(ledger::Incidents& ledger,
                                                               const core::Agreement& agreement,
                                                               const core::Rule& rule,
                                                               const core::Interval& cycle);

// The same of the judgement, and how what was lost in its cycle lies to them.
core::Result<core::SeenIncidents> seen_incidents(ledger::Incidents& ledger,
                                                 const core::Judgement& judgement);

}  // namespace recoup::judge
