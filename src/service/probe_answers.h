#pragma once

#include <string>

#include "core/clock.h"
#include "sources/probe/prober.h"
#include "web/http/message.h"

namespace recoup::service {

// What /probe answers: the last result of the probe that `target` names, AGREEMENT/PROBE, where it
// was begun less than its period ago, or where the next one is under way; else it is sent now, and
// its result waited for, as long as Prometheus does. 400 where there is no such probe, 503 where
// nothing was sent or came in time. Takes as long as a request may; from any thread.
web::Response answer_probe(sources::probe::Prober& prober, const core::Clock& clock,
                           const web::Request& request);

}  // namespace recoup::service
