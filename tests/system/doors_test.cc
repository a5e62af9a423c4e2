// Who can reach the service, or starts it where there is little of everything, neither stops what
// it measures nor makes it end without a sentence.

#include <csignal>
#include <memory>
#include <regex>
#include <set>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/catch.h"
#include "support/eventually.h"
#include "support/loopback_server.h"
#include "system/folder.h"
#include "system/world.h"
#include "web/client.h"

using namespace recoup::test;

namespace {

// The service on a free port, started by a shell after some words of its own.
struct Service {
  TempDir dir;
  std::string folder = dir.path().string();
  int port = free_port();
  std::unique_ptr<Process> process;

  void start(const std::string& settings, const std::string& before = "true",
             const std::map<std::string, std::string>& environment = {}) {
    write_text(dir.file("recoup.toml"),
               fmt::format("listen = \"127.0.0.1:{}\"\n{}", port, settings));
    process = std::make_unique<Process>(
        std::vector<std::string>{"sh", "-c", before + " && exec \"$0\" run --config \"$1\"",
                                 recoup_binary(), dir.file("recoup.toml")},
        folder, environment);
  }

  std::string get(const std::string& path) const {
    return http_get(fmt::format("http://127.0.0.1:{}{}", port, path));
  }

  bool is_up() const { return !get("/-/healthy").empty(); }

  // Whether it came up, or ended by itself.
  bool is_decided() { return !process->running() || is_up(); }

  // What it answers to bytes of a connection of its own.
  std::string ask(const std::string& bytes) const {
    Client client(port);
    client.say(bytes);
    client.end();
    return client.rest();
  }

  // The value of the sample that begins so.
  double metric(const std::string& series) const {
    const std::string text = get("/metrics");
    const auto at = text.find("\n" + series + " ");
    REQUIRE(at != std::string::npos);
    return std::stod(text.substr(at + series.size() + 2));
  }
};

std::string probe(const Nginx& nginx) {
  return fmt::format("[[agreement.probe]]\nid = \"p\"\nurl = \"{}\"\nevery = \"100ms\"\n",
                     nginx.url());
}

}  // namespace

TEST_CASE("who opens more connections than descriptors takes none from the probes") {
  Service service;
  const Nginx nginx(service.folder);
  // Soft and hard: they cannot be raised.
  service.start(agreement(probe(nginx)), "ulimit -n 200");
  REQUIRE(eventually([&] { return service.is_up(); }));

  std::vector<std::unique_ptr<Client>> flood;
  for (int i = 0; i < 400; ++i) {
    flood.push_back(std::make_unique<Client>(service.port));
    flood.back()->say("GET / HTTP/1.1\r\nX: ");
  }
  const std::string due = "recoup_probes_due_total{agreement=\"web\",probe=\"p\"}";
  const double before = service.metric(due);
  REQUIRE(eventually([&] {
    for (const auto& client : flood) client->say("a");
    CHECK(service.get("/-/healthy") == "ok\n");
    return service.metric(due) >= before + 30;
  }));
  CHECK(service.metric("recoup_probes_missed_total{agreement=\"web\",probe=\"p\","
                       "reason=\"resources\"}") == 0);
  CHECK(service.metric("process_max_fds") == 200);
  CHECK(service.metric("process_open_fds") < 200);
  CHECK(service.metric("recoup_http_connections_closed_early_total") > 300);
}

TEST_CASE("a soft limit of descriptors is raised as far as it may be") {
  Service service;
  service.start(agreement(), "ulimit -Sn 64");
  REQUIRE(eventually([&] { return service.is_up(); }));
  CHECK(service.metric("process_max_fds") > 64);
}

TEST_CASE("signals that are for others say so and end nothing") {
  Service service;
  service.start(agreement(), "export TZ=Asia/Tokyo");
  REQUIRE(eventually([&] { return service.is_up(); }));
  for (const int number : {SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE, SIGHUP}) {
    service.process->signal(number);
  }
  REQUIRE(eventually([&] { return has(service.process->out(), "SIGUSR2"); }));
  const std::string log = service.process->out();
  CHECK_HAS(log, "settings: SIGHUP: taken over: 0 probes for 1 agreement");
  CHECK_HAS(log, "SIGUSR1: nothing is done at this signal");
  CHECK(service.is_up());
  CHECK(service.metric("recoup_config_last_reload_successful") == 1);

  // Whatever the zone of the machine: the texts around these lines are in UTC.
  const std::regex line(
      R"((^|\n)\d{4}-\d\d-\d\dT(\d\d):\d\d:\d\d\.\d{3}Z \[info\] settings: SIGHUP)");
  std::smatch found;
  INFO(log);
  REQUIRE(std::regex_search(log, found, line));
  const auto hour =
      std::chrono::floor<std::chrono::hours>(
          std::chrono::seconds(static_cast<long>(service.metric("process_start_time_seconds"))))
          .count() %
      24;
  const long logged = std::stol(found[2]);
  CHECK((logged == hour || logged == (hour + 1) % 24));

  service.process->signal(SIGTERM);
  CHECK(service.process->wait() == 0);
}

TEST_CASE("no core file of the service is made, but where its developers ask for one") {
  for (const bool wanted : {false, true}) {
    INFO(wanted);
    Service service;
    service.start(agreement(), "ulimit -c $(ulimit -Hc) && echo $$ > " + service.dir.file("pid"),
                  {{"RECOUP_CORE_DUMPS", wanted ? "1" : "0"}});
    REQUIRE(eventually([&] { return service.is_up(); }));
    const std::string process =
        "/proc/" + std::to_string(std::stol(read_text(service.dir.file("pid"))));
    const std::regex none(R"(Max core file size +0 +0 )");
    const std::string limits = read_text(process + "/limits");
    INFO(limits);
    if (!wanted) CHECK(std::regex_search(limits, none));
    // What may be dumped is its user's; what may not, the system's. Root is both.
    struct stat about {};
    REQUIRE(stat((process + "/environ").c_str(), &about) == 0);
    if (geteuid() != 0) CHECK(about.st_uid == (wanted ? geteuid() : 0));
    CHECK(service.metric("process_open_fds") > 5);
  }
}

TEST_CASE("only a Host of its own is answered") {
  Service service;
  service.start("allowed_hosts = [\"recoup.example.com\"]\n" + agreement());
  REQUIRE(eventually([&] { return service.is_up(); }));
  const auto status = [&](const std::string& host, const std::string& path) {
    return service
        .ask(fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", path, host))
        .substr(9, 3);
  };
  for (const char* path : {"/", "/metrics", "/api/v1/agreements", "/-/healthy"}) {
    INFO(path);
    CHECK(status("attacker.com", path) == "421");
    CHECK(status(fmt::format("attacker.com:{}", service.port), path) == "421");
    CHECK(status(fmt::format("localhost:{}", service.port), path) == "200");
    CHECK(status("recoup.example.com", path) == "200");
    CHECK(status("10.0.0.1", path) == "200");
  }
  char own[256] = {};
  REQUIRE(gethostname(own, sizeof own - 1) == 0);
  CHECK(status(own, "/") == (std::string(own) == "localhost" ? "200" : "421"));
}

TEST_CASE("where there are too few descriptors or too little memory, it ends with a sentence") {
  std::set<int> statuses;
  std::vector<std::string> limits;
  for (const int files : {5, 8, 10, 11, 12, 13, 14, 16, 18, 20, 24}) {
    limits.push_back(fmt::format("ulimit -n {}", files));
  }
  for (const int mebibytes : {40, 80, 120, 150, 170, 190, 210, 230, 250, 270, 300, 350}) {
    limits.push_back(fmt::format("ulimit -v {}", mebibytes * 1024));
  }
  for (const std::string& limit : limits) {
    Service service;
    service.start(agreement("[[agreement.probe]]\nid = \"p\"\nurl = \"http://127.0.0.1:9/\"\n"
                            "every = \"100ms\"\n"),
                  limit);
    REQUIRE(eventually([&] { return service.is_decided(); }));
    service.process->signal(SIGTERM);
    const int status = service.process->wait();
    INFO(limit << ": " << status << "\n" << service.process->err());
    statuses.insert(status);
    // 127: the loader itself had no room for the libraries.
    CHECK((status == 0 || status == 1 || status == 2 || status == 127));
    if (status == 1 || status == 2) CHECK(has(service.process->err(), "error: "));
  }
  // The limits are such that some are too low and some are not.
  CHECK(statuses.contains(0));
  CHECK(statuses.contains(1));
}

TEST_CASE("output that cannot be written is exit 1 with a sentence") {
  const TempDir dir;
  const Finished full =
      run({"sh", "-c", "\"$0\" rules list > /dev/full", recoup_binary()}, dir.path().string());
  CHECK(full.status == 1);
  CHECK_HAS(full.err,
            "recoup: error: standard output could not be written: No space left on device");
}

TEST_CASE("a service whose output cannot be written goes on, and says it on standard error") {
  const TempDir dir;
  LoopbackServer server([](const LoopbackServer::Request&) { return LoopbackServer::Reply{}; });
  const int port = free_port();
  write_text(dir.file("recoup.toml"), probing_settings(server.url(), port, 2));
  Process service({"sh", "-c", "exec \"$0\" run --config \"$1\" > /dev/full", recoup_binary(),
                   dir.file("recoup.toml")},
                  dir.path().string());
  CHECK(eventually([&] { return server.requests().size() > 2; }));
  service.signal(SIGTERM);
  CHECK(service.wait() == 0);
  for (const char* line : {"[info] judge: ", "stopped; everything seen is in the ledger\n",
                           "recoup: error: standard output could not be written: No space left"}) {
    CHECK_HAS(service.err(), line);
  }
}

TEST_CASE("a rule file that is deeper than the stack is exit 2 with the place") {
  const TempDir dir;
  std::string header = "[a";
  for (int i = 0; i < 100'000; ++i) header += ".a";
  write_text(dir.file("deep.toml"), header + "]\n");
  const Finished refused = recoup_in(dir, {"rules", "check", "deep.toml"});
  CHECK(refused.status == 2);
  CHECK_HAS(refused.err, "deep.toml:1:33: error: expected at most 16 names with points between");
}
