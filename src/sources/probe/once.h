#pragma once

#include <memory>

#include "core/world.h"
#include "sources/probe/capture.h"
#include "sources/probe/probe.h"

namespace recoup::sources::probe {

// Sends one request of the probe, apart from any schedule and any counter, and waits for its end,
// not longer than the probe's timeout. How every answer begins is kept. The error says why none was
// sent; the keys of a probe that is signed are on the ring.
core::Result<RawExchange> send_once(const std::shared_ptr<const Probe>& probe,
                                    const Identity& identity, const core::Clock& clock);

}  // namespace recoup::sources::probe
