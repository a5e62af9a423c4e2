#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace recoup::record {

// StampCounts is how the running service gets on with the third party that signs the time.
struct StampCounts {
  struct Agreement {
    std::string agreement;
    std::optional<core::Instant> until = {};   // days up to here are stamped
    std::optional<core::Instant> newest = {};  // the time in the newest token
    std::uint64_t waiting = 0;                 // tokens that are due and not there
    std::uint64_t again = 0;  // stamped again since the service started: the days had changed
  };

  std::vector<Agreement> agreements;
  std::uint64_t tokens = 0;                       // since the service started
  std::map<std::string, std::uint64_t> failures;  // by what failed: server, token, ledger
  std::string failing = {};                       // why the newest try failed; empty: it did not
};

}  // namespace recoup::record
