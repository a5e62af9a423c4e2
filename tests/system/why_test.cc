// `recoup test`, the failures that the service shows, and /probe beside blackbox_exporter.

#include <cmath>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/certificates.h"
#include "support/loopback_server.h"
#include "system/folder.h"

using namespace recoup::test;
using Json = nlohmann::json;

namespace {

using Reply = LoopbackServer::Reply;
using Request = LoopbackServer::Request;

// A recoup.toml with one probe, "p" of "web", of that URL.
std::string settings_of(const std::string& url, const std::string& more = {}, int port = 0) {
  const std::string listen = port == 0 ? "" : fmt::format("listen = \"127.0.0.1:{}\"\n", port);
  return listen + agreement(fmt::format("  [[agreement.probe]]\n  id = \"p\"\n  url = \"{}\"\n{}",
                                        url, more));
}

// A service that runs, on a port of its own.
struct Running {
  TempDir dir;
  int port = free_port();
  std::unique_ptr<Process> service;

  Running(const std::string& url, const std::string& more) {
    write_text(dir.file("recoup.toml"), settings_of(url, more, port));
    service = std::make_unique<Process>(
        std::vector<std::string>{recoup_binary(), "run", "--config", dir.file("recoup.toml")},
        dir.path().string());
    REQUIRE(eventually([&] { return http_get(at("/-/ready")) != ""; }));
  }
  std::string at(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", port, path);
  }
};

// The samples of a text of metrics, by name and labels.
std::map<std::string, double> samples(const std::string& text) {
  std::map<std::string, double> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const auto blank = line.rfind(' ');
    if (line.empty() || line[0] == '#' || blank == std::string::npos) continue;
    all[line.substr(0, blank)] = std::strtod(line.c_str() + blank, nullptr);
  }
  return all;
}

}  // namespace

TEST_CASE("recoup test says step by step what a request came to, and counts it nowhere") {
  LoopbackServer server([](const Request& request) {
    if (request.target == "/bad") return Reply{503, {{"x-amzn-RequestId", "i"}}, "so tired"};
    return Reply{200, {{"x-amzn-RequestId", "i"}}, "fine"};
  });
  const Folder good(settings_of(server.url("/good"), "  check = { body = \"fine\" }\n"));
  const std::string said = good.done({"test", "web/p"});
  for (const char* words :
       {"probe      web/p, under aws-kms of ", "> GET /good HTTP/1.1\n",
        "> Host: 127.0.0.1:", "signed     no: ", "came back  200 after ", "time       resolve ",
        "< HTTP/1.1 200", "| fine\n", "counts as  served: ", "expected   yes",
        "check      body: holds", "ledger     not counted"}) {
    INFO(words);
    INFO(said);
    CHECK(said.find(words) != std::string::npos);
  }
  CHECK(server.requests().size() == 1);
  // It needs no ledger, and makes none.
  CHECK_FALSE(std::filesystem::exists(good.dir.file("recoup.db")));

  const Folder bad(settings_of(server.url("/bad")));
  const Finished failed = bad.recoup({"test", "web/p", "--json"});
  CHECK(failed.status == 1);
  const Json json = Json::parse(failed.out);
  CHECK(json["outcome"] == "503");
  CHECK(json["success"] == false);
  CHECK(json["counted_in_ledger"] == false);
  CHECK(json["signed"].is_null());
  CHECK(json["body"] == "so tired");
  CHECK(json["clause"].get<std::string>().size() > 10);
  // The phases add up to the whole, as decimals: to the nanosecond.
  const auto nanos = [](const Json& text) {
    std::string digits = text.get<std::string>();
    digits.erase(digits.find('.'), 1);
    return std::stoll(digits);
  };
  long long sum = 0;
  for (const auto& [phase, millis] : json["phases_ms"].items()) sum += nanos(millis);
  CHECK(sum == nanos(json["duration_ms"]));
}

TEST_CASE("recoup test says what is missing, and nothing that signs") {
  LoopbackServer server([](const Request& request) {
    return Reply{403, {}, "you sent " + request.header("Authorization")};
  });
  const Folder signing(settings_of(server.url(), "  sign = \"kms\"\n"));
  const std::map<std::string, std::string> nothing{{"AWS_EC2_METADATA_DISABLED", "true"},
                                                   {"AWS_CONFIG_FILE", "/nonexistent"},
                                                   {"AWS_SHARED_CREDENTIALS_FILE", "/nonexistent"}};
  const Finished lacking = recoup_in(signing.dir, {"test", "web/p"}, nothing);
  CHECK(lacking.status == 2);
  CHECK(lacking.err.find("cannot sign probe 'p'") != std::string::npos);
  CHECK(server.requests().empty());

  auto keys = nothing;
  keys["AWS_ACCESS_KEY_ID"] = "AKIAHIDDENEXAMPLE001";
  keys["AWS_SECRET_ACCESS_KEY"] = "hidden/secret+of/forty/characters/00000000";
  const Finished sent = recoup_in(signing.dir, {"test", "web/p"}, keys);
  INFO(sent.out << sent.err);
  CHECK(sent.status == 1);
  CHECK(sent.out.find("Authorization: AWS4-HMAC-SHA256 ****") != std::string::npos);
  CHECK(sent.out.find("signed     sigv4 for kms in us-east-1, with the keys of ") !=
        std::string::npos);
  for (const char* secret : {"HIDDEN", "hidden", "Signature=0", "Signature=a"}) {
    CHECK((sent.out + sent.err).find(secret) == std::string::npos);
  }
  REQUIRE(server.requests().size() == 1);
  const std::string signature = server.requests()[0].header("Authorization");
  CHECK(sent.out.find(signature.substr(signature.size() - 64)) == std::string::npos);

  const Finished other = signing.recoup({"test", "web/q"});
  CHECK(other.status == 2);
  CHECK(other.err.find("expected AGREEMENT/PROBE of ") != std::string::npos);
  CHECK(other.err.find("web/p") != std::string::npos);
}

TEST_CASE("the service shows the last failures, in the API and on the page, without secrets") {
  LoopbackServer server([](const Request& request) {
    return Reply{500,
                 {{"x-amzn-RequestId", "i"}},
                 "<script>alert('" + request.header("X-Token") + "')</script>"};
  });
  const Running running(server.url("/a"),
                        "  every = \"200ms\"\n  headers = { X-Token = \"hidden-token\" }\n"
                        "  check = { body = \"well\" }\n");
  Json failures;
  REQUIRE(eventually([&] {
    failures = Json::parse(http_get(running.at("/api/v1/agreements/web/failures?limit=3")));
    return failures["failures"].size() == 3;
  }));
  const Json& last = failures["failures"][0];
  CHECK(last["probe"] == "p");
  CHECK(last["outcome"] == "500");
  CHECK(last["asked"].get<std::string>().find("GET /a HTTP/1.1\n") == 0);
  CHECK(last["asked"].get<std::string>().find("X-Token: ****\n") != std::string::npos);
  CHECK(last["body"] == "<script>alert('****')</script>");
  CHECK(last["checks"][0]["why"] == "the body lacks the text");
  const std::string page = http_get(running.at("/agreements/web"));
  CHECK(page.find("Why requests fail") != std::string::npos);
  CHECK(page.find("&lt;script&gt;") != std::string::npos);
  CHECK(page.find("<script>alert") == std::string::npos);
  CHECK((page + failures.dump()).find("hidden-token") == std::string::npos);
  const auto metrics = samples(http_get(running.at("/metrics")));
  CHECK(metrics.at("recoup_check_failed{agreement=\"web\",probe=\"p\",check=\"body\"}") == 1);
  CHECK(metrics.at("recoup_request_failures_total{agreement=\"web\",reason=\"5xx\"}") >= 3);
  CHECK(metrics.at(
            "recoup_request_phase_seconds_total{agreement=\"web\",probe=\"p\",phase=\"wait\"}") >
        0);
}

TEST_CASE("/probe answers as blackbox_exporter does") {
  for (const bool tls : {false, true}) {
    INFO((tls ? "https" : "http"));
    const TempDir folder;
    Certificates certificates;
    certificates.authority("ca");
    certificates.issue("server", "ca", "DNS:localhost, IP:127.0.0.1", std::chrono::hours(100));
    const int target_port = free_port();
    write_text(folder.file("page.txt"), "hello\n");
    // nginx is asked by both.
    write_text(
        folder.file("nginx.conf"),
        fmt::format("daemon off; master_process off; pid {0}/pid; error_log {0}/error.log;\n"
                    "events {{}}\nhttp {{ access_log off;\n server {{ listen 127.0.0.1:{1} {2};\n"
                    "ssl_certificate {3}; ssl_certificate_key {4}; root {0}; }} }}\n",
                    folder.path().string(), target_port, tls ? "ssl" : "",
                    certificates.pem_file("server"), certificates.key_file("server")));
    Process nginx({"nginx", "-c", folder.file("nginx.conf"), "-e", folder.file("error.log")},
                  folder.path().string());
    const std::string url =
        fmt::format("{}://127.0.0.1:{}/page.txt", tls ? "https" : "http", target_port);
    REQUIRE(eventually([&] {
      return run({"curl", "-skf", url}, folder.path().string()).status == 0;
    }));

    write_text(
        folder.file("blackbox.yml"),
        fmt::format("modules:\n  http_2xx:\n    prober: http\n    http:\n"
                    "      preferred_ip_protocol: ip4\n      tls_config: {{ ca_file: {} }}\n",
                    certificates.pem_file("ca")));
    const int blackbox_port = free_port();
    Process blackbox(
        {"prometheus-blackbox-exporter", "--config.file=" + folder.file("blackbox.yml"),
         fmt::format("--web.listen-address=127.0.0.1:{}", blackbox_port)},
        folder.path().string());
    const Running running(url,
                          std::string("  every = \"1s\"\n  keep_alive = false\n") +
                              (tls ? "  ca_file = \"" + certificates.pem_file("ca") + "\"\n" : ""));
    std::string theirs_text;
    REQUIRE(eventually([&] {
      theirs_text = http_get(
          fmt::format("http://127.0.0.1:{}/probe?module=http_2xx&target={}", blackbox_port, url));
      return theirs_text.find("probe_success 1") != std::string::npos;
    }));
    const std::string ours_text = http_get(running.at("/probe?module=http_2xx&target=web/p"));
    INFO(ours_text);
    INFO(theirs_text);
    const auto ours = samples(ours_text);
    const auto theirs = samples(theirs_text);
    for (const auto& [name, value] : theirs) {
      INFO(name);
      REQUIRE(ours.contains(name));
      const bool is_time = name.find("duration") != std::string::npos ||
                           name.find("lookup_time") != std::string::npos;
      if (is_time) {
        CHECK(ours.at(name) >= 0);
        CHECK(ours.at(name) < 5);
      } else {
        CHECK(ours.at(name) == value);
      }
    }
    CHECK(ours.size() == theirs.size());
    // Their phases are as long as ours together.
    double sum = 0;
    for (const auto& [name, value] : ours) {
      if (name.starts_with("probe_http_duration_seconds")) sum += value;
    }
    CHECK(std::abs(sum - ours.at("probe_duration_seconds")) < 1e-6);
    CHECK((ours.at("probe_http_duration_seconds{phase=\"tls\"}") > 0) == tls);
  }
}

TEST_CASE("/probe sends no more than the schedule, and counts what it sends") {
  LoopbackServer server([](const Request&) { return Reply{200, {}, "x"}; });
  const Running running(server.url(), "  every = \"1h\"\n");
  for (int i = 0; i < 10; ++i) {
    CHECK(samples(http_get(running.at("/probe?target=web/p"))).at("probe_success") == 1);
  }
  CHECK(server.requests().size() == 1);
  CHECK(samples(http_get(running.at("/metrics")))
            .at("recoup_probes_due_total{agreement=\"web\",probe=\"p\"}") == 1);
  for (const std::string& target :
       std::vector<std::string>{"", "?target=", "?target=web", "?target=web/q", "?target=x/p",
                                "?target=http://127.0.0.1/"}) {
    INFO(target);
    const Finished refused =
        run({"curl", "-s", "-w", " %{http_code}", running.at("/probe" + target)},
            running.dir.path().string());
    CHECK(refused.out.ends_with(" 400"));
    CHECK(refused.out.starts_with("target"));
  }
}

TEST_CASE("a scrape job for blackbox_exporter works with another address") {
  LoopbackServer server([](const Request&) { return Reply{200, {}, "x"}; });
  const Running running(server.url(), "  every = \"1s\"\n");
  const TempDir folder;
  const int port = free_port();
  // The relabelling is that of blackbox_exporter's README.
  write_text(folder.file("prometheus.yml"), fmt::format(R"(global: {{ scrape_interval: 1s }}
scrape_configs:
  - job_name: blackbox
    metrics_path: /probe
    params: {{ module: [http_2xx] }}
    static_configs: [{{ targets: [web/p] }}]
    relabel_configs:
      - source_labels: [__address__]
        target_label: __param_target
      - source_labels: [__param_target]
        target_label: instance
      - target_label: __address__
        replacement: 127.0.0.1:{}
)",
                                                        running.port));
  Process prometheus({"prometheus", "--config.file=" + folder.file("prometheus.yml"),
                      "--storage.tsdb.path=" + folder.file("tsdb"),
                      fmt::format("--web.listen-address=127.0.0.1:{}", port)},
                     folder.path().string());
  std::string answer;
  CHECK(eventually([&] {
    answer = http_get(
        fmt::format("http://127.0.0.1:{}/api/v1/query?query=probe_http_status_code", port));
    return answer.find("\"instance\":\"web/p\"") != std::string::npos;
  }));
  INFO(answer << prometheus.err().substr(0, 2000));
  CHECK(answer.find(",\"200\"]") != std::string::npos);
}
