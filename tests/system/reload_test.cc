// The real program goes over to what its settings say now, or says why not and goes on.

#include <crypt.h>

#include <csignal>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "system/folder.h"

using namespace recoup::test;

namespace {

std::string probe(const std::string& id, const Nginx& nginx, const std::string& more = {}) {
  return fmt::format("[[agreement.probe]]\nid = \"{}\"\nurl = \"{}\"\nevery = \"100ms\"\n{}", id,
                     nginx.url(), more);
}

std::string series(const std::string& metric, const std::string& id) {
  return fmt::format("{}{{agreement=\"web\",probe=\"{}\"}}", metric, id);
}

// The service, and the settings that it is to go by.
struct Service {
  TempDir dir;
  std::string folder = dir.path().string();
  Nginx nginx{folder};
  int port = free_port();
  std::unique_ptr<Process> process;
  std::vector<std::string> curl{};  // what it is asked with
  std::string scheme = "http";

  void write(const std::string& settings) {
    write_text(dir.file("recoup.toml"),
               fmt::format("listen = \"127.0.0.1:{}\"\n{}", port, settings));
  }

  void start(const std::string& settings) {
    write(settings);
    process = std::make_unique<Process>(
        std::vector<std::string>{recoup_binary(), "run", "--config", dir.file("recoup.toml")},
        folder);
    REQUIRE(eventually([&] { return has(ask("/-/healthy"), "200 OK"); }));
  }

  // Status, headers and body of the answer.
  std::string ask(const std::string& path, const std::vector<std::string>& words = {}) const {
    std::vector<std::string> all{"curl", "--silent", "--include", "--insecure", "--max-time", "20"};
    all.insert(all.end(), curl.begin(), curl.end());
    all.insert(all.end(), words.begin(), words.end());
    all.push_back(fmt::format("{}://127.0.0.1:{}{}", scheme, port, path));
    return run(all, folder).out;
  }

  std::string reload(const std::vector<std::string>& words = {}) const {
    std::vector<std::string> all{"--request", "POST"};
    all.insert(all.end(), words.begin(), words.end());
    return ask("/-/reload", all);
  }

  // The value of the sample that begins so; less than 0 where there is none.
  double metric(const std::string& sample) const {
    const std::string text = ask("/metrics");
    const auto at = text.find("\n" + sample + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + sample.size() + 2));
  }

  bool is_in_force() const { return metric("recoup_config_last_reload_successful") == 1; }

  void protect(const std::string& name, const std::string& password) {
    const Finished made =
        run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
             "-nodes", "-subj", "/CN=" + name, "-addext", "subjectAltName=IP:127.0.0.1", "-days",
             "3650", "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem"},
            folder);
    INFO(made.err);
    REQUIRE(made.status == 0);
    crypt_data work{};
    write_text(
        folder + "/web.yml",
        fmt::format("tls_server_config:\n  cert_file: cert.pem\n  key_file: key.pem\n"
                    "basic_auth_users:\n  {}: {}\n",
                    name, crypt_r(password.c_str(), "$2b$04$abcdefghijklmnopqrstuu", &work)));
  }

  // What the server shows of itself.
  std::string subject() const {
    return run({"sh", "-c",
                fmt::format("openssl s_client -connect 127.0.0.1:{} </dev/null 2>/dev/null | "
                            "openssl x509 -noout -subject",
                            port)},
               folder)
        .out;
  }
};

}  // namespace

TEST_CASE("at SIGHUP the service goes by what the settings say then, and no count begins anew") {
  Service service;
  service.start(agreement(probe("stays", service.nginx) + probe("gone", service.nginx)));
  const std::string stays = series("recoup_probes_due_total", "stays");
  REQUIRE(eventually([&] { return service.metric(stays) >= 10; }));
  const double before = service.metric(stays);
  const double since = service.metric("recoup_config_last_reload_success_timestamp_seconds");
  CHECK(since > 0);
  CHECK(service.is_in_force());

  service.write(agreement(probe("stays", service.nginx) + probe("new", service.nginx)));
  service.process->signal(SIGHUP);
  REQUIRE(
      eventually([&] { return service.metric(series("recoup_probes_due_total", "new")) >= 5; }));
  REQUIRE(
      eventually([&] { return service.metric(series("recoup_probes_due_total", "gone")) < 0; }));
  CHECK(service.metric(stays) > before);
  CHECK(service.metric("recoup_config_last_reload_success_timestamp_seconds") > since);
  CHECK(service.metric("recoup_config_reloads_total{result=\"taken\"}") == 1);

  service.process->signal(SIGTERM);
  CHECK(service.process->wait() == 0);
  CHECK_HAS(service.process->out() + service.process->err(),
            "settings: SIGHUP: taken over: 2 probes for 1 agreement");
}

TEST_CASE("a bad file changes nothing and says why, wherever somebody looks") {
  Service service;
  const std::string good = "reload_over_http = true\n" + agreement(probe("stays", service.nginx));
  service.start(good);
  service.write(good + "every = \"soon\"\n");
  const std::string where = service.dir.file("recoup.toml") + ":12:9: error: ";
  const std::string answer = service.reload();
  CHECK(answer.starts_with("HTTP/1.1 500 "));
  CHECK_HAS(answer, where);
  CHECK(service.metric("recoup_config_last_reload_successful") == 0);
  CHECK(service.metric("recoup_config_reloads_total{result=\"refused\"}") == 1);
  // Pages share what they show for a second.
  const std::string said = "The settings as they are now were not taken over";
  CHECK(eventually([&] { return service.ask("/").find(said) != std::string::npos; }));
  CHECK_HAS(service.ask("/"), ":12:9: error: ");
  CHECK_HAS(service.process->out() + service.process->err(), where);
  const std::string due = series("recoup_probes_due_total", "stays");
  const double before = service.metric(due);
  CHECK(eventually([&] { return service.metric(due) > before + 5; }));

  // What only a new start can change is said in words, and changes nothing either.
  service.write("ledger = \"sqlite:other.db\"\n" + good);
  CHECK_HAS(service.reload(), "expected the 'ledger' that the service runs with");
  CHECK_HAS(service.reload(), "help: restart the service to change it");
  CHECK_FALSE(service.is_in_force());

  service.write(good);
  CHECK(service.reload().starts_with("HTTP/1.1 200 "));
  CHECK(service.is_in_force());
  CHECK_FALSE(has(service.ask("/"), "were not taken over"));
}

TEST_CASE("who may have the settings read again by HTTP is for the settings to say") {
  Service service;
  service.start(agreement(probe("stays", service.nginx)));
  CHECK(service.reload().starts_with("HTTP/1.1 403 "));
  CHECK_HAS(service.reload(), "reload_over_http = true");
  CHECK(service.ask("/-/reload").starts_with("HTTP/1.1 405 "));
  CHECK(service.metric("recoup_config_reloads_total{result=\"taken\"}") == 0);

  service.write("reload_over_http = true\n" + agreement(probe("stays", service.nginx)));
  service.process->signal(SIGHUP);
  REQUIRE(eventually([&] { return service.reload().starts_with("HTTP/1.1 200 "); }));
  CHECK(service.ask("/-/reload").starts_with("HTTP/1.1 405 "));
  CHECK_HAS(service.ask("/-/reload"), "Allow: POST");
  CHECK(service.reload({"--header", "Origin: https://elsewhere.example"})
            .starts_with("HTTP/1.1 403 "));
  CHECK(service.reload({"--header", fmt::format("Origin: http://127.0.0.1:{}", service.port)})
            .starts_with("HTTP/1.1 200 "));
}

TEST_CASE("certificates and users of the page are exchanged with the settings") {
  Service service;
  service.protect("before", "old secret");
  service.curl = {"--user", "before:old secret"};
  service.scheme = "https";
  service.start("reload_over_http = true\nweb_config = \"web.yml\"\n" +
                agreement(probe("stays", service.nginx)));
  const double answered = service.metric("recoup_http_requests_total{code=\"200\"}");
  CHECK_HAS(service.subject(), "before");

  service.protect("after", "new secret");
  CHECK(service.reload({"--user", "nobody:x"}).starts_with("HTTP/1.1 401 "));
  CHECK_HAS(service.subject(), "before");
  CHECK(service.reload().starts_with("HTTP/1.1 200 "));
  REQUIRE(eventually([&] { return has(service.subject(), "after"); }));
  CHECK(service.ask("/metrics").starts_with("HTTP/1.1 401 "));
  service.curl = {"--user", "after:new secret"};
  CHECK(service.ask("/metrics").starts_with("HTTP/1.1 200 "));
  CHECK(service.metric("recoup_http_requests_total{code=\"200\"}") > answered);

  // A key that belongs to another certificate changes nothing.
  write_text(service.folder + "/key.pem", "no key");
  CHECK(service.reload().starts_with("HTTP/1.1 500 "));
  CHECK(service.ask("/metrics").starts_with("HTTP/1.1 200 "));
  service.process->signal(SIGTERM);
  CHECK(service.process->wait() == 0);
}

TEST_CASE("what the command line says of the port and the log holds beyond a reload") {
  Service service;
  service.write(agreement(probe("one", service.nginx)));
  service.port = free_port();  // another than that of the settings
  service.process = std::make_unique<Process>(
      std::vector<std::string>{recoup_binary(), "--log-format", "json", "--listen",
                               fmt::format("127.0.0.1:{}", service.port), "run", "--config",
                               service.dir.file("recoup.toml")},
      service.folder);
  REQUIRE(eventually([&] { return has(service.ask("/-/healthy"), "200 OK"); }));
  service.process->signal(SIGHUP);
  const auto log = [&] { return service.process->out() + service.process->err(); };
  CHECK(eventually([&] { return has(log(), "SIGHUP"); }));
  CHECK_HAS(service.ask("/metrics"), "recoup_config_last_reload_successful 1\n");
  std::istringstream lines(log());
  int logged = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('{')) continue;  // what `run` says to whoever started it
    const auto one = nlohmann::json::parse(line);
    CHECK(one["time"].get<std::string>().ends_with('Z'));
    CHECK(one.contains("level"));
    CHECK(one.contains("message"));
    ++logged;
  }
  CHECK(logged >= 1);
  CHECK_FALSE(has(log(), "[info]"));
}
