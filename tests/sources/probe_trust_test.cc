#include "sources/probe/trust.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <tuple>

#include "core/classify.h"
#include "sources/probe/prober.h"
#include "sources/probe/refusal.h"
#include "support/catch.h"
#include "support/certificates.h"
#include "support/loopback_server.h"
#include "support/probing.h"
#include "support/tls_server.h"

using namespace recoup;
using core::Millis;
using Outcomes = std::map<std::string, std::uint64_t>;

namespace {

// A proxy of the machine's must not come between a test and its own server.
[[maybe_unused]] const int kNoProxy = ::setenv("no_proxy", "*", 1);

const std::string kAddress = "IP:127.0.0.1";

sources::probe::ProbeSettings probe(const std::string& url, rules::ProbeTls tls,
                                    bool keep_alive = true) {
  sources::probe::ProbeSettings settings;
  settings.id = "p";
  settings.url = url;
  settings.every = Millis(10);
  settings.timeout = std::chrono::seconds(10);
  settings.keep_alive = keep_alive;
  settings.tls = std::make_shared<const rules::ProbeTls>(std::move(tls));
  return settings;
}

rules::ProbeTls trusting(const std::string& ca_file) {
  rules::ProbeTls tls;
  tls.ca_file = ca_file;
  return tls;
}

TlsServer::Options serving(const Certificates& certificates, const std::string& name) {
  TlsServer::Options options;
  options.certificate = certificates.pem_file(name);
  options.key = certificates.key_file(name);
  return options;
}

// What one probe's requests came to.
Outcomes outcomes_of(Probing& probing, std::size_t index) {
  Outcomes outcomes;
  const auto counts = probing.board.counts();
  for (const auto& [outcome, count] : counts.at(index).outcomes)
    outcomes[to_text(outcome)] += count;
  return outcomes;
}

bool eventually_all(Probing& probing, std::size_t index, std::uint64_t count) {
  return eventually([&] {
    std::uint64_t sum = 0;
    for (const auto& [outcome, each] : outcomes_of(probing, index)) sum += each;
    return sum >= count;
  });
}

// Whether a request that begins from here on comes to that.
bool eventually_next(Probing& probing, const std::string& outcome) {
  const std::uint64_t before = probing.outcomes()[outcome];
  return eventually([&] { return probing.outcomes()[outcome] > before + 2; });
}

void copy(const std::string& from, const std::string& to) {
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
}

// Heard is what a prober said, from whatever thread.
class Heard {
 public:
  std::function<void(const std::string&)> ear() {
    return [this](const std::string& news) {
      const std::lock_guard lock(mutex_);
      all_ += news + '\n';
    };
  }
  bool has(const std::string& words) const {
    const std::lock_guard lock(mutex_);
    return all_.find(words) != std::string::npos;
  }
  std::string all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  mutable std::mutex mutex_;
  std::string all_;
};

// A contract by which every failure that can be an Error is one.
core::Version strict() {
  core::Version version;
  version.error.statuses = {{400, 599}};
  version.error.no_answer_within = std::chrono::seconds(10);
  return version;
}

}  // namespace

TEST_CASE("a certificate that does not hold is tls, and no Error of the provider") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.authority("stranger");
  certificates.issue("good", "ca", kAddress);
  certificates.issue("of-another-ca", "stranger", kAddress);
  certificates.issue("for-another-host", "ca", "DNS:other.example, IP:127.0.0.2");
  certificates.issue("expired", "ca", kAddress, std::chrono::seconds(-60));
  const bool keep_alive = GENERATE(true, false);
  const std::vector<std::string> names{"good", "of-another-ca", "for-another-host", "expired"};
  const std::vector<std::string> reasons{"", "unable to get local issuer certificate",
                                         "the certificate is for another name",
                                         "certificate has expired"};
  std::vector<std::unique_ptr<TlsServer>> servers;
  std::vector<sources::probe::ProbeSettings> probes;
  for (const std::string& name : names) {
    servers.push_back(std::make_unique<TlsServer>(serving(certificates, name)));
    probes.push_back(
        probe(servers.back()->url(), trusting(certificates.pem_file("ca")), keep_alive));
  }

  Probing probing(probes);

  for (std::size_t i = 0; i < names.size(); ++i) {
    INFO(names[i]);
    REQUIRE(eventually_all(probing, i, 10));
    const Outcomes outcomes = outcomes_of(probing, i);
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes.begin()->first == (i == 0 ? "200" : "tls"));
    CHECK(servers[i]->seen().empty() == (i != 0));
  }
  probing.stop();
  const auto evidence = take(probing.board).evidence;
  CHECK(evidence.size() >= 30);
  for (const auto& [series, record] : evidence) {
    const std::string reason = "GET /: " + reasons.at(static_cast<std::size_t>(series - 1));
    CHECK(record.detail.substr(0, record.detail.find("; ")) == reason);
  }
  const core::Outcome tls = core::Failed{core::NoAnswer::tls};
  CHECK(core::classify(strict(), tls).verdict != core::Verdict::error);
}

TEST_CASE("probes with different authorities share no connection") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.authority("stranger");
  certificates.issue("server", "ca", kAddress);
  TlsServer server(serving(certificates, "server"));

  Probing probing({probe(server.url(), trusting(certificates.pem_file("ca"))),
                   probe(server.url(), trusting(certificates.pem_file("stranger")))});

  REQUIRE(eventually_all(probing, 0, 30));
  REQUIRE(eventually_all(probing, 1, 30));
  CHECK(outcomes_of(probing, 0).size() == 1);
  CHECK(outcomes_of(probing, 0).contains("200"));
  CHECK(outcomes_of(probing, 1).size() == 1);
  CHECK(outcomes_of(probing, 1).contains("tls"));
}

TEST_CASE("a fresh connection is a whole handshake") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.issue("server", "ca", kAddress);
  TlsServer::Options options = serving(certificates, "server");
  options.keep = false;
  const bool keep_alive = GENERATE(true, false);
  TlsServer server(options);

  Probing probing({probe(server.url(), trusting(certificates.pem_file("ca")), keep_alive)});

  const auto resumed = [&] {
    const auto seen = server.seen();
    return std::count_if(seen.begin(), seen.end(), [](auto& at) { return at.resumed; });
  };
  if (keep_alive) {
    // A connection that was lost is made anew at less cost.
    CHECK(eventually([&] { return resumed() > 0; }));
  } else {
    REQUIRE(eventually_all(probing, 0, 30));
    CHECK(resumed() == 0);
  }
}

TEST_CASE("a ca_file that is renewed is seen without a restart, and a broken one is not") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.authority("stranger");
  certificates.issue("server", "ca", kAddress);
  TlsServer server(serving(certificates, "server"));
  const std::string trusted = certificates.folder().file("trusted.pem");
  copy(certificates.pem_file("stranger"), trusted);
  Heard heard;
  const bool keep_alive = GENERATE(true, false);

  Probing probing({probe(server.url(), trusting(trusted), keep_alive)}, {}, nullptr, heard.ear());
  REQUIRE(eventually_next(probing, "tls"));

  copy(certificates.pem_file("ca"), trusted);
  CHECK(eventually_next(probing, "200"));
  CHECK(heard.has("changed; new connections are made with it"));

  certificates.folder().write("trusted.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n");
  REQUIRE(eventually([&] { return heard.has("what was read before stays in force"); }));
  CHECK(heard.has("expected certificates in PEM form, got one that is damaged, number 1"));
  CHECK(eventually_next(probing, "200"));

  copy(certificates.pem_file("ca"), trusted);
  REQUIRE(eventually([&] { return heard.has("can be read again"); }));

  std::filesystem::remove(trusted);
  REQUIRE(eventually([&] { return heard.has("no such file or directory"); }));
  CHECK(eventually_next(probing, "200"));

  // A connection that is kept is not used on, once nobody is trusted who vouched for it.
  copy(certificates.pem_file("stranger"), trusted);
  CHECK(eventually_next(probing, "tls"));
}

TEST_CASE("a probe whose ca_file was never readable is not sent, and the reason is said") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.issue("server", "ca", kAddress);
  TlsServer server(serving(certificates, "server"));
  const std::string later = certificates.folder().file("later.pem");
  Heard heard;

  Probing probing({probe(server.url(), trusting(later))}, {}, nullptr, heard.ear());

  REQUIRE(eventually_next(probing, "missed/resources"));
  for (const auto& [outcome, count] : probing.outcomes()) CHECK(outcome.starts_with("missed/"));
  CHECK(heard.all() == later + ": expected a readable file, got '" + later +
                           "'; help: no such file or directory; no probe that needs it is sent\n");
  copy(certificates.pem_file("ca"), later);
  CHECK(eventually_next(probing, "200"));
}

TEST_CASE("a probe shows its client certificate, and the next one when it is renewed") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.authority("clients");
  certificates.issue("server", "ca", kAddress);
  certificates.issue("first", "clients", "DNS:first.example");
  certificates.issue("second", "clients", "DNS:second.example");
  TlsServer::Options options = serving(certificates, "server");
  options.client_ca = certificates.pem_file("clients");
  TlsServer server(options);
  rules::ProbeTls shown = trusting(certificates.pem_file("ca"));
  shown.client_cert = certificates.folder().file("own.pem");
  shown.client_key = certificates.folder().file("own.key");
  const auto renew = [&](const std::string& name) {
    copy(certificates.pem_file(name), shown.client_cert);
    copy(certificates.key_file(name), shown.client_key);
  };
  renew("first");

  Heard heard;
  Probing probing(
      {probe(server.url(), shown), probe(server.url(), trusting(certificates.pem_file("ca")))}, {},
      nullptr, heard.ear());

  REQUIRE(eventually_all(probing, 0, 10));
  CHECK(outcomes_of(probing, 0).size() == 1);
  CHECK(outcomes_of(probing, 0).contains("200"));
  // It has none to show, which is our own fault.
  CHECK(eventually([&] { return probing.outcomes()["missed/refused"] > 10; }));
  CHECK_FALSE(outcomes_of(probing, 1).contains("200"));
  CHECK(
      heard.has("kms/p: refused for what we sent, our certificate: certificate required: it is "
                "missed (refused), and no Error; check client_cert and client_key"));
  CHECK(server.seen().back().client == "first");
  renew("second");
  CHECK(eventually([&] { return server.seen().back().client == "second"; }));
}

TEST_CASE("a certificate that the server does not believe is our own fault, by each of its words") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.authority("clients");
  certificates.authority("others");
  certificates.issue("server", "ca", kAddress);
  certificates.issue("stranger", "others", "DNS:stranger.example");
  TlsServer::Options options = serving(certificates, "server");
  options.client_ca = certificates.pem_file("clients");
  TlsServer server(options);
  rules::ProbeTls shown = trusting(certificates.pem_file("ca"));
  shown.client_cert = certificates.pem_file("stranger");
  shown.client_key = certificates.key_file("stranger");
  Probing probing({probe(server.url(), shown)});
  CHECK(eventually([&] { return probing.outcomes()["missed/refused"] > 10; }));

  using sources::probe::certificate_refusal;
  CHECK(
      certificate_refusal("OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate "
                          "required, errno 0") == "certificate required");
  CHECK(certificate_refusal("error:0A000415:SSL routines::sslv3 alert certificate expired") ==
        "certificate expired");
  CHECK(certificate_refusal("error:0A000418:SSL routines::tlsv1 alert unknown ca") == "unknown ca");
  CHECK(certificate_refusal("error:0A000410:SSL routines::sslv3 alert handshake failure").empty());
  CHECK(certificate_refusal("SSL certificate problem: certificate has expired").empty());
}

TEST_CASE("a server is greeted and verified by its name, whatever address the URL has") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.issue("server", "ca", "DNS:kms.example");
  TlsServer server(serving(certificates, "server"));
  rules::ProbeTls named = trusting(certificates.pem_file("ca"));
  named.server_name = "kms.example";
  rules::ProbeTls wrong = named;
  wrong.server_name = "other.example";
  sources::probe::ProbeSettings with_host = probe(server.url(), named);
  with_host.headers.push_back({"host", "kms.example", {}});
  const std::string authority = "127.0.0.1:" + std::to_string(server.port());

  for (const auto& [settings, outcome, host] :
       std::vector<std::tuple<sources::probe::ProbeSettings, std::string, std::string>>{
           {probe(server.url(), named), "200", authority},
           {with_host, "200", "kms.example"},
           {probe(server.url(), trusting(named.ca_file)), "tls", ""},
           {probe(server.url(), wrong), "tls", ""}}) {
    const std::size_t before = server.seen().size();
    Probing probing({settings});
    REQUIRE(eventually_all(probing, 0, 5));
    probing.stop();
    REQUIRE(outcomes_of(probing, 0).size() == 1);
    CHECK(outcomes_of(probing, 0).contains(outcome));
    const auto seen = server.seen();
    CHECK((seen.size() > before) == (outcome == "200"));
    if (seen.size() > before) {
      CHECK(seen.back().server_name == "kms.example");
      CHECK(seen.back().host == host);
    }
  }
}

TEST_CASE("evidence of a server that is called by another name shows whom it was") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.issue("server", "ca", "DNS:kms.example");
  TlsServer server(serving(certificates, "server"));
  rules::ProbeTls named = trusting(certificates.pem_file("ca"));
  named.server_name = "kms.example";
  sources::probe::ProbeSettings settings = probe(server.url() + "path", named);
  settings.expect = {204};

  Probing probing({settings});

  REQUIRE(eventually_all(probing, 0, 1));
  probing.stop();
  const auto evidence = take(probing.board).evidence;
  REQUIRE_FALSE(evidence.empty());
  CHECK(evidence[0].evidence.peer == "127.0.0.1");
  CHECK(evidence[0].evidence.detail.starts_with("GET /path; "));
}

TEST_CASE("a file is held once, however many probes name it, and as long as one does") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.authority("stranger");
  std::string said;
  sources::probe::Trusts trusts([&](const std::string& news) { said += news; });
  const auto trust_of = [&](const std::string& url, const std::string& ca_file) {
    return trusts.of({"kms", probe(url, trusting(ca_file))});
  };

  auto first = trust_of("https://0.example/", certificates.pem_file("ca"));
  REQUIRE(first != nullptr);
  CHECK(first->ready());
  for (int i = 1; i < 100; ++i) {
    CHECK(trust_of("https://" + std::to_string(i) + ".example/", certificates.pem_file("ca")) ==
          first);
  }
  CHECK(trust_of("https://a.example/", certificates.pem_file("stranger")) != first);
  CHECK(trust_of("http://a.example/", "") == nullptr);
  CHECK(said.empty());

  const std::weak_ptr<const sources::probe::Trust> gone = first;
  first = nullptr;
  CHECK(gone.expired());
}
