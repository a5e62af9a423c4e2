#pragma once

#include <cstdint>
#include <functional>
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
  // Of which of several resources whose time a contract sums; a ledger adds it as it is read.
  std::string resource = {};
  // The id of the probe, log or query of the settings that saw it; a ledger adds it to what it
  // gives page by page.
  std::string source = {};

  // The same record, whether or not its source is said.
  bool operator==(const Evidence& other) const {
    return at == other.at && tie == other.tie && outcome == other.outcome &&
           request_id == other.request_id && duration == other.duration && peer == other.peer &&
           detail == other.detail && resource == other.resource;
  }
};

// Whether the outcome is a failure to whoever sees it, whatever a contract says: no answer, or a
// status of 500 or more. Its record is always worth keeping.
inline bool is_failure(const core::Outcome& outcome) {
  if (const auto* answer = std::get_if<core::Answered>(&outcome)) return answer->status >= 500;
  return std::holds_alternative<core::Failed>(outcome);
}

// Which other outcomes are worth a record, since a contract may call them Errors. For one thread at
// a time.
using WorthARecord = std::function<bool(const core::Outcome&)>;

}  // namespace recoup::record
