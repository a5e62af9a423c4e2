#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/provider_incidents.h"
#include "incidents/record_reader.h"

// The forms of incident files, each in a file of its own. For incident_file.cc alone.
namespace recoup::incidents {

// What a record told: incidents, or why it tells of none. Nothing of either where it has a
// complaint.
struct Told {
  std::vector<core::ProviderIncident> incidents = {};
  std::string what = {};  // of a record that is left out: its title or id
  std::string why = {};   // empty: it is not left out
};

// An Event of AWS Health, with or without its details, or what EventBridge hands on of one.
Told read_aws_event(RecordReader& in);

// An incident of a page of Atlassian's Statuspage.
Told read_statuspage_incident(RecordReader& in);

// An incident of status.cloud.google.com.
Told read_google_incident(RecordReader& in);

// An event of Azure's Resource Health API: an incident for each service that it touches.
Told read_azure_event(RecordReader& in);

}  // namespace recoup::incidents
