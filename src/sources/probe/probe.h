#pragma once

#include <string>

#include "record/evidence.h"
#include "sources/minute_counters.h"
#include "sources/probe/probe_settings.h"
#include "sources/probe/signer.h"

namespace recoup::sources::probe {

// Probe is one probe of one agreement. Its place in the prober's list is its ProbeIndex.
struct Probe {
  std::string agreement;
  ProbeSettings settings;
  CounterId counters = 0;  // by which the board knows it
};

// Identity is who the prober says it is.
struct Identity {
  std::string user_agent;  // "recoup/<version>"
  Credentials credentials;
  // Which answers that a probe expects are worth a record all the same. Asked by the probe loop.
  record::WorthARecord worth = nullptr;
};

}  // namespace recoup::sources::probe
