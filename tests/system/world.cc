#include "system/world.h"
#include "support/places.h"

#include <csignal>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

namespace recoup::test {
namespace {

constexpr std::string_view kNginxSettings = R"(
{2}daemon off;
worker_processes 1;
pid {0}/nginx.pid;
error_log {0}/error.log;
events {{ worker_connections 512; }}
http {{
  log_format common '$remote_addr - - [$time_local] "$request" $status $body_bytes_sent';
  log_format keys escape=json '{{"time_local":"$time_local","request":"$request",'
                              '"status":"$status"}}';
  access_log {0}/access.log combined;
  access_log {0}/common.log common;
  access_log {0}/common.json keys;
  client_body_temp_path {0}/body;
  proxy_temp_path {0}/proxy;
  fastcgi_temp_path {0}/fastcgi;
  uwsgi_temp_path {0}/uwsgi;
  scgi_temp_path {0}/scgi;
  server {{
    listen 127.0.0.1:{1};
    add_header x-amzn-requestid $request_id always;
    location / {{
      if (-f {0}/answer-444) {{ return 444; }}
      if (-f {0}/answer-500) {{ return 500; }}
      if (-f {0}/answer-503) {{ return 503; }}
      return 200 "ok";
    }}
  }}
}}
)";

}  // namespace

std::string recoup_binary() { return BINARY_DIR "/recoup"; }

Nginx::Nginx(const std::string& folder) : folder_(folder + "/nginx"), port_(free_port()) {
  std::filesystem::create_directories(folder_);
  // Started by root, its worker would be another user, who may not look into the test's folder.
  const char* user = geteuid() == 0 ? "user root;\n" : "";
  write_text(folder_ + "/nginx.conf", fmt::format(kNginxSettings, folder_, port_, user));
  process_ = std::make_unique<Process>(
      std::vector<std::string>{"nginx", "-p", folder_, "-c", folder_ + "/nginx.conf", "-e",
                               folder_ + "/error.log"},
      folder_);
  const bool up = eventually([&] {
    long status = 0;
    http_get(url(), &status);
    return status == 200;
  });
  if (!up) throw std::runtime_error("nginx does not answer: " + read_text(folder_ + "/error.log"));
  // The log's line comes after the answer. From here on the log holds only what the test causes.
  if (!eventually([&] { return requests() == 1; })) throw std::runtime_error("nginx logs nothing");
  for (const char* log : {"/access.log", "/common.log", "/common.json"}) {
    std::filesystem::resize_file(folder_ + log, 0);
  }
}

void Nginx::answer_with(int status) {
  for (const int other : {444, 500, 503}) {
    std::filesystem::remove(fmt::format("{}/answer-{}", folder_, other));
  }
  if (status != 200) write_text(fmt::format("{}/answer-{}", folder_, status), "");
}

void Nginx::reopen_logs() { process_->signal(SIGUSR1); }

void Nginx::pause() { signal_workers(folder_, SIGSTOP); }
void Nginx::go_on() { signal_workers(folder_, SIGCONT); }

void signal_workers(const std::string& folder, int number) {
  const std::string master = std::to_string(std::stoi(read_text(folder + "/nginx.pid")));
  std::istringstream children(read_text("/proc/" + master + "/task/" + master + "/children"));
  for (pid_t child = 0; children >> child;) kill(child, number);
}

void Nginx::reload() { process_->signal(SIGHUP); }

void Nginx::stop() {
  process_->signal(SIGTERM);
  process_->wait();
}

std::string Nginx::url() const { return fmt::format("http://127.0.0.1:{}/", port_); }

std::map<int, int> Nginx::counts() const {
  std::map<int, int> counts;
  std::istringstream lines(read_text(folder_ + "/access.log"));
  for (std::string line; std::getline(lines, line);) {
    const auto at = line.find("\" ");
    if (at != std::string::npos) ++counts[std::stoi(line.substr(at + 2, 3))];
  }
  return counts;
}

int Nginx::requests() const {
  int all = 0;
  for (const auto& [status, count] : counts()) all += count;
  return all;
}

std::string probing_settings(const std::string& url, int port, int probes, bool keep_alive) {
  std::string text = fmt::format(R"(ledger = "sqlite:recoup.db"
listen = "127.0.0.1:{}"
vantage = "test"
[[agreement]]
id = "nginx"
sla = "aws-kms"
account = "123456789012"
region = "us-east-1"
)",
                                 port);
  for (int i = 0; i < probes; ++i) {
    text += fmt::format(
        "[[agreement.probe]]\nid = \"p{}\"\nurl = \"{}\"\nevery = \"100ms\"\nkeep_alive = {}\n", i,
        url, keep_alive);
  }
  return text;
}

}  // namespace recoup::test
