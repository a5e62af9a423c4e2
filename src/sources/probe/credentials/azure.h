#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "documents/files.h"
#include "sources/probe/credentials/found_keys.h"

namespace recoup::sources::probe {

// Finds an access token of Microsoft Entra's, for the scope that the settings say:
//   1. of the application that the settings name, or AZURE_TENANT_ID, AZURE_CLIENT_ID and
//      AZURE_CLIENT_SECRET do, by its secret, from the token service of its cloud: `authority` or
//      AZURE_AUTHORITY_HOST, where it is not the worldwide one;
//   2. of the machine's managed identity: that of App Service (IDENTITY_ENDPOINT), or that of the
//      instance (IMDS). With client_id, of the one with that id.
// Asks the network, and waits for it. The error says what was looked for, and holds no secret.
core::Result<FoundKeys> find_azure_token(const rules::Signing& how,
                                         const documents::Environment& environment,
                                         const core::Clock& clock);

}  // namespace recoup::sources::probe
