#include "sources/probe/credentials/google.h"

#include <filesystem>
#include <memory>
#include <new>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <nlohmann/json.hpp>

#include "record/base64.h"
#include "record/percent_encoding.h"
#include "sources/probe/credentials/ask.h"
#include "sources/probe/credentials/oauth.h"
#include "sources/probe/credentials/profiles.h"

namespace recoup::sources::probe {
namespace {

constexpr std::string_view kUsualScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::string_view kUsualTokens = "https://oauth2.googleapis.com/token";
constexpr std::size_t kLongestKey = std::size_t{1} << 20;
// "The maximum is one hour after the issued time."
constexpr std::chrono::seconds kAssertionLife{3600};
constexpr const char* kGoogleHelp =
    "write file = \"…\" with the key of a service account in `sign`, or set "
    "GOOGLE_APPLICATION_CREDENTIALS";

struct FreeSigningKey {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
struct FreeInput {
  void operator()(BIO* input) const noexcept { BIO_free(input); }
};
using SigningKey = std::unique_ptr<EVP_PKEY, FreeSigningKey>;

// OpenSSL would otherwise ask on the terminal.
int no_question(char*, int, int, void*) { return -1; }

SigningKey read_signing_key(const std::string& pem) {
  const std::unique_ptr<BIO, FreeInput> input(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!input) throw std::bad_alloc();
  SigningKey key(PEM_read_bio_PrivateKey(input.get(), nullptr, no_question, nullptr));
  ERR_clear_error();
  return key;
}

// RFC 7515: base64 for URLs, without padding.
std::string for_url(std::string_view bytes) {
  std::string text = record::to_base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

// RSASSA-PKCS1-v1_5 with SHA-256; empty where the key cannot.
std::string rs256(const SigningKey& key, const std::string& text) {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  if (!context) throw std::bad_alloc();
  std::size_t size = 0;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::string signature;
  if (EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA &&
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
      EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1) {
    signature.resize(size);
    auto* const out = reinterpret_cast<unsigned char*>(signature.data());
    if (EVP_DigestSign(context.get(), out, &size, bytes, text.size()) != 1) size = 0;
    signature.resize(size);
  }
  ERR_clear_error();
  return signature;
}

// KeyFile is a file of credentials that was read; its text is secret.
struct KeyFile {
  std::string path;
  std::string text;
  std::string scope;

  std::string of(std::string_view field) const { return json_text(text, field); }
  std::string tokens() const {
    const std::string own = of("token_uri");
    return own.empty() ? std::string(kUsualTokens) : own;
  }
};

// "Using OAuth 2.0 for server to server applications": a JWT that the account's own key signs, for
// a token.
core::Result<FoundKeys> by_service_account(const KeyFile& file, core::Instant now) {
  const std::string email = file.of("client_email");
  const SigningKey key = read_signing_key(file.of("private_key"));
  if (!key || email.empty()) {
    return core::Error{fmt::format("expected client_email and a private_key in {}, got none that "
                                   "can be used",
                                   file.path),
                       "", "take the JSON key of the service account as Google gives it"};
  }
  const auto issued = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  nlohmann::json head{{"alg", "RS256"}, {"typ", "JWT"}};
  if (const std::string id = file.of("private_key_id"); !id.empty()) head["kid"] = id;
  const nlohmann::json claims{{"iss", email},
                              {"scope", file.scope},
                              {"aud", file.tokens()},
                              {"iat", issued.count()},
                              {"exp", (issued + kAssertionLife).count()}};
  const auto replace = nlohmann::json::error_handler_t::replace;
  const std::string text = for_url(head.dump(-1, ' ', false, replace)) + '.' +
                           for_url(claims.dump(-1, ' ', false, replace));
  const std::string signature = rs256(key, text);
  if (signature.empty()) {
    return core::Error{fmt::format("expected an RSA key in {}, got another one", file.path)};
  }
  return token_in(
      ask_for_token(file.tokens(),
                    form_of({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                             {"assertion", text + '.' + for_url(signature)}})),
      "the service account " + email, now);
}

// What `gcloud auth application-default login` keeps: a user's own consent.
core::Result<FoundKeys> by_user(const KeyFile& file, core::Instant now) {
  return token_in(
      ask_for_token(file.tokens(), form_of({{"grant_type", "refresh_token"},
                                            {"client_id", file.of("client_id")},
                                            {"client_secret", file.of("client_secret")},
                                            {"refresh_token", file.of("refresh_token")}})),
      "the user's credentials in " + file.path, now);
}

core::Result<FoundKeys> by_file(const KeyFile& file, core::Instant now) {
  const std::string type = file.of("type");
  core::Result<FoundKeys> found = core::Error{
      fmt::format("expected the key of a service account in {}, got {}", file.path,
                  type.empty() ? "something else" : "credentials of another type"),
      "",
      "give the probes a service account's key; other tokens are fetched by others: sign = { by = "
      "\"bearer\", token = { file = \"…\" } }"};
  if (type == "service_account") found = by_service_account(file, now);
  if (type == "authorized_user") found = by_user(file, now);
  if (found) found->life.files = {file.path};
  return found;
}

core::Result<FoundKeys> by_metadata(const std::string& scope,
                                    const documents::Environment& environment, core::Instant now) {
  std::string host = value_of(environment, "GCE_METADATA_HOST");
  if (host.empty()) host = "metadata.google.internal";
  const auto answer =
      ask({.url = fmt::format(
               "http://{}/computeMetadata/v1/instance/service-accounts/default/token?scopes={}",
               host, record::percent_encoded(scope)),
           .headers = {"Metadata-Flavor: Google"},
           .within = kNear});
  // Nobody there: this is no machine of Google's.
  if (!answer) return core::Error{"expected credentials of Google, got none", "", kGoogleHelp};
  return token_in(answer, "the machine's service account", now);
}

// The file that is to be read; empty where none is named and there is no usual one.
std::string file_of(const rules::Signing& how, const documents::Environment& environment) {
  const auto said = how.says.find("file");
  if (said != how.says.end()) return said->second;
  const std::string named = value_of(environment, "GOOGLE_APPLICATION_CREDENTIALS");
  if (!named.empty()) return named;
  std::string folder = value_of(environment, "CLOUDSDK_CONFIG");
  if (folder.empty()) folder = home_of(environment) + "/.config/gcloud";
  const std::string usual = folder + "/application_default_credentials.json";
  std::error_code none;
  return std::filesystem::exists(usual, none) ? usual : "";
}

}  // namespace

core::Result<FoundKeys> find_google_token(const rules::Signing& how,
                                          const documents::Environment& environment,
                                          const core::Clock& clock) {
  const auto said = how.says.find("scope");
  const std::string scope = said == how.says.end() ? std::string(kUsualScope) : said->second;
  const std::string path = file_of(how, environment);
  const core::Instant now = clock.wall();
  if (path.empty()) return by_metadata(scope, environment, now);
  auto text = documents::read_file(path, kLongestKey);
  if (!text) return core::Error{text.error().message, "", kGoogleHelp};
  return by_file({path, *std::move(text), scope}, now);
}

}  // namespace recoup::sources::probe
