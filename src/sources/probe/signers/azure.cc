// Microsoft Entra's access tokens: of an application with a secret, or of the machine's managed
// identity.
#include "sources/probe/credentials/azure.h"
#include "sources/probe/signers/authorization.h"

namespace recoup::sources::probe {

extern const SignerKind kAzure;
const SignerKind kAzure{
    .name = "azure",
    .takes = {"AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"},
    .says = {.needs = {"scope"}, .takes = {"tenant", "client_id", "authority"}, .secret = "secret"},
    .find_elsewhere = find_azure_token,
    .make = make_signer<Authorization>,
    // A token that is missing, ended or another one's is answered with 401 and a challenge; 403 is
    // a lack of permission.
    .refusals = {.statuses = {401}, .challenge = true},
};

}  // namespace recoup::sources::probe
