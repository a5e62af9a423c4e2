#pragma once

#include <string>
#include <vector>

#include "core/judgement.h"
#include "report/json.h"

// What the provider itself told of troubles in a cycle, beside what was lost in it. Texts of the
// provider's are masked where they are confidential.
namespace recoup::report {

// The incident's title, service, Regions and time: "the provider's own incident "Increased Error
// Rates" (KMS, us-east-1, 2026-10-03T10:00:00Z to 2026-10-03T10:45:00Z)".
std::string incident_name(const core::ProviderIncident& incident);

// A sentence each: how many of the lost intervals each incident overlaps, and how long before the
// provider's first word of it the loss began; at the end, of several, how many lie in any of them.
// At most `most` incidents, by how much was lost in them; how many more there are is said. Empty
// where no incident touches the cycle.
std::vector<std::string> incident_words(const core::Judgement& judgement,
                                        std::size_t most = std::string::npos);

// The same as one paragraph for whoever reads the claim: short, of the incidents with the most
// loss.
std::string incident_paragraph(const core::Judgement& judgement);

// All of it as JSON; null where there is none.
Json incidents_json(const core::Judgement& judgement);

// One incident, without what was lost in it.
Json incident_json(const core::ProviderIncident& incident);

}  // namespace recoup::report
