#include <filesystem>

#include "config/settings.h"
#include "documents/files.h"
#include "support/catch.h"
#include "support/certificates.h"

namespace fs = std::filesystem;
using namespace recoup;
using namespace recoup::config;
using namespace recoup::documents;
using namespace recoup::sources::probe;

namespace {

constexpr const char* kAgreement = R"([[agreement]]
id      = "kms"
sla     = "aws-kms"
account = "123456789012"
region  = "us-east-1"
[[agreement.probe]]
id  = "p"
)";

// What a recoup.toml in that folder says of the keys, one a line from line 8 on.
core::Result<ProbeSettings> read(const Certificates& certificates, const std::string& keys) {
  const auto settings =
      parse_settings(kAgreement + keys, certificates.folder().file("recoup.toml"), {});
  if (!settings) return settings.error();
  return settings->agreements.at(0).probes.at(0);
}

// The complaint without the folder's name; empty where there is none.
std::string complaint(const Certificates& certificates, const std::string& keys) {
  const auto probe = read(certificates, keys);
  if (probe) return "";
  std::string text = probe.error().message;
  const std::string folder = certificates.folder().path().string() + '/';
  for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
    text.erase(at, folder.size());
  }
  return text;
}

}  // namespace

TEST_CASE("a probe names its authorities, its certificate and its server") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.issue("own", "ca", "DNS:own.example");
  const auto probe = read(certificates,
                          "url = \"https://127.0.0.1:8443/\"\nca_file = \"ca.pem\"\n"
                          "client_cert = \"own.pem\"\nclient_key = \"own.key\"\n"
                          "server_name = \"kms.example\"\n");
  REQUIRE(probe.ok());
  REQUIRE(probe->tls != nullptr);
  CHECK(probe->tls->ca_file == certificates.pem_file("ca"));
  CHECK(probe->tls->client_cert == certificates.pem_file("own"));
  CHECK(probe->tls->client_key == certificates.key_file("own"));
  CHECK(probe->tls->server_name == "kms.example");
  CHECK(read(certificates, "url = \"https://a/\"\n")->tls == nullptr);
}

TEST_CASE("keys of TLS stand beside a template of the rule") {
  Certificates certificates;
  certificates.authority("ca");
  const auto probe = read(certificates, "use = \"generate-random\"\nca_file = \"ca.pem\"\n");
  REQUIRE(probe.ok());
  REQUIRE(probe->tls != nullptr);
  CHECK(probe->tls->ca_file == certificates.pem_file("ca"));
}

TEST_CASE("a private key that everybody can read is refused") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.issue("own", "ca", "DNS:own.example");
  const std::string keys =
      "url = \"https://a/\"\nclient_cert = \"own.pem\"\nclient_key = \"own.key\"\n";
  using fs::perms;
  fs::permissions(certificates.key_file("own"), perms::owner_read | perms::group_read);
  CHECK(complaint(certificates, keys) == "");
  fs::permissions(certificates.key_file("own"),
                  perms::owner_read | perms::owner_write | perms::group_read | perms::others_read);
  CHECK(complaint(certificates, keys) ==
        "recoup.toml:10:14: error: expected a private key that only its owner and group can read, "
        "got a file of mode 0644\n"
        "   10 | client_key = <secret>\n"
        "      |              ^^^^^^^^\n"
        "help: chmod 600 own.key");
}

TEST_CASE("a key of another certificate is refused") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.issue("own", "ca", "DNS:own.example");
  CHECK(complaint(certificates,
                  "url = \"https://a/\"\nclient_cert = \"ca.pem\"\nclient_key = \"own.key\"\n") ==
        "recoup.toml:10:14: error: expected the key of the certificate, got one of another\n"
        "   10 | client_key = <secret>\n"
        "      |              ^^^^^^^^\n"
        "help: the certificate that the key belongs to stands first in its file");
}

TEST_CASE("a file that holds something else is refused") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.issue("own", "ca", "DNS:own.example");
  certificates.folder().write("damaged.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n");
  const auto with = [&](const std::string& key) {
    return complaint(certificates, "url = \"https://a/\"\n" + key + "\n");
  };
  CHECK(with("ca_file = \"damaged.pem\"").find("got one that is damaged, number 1") !=
        std::string::npos);
  CHECK(with("ca_file = \"own.key\"").find("expected a certificate in PEM form, got a private") !=
        std::string::npos);
  CHECK(with("client_cert = \"own.pem\"\nclient_key = \"own.pem\"")
            .find("expected a private key in PEM form, got a certificate") != std::string::npos);
}

TEST_CASE("one file may hold the certificate and its key") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.issue("own", "ca", "DNS:own.example");
  std::string both;
  for (const auto& file : {certificates.pem_file("own"), certificates.key_file("own")}) {
    both += *read_file(file);
  }
  fs::permissions(certificates.folder().write("both.pem", both), fs::perms::owner_read);
  CHECK(complaint(certificates,
                  "url = \"https://a/\"\nclient_cert = \"both.pem\"\n"
                  "client_key = \"both.pem\"\n") == "");
}
