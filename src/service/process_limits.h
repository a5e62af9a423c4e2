#pragma once

#include <cstddef>
#include <vector>

#include "config/settings.h"
#include "core/result.h"
#include "sources/probe/prober.h"

namespace recoup::service {

// Descriptors is how the files and sockets that this process may have open are shared out: whoever
// opens connections to the server takes none from the probes.
struct Descriptors {
  std::size_t all = 0;     // what the system lets this process have open
  std::size_t probes = 0;  // what they may need at one time: when nothing that they ask answers
  std::size_t web = 0;     // what is left for the server
};

// Shares out so many. The server gets what the probes and the ledger leave, but an eighth at least.
Descriptors share_out(std::size_t all, const sources::probe::Probes& probes);

// Raises the soft limit of descriptors to what the service may need, as far as the hard one lets
// it, and shares them out. Says so in the log where the probes can need more; an error where not
// even one of each kind can be open.
core::Result<Descriptors> raise_descriptors(const sources::probe::Probes& probes);

// Keeps the memory of this process, which holds secrets, out of core files and from other processes
// of its user; not where RECOUP_CORE_DUMPS is 1 in the environment.
void forbid_core_dumps(const documents::Environment& environment);

}  // namespace recoup::service
