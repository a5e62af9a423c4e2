// Many probes of lists through five reloads: everything that was due was sent or missed, everything
// that was sent is in the ledger, and neither memory nor descriptors grow. `./dev soak` runs it for
// as long and with as many probes as it is told.

#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "ledger/open.h"
#include "support/catch.h"
#include "system/folder.h"

using namespace recoup::test;
using namespace std::chrono_literals;

namespace {

int from_environment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}

// What answers: paths that begin with "bad" by 503, all others by 200. It counts its requests.
class Server {
 public:
  explicit Server(const std::string& folder) : folder_(folder + "/server") {
    std::filesystem::create_directories(folder_);
    write_text(
        folder_ + "/nginx.conf",
        fmt::format("{2}daemon off;\nworker_processes 1;\npid {0}/nginx.pid;\n"
                    "error_log {0}/error.log;\nevents {{ worker_connections 8192; }}\n"
                    "http {{\n  access_log off;\n  keepalive_requests 1000000000;\n"
                    "  keepalive_timeout 1d;\n  client_body_temp_path {0}/body;\n"
                    "  proxy_temp_path {0}/proxy;\n  fastcgi_temp_path {0}/fastcgi;\n"
                    "  uwsgi_temp_path {0}/uwsgi;\n  scgi_temp_path {0}/scgi;\n"
                    "  server {{\n    listen 127.0.0.1:{1};\n"
                    "    add_header x-amzn-requestid $request_id always;\n"
                    "    location = /status {{ stub_status; }}\n"
                    "    location /bad {{ return 503; }}\n    location / {{ return 200 \"ok\"; }}\n"
                    "  }}\n}}\n",
                    folder_, port_, geteuid() == 0 ? "user root;\n" : ""));
    process_ = std::make_unique<Process>(
        std::vector<std::string>{"nginx", "-p", folder_, "-c", folder_ + "/nginx.conf", "-e",
                                 folder_ + "/error.log"},
        folder_);
    REQUIRE(eventually([&] { return !status().empty(); }));
    asked_ = 0;
    before_ = requests();
  }

  std::string url() const { return fmt::format("http://127.0.0.1:{}/", port_); }

  // Those of probes since it started.
  std::int64_t requests() {
    ++asked_;
    std::istringstream words(status());
    std::int64_t all = 0;
    std::string word;
    while (words >> word && word != "requests") {
    }
    words >> all >> all >> all;  // accepted and handled connections before it
    return all - asked_ - before_;
  }

 private:
  std::string status() const { return http_get(url() + "status"); }

  std::string folder_;
  int port_ = free_port();
  std::int64_t asked_ = 0, before_ = 0;
  std::unique_ptr<Process> process_;
};

// Samples of a scrape, added up by what is picked of their labels.
using Sums = std::map<std::string, std::int64_t>;

Sums sums_of(const std::string& metrics, const std::string& name) {
  Sums sums;
  std::istringstream lines(metrics);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(name + "{")) continue;
    static const std::regex series(R"x(agreement="([^"]*)",probe="([^"]*)")x");
    std::smatch found;
    if (!std::regex_search(line, found, series)) continue;
    sums[found[1].str() + '/' + found[2].str()] +=
        std::llround(std::stod(line.substr(line.rfind(' ') + 1)));
  }
  return sums;
}

// Usage is what the process takes.
struct Usage {
  std::int64_t resident_kb = 0;
  std::int64_t descriptors = 0;
};

class Soak {
 public:
  Soak(int seconds, int probes) : seconds_(seconds), probes_(probes) {
    names_.reserve(static_cast<std::size_t>(probes));
    for (int i = 0; i < probes_; ++i)
      names_.push_back(fmt::format("{}{}", i % 50 == 7 ? "bad" : "t", i));
    write_lists(0, probes_ * 9 / 10);
    write_settings("5s");
    service_ = std::make_unique<Process>(
        std::vector<std::string>{recoup_binary(), "run", "--config", dir_.file("recoup.toml")},
        dir_.path().string());
    REQUIRE(eventually([&] { return http_get(page("/-/healthy")) == "ok\n"; }));
  }

  // A reload at each sixth of the time: what differs is another thing each time.
  void run() {
    const auto began = std::chrono::steady_clock::now();
    const auto sixth = std::chrono::milliseconds(seconds_) * 1000 / 6;
    for (int turn = 1; turn <= 6; ++turn) {
      watch_until(began + turn * sixth);
      if (turn == 1) write_lists(probes_ / 10, probes_);  // a tenth goes, another comes
      if (turn == 2) write_settings("5s", extra()), hang_up("taken", 1);
      if (turn == 3) write_text(dir_.file("recoup.toml"), "listen = 7\n"), hang_up("refused", 1);
      if (turn == 4) write_settings("5s", "", "allowed_hosts = [\"other.example\"]\n"), post();
      if (turn == 5) write_lists(0, probes_ * 9 / 10);
    }
  }

  // Nothing is in flight where so little is due: then all sums must be the same.
  void check() {
    write_settings("1h");
    hang_up("taken", 3);
    std::string words;
    REQUIRE(eventually([&] {
      const std::string metrics = http_get(page("/metrics"));
      Sums due = sums_of(metrics, "recoup_probes_due_total");
      const Sums answered = sums_of(metrics, "recoup_requests_total");
      const Sums missed = sums_of(metrics, "recoup_probes_missed_total");
      due_ = missed_ = 0;
      for (auto& [series, count] : due) {
        due_ += count;
        missed_ += missed.at(series);
        count -= missed.at(series);
      }
      words = fmt::format("{} due, {} missed", due_, missed_);
      return due == answered;
    }));
    const std::int64_t took = server_.requests();
    service_->signal(SIGTERM);
    CHECK(service_->wait() == 0);
    const std::int64_t counted = in_ledger();
    // What was in flight at the end is a part of nothing.
    const std::int64_t in_flight = server_.requests() - counted;
    INFO(words << ", " << took << " requests at the server, " << counted << " in the ledger");
    CHECK(in_flight >= 0);
    CHECK(in_flight <= 2);
    CHECK(due_ > probes_ * static_cast<std::int64_t>(seconds_) / 5 * 7 / 10);
    say(words, took, counted);
  }

 private:
  std::string page(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", port_, path);
  }

  // The first list is one series, of the second each target is one.
  void write_lists(int begin, int end) {
    const int one = begin + (end - begin) * 9 / 10;
    write_list("one.json", begin, one);
    write_list("each.json", one, end);
  }

  void write_list(const std::string& name, int begin, int end) {
    std::string text;
    for (int i = begin; i < end; ++i) {
      text +=
          fmt::format("{}\"{}\"", text.empty() ? "" : ", ", names_[static_cast<std::size_t>(i)]);
    }
    write_text(dir_.file("new"), "[{\"targets\": [" + text + "]}]");
    std::filesystem::rename(dir_.file("new"), dir_.file(name));
  }

  std::string extra() const {
    return "[[agreement]]\nid = \"more\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
           "region = \"us-west-2\"\n" +
           fmt::format("[[agreement.probe]]\nid = \"alone\"\nurl = \"{}t\"\nevery = \"1s\"\n",
                       server_.url());
  }

  void write_settings(const std::string& every, const std::string& agreements = {},
                      const std::string& keys = {}) {
    const auto list = [&](const std::string& id, const std::string& more) {
      return fmt::format(
          "[[agreement.probe]]\nid = \"{0}\"\ntargets = \"{0}.json\"\nurl = \"{1}{{target}}\"\n"
          "every = \"{2}\"\n{3}",
          id, server_.url(), every, more);
    };
    write_text(dir_.file("recoup.toml"),
               fmt::format("listen = \"127.0.0.1:{}\"\nledger = \"sqlite:ledger.db\"\n"
                           "vantage = \"here\"\nreload_over_http = true\n{}",
                           port_, keys) +
                   agreement(list("one", "") + list("each", "by_target = true\n")) + agreements);
  }

  void hang_up(const std::string& result, int count) {
    service_->signal(SIGHUP);
    const std::string wanted =
        fmt::format("recoup_config_reloads_total{{result=\"{}\"}} {}\n", result, count);
    CHECK(eventually([&] { return has(http_get(page("/metrics")), wanted); }));
  }

  void post() {
    const Finished done = recoup::test::run(
        {"curl", "--silent", "--max-time", "60", "--request", "POST", page("/-/reload")},
        dir_.path().string());
    CHECK_HAS(done.out, "in force");
  }

  void watch_until(std::chrono::steady_clock::time_point end) {
    while (std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(
          std::min<std::chrono::nanoseconds>(1s, end - std::chrono::steady_clock::now()));
      const std::string metrics = http_get(page("/metrics"));
      const auto value = [&](const std::string& name) {
        const auto at = metrics.find("\n" + name + " ");
        return at == std::string::npos ? 0.0 : std::stod(metrics.substr(at + name.size() + 2));
      };
      usage_.push_back({std::llround(value("process_resident_memory_bytes") / 1024),
                        std::llround(value("process_open_fds"))});
      cpu_ = value("process_cpu_seconds_total");
    }
  }

  std::int64_t in_ledger() const {
    const auto ledger = recoup::ledger::open_ledger("sqlite:" + dir_.file("ledger.db"),
                                                    recoup::ledger::Missing::refuse);
    REQUIRE(ledger.ok());
    const auto all = recoup::core::Interval{recoup::core::Instant{},
                                            *recoup::core::parse_instant("2100-01-01T00:00:00Z")};
    std::uint64_t sum = 0;
    for (const char* id : {"web", "more"}) sum += (*ledger)->tallies(id, all)->sent();
    return static_cast<std::int64_t>(sum);
  }

  void say(const std::string& words, std::int64_t took, std::int64_t counted) const {
    const auto late = usage_.begin() + static_cast<std::ptrdiff_t>(usage_.size() / 3);
    const auto by_memory = [](const Usage& a, const Usage& b) {
      return a.resident_kb < b.resident_kb;
    };
    const auto by_files = [](const Usage& a, const Usage& b) {
      return a.descriptors < b.descriptors;
    };
    const auto [least, most] = std::minmax_element(late, usage_.end(), by_memory);
    const auto [fewest, most_files] = std::minmax_element(late, usage_.end(), by_files);
    std::cerr << fmt::format(
        "soak: {} probes every 5 s for {} s through five reloads: {}; {} requests at the server, "
        "{} "
        "in the ledger\nsoak: after the first third {:.1f} to {:.1f} MB resident, at the end "
        "{:.1f}; {} to {} descriptors, at the end {}; {:.1f} s of processor time\n",
        probes_, seconds_, words, took, counted, static_cast<double>(least->resident_kb) / 1024,
        static_cast<double>(most->resident_kb) / 1024,
        static_cast<double>(usage_.back().resident_kb) / 1024, fewest->descriptors,
        most_files->descriptors, usage_.back().descriptors, cpu_);
    CHECK(most_files->descriptors <= fewest->descriptors + 64);
    // What a reload holds twice for a moment is given back to the allocator, not to the system.
    CHECK(most->resident_kb < least->resident_kb * 3 / 2 + 40 * 1024);
  }

  const int seconds_, probes_;
  TempDir dir_;
  Server server_{dir_.path().string()};
  int port_ = free_port();
  std::vector<std::string> names_;
  std::unique_ptr<Process> service_;
  std::vector<Usage> usage_;
  double cpu_ = 0;
  std::int64_t due_ = 0, missed_ = 0;
};

}  // namespace

TEST_CASE("many probes through five reloads: all that was due was sent or missed, and no leak") {
  Soak soak(from_environment("RECOUP_SOAK_SECONDS", 18),
            from_environment("RECOUP_SOAK_PROBES", 1000));
  soak.run();
  soak.check();
}
