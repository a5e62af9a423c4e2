#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "documents/files.h"
#include "rules/probe_keys.h"
#include "sources/probe/credentials/credentials.h"

namespace recoup::sources::probe {

// FoundKeys are credentials as they were found.
struct FoundKeys {
  struct Life {
    std::optional<core::Instant> ends = {};  // from then on nobody takes them
    bool may_change = false;  // they stand in files, which the user may change at any time
    // Files that they rest on: one that changes makes others of them.
    std::vector<std::string> files = {};
  };

  Credentials::Secrets secrets;  // by their variables of the environment
  Life life = {};
  std::string from;  // "the profile 'prod'"; no secret
};

// Finds the credentials of a signer by what a probe says of them. It may ask files, commands and
// the network, and waits for them. The error says what was looked for and what to do, and holds no
// secret.
using FindKeys = core::Result<FoundKeys> (*)(const rules::Signing& how,
                                             const documents::Environment& environment,
                                             const core::Clock& clock);

}  // namespace recoup::sources::probe
