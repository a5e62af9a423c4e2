// Logs as the servers themselves write them: nginx and Caddy are run, asked, and their logs read.
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "sources/log_reading.h"
#include "support/missing.h"
#include "support/process.h"

using namespace recoup;
using namespace recoup::test;

namespace {

// A request that a server is asked, with what may break a log: its answer's status stands in the
// path, and the id that the server behind gives is "id-" and the status.
struct Asked {
  const char* path;
  const char* agent;
};
const std::vector<Asked> kAsked{{"/200", "curl/8"},
                                {"/200?a=\"b\"", "curl \"quoted\" \\ 8"},
                                {"/404", "recoup/0.1.0 (+probe)"},
                                {"/404", "\xc3\xa9 \xff\xfe"},
                                {"/500/{\"x\":1}?y", "{\"status\":200}"},
                                {"/503", "\t\" 200 12 \"-\" \""},
                                {"/503", "recouping/1"}};

// What must have been counted of them.
const std::map<std::string, std::uint64_t> kCounted{
    {"200", 2}, {"404", 1}, {"500", 1}, {"503", 2}, {"own", 1}};

void ask_all(const TempDir& dir, int port) {
  for (const Asked& one : kAsked) {
    const std::string url = fmt::format("http://127.0.0.1:{}{}", port, one.path);
    const Finished asked =
        run({"curl", "-sg", "-o", "/dev/null", "-A", one.agent, url}, dir.path());
    INFO(url << " " << asked.err);
    REQUIRE(asked.status == 0);
  }
}

std::size_t lines_of(const std::string& path) {
  if (!std::filesystem::exists(path)) return 0;
  const std::string text = read_text(path);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

sources::LogContent read(const std::string& path, const std::string& format,
                         const sources::FormatOptions& options = {}) {
  sources::LogReading reading{format};
  reading.options = options;
  auto content = sources::read_log(path, reading);
  REQUIRE(content.ok());
  return *std::move(content);
}

// What the failed requests have, in the log's order.
std::vector<std::string> evidence_of(const sources::LogContent& content) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < content.failures.size(); ++i) {
    const record::Evidence one = content.failures.at(i, content.counts.outcomes());
    all.push_back(one.request_id + " " + one.detail);
  }
  return all;
}

// One nginx before another: the one behind answers with the status that the path begins with.
std::string nginx_settings(const std::string& folder, int port, int behind) {
  return fmt::format(
      R"(daemon off; master_process off; worker_processes 1; pid "{0}/pid"; {3}
error_log "{0}/error.log";
events {{ }}
http {{
  log_format more '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
                  '"$http_referer" "$http_user_agent" "$upstream_http_x_amzn_requestid"';
  log_format keys escape=json '{{"time_iso8601":"$time_iso8601","request_method":"$request_method",'
    '"request_uri":"$request_uri","status":"$status","request_time":"$request_time",'
    '"upstream_addr":"$upstream_addr","http_user_agent":"$http_user_agent",'
    '"upstream_http_x_amzn_requestid":"$upstream_http_x_amzn_requestid"}}';
  log_format numbers escape=json '{{"msec":$msec,"request":"$request","status":$status,'
    '"user_agent":"$http_user_agent","id":"$upstream_http_x_amzn_requestid"}}';
  access_log off;
  client_body_temp_path "{0}"; proxy_temp_path "{0}"; fastcgi_temp_path "{0}";
  uwsgi_temp_path "{0}"; scgi_temp_path "{0}";
  server {{
    listen 127.0.0.1:{1};
    access_log "{0}/combined.log" more;
    access_log "{0}/keys.log" keys;
    access_log "{0}/numbers.log" numbers;
    location / {{ proxy_pass http://127.0.0.1:{2}; }}
  }}
  server {{
    listen 127.0.0.1:{2};
    location /200 {{ add_header x-amzn-requestid id-200 always; return 200; }}
    location /404 {{ add_header x-amzn-requestid id-404 always; return 404; }}
    location /500 {{ add_header x-amzn-requestid id-500 always; return 500; }}
    location /503 {{ add_header x-amzn-requestid id-503 always; return 503; }}
  }}
}}
)",
      folder, port, behind, geteuid() == 0 ? "user root;" : "");
}

}  // namespace

TEST_CASE("what nginx writes in three ways are the same requests") {
  if (!have_program("nginx") || !have_program("curl")) return;
  const TempDir dir;
  const std::string folder = dir.path();
  const int port = free_port();
  int behind = free_port();
  while (behind == port) behind = free_port();
  const std::string settings = dir.write("nginx.conf", nginx_settings(folder, port, behind));
  Process nginx({"nginx", "-p", folder, "-c", settings, "-e", folder + "/error.log"}, folder);
  INFO(read_text(folder + "/error.log"));
  REQUIRE(eventually([&] {
    long status = 0;
    http_get(fmt::format("http://127.0.0.1:{}/200", port), &status);
    return status == 200;
  }));
  // The one request so far; its line comes after the answer.
  REQUIRE(eventually([&] { return lines_of(folder + "/numbers.log") == 1; }));
  ask_all(dir, port);
  REQUIRE(eventually([&] { return lines_of(folder + "/numbers.log") == 1 + kAsked.size(); }));
  nginx.signal(SIGTERM);
  nginx.wait();

  auto counted = kCounted;
  ++counted["200"];
  const std::vector<std::string> evidence{"id-500 GET /500/{\"x\":1}", "id-503 GET /503",
                                          "id-503 GET /503"};
  sources::FormatOptions tenth;
  tenth.request_id = 10;
  const auto combined = read(folder + "/combined.log", "auto", tenth);
  CHECK(combined.format == "combined");
  CHECK(histogram(combined) == counted);
  // nginx writes a quote as \x22 there.
  CHECK(evidence_of(combined) ==
        std::vector<std::string>{"id-500 GET /500/{\\x22x\\x22:1}", evidence[1], evidence[2]});
  const auto keys = read(folder + "/keys.log", "auto");
  CHECK(keys.format == "json");
  CHECK(histogram(keys) == counted);
  CHECK(evidence_of(keys) == evidence);
  sources::FormatOptions named;
  REQUIRE(sources::add_field(named, "request_id=id").ok());
  const auto numbers = read(folder + "/numbers.log", "auto", named);
  CHECK(histogram(numbers) == counted);
  CHECK(evidence_of(numbers) == evidence);
  CHECK(numbers.counts.minutes() == combined.counts.minutes());
}

TEST_CASE("what Caddy writes, of itself and of requests, is told apart") {
  if (!have_program("caddy") || !have_program("curl")) return;
  const TempDir dir;
  const std::string folder = dir.path();
  const int port = free_port();
  const std::string settings = dir.write("Caddyfile", fmt::format(R"({{
  admin off
  auto_https off
  log {{
    output file {0}/caddy.log
  }}
}}
http://127.0.0.1:{1} {{
  log
  header /404* X-Amzn-Requestid id-404
  header /500* X-Amzn-Requestid id-500
  header /503* X-Amzn-Requestid id-503
  respond /200* 200
  respond /404* 404
  respond /500* 500
  respond /503* 503
}}
)",
                                                                  folder, port));
  Process caddy({"caddy", "run", "--config", settings, "--adapter", "caddyfile"}, folder,
                {{"HOME", folder}, {"XDG_DATA_HOME", folder}, {"XDG_CONFIG_HOME", folder}});
  const std::string log = folder + "/caddy.log";
  const bool up = eventually([&] {
    long status = 0;
    http_get(fmt::format("http://127.0.0.1:{}/200", port), &status);
    return status == 200;
  });
  INFO(caddy.err());
  REQUIRE(up);
  const auto requests = [&] { return read(log, "json").requests + read(log, "json").own; };
  REQUIRE(eventually([&] { return requests() == 1; }));
  ask_all(dir, port);
  REQUIRE(eventually([&] { return requests() == 1 + kAsked.size(); }));
  caddy.signal(SIGTERM);
  caddy.wait();

  const auto content = read(log, "auto");
  CHECK(content.format == "json");
  CHECK(content.malformed == 0);
  CHECK(content.others > 0);
  auto counted = kCounted;
  ++counted["200"];
  auto ours = histogram(content);
  ours.erase("skip");
  CHECK(ours == counted);
  CHECK(evidence_of(content) == std::vector<std::string>{"id-500 GET /500/{\"x\":1}",
                                                         "id-503 GET /503", "id-503 GET /503"});
}
