#pragma once

#include "errand/easy.h"

namespace recoup::sources::probe {

// The owners of libcurl's handles, which probes have in common with what is asked for once.
using errand::Easy;
using errand::HeaderList;
using errand::make_curl_ready;
using errand::make_easy;
using errand::make_multi;
using errand::Multi;

}  // namespace recoup::sources::probe
