// Google's OAuth 2 access tokens: of a service account, of a user's own credentials, or of the
// machine's service account.
#include "sources/probe/credentials/google.h"
#include "sources/probe/signers/authorization.h"

namespace recoup::sources::probe {

extern const SignerKind kGoogle;
const SignerKind kGoogle{
    .name = "google",
    .takes = {"GOOGLE_APPLICATION_CREDENTIALS"},
    .says = {.takes = {"file", "scope"}},
    .find_elsewhere = find_google_token,
    .make = make_signer<Authorization>,
    // UNAUTHENTICATED, "no valid authentication credentials", is mapped to 401 (google.rpc.Code);
    // PERMISSION_DENIED is 403, and no refusal.
    .refusals = {.statuses = {401}},
};

}  // namespace recoup::sources::probe
