// The service behind TLS and passwords, met by what people have: curl's library and Prometheus.

#include <crypt.h>

#include <csignal>
#include <filesystem>

#include <fmt/format.h>

#include "support/catch.h"
#include "system/world.h"

using namespace recoup::test;

namespace {

// World is a service of its own folder that a web configuration protects.
struct World {
  TempDir dir;
  std::string folder = dir.path().string();
  Nginx nginx{folder};
  int port = free_port();

  World() {
    const Finished made =
        run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
             "-nodes", "-subj", "/CN=recoup", "-addext", "subjectAltName=IP:127.0.0.1", "-days",
             "3650", "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem"},
            folder);
    INFO(made.err);
    REQUIRE(made.status == 0);
    crypt_data work{};
    write_text(folder + "/web.yml",
               fmt::format("tls_server_config:\n  cert_file: cert.pem\n  key_file: key.pem\n"
                           "http_server_config:\n  headers:\n"
                           "    Strict-Transport-Security: max-age=31536000\n"
                           "basic_auth_users:\n  prometheus: {}\n",
                           crypt_r("correct horse", "$2b$04$abcdefghijklmnopqrstuu", &work)));
    write_text(folder + "/recoup.toml",
               "web_config = \"web.yml\"\n" + probing_settings(nginx.url(), port, 1));
  }

  Process serve() const {
    return Process({recoup_binary(), "run", "--config", folder + "/recoup.toml"}, folder);
  }

  // The answer's status and headers, asked with `words` of curl.
  std::string ask(const std::string& path, const std::vector<std::string>& words) const {
    std::vector<std::string> all{"curl",       "--silent", "--show-error", "--include",
                                 "--max-time", "20",       "--cacert",     folder + "/cert.pem"};
    all.insert(all.end(), words.begin(), words.end());
    all.push_back(fmt::format("https://127.0.0.1:{}{}", port, path));
    return run(all, folder).out;
  }
};

}  // namespace

TEST_CASE("behind a web configuration only TLS and a right password open anything") {
  const World world;
  Process service = world.serve();
  const std::vector<std::string> right{"--user", "prometheus:correct horse"};
  REQUIRE(
      eventually([&] { return world.ask("/-/ready", right).find(" 200 ") != std::string::npos; }));
  for (const char* path : {"/", "/metrics", "/-/healthy", "/api/v1/agreements",
                           "/assets/recoup.css", "/agreements/nginx", "/none"}) {
    INFO(path);
    CHECK(world.ask(path, {}).find("HTTP/1.1 401 ") == 0);
    CHECK(world.ask(path, {"--user", "prometheus:wrong"}).find("HTTP/1.1 401 ") == 0);
    CHECK(world.ask(path, {"--user", "root:correct horse"}).find("HTTP/1.1 401 ") == 0);
    const std::string answer = world.ask(path, right);
    CHECK(answer.find(path == std::string("/none") ? "HTTP/1.1 404 " : "HTTP/1.1 200 ") == 0);
    CHECK(answer.find("Strict-Transport-Security: max-age=31536000") != std::string::npos);
  }
  CHECK(http_get(fmt::format("http://127.0.0.1:{}/", world.port)) == "");
  service.signal(SIGTERM);
  CHECK(service.wait() == 0);
  CHECK(service.out().find("https://127.0.0.1:") != std::string::npos);
  for (const std::string& text : {service.out(), service.err()}) {
    CHECK(text.find("$2b$") == std::string::npos);
    CHECK(text.find("correct horse") == std::string::npos);
    CHECK(text.find("PRIVATE") == std::string::npos);
  }
}

TEST_CASE("Prometheus scrapes the service through TLS and with a password") {
  const World world;
  Process service = world.serve();
  write_text(world.folder + "/prometheus.yml",
             fmt::format("global: {{ scrape_interval: 1s }}\nscrape_configs:\n"
                         "  - job_name: recoup\n    scheme: https\n"
                         "    tls_config: {{ ca_file: {}/cert.pem }}\n"
                         "    basic_auth: {{ username: prometheus, password: correct horse }}\n"
                         "    static_configs: [{{ targets: ['127.0.0.1:{}'] }}]\n",
                         world.folder, world.port));
  const int port = free_port();
  Process prometheus({"prometheus", "--config.file=" + world.folder + "/prometheus.yml",
                      "--storage.tsdb.path=" + world.folder + "/tsdb",
                      fmt::format("--web.listen-address=127.0.0.1:{}", port)},
                     world.folder);
  const std::string query =
      fmt::format("http://127.0.0.1:{}/api/v1/query?query=recoup_monthly_uptime_ratio", port);
  std::string answer;
  const bool answered = eventually([&] {
    answer = http_get(query);
    return answer.find("\"agreement\":\"nginx\"") != std::string::npos;
  });
  INFO(answer << prometheus.err().substr(0, 2000));
  CHECK(answered);
}
