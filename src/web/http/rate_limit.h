#pragma once

#include "core/clock.h"
#include "core/time.h"
#include "web/http/message.h"

namespace recoup::web {

// Middleware with a bucket of `burst` requests that is filled by one every `interval`: a request
// that finds it empty is answered 429. The clock outlives it.
Handler with_rate_limit(Handler next, core::Millis interval, int burst, const core::Clock& clock);

}  // namespace recoup::web
