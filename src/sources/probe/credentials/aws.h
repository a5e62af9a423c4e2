#pragma once

#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "documents/files.h"
#include "sources/probe/credentials/found_keys.h"

namespace recoup::sources::probe {

// Finds AWS credentials where AWS's own SDKs do, in their order:
//   1. without a profile: AWS_ACCESS_KEY_ID and so on;
//   2. a role for a web identity (AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN);
//   3. the profile that `how` names, that of AWS_PROFILE, or "default": role_arn (with
//   source_profile,
//      credential_source or web_identity_token_file), an sso session that the command line signed
//      in, keys, credential_process;
//   4. without a profile: a container's or pod's identity (AWS_CONTAINER_CREDENTIALS_…), the
//      instance's role by its metadata (IMDSv2).
// Asks files, commands and the network, and waits for them. The error says what was looked for, and
// holds no secret.
core::Result<FoundKeys> find_aws_keys(const rules::Signing& how,
                                      const documents::Environment& environment,
                                      const core::Clock& clock);

}  // namespace recoup::sources::probe
