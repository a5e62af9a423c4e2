#include "cli/provider_settings.h"

#include <algorithm>

#include "core/text.h"

namespace recoup::cli {
namespace {

constexpr std::string_view kAlibaba =
    R"(  # Signed by V3 with ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET of the
  # environment, and with ALIBABA_CLOUD_SECURITY_TOKEN where the key is a role's.
  [[agreement.probe]]
  id      = "describe-regions"
  url     = "https://kms.{region}.aliyuncs.com/"
  sign    = { by = "acs3" }
  headers = { x-acs-action = "DescribeRegions", x-acs-version = "2016-01-20" }
  error_name_json   = "Code"
  request_id_header = "x-acs-request-id"
  every   = "30s"                   # finer probing shows smaller losses: see `recoup check`

)";

constexpr std::string_view kGoogle =
    R"(  # Sent with a token of the service account whose key is at GOOGLE_APPLICATION_CREDENTIALS, or of the
  # machine's own. Its role must have cloudkms.cryptoKeyVersions.useToEncrypt on the key.
  [[agreement.probe]]
  id    = "encrypt"
  use   = "encrypt"
  with  = { project = "my-project", key_ring = "my-key-ring", key = "my-key" }
  every = "30s"                     # finer probing shows smaller losses: see `recoup check`

)";

constexpr std::string_view kAzure =
    R"(  # Sent with a token of the application that AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET
  # name, or of the machine's managed identity. It must be allowed to read the key.
  [[agreement.probe]]
  id    = "get-key"
  url   = "https://my-vault.vault.azure.net/keys/my-key?api-version=7.4"
  sign  = { by = "azure", scope = "https://vault.azure.net/.default" }
  error_name_json   = "error.code"
  request_id_header = "x-ms-request-id"
  every = "30s"                     # finer probing shows smaller losses: see `recoup check`

)";

constexpr std::string_view kHttp =
    R"(  # Any request whose answer shows whether the service is there. Where it wants no token, take `sign`
  # out; a password is sign = { by = "basic", user = "probe", password = { file = "password" } }.
  [[agreement.probe]]
  id    = "health"
  url   = "https://api.example.com/healthz"
  sign  = { by = "bearer", token = { env = "PROBE_TOKEN" } }   # or { file = "token" }, read again
  every = "30s"                     # finer probing shows smaller losses: see `recoup check`
  # method  = "POST"
  # body    = '{"ping":true}'
  # headers = { Content-Type = "application/json" }
  # expect  = [200]                 # other answers have evidence; what is an Error the contract says

)";

}  // namespace

const std::vector<ProviderStart>& provider_starts() {
  static const std::vector<ProviderStart> starts{
      {"aws", "aws-kms", "123456789012", "us-east-1", "",
       "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
      {"alibaba", "alibaba-kms", "1234567890123456", "eu-central-1", kAlibaba,
       "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"},
      {"google", "google-kms-direct", "my-project", "europe-west1", kGoogle,
       "GOOGLE_APPLICATION_CREDENTIALS=/path/to/account.json"},
      {"azure", "azure-key-vault", "00000000-0000-0000-0000-000000000000", "West Europe", kAzure,
       "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"},
      {"http", "cloudflare-workers", "my-account", "", kHttp, "PROBE_TOKEN"},
  };
  return starts;
}

const ProviderStart* find_start(std::string_view provider) {
  const auto& all = provider_starts();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const ProviderStart& one) { return one.name == provider; });
  return found == all.end() ? nullptr : &*found;
}

std::string start_names() {
  std::vector<std::string> names;
  for (const ProviderStart& one : provider_starts()) names.emplace_back(one.name);
  return core::listed(names, "or");
}

}  // namespace recoup::cli
