#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "documents/files.h"
#include "sources/probe/credentials/found_keys.h"

namespace recoup::sources::probe {

// Finds an access token of Google's where its client libraries do (Application Default
// Credentials):
//   1. by the file that the settings name, that of GOOGLE_APPLICATION_CREDENTIALS, or that of
//      `gcloud auth application-default login`: a service account's key, which signs a JWT (RS256)
//      for the token service, or a user's refresh token;
//   2. of the machine's service account, by the metadata server.
// For the scope that the settings say, or that of all of Google Cloud. Asks files and the network,
// and waits for them. The error says what was looked for, and holds no secret.
core::Result<FoundKeys> find_google_token(const rules::Signing& how,
                                          const documents::Environment& environment,
                                          const core::Clock& clock);

}  // namespace recoup::sources::probe
