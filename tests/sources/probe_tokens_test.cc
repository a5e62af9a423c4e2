#include <atomic>
#include <mutex>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <nlohmann/json.hpp>

#include "record/base64.h"
#include "record/percent_encoding.h"
#include "service/system_world.h"
#include "sources/probe/credentials/azure.h"
#include "sources/probe/credentials/google.h"
#include "support/catch.h"
#include "support/fake_clock.h"
#include "support/loopback_server.h"
#include "support/probing.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace recoup::sources::probe;
using Request = LoopbackServer::Request;
using Reply = LoopbackServer::Reply;
using documents::Environment;
using nlohmann::json;
using recoup::test::TempDir;

namespace {

constexpr const char* kEmail = "probes@project.iam.gserviceaccount.com";
constexpr const char* kScope = "https://www.googleapis.com/auth/cloud-platform";
const core::Clock& kNow = service::system_world().clock;

struct FreeRsa {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Rsa = std::unique_ptr<EVP_PKEY, FreeRsa>;

Rsa new_rsa() { return Rsa(EVP_RSA_gen(2048)); }

std::string pem_of(const Rsa& key) {
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(out);
  return text;
}

std::string from_url(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (text.size() % 4 != 0) text += '=';
  return record::from_base64(text);
}

// The fields of a form, decoded.
std::map<std::string, std::string> form_in(std::string_view body) {
  std::map<std::string, std::string> fields;
  while (!body.empty()) {
    const auto pair = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(body.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    fields[record::percent_decoded(pair.substr(0, equals), record::Plus::blank)] =
        record::percent_decoded(pair.substr(equals + 1), record::Plus::blank);
  }
  return fields;
}

Reply answer(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

Reply token(const std::string& text, int seconds) {
  return answer(200, fmt::format(R"({{"access_token":"{}","expires_in":{},"token_type":"Bearer"}})",
                                 text, seconds));
}

// GoogleTokens gives tokens as Google's service does: to a JWT that the account's key signed, is
// for this service, was issued now and ends within an hour.
class GoogleTokens {
 public:
  explicit GoogleTokens(const Rsa& key)
      : key_(key), server_([this](const Request& request) { return take(request); }) {}

  std::string url() const { return server_.url("/token"); }
  std::vector<Request> requests() const { return server_.requests(); }
  std::string why() const {
    const std::lock_guard lock(mutex_);
    return why_;
  }
  std::atomic<int> life{3600};
  std::atomic<bool> works{true};
  std::atomic<int> given{0};

 private:
  Reply take(const Request& request) {
    if (!works) return answer(503, "<html>busy</html>");
    const std::string wrong = mistake(form_in(request.body));
    const std::lock_guard lock(mutex_);
    why_ = wrong;
    if (wrong.empty()) return token(fmt::format("ya29.{}", ++given), life);
    return answer(400, R"({"error":"invalid_grant","error_description":"hunter2"})");
  }

  std::string mistake(std::map<std::string, std::string> form) const {
    if (form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer") return "grant_type";
    const std::string& jwt = form["assertion"];
    const auto first = jwt.find('.');
    const auto second = jwt.find('.', first + 1);
    if (second == std::string::npos) return "form";
    if (jwt.find_first_of("+/=") != std::string::npos) return "base64";
    const std::string signature = from_url(jwt.substr(second + 1));
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key_.get());
    const int good = EVP_DigestVerify(
        context, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
        reinterpret_cast<const unsigned char*>(jwt.data()), second);
    EVP_MD_CTX_free(context);
    if (good != 1) return "signature";
    const json head = json::parse(from_url(jwt.substr(0, first)));
    if (head != json{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", "key-1"}}) return "head";
    const json claims = json::parse(from_url(jwt.substr(first + 1, second - first - 1)));
    if (claims["iss"] != kEmail) return "iss";
    if (claims["scope"] != kScope) return "scope";
    if (claims["aud"] != url()) return "aud";
    const auto now = std::chrono::floor<std::chrono::seconds>(kNow.wall().time_since_epoch());
    const auto issued = claims["iat"].get<std::int64_t>();
    if (std::abs(issued - now.count()) > 60) return "iat";
    if (claims["exp"].get<std::int64_t>() - issued > 3600) return "exp";
    return "";
  }

  const Rsa& key_;
  mutable std::mutex mutex_;
  std::string why_;
  LoopbackServer server_;
};

std::string account(const Rsa& key, const std::string& tokens) {
  return json{{"type", "service_account"},
              {"client_email", kEmail},
              {"private_key_id", "key-1"},
              {"private_key", pem_of(key)},
              {"token_uri", tokens}}
      .dump();
}

rules::Signing by(const char* signer, std::map<std::string, std::string> says = {}) {
  rules::Signing how;
  how.by = signer;
  how.says = std::move(says);
  return how;
}

std::shared_ptr<const rules::OutsideText> secret(const std::string& text) {
  rules::OutsideText outside;
  outside.text = record::Secret(text);
  outside.from = "the environment variable 'X'";
  return std::make_shared<const rules::OutsideText>(std::move(outside));
}

std::shared_ptr<const rules::OutsideText> in_file(const std::string& path, std::string text,
                                                  const std::string& prefix = {}) {
  rules::OutsideText outside;
  outside.text = record::Secret(prefix + text);
  outside.file = path;
  outside.prefix = prefix;
  outside.from = "the file 'secret'";
  return std::make_shared<const rules::OutsideText>(std::move(outside));
}

// The header that was found, and whose it is.
std::string shown(const core::Result<FoundKeys>& found) {
  if (!found) return "error: " + found.error().message;
  return Credentials(found->secrets).of("Authorization").reveal() + " of " + found->from;
}

core::Result<FoundKeys> google(const rules::Signing& how, Environment environment = {},
                               const core::Clock& clock = kNow) {
  environment.emplace("HOME", "/nowhere");
  environment.emplace("GCE_METADATA_HOST", "127.0.0.1:9");
  return find_google_token(how, environment, clock);
}

core::Result<FoundKeys> azure(const rules::Signing& how, Environment environment = {}) {
  environment.emplace("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9");
  return find_azure_token(how, environment, kNow);
}

ProbeSettings probe_of(const LoopbackServer& provider, rules::Signing how) {
  ProbeSettings settings;
  settings.id = "p";
  settings.url = provider.url("/");
  settings.every = core::Millis(20);
  settings.sign = std::move(how);
  return settings;
}

std::size_t seen_with(const LoopbackServer& provider, const std::string& header) {
  const auto requests = provider.requests();
  return static_cast<std::size_t>(std::count_if(
      requests.begin(), requests.end(),
      [&](const Request& request) { return request.header("Authorization") == header; }));
}

}  // namespace

TEST_CASE("a service account's JWT is signed, for the service, and of an hour at most") {
  const Rsa key = new_rsa();
  GoogleTokens tokens(key);
  const TempDir dir;
  const std::string file = dir.write("account.json", account(key, tokens.url()));
  const auto before = kNow.wall();
  const auto found = google(by("google", {{"file", file}}));
  INFO(tokens.why());
  CHECK(shown(found) == fmt::format("Bearer ya29.1 of the service account {}", kEmail));
  REQUIRE(found);
  CHECK(*found->life.ends >= before + std::chrono::seconds(3600));
  CHECK(*found->life.ends <= kNow.wall() + std::chrono::seconds(3600));
  CHECK(found->life.files == std::vector<std::string>{file});
  CHECK(shown(google(by("google"), {{"GOOGLE_APPLICATION_CREDENTIALS", file}})) ==
        fmt::format("Bearer ya29.2 of the service account {}", kEmail));
  const TempDir home;
  std::filesystem::create_directories(home.path() / ".config/gcloud");
  home.write(".config/gcloud/application_default_credentials.json", account(key, tokens.url()));
  CHECK(shown(google(by("google"), {{"HOME", home.path().string()}})) ==
        fmt::format("Bearer ya29.3 of the service account {}", kEmail));

  // Another key, another scope, and a clock that is wrong, which is told by how much.
  dir.write("other.json", account(new_rsa(), tokens.url()));
  const auto other = google(by("google", {{"file", dir.file("other.json")}}));
  CHECK(shown(other) ==
        fmt::format("error: expected an access token of the service account {}, got "
                    "status 400 invalid_grant",
                    kEmail));
  CHECK(tokens.why() == "signature");
  CHECK_FALSE(google(by("google", {{"file", file}, {"scope", "other"}})));
  CHECK(tokens.why() == "scope");
  const FakeClock ahead(kNow.wall() + std::chrono::minutes(10));
  CHECK_FALSE(google(by("google", {{"file", file}}), {}, ahead));
  CHECK(tokens.why() == "iat");
}

TEST_CASE("a token service that errs, is slow or answers garbage gives no token and no secret") {
  const Rsa key = new_rsa();
  const TempDir dir;
  struct Row {
    Reply reply;
    const char* words;
  };
  Reply dated = answer(400, R"({"error":"invalid_grant"})");
  dated.headers = {{"Date", "Sat, 01 Jan 2000 00:00:00 GMT"}};
  Reply dropped;
  dropped.ending = LoopbackServer::Ending::drop;
  for (const Row& row : std::vector<Row>{
           {answer(200, "garbage"), "got something else"},
           {answer(200, R"({"access_token":"","expires_in":3600})"), "got something else"},
           {answer(200, R"({"access_token":"a\r\nX: y","expires_in":3600})"), "got something else"},
           {answer(200, R"({"access_token":"a","token_type":"MAC"})"), "got something else"},
           {answer(200, R"({"access_token":"a","expires_in":"soon"})"), "expected seconds"},
           {answer(200, R"({"access_token":"a","expires_in":-5})"), "expected seconds"},
           {answer(200, std::string(300'000, 'x')), "an answer of more than 262144 bytes"},
           {answer(500, ""), "got status 500"},
           {answer(400, R"({"error":"invalid_grant\r\nhunter2"})"), "got status 400 invalid_grant"},
           {answer(400, R"({"error":"ya29.hunter2"})"), "got status 400 ya29"},
           {dated, "s ahead of theirs"},
           {dropped, "got none: Server returned nothing"}}) {
    const LoopbackServer server([&](const Request&) { return row.reply; });
    const auto found =
        google(by("google", {{"file", dir.write("a.json", account(key, server.url()))}}));
    INFO(row.words);
    INFO(shown(found));
    REQUIRE_FALSE(found);
    CHECK(found.error().message.find(row.words) != std::string::npos);
    CHECK(found.error().message.find("PRIVATE") == std::string::npos);
    CHECK(found.error().message.find("assertion") == std::string::npos);
  }
  // What a service does not say: it is asked again in five minutes.
  const LoopbackServer quiet(
      [&](const Request&) { return answer(200, R"({"access_token":"a"})"); });
  const auto found =
      google(by("google", {{"file", dir.write("a.json", account(key, quiet.url()))}}));
  REQUIRE(found);
  CHECK(*found->life.ends <= kNow.wall() + std::chrono::minutes(5));

  for (const auto& [text, words] : std::vector<std::pair<std::string, std::string>>{
           {"not json", "got something else"},
           {R"({"type":"external_account"})", "got credentials of another type"},
           {R"({"type":"service_account","client_email":"a@b","private_key":"hunter2"})",
            "got none that can be used"},
           {account(key, "http://tokens.example.com/"), "expected a token service by https"},
           {account(key, "file:///etc/passwd"), "expected a token service by https"}}) {
    const auto none = google(by("google", {{"file", dir.write("b.json", text)}}));
    INFO(shown(none));
    REQUIRE_FALSE(none);
    CHECK(none.error().message.find(words) != std::string::npos);
    CHECK(none.error().message.find("hunter2") == std::string::npos);
  }
  CHECK_FALSE(google(by("google", {{"file", dir.file("missing")}})));
}

TEST_CASE("a user's consent and the machine's account give Google's tokens, too") {
  LoopbackServer server([](const Request& request) {
    if (request.method == "GET") {
      const bool good = request.header("Metadata-Flavor") == "Google" &&
                        request.target ==
                            "/computeMetadata/v1/instance/service-accounts/default/token?scopes="
                            "https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform";
      return good ? token("machine", 3599) : answer(403, "");
    }
    auto form = form_in(request.body);
    const bool good = form == std::map<std::string, std::string>{{"grant_type", "refresh_token"},
                                                                 {"client_id", "id"},
                                                                 {"client_secret", "s&e=c"},
                                                                 {"refresh_token", "1//r"}};
    return good ? token("user", 3599) : answer(401, R"({"error":"invalid_client"})");
  });
  const TempDir dir;
  const std::string file = dir.write("user.json", json{{"type", "authorized_user"},
                                                       {"client_id", "id"},
                                                       {"client_secret", "s&e=c"},
                                                       {"refresh_token", "1//r"},
                                                       {"token_uri", server.url()}}
                                                      .dump());
  CHECK(shown(google(by("google", {{"file", file}}))) ==
        "Bearer user of the user's credentials in " + file);
  const std::string host = fmt::format("127.0.0.1:{}", server.port());
  CHECK(shown(google(by("google"), {{"GCE_METADATA_HOST", host}})) ==
        "Bearer machine of the machine's service account");
  const auto none = google(by("google"));
  CHECK(shown(none) == "error: expected credentials of Google, got none");
  CHECK(none.error().help.find("GOOGLE_APPLICATION_CREDENTIALS") != std::string::npos);
}

TEST_CASE("Azure gives tokens to an application's secret, and to the machine's identity") {
  LoopbackServer server([](const Request& request) {
    if (request.method == "GET") {
      const auto question = request.target.find('?');
      auto query = form_in(std::string_view(request.target).substr(question + 1));
      const bool app_service = request.target.starts_with("/msi?");
      const bool good = query["resource"] == "https://vault.azure.cn" &&
                        (app_service ? request.header("X-IDENTITY-HEADER") == "own" &&
                                           query["api-version"] == "2019-08-01"
                                     : request.header("Metadata") == "true" &&
                                           query["api-version"] == "2018-02-01" &&
                                           query["client_id"] == "of-two");
      if (!good) return answer(400, R"({"error":"invalid_request"})");
      if (app_service) {
        return answer(200, R"({"access_token":"app","expires_on":"4102444800","resource":"r",)"
                           R"("token_type":"Bearer"})");
      }
      return answer(200, R"({"access_token":"imds","expires_in":"86399","token_type":"Bearer"})");
    }
    auto form = form_in(request.body);
    const bool good =
        request.target == "/tenant/oauth2/v2.0/token" &&
        form == std::map<std::string, std::string>{{"grant_type", "client_credentials"},
                                                   {"client_id", "client"},
                                                   {"client_secret", "s~e/c+r=t"},
                                                   {"scope", "https://vault.azure.cn/.default"}};
    return good ? token("eyJ0", 3599)
                : answer(401, R"({"error":"invalid_client","error_codes":[7000215],)"
                              R"("error_description":"hunter2"})");
  });
  const std::string scope = "https://vault.azure.cn/.default";
  auto how = by("azure", {{"scope", scope},
                          {"tenant", "tenant"},
                          {"client_id", "client"},
                          {"authority", server.url("/")}});
  how.secret = secret("s~e/c+r=t");
  CHECK(shown(azure(how)) == "Bearer eyJ0 of the application client");
  how.secret = secret("wrong");
  CHECK(shown(azure(how)) ==
        "error: expected an access token of the application client, got status 401 invalid_client "
        "AADSTS7000215");
  CHECK(shown(azure(by("azure", {{"scope", scope}}), {{"AZURE_TENANT_ID", "tenant"},
                                                      {"AZURE_CLIENT_ID", "client"},
                                                      {"AZURE_CLIENT_SECRET", "s~e/c+r=t"},
                                                      {"AZURE_AUTHORITY_HOST", server.url()}})) ==
        "Bearer eyJ0 of the application client");
  const auto half = azure(by("azure", {{"scope", scope}}), {{"AZURE_CLIENT_SECRET", "s"}});
  REQUIRE_FALSE(half);
  CHECK(half.error().help.find("AZURE_TENANT_ID") != std::string::npos);
  std::string base = server.url();
  CHECK(shown(azure(by("azure", {{"scope", scope}, {"client_id", "of-two"}}),
                    {{"AZURE_POD_IDENTITY_AUTHORITY_HOST", base}})) ==
        "Bearer imds of the machine's managed identity");
  const auto app = azure(by("azure", {{"scope", scope}}),
                         {{"IDENTITY_ENDPOINT", server.url("/msi")}, {"IDENTITY_HEADER", "own"}});
  CHECK(shown(app) == "Bearer app of the machine's managed identity");
  CHECK(core::to_text(*app->life.ends) <= "2100-01-01T00:00:00Z");
  CHECK(shown(azure(by("azure", {{"scope", scope}}))) ==
        "error: expected credentials of Azure, got none");
}

TEST_CASE("a token is replaced before it ends, and without any no probe is sent") {
  const Rsa key = new_rsa();
  GoogleTokens tokens(key);
  tokens.life = 2;
  std::mutex mutex;
  std::map<std::string, core::Instant> first_seen;
  std::atomic<int> too_old{0};
  LoopbackServer provider([&](const Request& request) {
    const std::lock_guard lock(mutex);
    const auto [seen, is_new] = first_seen.emplace(request.header("Authorization"), kNow.wall());
    // A token of two seconds is never older than that where it arrives.
    if (kNow.wall() - seen->second > std::chrono::milliseconds(2500)) ++too_old;
    return answer(200, "{}");
  });
  const TempDir dir;
  const std::string file = dir.write("account.json", account(key, tokens.url()));
  std::vector<std::string> said;
  Probing probing({probe_of(provider, by("google", {{"file", file}}))}, {{"HOME", "/nowhere"}},
                  nullptr, [&](const std::string& line) {
                    const std::lock_guard lock(mutex);
                    said.push_back(line);
                  });
  CHECK(eventually([&] { return seen_with(provider, "Bearer ya29.3") > 0; }));
  CHECK(too_old == 0);
  CHECK(probing.outcomes()["missed/credentials"] == 0);
  tokens.works = false;
  CHECK(eventually([&] { return probing.outcomes()["missed/credentials"] > 10; }));
  probing.stop();
  const std::lock_guard lock(mutex);
  REQUIRE(said.size() == 1);
  CHECK(said[0].starts_with(fmt::format(
      "credentials to sign by google: expected an access token of the service account {}, got "
      "status 503; those that are here end at ",
      kEmail)));
}

TEST_CASE("passwords, tokens and headers in files are sent as they are, from a second on") {
  LoopbackServer provider([](const Request&) { return answer(200, "{}"); });
  const TempDir dir;
  dir.write("secret", "first\n");
  auto basic = by("basic", {{"user", "me"}});
  basic.secret = in_file(dir.file("secret"), "first");
  auto bearer = by("bearer");
  bearer.secret = in_file(dir.file("secret"), "first");
  ProbeSettings plain = probe_of(provider, {});
  plain.sign.reset();
  plain.id = "plain";
  rules::Header header{"X-Key", "", record::Secret("key first")};
  header.file = in_file(dir.file("secret"), "first", "key ");
  plain.headers = {header};
  auto with_token = probe_of(provider, bearer);
  with_token.id = "token";
  Probing probing({probe_of(provider, basic), with_token, plain});
  const auto seen = [&](const std::string& basically, const std::string& text) {
    const auto requests = provider.requests();
    return seen_with(provider, "Basic " + record::to_base64("me:" + basically)) > 0 &&
           seen_with(provider, "Bearer " + text) > 0 &&
           std::any_of(requests.begin(), requests.end(), [&](const Request& request) {
             return request.header("X-Key") == "key " + text;
           });
  };
  CHECK(eventually([&] { return seen("first", "first"); }));
  dir.write("secret", "second");
  CHECK(eventually([&] { return seen("second", "second"); }));
  // What cannot be a header is not sent; what was read before is.
  dir.write("secret", "th\nird");
  const auto before = provider.requests().size();
  CHECK(eventually([&] { return provider.requests().size() > before + 100; }));
  const auto requests = provider.requests();
  CHECK(requests.back().header("X-Key") + requests.back().header("Authorization") != "");
  for (const Request& request : requests) {
    CHECK(request.header("X-Key").find("th") == std::string::npos);
  }
  probing.stop();
}
