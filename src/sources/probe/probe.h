#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sources/probe/board.h"
#include "sources/probe/budget.h"
#include "sources/probe/credentials/keyring.h"
#include "sources/probe/probe_settings.h"

namespace recoup::sources::probe {

// Probe is one probe of one agreement, or one target of one that has a list of them. It never
// changes: one that the user changed is another, by the same name to the board.
struct Probe {
  std::string agreement;
  ProbeSettings settings;
  TargetId counters = 0;                // by which the board knows it
  std::shared_ptr<Budget> budget = {};  // its agreement's; null: it may send all that is due
};

// All that are probed at one time, each known to the board by itself.
using Probes = std::vector<std::shared_ptr<const Probe>>;

// Identity is who the prober says it is.
struct Identity {
  std::string user_agent;         // "recoup/<version>"
  std::shared_ptr<Keyring> keys;  // never null where a probe is signed, or a header in a file
};

}  // namespace recoup::sources::probe
