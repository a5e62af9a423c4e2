#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sources/minute_counters.h"
#include "sources/probe/probe_settings.h"
#include "sources/probe/signer.h"

namespace recoup::sources::probe {

// Probe is one probe of one agreement. It never changes: one that the user changed is another, with
// the same counters.
struct Probe {
  std::string agreement;
  ProbeSettings settings;
  CounterId counters = 0;  // by which the board knows it
};

// All that are probed at one time, each with counters of its own.
using Probes = std::vector<std::shared_ptr<const Probe>>;

// Identity is who the prober says it is.
struct Identity {
  std::string user_agent;  // "recoup/<version>"
  Credentials credentials;
};

}  // namespace recoup::sources::probe
