#pragma once

#include <optional>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "documents/files.h"
#include "sources/probe/credentials/credentials.h"

namespace recoup::sources::probe {

// FoundKeys are credentials as they were found.
struct FoundKeys {
  struct Life {
    std::optional<core::Instant> ends = {};  // from then on nobody takes them
    bool may_change = false;  // they stand in a file, which the user may change at any time
  };

  Credentials::Secrets secrets;  // by their variables of the environment
  Life life = {};
  std::string from;  // "the profile 'prod'"; no secret
};

// Finds the credentials of a signer, for a profile or for none. It may ask files, commands and the
// network, and waits for them. The error says what was looked for and what to do, and holds no
// secret.
using FindKeys = core::Result<FoundKeys> (*)(const std::string& profile,
                                             const documents::Environment& environment,
                                             const core::Clock& clock);

}  // namespace recoup::sources::probe
