#pragma once

#include <string>

#include "sources/probe/probe_settings.h"
#include "sources/probe/signer.h"

namespace recoup::sources::probe {

// Probe is one probe of one agreement. Its place in the prober's list is its ProbeIndex.
struct Probe {
  std::string agreement;
  ProbeSettings settings;
};

// Identity is who the prober says it is.
struct Identity {
  std::string user_agent;  // "recoup/<version>"
  Credentials credentials;
};

}  // namespace recoup::sources::probe
