#include <curl/curl.h>

#include <fstream>
#include <sstream>

#include "service/system_world.h"
#include "support/catch.h"
#include "support/process.h"
#include "support/temp_dir.h"
#include "web/client.h"
#include "web/http/server.h"

using namespace recoup;

namespace {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Certificates are an authority of the test's own, and what it vouches for.
class Certificates {
 public:
  Certificates() {
    authority("ca");
    authority("other-ca");
    issue("server", "ca", "subjectAltName=IP:127.0.0.1");
    issue("client", "ca", "extendedKeyUsage=clientAuth");
    issue("stranger", "other-ca", "extendedKeyUsage=clientAuth");
  }
  std::string path(const std::string& name) const { return folder_.path().string() + '/' + name; }
  std::string pem(const std::string& name) const { return read(path(name)); }

 private:
  void openssl(const std::vector<std::string>& words) const {
    std::vector<std::string> all{"openssl"};
    all.insert(all.end(), words.begin(), words.end());
    const test::Finished done = test::run(all, folder_.path().string());
    INFO(done.err);
    REQUIRE(done.status == 0);
  }
  void authority(const std::string& name) const {
    openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-subj", "/CN=" + name, "-days", "3650", "-keyout", path(name + ".key"), "-out",
             path(name + ".pem")});
  }
  void issue(const std::string& name, const std::string& by, const std::string& extension) const {
    std::ofstream(path(name + ".ext")) << extension << '\n';
    openssl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
             "/CN=" + name, "-keyout", path(name + ".key"), "-out", path(name + ".csr")});
    openssl({"x509", "-req", "-in", path(name + ".csr"), "-CA", path(by + ".pem"), "-CAkey",
             path(by + ".key"), "-CAcreateserial", "-days", "3650", "-extfile", path(name + ".ext"),
             "-out", path(name + ".pem")});
  }

  test::TempDir folder_;
};

web::Tls tls_of(const Certificates& certificates) {
  web::Tls tls;
  tls.certificates = certificates.pem("server.pem");
  tls.key = record::Secret(certificates.pem("server.key"));
  return tls;
}

core::Result<std::unique_ptr<web::Server>> serve(const web::Tls& tls) {
  web::ServerOptions options{"127.0.0.1"};
  options.tls = tls;
  const auto hello = [](const web::Request&) { return web::Response{200, "text/plain", "hello"}; };
  return web::Server::start(options, hello, service::system_world());
}

struct Asked {
  CURLcode code = CURLE_OK;
  long status = 0;
};

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

// Asks once; `client` names whose certificate is shown, `newest` is the newest TLS that is spoken.
Asked ask(const Certificates& certificates, int port, const std::string& client = "",
          long newest = CURL_SSLVERSION_MAX_DEFAULT) {
  CURL* easy = curl_easy_init();
  const std::string url = "https://127.0.0.1:" + std::to_string(port) + "/";
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_CAINFO, certificates.path("ca.pem").c_str());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT, 20L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_0 | newest);
  curl_easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=0");
  const std::string pem = certificates.path(client + ".pem");
  const std::string key = certificates.path(client + ".key");
  if (!client.empty()) {
    curl_easy_setopt(easy, CURLOPT_SSLCERT, pem.c_str());
    curl_easy_setopt(easy, CURLOPT_SSLKEY, key.c_str());
  }
  Asked asked;
  asked.code = curl_easy_perform(easy);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &asked.status);
  curl_easy_cleanup(easy);
  return asked;
}

}  // namespace

TEST_CASE("TLS is spoken from the oldest to the newest version that is set, and no other") {
  const Certificates certificates;
  struct Row {
    int oldest, newest;
    long client;
    bool answered;
  };
  for (const Row& row :
       {Row{2, 3, CURL_SSLVERSION_MAX_TLSv1_3, true}, Row{2, 3, CURL_SSLVERSION_MAX_TLSv1_2, true},
        Row{2, 3, CURL_SSLVERSION_MAX_TLSv1_1, false},
        Row{3, 3, CURL_SSLVERSION_MAX_TLSv1_2, false},
        Row{2, 2, CURL_SSLVERSION_MAX_TLSv1_3, true}}) {
    INFO(row.oldest << " to " << row.newest << ", client " << row.client);
    web::Tls tls = tls_of(certificates);
    tls.oldest = row.oldest;
    tls.newest = row.newest;
    tls.groups = {"X25519", "SECP256R1"};
    const auto server = serve(tls);
    REQUIRE(server.ok());
    CHECK((ask(certificates, (*server)->port(), "", row.client).status == 200) == row.answered);
  }
}

TEST_CASE("who does not speak TLS to a port that does is told nothing") {
  const Certificates certificates;
  const auto server = serve(tls_of(certificates));
  REQUIRE(server.ok());
  test::Client client((*server)->port());
  client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.rest().find("hello") == std::string::npos);
  CHECK(ask(certificates, (*server)->port()).status == 200);
}

TEST_CASE("a client has to show a certificate of a known authority where that is asked for") {
  const Certificates certificates;
  struct Row {
    web::Tls::Clients clients;
    const char* client;
    bool answered;
  };
  using Clients = web::Tls::Clients;
  for (const Row& row :
       {Row{Clients::unknown, "", true}, Row{Clients::unknown, "stranger", true},
        Row{Clients::verified, "", false}, Row{Clients::verified, "stranger", false},
        Row{Clients::verified, "client", true}, Row{Clients::verified_if_given, "", true},
        Row{Clients::verified_if_given, "client", true}}) {
    INFO(static_cast<int>(row.clients) << ' ' << row.client);
    web::Tls tls = tls_of(certificates);
    tls.clients = row.clients;
    tls.authorities = certificates.pem("ca.pem");
    const auto server = serve(tls);
    REQUIRE(server.ok());
    const Asked asked = ask(certificates, (*server)->port(), row.client);
    CHECK((asked.status == 200) == row.answered);
  }
}

TEST_CASE("what the TLS library refuses is an error at the start, with its reason") {
  const Certificates certificates;
  web::Tls other = tls_of(certificates);
  other.key = record::Secret(certificates.pem("client.key"));
  web::Tls none = tls_of(certificates);
  none.certificates = "no certificate";
  web::Tls versions = tls_of(certificates);
  versions.oldest = 3;
  versions.newest = 2;
  for (const web::Tls& tls : {other, none, versions}) {
    const auto server = serve(tls);
    REQUIRE_FALSE(server.ok());
    const std::string start = "the web server cannot be started: ";
    CHECK(server.error().message.starts_with(start));
    CHECK(server.error().message.size() > start.size());
    CHECK(server.error().message.find("PRIVATE") == std::string::npos);
  }
}
