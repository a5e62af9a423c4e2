#include "sources/probe/credentials/azure.h"

#include <fmt/format.h>

#include "record/percent_encoding.h"
#include "sources/probe/credentials/ask.h"
#include "sources/probe/credentials/oauth.h"
#include "sources/probe/credentials/profiles.h"

namespace recoup::sources::probe {
namespace {

// The token service of worldwide Azure. That of Azure in China, operated by 21Vianet, is
// https://login.partner.microsoftonline.cn.
constexpr std::string_view kWorldwide = "https://login.microsoftonline.com";
constexpr const char* kAzureHelp =
    "write tenant, client_id and secret = { env = \"…\" } in `sign`, set AZURE_TENANT_ID, "
    "AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or give the machine a managed identity";

// What the settings say under the key, or else the environment does under the variable.
std::string said(const rules::Signing& how, const documents::Environment& environment,
                 const char* key, const char* variable) {
  const auto found = how.says.find(key);
  return found == how.says.end() ? value_of(environment, variable) : found->second;
}

core::Result<record::Secret> secret_of(const rules::Signing& how,
                                       const documents::Environment& environment) {
  if (how.secret) return rules::text_now(*how.secret);
  return record::Secret(value_of(environment, "AZURE_CLIENT_SECRET"));
}

// RFC 6749, 4.4: the client credentials grant.
core::Result<FoundKeys> by_secret(const rules::Signing& how,
                                  const documents::Environment& environment,
                                  const record::Secret& secret, core::Instant now) {
  const std::string tenant = said(how, environment, "tenant", "AZURE_TENANT_ID");
  const std::string client = said(how, environment, "client_id", "AZURE_CLIENT_ID");
  if (tenant.empty() || client.empty()) {
    return core::Error{
        "expected a tenant and a client_id beside the secret of an application, got "
        "none",
        "", kAzureHelp};
  }
  std::string authority = said(how, environment, "authority", "AZURE_AUTHORITY_HOST");
  if (authority.empty()) authority = kWorldwide;
  while (authority.ends_with('/')) authority.pop_back();
  auto found = token_in(ask_for_token(fmt::format("{}/{}/oauth2/v2.0/token", authority,
                                                  record::percent_encoded(tenant)),
                                      form_of({{"grant_type", "client_credentials"},
                                               {"client_id", client},
                                               {"client_secret", secret.reveal()},
                                               {"scope", how.says.at("scope")}})),
                        fmt::format("the application {}", client), now);
  if (found && how.secret && !how.secret->file.empty()) found->life.files = {how.secret->file};
  return found;
}

// An identity of the machine is asked for a resource; its scope is that with "/.default" behind it.
std::string resource_of(const std::string& scope) {
  constexpr std::string_view kAll = "/.default";
  return scope.ends_with(kAll) ? scope.substr(0, scope.size() - kAll.size()) : scope;
}

core::Result<FoundKeys> by_identity(const rules::Signing& how,
                                    const documents::Environment& environment, core::Instant now) {
  const std::string endpoint = value_of(environment, "IDENTITY_ENDPOINT");
  const std::string header = value_of(environment, "IDENTITY_HEADER");
  const bool app_service = !endpoint.empty() && !header.empty();
  std::string base = value_of(environment, "AZURE_POD_IDENTITY_AUTHORITY_HOST");
  if (base.empty()) base = "http://169.254.169.254";
  while (base.ends_with('/')) base.pop_back();
  errand::Request request;
  request.within = kNear;
  request.url = app_service ? endpoint + "?api-version=2019-08-01"
                            : base + "/metadata/identity/oauth2/token?api-version=2018-02-01";
  request.headers = {app_service ? "X-IDENTITY-HEADER: " + header : "Metadata: true"};
  request.url +=
      '&' + form_of({{"resource", resource_of(how.says.at("scope"))},
                     {"client_id", said(how, environment, "client_id", "AZURE_CLIENT_ID")}});
  const auto answer = ask(request);
  // Nobody there, or somebody who has no such thing: this is no machine of Azure's.
  if (!answer || (!app_service && (answer->status == 404 || answer->status == 405))) {
    return core::Error{"expected credentials of Azure, got none", "", kAzureHelp};
  }
  return token_in(answer, "the machine's managed identity", now);
}

}  // namespace

core::Result<FoundKeys> find_azure_token(const rules::Signing& how,
                                         const documents::Environment& environment,
                                         const core::Clock& clock) {
  const auto secret = secret_of(how, environment);
  if (!secret) return secret.error();
  const core::Instant now = clock.wall();
  if (secret->empty()) return by_identity(how, environment, now);
  return by_secret(how, environment, *secret, now);
}

}  // namespace recoup::sources::probe
