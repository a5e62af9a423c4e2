#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/provider_incidents.h"
#include "core/result.h"

// What providers publish of their own troubles, read from files that the user saved.
namespace recoup::incidents {

// Who tells of incidents in such a file.
enum class Form { aws_health, statuspage, google, azure };
std::string_view to_text(Form form);  // "AWS Health"

// LeftOut is a record that tells of no trouble: maintenance that was announced, a notice.
struct LeftOut {
  std::string what;  // its title or id
  std::string why;   // "a scheduledChange, and no issue"
};

// IncidentFile is what was read of one file.
struct IncidentFile {
  Form form = Form::aws_health;
  std::vector<core::ProviderIncident> incidents;  // in the file's order
  std::vector<LeftOut> left_out;
  // Records that could not be read, and of the first kMostComplaints of them what is wrong, laid
  // out with its place and a help line.
  std::size_t unreadable = 0;
  std::vector<std::string> complaints = {};
};

inline constexpr std::size_t kMostComplaints = 20;

// What a file does not say of itself.
struct IncidentOptions {
  std::string provider;                 // whose; empty: as the file says
  std::vector<std::string> agreements;  // touched by all of them, by the user's word
};

// Files that are larger are none of these.
inline constexpr std::size_t kLargestIncidentFile = std::size_t{64} << 20;

// Reads what `aws health describe-events` and `describe-event-details` print and EventBridge hands
// on, incidents.json of a Statuspage or one incident of it, incidents.json of Google Cloud, and the
// answer to the events of Azure's Resource Health API; told by its keys. The error, of a file that
// is none of these, is laid out with its place. `digest` is the file's SHA-256.
core::Result<IncidentFile> read_incident_file(const std::string& name, std::string_view text,
                                              const std::string& digest,
                                              const IncidentOptions& options = {});

}  // namespace recoup::incidents
