#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sources/minute_counters.h"
#include "sources/probe/credentials/keyring.h"
#include "sources/probe/probe_settings.h"

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
  std::string user_agent;         // "recoup/<version>"
  std::shared_ptr<Keyring> keys;  // never null where a probe is signed, or a header in a file
};

}  // namespace recoup::sources::probe
