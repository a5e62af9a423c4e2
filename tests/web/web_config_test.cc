#include "web/access/web_config.h"

#include <filesystem>

#include "config/exposure.h"
#include "config/settings.h"
#include "documents/files.h"
#include "support/catch.h"
#include "support/places.h"
#include "support/temp_dir.h"

namespace fs = std::filesystem;
using namespace recoup;
using namespace recoup::config;
using namespace recoup::documents;
using namespace recoup::web;
using recoup::test::TempDir;

namespace {

// Certificates and keys lie beside it.
const std::string kPath = TESTS_DIR "/web/config/web.yml";
const std::string kHash = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";
const std::string kPair =
    "tls_server_config:\n  cert_file: server.pem\n  key_file: server-key.pem\n";

std::string pem(const std::string& name) { return *read_file(TESTS_DIR "/web/config/" + name); }

WebConfig parsed(const std::string& text, const std::string& path = kPath) {
  auto web = parse_web_config(text, path);
  if (!web) FAIL(web.error().message);
  return *std::move(web);
}

Tls tls(const std::string& keys) {
  const WebConfig web = parsed(kPair + keys);
  REQUIRE(web.tls.has_value());
  return *web.tls;
}

std::string complaint(const std::string& text, const std::string& path = kPath) {
  const auto web = parse_web_config(text, path);
  return web ? "" : web.error().message;
}

std::string indented(const std::string& text) {
  std::string out = "    ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "    ";
  }
  return out;
}

const std::string kAgreement =
    "[[agreement]]\nid = \"kms\"\nsla = \"aws-kms\"\naccount = \"1\"\nregion = \"us-east-1\"\n";

}  // namespace

TEST_CASE("a web configuration that sets nothing protects nothing") {
  for (const char* text :
       {"", "\n", "# nothing\n", "---\n", "{}", "~", "tls_server_config:\n",
        "tls_server_config: {}\n", "http_server_config:\nbasic_auth_users: {}\nrate_limit:\n",
        "http_server_config: {headers: }", "http_server_config:\n  http2: true\n"}) {
    INFO(text);
    const WebConfig web = parsed(text);
    CHECK_FALSE(web.tls.has_value());
    CHECK(web.headers.empty());
    CHECK(web.users.empty());
    CHECK_FALSE(web.rate_limit.has_value());
  }
}

TEST_CASE("certificate and key are read from files in the web configuration's folder") {
  const Tls server = tls("");
  CHECK(server.certificates == pem("server.pem"));
  CHECK(server.key.reveal() == pem("server-key.pem"));
  CHECK(record::to_text(server.key) == "<secret>");
  CHECK(server.clients == Tls::Clients::unknown);
  CHECK(server.authorities.empty());
  CHECK(server.oldest == 2);
  CHECK(server.newest == 3);
  CHECK(server.groups.empty());

  const TempDir elsewhere;
  const std::string folder = TESTS_DIR "/web/config/";
  const WebConfig absolute = parsed("tls_server_config: {cert_file: " + folder +
                                        "server.pem, key_file: '" + folder + "server-key.pem'}",
                                    elsewhere.file("web.yml"));
  CHECK(absolute.tls->certificates == server.certificates);
}

TEST_CASE("certificate, key and client CA may stand in the web configuration itself") {
  const WebConfig web =
      parsed("tls_server_config:\n  cert: |\n" + indented(pem("server.pem")) + "\n  key: |\n" +
             indented(pem("server-key.pem")) + "\n  client_ca: |\n" + indented(pem("ca.pem")) +
             "\n  client_auth_type: RequireAndVerifyClientCert\n");
  CHECK(web.tls->certificates == pem("server.pem"));
  CHECK(web.tls->key.reveal() == pem("server-key.pem"));
  CHECK(web.tls->authorities == pem("ca.pem"));
}

TEST_CASE("a certificate may be followed by those that signed it, and must be whole") {
  const TempDir folder;
  folder.write("key.pem", pem("server-key.pem"));
  const std::string keys = "tls_server_config: {cert_file: chain.pem, key_file: key.pem}";
  folder.write("chain.pem", "words before\n" + pem("server.pem") + pem("ca.pem"));
  CHECK(parsed(keys, folder.file("web.yml")).tls->certificates ==
        "words before\n" + pem("server.pem") + pem("ca.pem"));

  folder.write("chain.pem", pem("ca.pem") + pem("server.pem"));
  CHECK(complaint(keys, folder.file("web.yml")).find("expected the key of the certificate") !=
        std::string::npos);
  std::string cut = pem("ca.pem");
  cut.erase(100, 9);
  folder.write("chain.pem", pem("server.pem") + cut);
  CHECK(complaint(keys, folder.file("web.yml")).find("got one that is damaged, number 2") !=
        std::string::npos);
  folder.write("chain.pem", std::string("\x30\x82\x01\x00", 4));
  CHECK(complaint(keys, folder.file("web.yml")).find("got one in DER form\n") != std::string::npos);
  folder.write("chain.pem", std::string(kLargestWebFile + 1, 'x'));
  CHECK(complaint(keys, folder.file("web.yml")).find("expected a file of at most 262144 bytes") !=
        std::string::npos);
}

TEST_CASE("what is asked of clients has the toolkit's names") {
  const std::string ca = "  client_ca_file: ca.pem\n";
  const struct {
    std::string name;
    Tls::Clients clients;
    std::string ca;
  } rows[] = {{"NoClientCert", Tls::Clients::unknown, ""},
              {"RequestClientCert", Tls::Clients::unknown, ""},
              {"RequestClientCert", Tls::Clients::unknown, ca},
              {"VerifyClientCertIfGiven", Tls::Clients::verified_if_given, ca},
              {"RequireAndVerifyClientCert", Tls::Clients::verified, ca}};
  for (const auto& row : rows) {
    INFO(row.name);
    const Tls server = tls("  client_auth_type: " + row.name + "\n" + row.ca);
    CHECK(server.clients == row.clients);
    CHECK(server.authorities == (row.ca.empty() ? "" : pem("ca.pem")));
  }
  CHECK(complaint(kPair + ca + "  client_auth_type: NoClientCert\n") ==
        kPath +
            ":4:19: error: expected a client_auth_type that asks for certificates, got none\n"
            "    4 |   client_ca_file: ca.pem\n"
            "      |                   ^^^^^^\n"
            "help: client_auth_type: RequireAndVerifyClientCert lets in whom this CA signed");
}

TEST_CASE("versions and curves of TLS have the toolkit's names") {
  const struct {
    std::string name;
    int version;
  } rows[] = {{"TLS10", 0}, {"TLS11", 1}, {"TLS12", 2}, {"TLS13", 3}};
  for (const auto& row : rows) {
    const Tls server = tls("  min_version: " + row.name + "\n  max_version: " + row.name + "\n");
    CHECK(server.oldest == row.version);
    CHECK(server.newest == row.version);
  }
  CHECK(tls("  curve_preferences: [X25519, CurveP521, X25519, CurveP384, CurveP256]\n").groups ==
        std::vector<std::string>{"X25519", "SECP521R1", "SECP384R1", "SECP256R1"});
  CHECK(tls("  curve_preferences: []\n  cipher_suites: []\n  client_allowed_sans:\n"
            "  prefer_server_cipher_suites: false\n")
            .groups.empty());
}

TEST_CASE("the toolkit's headers are taken as they are, and blank ones not at all") {
  const WebConfig web = parsed(R"(
http_server_config:
  http2: false
  headers:
    Content-Security-Policy: default-src 'self'; img-src data:,https
    X-Frame-Options: sameorigin
    X-Content-Type-Options: nosniff
    X-XSS-Protection: 0
    Strict-Transport-Security: ""
)");
  CHECK(web.headers == std::map<std::string, std::string>{
                           {"Content-Security-Policy", "default-src 'self'; img-src data:,https"},
                           {"X-Frame-Options", "sameorigin"},
                           {"X-Content-Type-Options", "nosniff"},
                           {"X-XSS-Protection", "0"}});
}

TEST_CASE("users have bcrypt hashes, which nothing prints") {
  const std::string rest = kHash.substr(6);
  const WebConfig web =
      parsed("basic_auth_users:\n  alice: " + kHash + "\n  'with blank': \"$2a$04" + rest +
             "\"\n  12: $2b$31" + rest + "\n");
  REQUIRE(web.users.size() == 3);
  CHECK(web.users.at("alice").reveal() == kHash);
  CHECK(web.users.at("with blank").reveal() == "$2a$04" + rest);
  CHECK(web.users.at("12").reveal() == "$2b$31" + rest);
  CHECK(record::to_text(web.users.at("alice")) == "<secret>");

  for (const std::string& wrong :
       {"$2y$03" + rest, "$2y$32" + rest, "$2y$1x" + rest, "$2y$10." + rest.substr(1),
        "$2$10" + rest, "$2y$10" + rest + "x", std::string("password"), std::string("''")}) {
    INFO(wrong);
    const std::string got = complaint("basic_auth_users:\n  alice: " + wrong + "\n");
    CHECK(got.find(":2:") != std::string::npos);
    CHECK(got.find(": error: expected a bcrypt hash") != std::string::npos);
    CHECK(got.find(wrong) == std::string::npos);
    CHECK(got.find("help: make one with: htpasswd -nBC 10 \"\" | tr -d ':\\n'") !=
          std::string::npos);
  }
}

TEST_CASE("a rate limit has an interval and a burst, and an interval of 0 is none") {
  const WebConfig web = parsed("rate_limit:\n  interval: 100ms\n  burst: 20\n");
  REQUIRE(web.rate_limit.has_value());
  CHECK(web.rate_limit->interval == core::Millis(100));
  CHECK(web.rate_limit->burst == 20);
  CHECK_FALSE(parsed("rate_limit: {interval: 0}").rate_limit.has_value());
  CHECK_FALSE(parsed("rate_limit: {interval: 0s, burst: 20}").rate_limit.has_value());
}

TEST_CASE("line ends of other systems and a byte order mark change nothing") {
  const WebConfig web = parsed(
      "\xef\xbb\xbftls_server_config:\r\n  cert_file: 'server.pem'\r\n  key_file: "
      "\"server-key.pem\"\r\n");
  CHECK(web.tls.has_value());
  CHECK(complaint("\xef\xbb\xbfrate: 1\r\n")
            .starts_with(kPath + ":1:1: error: expected a known key"));
}

TEST_CASE("no complaint about a web configuration shows a password, hash or key") {
  std::size_t inputs = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(TESTS_DIR) / "bad")) {
    if (entry.path().extension() != ".yml") continue;
    ++inputs;
    INFO(entry.path().filename());
    const std::string got = complaint(*read_file(entry.path()));
    CHECK_FALSE(got.empty());
    CHECK(got.find("planted") == std::string::npos);
    CHECK(got.find(kHash.substr(7, 20)) == std::string::npos);
    CHECK(got.find("MIGH") == std::string::npos);
  }
  CHECK(inputs == 49);
}

TEST_CASE("a value is hidden wherever a mistake has put it") {
  for (const char* text :
       {"basic_auth_users:\n  min_version: planted\n", "basic_auth_users:\n  alice:\n    planted\n",
        "basic_auth_users:\n  alice: {cert_file: planted}\n", "basic_auth_users: {alice: planted",
        "tls_server_config: {min_version: TLS9, key: planted}\n",
        "tls_server_config: {\n  min_version: TLS9, key: planted}\n",
        "tls_server_config:\n  key: |\n    planted\n", "tls_server_config:\n  key:\n  - planted\n",
        "basic_auth_users:\n- planted\n", "tls_server_config:\n  key planted\n  a: b\n",
        "  basic_auth_users:\n    min_version: \"planted\n", "planted: &a *b\n",
        "? basic_auth_users\n: alice: planted: x\n"}) {
    INFO(text);
    const std::string got = complaint(text);
    CHECK_FALSE(got.empty());
    // A key is shown, and in the last but one it is the planted word.
    if (!std::string_view(text).starts_with("planted")) {
      CHECK(got.find("planted") == std::string::npos);
    }
  }
}

TEST_CASE("settings read the web configuration that they name, from their folder") {
  const TempDir folder;
  folder.write("web.yml", "basic_auth_users:\n  alice: " + kHash + "\n");
  const std::string path = folder.write("recoup.toml", "web_config = \"web.yml\"\n" + kAgreement);
  const auto settings = load_settings(path, {});
  REQUIRE(settings.ok());
  CHECK(settings->web.users.size() == 1);
  CHECK(parse_settings(kAgreement, "recoup.toml", {})->web.users.empty());
}

TEST_CASE("complaints about the web configuration stand beside those about the settings") {
  const TempDir folder;
  folder.write("web.yml", "basic_auth_users:\n  alice: password\nrate: 5\n");
  const std::string path =
      folder.write("recoup.toml", "web_config = \"web.yml\"\nlisten = \"nowhere\"\n" + kAgreement);
  const auto settings = load_settings(path, {});
  REQUIRE_FALSE(settings.ok());
  const std::string& got = settings.error().message;
  INFO(got);
  const auto first = got.find(path + ":2:10: error: expected a host and a port");
  const auto second = got.find("\n" + folder.file("web.yml") + ":2:10: error: expected a bcrypt");
  const auto third = got.find("\n" + folder.file("web.yml") + ":3:1: error: expected a known key");
  CHECK(first == 0);
  CHECK(second != std::string::npos);
  CHECK(third != std::string::npos);

  folder.write("web.yml", std::string(kLargestWebFile + 1, '\n'));
  CHECK(load_settings(path, {}).error().message.find(
            ":1:14: error: expected a file of at most 262144 bytes") != std::string::npos);
}

TEST_CASE("an address is loopback where only this machine reaches it") {
  for (const char* host :
       {"127.0.0.1", "127.1.2.3", "127.255.255.255", "::1", "localhost", "0:0:0:0:0:0:0:1"}) {
    INFO(host);
    CHECK(is_loopback(host));
  }
  for (const char* host : {"0.0.0.0", "::", "128.0.0.1", "10.0.0.1", "192.0.2.1",
                           "localhost.example", "127.0.0.1.example.org", "fe80::1", ""}) {
    INFO(host);
    CHECK_FALSE(is_loopback(host));
  }
}

TEST_CASE("a server that others reach without TLS and users is warned about") {
  Settings settings;
  settings.file = "recoup.toml";
  CHECK_FALSE(exposure_warning(settings).has_value());
  settings.listen = {"0.0.0.0", 9464};
  CHECK(exposure_warning(settings) ==
        "recoup.toml: warning: listening on 0.0.0.0:9464, everybody who can reach it reads pages, "
        "metrics and claims: there are no users and no TLS\n"
        "help: give a tls_server_config and basic_auth_users in the file that web_config names, or "
        "listen on 127.0.0.1");

  settings.listen.host = "::";
  settings.web.users.emplace("alice", record::Secret(kHash));
  const std::string plain = exposure_warning(settings).value_or("");
  CHECK(plain.find("[::]:9464, whoever is on the way can read pages and passwords") !=
        std::string::npos);
  settings.web.tls = tls("");
  CHECK_FALSE(exposure_warning(settings).has_value());

  settings.web.users.clear();
  const std::string unknown = exposure_warning(settings).value_or("");
  CHECK(unknown.find("nobody is asked who they are") != std::string::npos);
  settings.web.tls->clients = Tls::Clients::verified_if_given;
  CHECK(exposure_warning(settings).has_value());
  settings.web.tls->clients = Tls::Clients::verified;
  CHECK_FALSE(exposure_warning(settings).has_value());
}
