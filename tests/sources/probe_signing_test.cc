#include "sources/probe/signer.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "sources/probe/prober.h"
#include "support/catch.h"
#include "support/loopback_server.h"
#include "support/missing.h"
#include "support/places.h"
#include "support/probing.h"

using namespace recoup;
using sources::probe::Url;
using Request = LoopbackServer::Request;

namespace {

// Made for Amazon's own test suite; they open nothing.
const std::string kKey = "AKIDEXAMPLE";
const std::string kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

// An implementation of the signature that shares nothing with libcurl's or ours.

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::string sha256(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  REQUIRE(EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) == 1);
  return {reinterpret_cast<char*>(digest), size};
}

std::string hmac(const std::string& key, std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
  return {reinterpret_cast<char*>(digest), size};
}

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, by);) parts.push_back(part);
  return parts;
}

// The part of the Authorization header after `name` and '='.
std::string field(const std::string& authorization, const std::string& name) {
  const auto at = authorization.find(name + '=');
  REQUIRE(at != std::string::npos);
  const auto begin = at + name.size() + 1;
  return authorization.substr(begin, authorization.find(',', begin) - begin);
}

std::string sorted_query(const std::string& query) {
  std::vector<std::string> pairs = split(query, '&');
  for (std::string& pair : pairs) {
    if (pair.find('=') == std::string::npos) pair += '=';
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const std::string& pair : pairs) out += (out.empty() ? "" : "&") + pair;
  return out;
}

std::string one_spaced(const std::string& text) {
  std::string out;
  std::istringstream in(text);
  for (std::string word; in >> word;) out += (out.empty() ? "" : " ") + word;
  return out;
}

// The signature that the request should have, by the scope and the headers that it says are signed.
std::string signature_of(const Request& request, const std::string& authorization) {
  const auto question = request.target.find('?');
  std::string canonical = request.method + '\n' + request.target.substr(0, question) + '\n';
  if (question != std::string::npos) canonical += sorted_query(request.target.substr(question + 1));
  canonical += '\n';
  const std::string names = field(authorization, "SignedHeaders");
  for (const std::string& name : split(names, ';')) {
    canonical += name + ':' + one_spaced(request.header(name)) + '\n';
  }
  canonical += '\n' + names + '\n' + hex(sha256(request.body));

  const std::string credential = field(authorization, "Credential");
  const std::string scope = credential.substr(credential.find('/') + 1);
  const std::vector<std::string> parts = split(scope, '/');
  REQUIRE(parts.size() == 4);
  std::string key = "AWS4" + kSecret;
  for (const std::string& part : parts) key = hmac(key, part);
  return hex(hmac(key, "AWS4-HMAC-SHA256\n" + request.header("X-Amz-Date") + '\n' + scope + '\n' +
                           hex(sha256(canonical))));
}

std::string content(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A request as the test suite writes it.
Request read_case(const std::filesystem::path& path) {
  Request request;
  const std::string text = content(path);
  const auto end = text.find("\n\n");
  if (end != std::string::npos) request.body = text.substr(end + 2);
  const std::vector<std::string> lines = split(text.substr(0, end), '\n');
  const auto space = lines[0].find(' ');
  request.method = lines[0].substr(0, space);
  request.target = lines[0].substr(space + 1, lines[0].rfind(' ') - space - 1);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto colon = lines[i].find(':');
    request.headers.emplace_back(lines[i].substr(0, colon), lines[i].substr(colon + 1));
  }
  return request;
}

std::string suite(const std::string& name) {
  return std::string(SHARED_DATA) + "/sigv4/" + name + '/' +
         std::filesystem::path(name).filename().string();
}

documents::Environment environment(const std::string& token = {}) {
  return {{"AWS_ACCESS_KEY_ID", kKey},
          {"AWS_SECRET_ACCESS_KEY", kSecret},
          {"AWS_SESSION_TOKEN", token}};
}

const rules::Signing kByKms{"", "kms", "us-east-1"};

// The URL as it is sent when it is signed.
std::string canonical_url(const std::string& url) {
  sources::probe::ProbeSettings settings;
  settings.url = url;
  settings.sign = kByKms;
  const auto signer = sources::probe::find_signer("sigv4")->make(settings, {});
  return signer->spelled(Url::parse(url).value()).text();
}

struct SignedCase {
  const char* name;
  const char* method;
  const char* target;
  const char* body;
  bool token;
};

}  // namespace

TEST_CASE("the independent signature agrees with Amazon's test suite") {
  if (!test::have_data(SHARED_DATA "/sigv4")) return;
  for (const std::string name :
       {"get-vanilla", "get-vanilla-query-order-key", "get-vanilla-query-order-value",
        "get-vanilla-query-unreserved", "post-vanilla", "post-vanilla-query",
        "post-header-key-sort", "post-header-value-case", "post-x-www-form-urlencoded",
        "post-x-www-form-urlencoded-parameters", "post-sts-token/post-sts-header-before"}) {
    INFO(name);
    const Request request = read_case(suite(name) + ".req");
    const std::string authorization = content(suite(name) + ".authz");
    CHECK(signature_of(request, authorization) == field(authorization, "Signature"));
  }
}

TEST_CASE("a query is made canonical as in Amazon's test suite") {
  if (!test::have_data(SHARED_DATA "/sigv4")) return;
  for (const std::string name :
       {"get-vanilla-query", "get-vanilla-empty-query-key", "get-vanilla-query-order-encoded",
        "get-vanilla-query-order-key", "get-vanilla-query-order-key-case",
        "get-vanilla-query-order-value", "get-vanilla-query-unreserved", "get-vanilla-utf8-query",
        "post-vanilla-query", "post-vanilla-empty-query-value"}) {
    INFO(name);
    const Request request = read_case(suite(name) + ".req");
    const std::string url = canonical_url("https://example.amazonaws.com" + request.target);
    const auto question = url.find('?');
    const std::string query = question == std::string::npos ? "" : url.substr(question + 1);
    CHECK(query == split(content(suite(name) + ".creq"), '\n')[2]);
  }
}

TEST_CASE("a query is sorted and encoded, and the rest of the URL stays") {
  struct Row {
    const char* url;
    const char* canonical;
  };
  for (const Row& row :
       std::vector<Row>{{"https://h/", "https://h/"},
                        {"https://h/p?", "https://h/p"},
                        {"https://h/p?b=2&a=1", "https://h/p?a=1&b=2"},
                        {"https://h/p?a=2&a=1&A=3", "https://h/p?A=3&a=1&a=2"},
                        {"https://h/p?b&a", "https://h/p?a=&b="},
                        {"https://h/p?a=x%2fy&b=p+q", "https://h/p?a=x%2Fy&b=p%20q"},
                        {"https://h/p?a=%7E~&&b=100%", "https://h/p?a=~~&b=100%25"},
                        {"https://h/p?a=1#part", "https://h/p?a=1"},
                        {"https://h?b=2&a=1", "https://h/?a=1&b=2"},
                        {"https://h/a%20b?z=/", "https://h/a%20b?z=%2F"}}) {
    INFO(row.url);
    CHECK(canonical_url(row.url) == row.canonical);
  }
}

TEST_CASE("a probe that is to be signed needs credentials") {
  const auto check = [](const std::optional<rules::Signing>& sign, documents::Environment has) {
    has.insert({{"HOME", "/nowhere"}, {"AWS_EC2_METADATA_DISABLED", "true"}});
    sources::probe::ProbeSettings settings;
    settings.id = "describe";
    settings.sign = sign;
    sources::probe::Keyring keys(std::move(has), service::system_world(), {});
    const sources::probe::Probe probe{"kms", settings};
    return sources::probe::check({std::make_shared<const sources::probe::Probe>(probe)}, &keys);
  };
  CHECK(check(std::nullopt, {}).ok());
  const auto checked = check(kByKms, {});
  REQUIRE_FALSE(checked.ok());
  CHECK(checked.error().message ==
        "cannot sign probe 'describe': expected AWS credentials, got none");
  CHECK(checked.error().where == "kms");
  CHECK(checked.error().help ==
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), or write profile "
        "= \"…\" in the agreement");
  CHECK(check(kByKms, environment()).ok());
  const auto tencent = check(rules::Signing{"tc3", "kms", ""}, environment());
  REQUIRE_FALSE(tencent.ok());
  CHECK(
      tencent.error().help ==
      "set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY (and TENCENTCLOUD_SESSION_TOKEN) in "
      "the environment");
}

TEST_CASE(
    "a signed request has the signature that its receiver computes, also on a kept connection") {
  const std::string token = "IQoJb3JpZ2luX2Vj//8=";
  for (const SignedCase& row : std::vector<SignedCase>{
           {"a plain GET", "GET", "/", "", false},
           {"with a session token", "GET", "/", "", true},
           {"a query out of order", "GET", "/list?b=2&a=x%2fy&B=1&c", "", false},
           {"a POST body", "POST", "/", R"({"NumberOfBytes":16})", false},
           {"a POST body with a token", "POST", "/?z=1&y=2", R"({"NumberOfBytes":16})", true}}) {
    INFO(row.name);
    LoopbackServer server([](const Request&) { return LoopbackServer::Reply{400}; });
    sources::probe::ProbeSettings settings;
    settings.id = "p";
    settings.url = server.url(row.target);
    settings.method = row.method;
    settings.body = row.body;
    settings.every = core::Millis(2);
    settings.sign = kByKms;
    if (settings.method == "POST") {
      settings.headers = {{"Content-Type", "application/x-amz-json-1.1", {}},
                          {"X-Amz-Target", "TrentService.GenerateRandom", {}}};
    }
    Probing probing({settings}, environment(row.token ? token : ""));
    REQUIRE(eventually([&] { return server.requests().size() >= 3; }));
    probing.stop();
    for (const Request& request : server.requests()) {
      const std::string authorization = request.header("Authorization");
      CHECK(request.header("X-Amz-Security-Token") == (row.token ? token : ""));
      CHECK(field(authorization, "Signature") == signature_of(request, authorization));
      const std::string signed_headers = ';' + field(authorization, "SignedHeaders") + ';';
      INFO(signed_headers);
      CHECK(signed_headers.find(";host;") != std::string::npos);
      CHECK((signed_headers.find(";x-amz-security-token;") != std::string::npos) == row.token);
      CHECK(request.body == row.body);
      const auto question = request.target.find('?');
      if (question != std::string::npos) {
        // A receiver that does not sort must agree as well.
        const std::string query = request.target.substr(question + 1);
        CHECK(query == sorted_query(query));
      }
    }
    // Neither key may leave by what is recorded of a failure.
    for (const auto& each : take(probing.board).evidence) {
      const record::Evidence& seen = each.evidence;
      const std::string all = seen.request_id + ' ' + seen.peer + ' ' + seen.detail;
      CHECK(all.find(kKey) == std::string::npos);
      CHECK(all.find(kSecret) == std::string::npos);
      CHECK(all.find(token) == std::string::npos);
    }
  }
}
