#pragma once

#include <cstdint>
#include <string>

#include "core/outcome.h"
#include "core/time.h"

namespace recoup::record {

// Evidence is the record of one request that did not go well: what a claim's request log is made
// of. `detail` is redacted (redact.h) before it gets here; `peer` is an address and is redacted
// when it is shown outside.
struct Evidence {
  core::Instant at;       // when the request started (a probe) or what its log line says
  std::uint64_t tie = 0;  // tells apart requests of one series in one millisecond
  core::Outcome outcome;
  std::string request_id;    // the provider's, or empty
  core::Millis duration{0};  // from start to the last byte; 0 where a log does not say
  std::string peer;          // the address that answered, or empty
  std::string detail;        // what was asked, and why TLS failed; at most 512 characters

  bool operator==(const Evidence&) const = default;
};

}  // namespace recoup::record
