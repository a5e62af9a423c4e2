// Many probes of lists through five reloads: everything that was due was sent or missed, everything
// that was sent is in the ledger, and neither memory nor descriptors grow. `./dev soak` runs it for
// as long and with as many probes as it is told, with faults all the while, and has it write what
// the process takes, second by second (RECOUP_SOAK_CSV).

#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "ledger/open.h"
#include "ledger/other.h"
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

  // It answers nothing for that time, and everything after it.
  void stall(std::chrono::milliseconds time) const {
    signal_workers(folder_, SIGSTOP);
    std::this_thread::sleep_for(time);
    signal_workers(folder_, SIGCONT);
  }

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

// Usage is what the process takes, and how it does.
struct Usage {
  double seconds = 0;  // since it began
  std::int64_t resident_kb = 0;
  std::int64_t descriptors = 0;
  double lateness_ms = 0;  // of what was sent since the one before, on average
  std::int64_t ledger_kb = 0;
};

// How much more of it there is in an hour, by the line that lies nearest to all.
template <typename Value>
double slope(const std::vector<Usage>& all, Value value) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const Usage& one : all) {
    const double at = one.seconds / 3600, is = static_cast<double>(value(one));
    n += 1, x += at, y += is, xx += at * at, xy += at * is;
  }
  const double spread = n * xx - x * x;
  return spread > 0 ? (n * xy - x * y) / spread : 0;
}

class Soak {
 public:
  Soak(int seconds, int probes) : seconds_(seconds), probes_(probes) {
    names_.reserve(static_cast<std::size_t>(probes));
    for (int i = 0; i < probes_; ++i)
      names_.push_back(fmt::format("{}{}", i % 50 == 7 ? "bad" : "t", i));
    write_lists(0, probes_ * 9 / 10);
    write_settings("5s");
    service_ = std::make_unique<Process>(
        std::vector<std::string>{"sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh", recoup_binary(),
                                 "run", "--config", dir_.file("recoup.toml")},
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
      if (turn == 5) write_lists(0, probes_ * 9 / 10), last_reload_ = usage_.size();
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
    const int status = service_->wait();
    const std::string said = service_->err();
    INFO(said.substr(said.size() - std::min<std::size_t>(said.size(), 2000)));
    CHECK(status == 0);
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
      const auto left = end - std::chrono::steady_clock::now();
      std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(1s, left));
      take_usage();
      if (csv_ != nullptr && left > 25s && usage_.size() % 10 == 9) go_wrong();
    }
  }

  void take_usage() {
    const std::string metrics = http_get(page("/metrics"));
    const auto value = [&](const std::string& name) {
      const auto at = metrics.find("\n" + name + " ");
      return at == std::string::npos ? 0.0 : std::stod(metrics.substr(at + name.size() + 2));
    };
    const double sent = value("recoup_schedule_lateness_seconds_count");
    const double late = value("recoup_schedule_lateness_seconds_sum");
    const double lateness = sent > sent_ ? (late - late_) / (sent - sent_) * 1e3 : 0;
    sent_ = sent, late_ = late;
    std::error_code none;
    std::int64_t ledger = 0;
    for (const char* file : {"ledger.db", "ledger.db-wal"}) {
      const auto size = std::filesystem::file_size(dir_.file(file), none);
      if (!none) ledger += static_cast<std::int64_t>(size / 1024);
    }
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - began_;
    usage_.push_back({time.count(), std::llround(value("process_resident_memory_bytes") / 1024),
                      std::llround(value("process_open_fds")), lateness, ledger});
    cpu_ = value("process_cpu_seconds_total");
  }

  // A server that stalls, a ledger that another process holds, a disk without room: in turn. None
  // of them takes a count away.
  void go_wrong() {
    switch (faults_++ % 3) {
      case 0: server_.stall(1500ms); break;
      case 1: {
        recoup::test::Other other(dir_.file("ledger.db"));
        other.run("BEGIN IMMEDIATE");
        std::this_thread::sleep_for(7s);
        other.run("ROLLBACK");
        break;
      }
      default:
        service_->limit_files(4096);
        std::this_thread::sleep_for(4s);
        service_->limit_files(RLIM_INFINITY);
    }
    CHECK(eventually([&] { return !http_get(page("/-/ready")).empty(); }));
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
    if (csv_ != nullptr) write_csv();
    CHECK(most_files->descriptors <= fewest->descriptors + 64);
    // What a reload holds twice for a moment is given back to the allocator, not to the system.
    CHECK(most->resident_kb < least->resident_kb * 3 / 2 + 40 * 1024);
  }

  // All of it, and how each column goes on by what it was after the first third.
  void write_csv() const {
    std::ofstream out(csv_);
    out << "seconds,resident_kb,descriptors,lateness_ms,ledger_kb\n";
    for (const Usage& one : usage_) {
      out << fmt::format("{:.1f},{},{},{:.3f},{}\n", one.seconds, one.resident_kb, one.descriptors,
                         one.lateness_ms, one.ledger_kb);
    }
    CHECK(out.flush().good());
    std::cerr << fmt::format("soak: {} faults; {}\n", faults_, csv_);
    say_slopes("after the first third", usage_.size() / 3);
    // What a reload takes for a while is no leak, and is over some seconds later.
    say_slopes("since the last reload", last_reload_ + (usage_.size() - last_reload_) / 5);
  }

  void say_slopes(const char* when, std::size_t from) const {
    const std::vector<Usage> some(usage_.begin() + static_cast<std::ptrdiff_t>(from), usage_.end());
    std::cerr << fmt::format(
        "soak: each hour {}: {:+.0f} KB resident, {:+.1f} descriptors, {:+.3f} ms of lateness, "
        "{:+.0f} KB of ledger\n",
        when, slope(some, [](const Usage& one) { return one.resident_kb; }),
        slope(some, [](const Usage& one) { return one.descriptors; }),
        slope(some, [](const Usage& one) { return one.lateness_ms; }),
        slope(some, [](const Usage& one) { return one.ledger_kb; }));
  }

  const int seconds_, probes_;
  const char* const csv_ = std::getenv("RECOUP_SOAK_CSV");
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  TempDir dir_;
  Server server_{dir_.path().string()};
  int port_ = free_port();
  std::vector<std::string> names_;
  std::unique_ptr<Process> service_;
  std::vector<Usage> usage_;
  double cpu_ = 0, sent_ = 0, late_ = 0;
  int faults_ = 0;
  std::size_t last_reload_ = 0;  // in usage_
  std::int64_t due_ = 0, missed_ = 0;
};

}  // namespace

TEST_CASE("many probes through five reloads: all that was due was sent or missed, and no leak") {
  Soak soak(from_environment("RECOUP_SOAK_SECONDS", 18),
            from_environment("RECOUP_SOAK_PROBES", 1000));
  soak.run();
  soak.check();
}
