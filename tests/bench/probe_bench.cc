// How many probes a second does a core send, beside what libcurl could do at best and beside
// blackbox_exporter? One nginx worker answers them all. Each engine is timed by the processor time
// it takes, since the machine is shared with the server and perhaps with others; runs are
// interleaved, and medians are shown.
//
// The real engine is kept busy by 64 probes that are each due every millisecond. What it does not
// reach is missed as late, as it would be in service. How many of its requests are in flight at
// once follows from that and is not set, while the bare loops always have 128: with fewer
// connections libcurl finds an idle one sooner, so the ratio on kept connections is kind to the
// engine.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sources/board.h"
#include "sources/probe/prober.h"
#include "support/probing.h"
#include "support/temp_dir.h"

namespace {

using namespace recoup;
using recoup::test::TempDir;
using Seconds = std::chrono::duration<double>;

constexpr std::size_t kConcurrency = 128;
constexpr std::size_t kProbes = 64;
constexpr core::Millis kPeriod{1};
constexpr int kRounds = 5;
constexpr Seconds kLength{2};

void require(bool done, const std::string& what) {
  if (!done) throw std::runtime_error(what);
}

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  require(::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0, "no free port");
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

// Child is a program that runs until the end of its scope.
class Child {
 public:
  explicit Child(std::vector<std::string> words) : pid_(::fork()) {
    require(pid_ >= 0, "fork");
    if (pid_ != 0) return;
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    std::fprintf(stderr, "cannot start %s\n", arguments[0]);
    ::_exit(127);
  }
  ~Child() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Processor time of the process so far.
  Seconds processor_time() const {
    std::ifstream in(fmt::format("/proc/{}/stat", pid_));
    std::string text;
    std::getline(in, text);
    text.erase(0, text.rfind(')') + 2);
    unsigned long user = 0, system = 0;
    require(std::sscanf(text.c_str(), "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                        &system) == 2,
            "the program ended");
    return Seconds(static_cast<double>(user + system) /
                   static_cast<double>(::sysconf(_SC_CLK_TCK)));
  }

 private:
  pid_t pid_;
};

Seconds processor_time(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  const auto seconds = [](const timeval& at) {
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_usec) * 1e-6;
  };
  return Seconds(seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

Seconds now() { return std::chrono::steady_clock::now().time_since_epoch(); }

struct Figure {
  double a_second = 0;       // requests a second of wall time
  double a_core_second = 0;  // requests a second of processor time
};

Figure figure(std::uint64_t requests, Seconds wall, Seconds processor) {
  return {static_cast<double>(requests) / wall.count(),
          static_cast<double>(requests) / processor.count()};
}

// The bare loop: what libcurl's documentation shows for curl_multi_socket_action with epoll, and
// no more: a fixed set of handles, each started again as soon as it ends.
class BareEpoll {
 public:
  BareEpoll() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), multi_(curl_multi_init()) {
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &BareEpoll::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &BareEpoll::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  }
  ~BareEpoll() {
    curl_multi_cleanup(multi_);
    ::close(epoll_);
  }
  CURLM* multi() { return multi_; }

  void turn() {
    int running = 0;
    std::array<epoll_event, 256> events;
    const int timeout = timeout_ < 0 ? 100 : static_cast<int>(std::min(timeout_, 100L));
    const int count = ::epoll_wait(epoll_, events.data(), 256, timeout);
    if (timeout_ == 0 || count == 0) {
      curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      const int flags = ((event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                        ((event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                        ((event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
      curl_multi_socket_action(multi_, event.data.fd, flags, &running);
    }
  }

 private:
  static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void* known) {
    auto* loop = static_cast<BareEpoll*>(self);
    epoll_event event{};
    event.data.fd = fd;
    if (what == CURL_POLL_REMOVE) {
      ::epoll_ctl(loop->epoll_, EPOLL_CTL_DEL, fd, &event);
      curl_multi_assign(loop->multi_, fd, nullptr);
      return 0;
    }
    if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
    ::epoll_ctl(loop->epoll_, known != nullptr ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
    curl_multi_assign(loop->multi_, fd, loop);
    return 0;
  }
  static int on_timer(CURLM*, long timeout, void* self) {
    static_cast<BareEpoll*>(self)->timeout_ = timeout;
    return 0;
  }

  int epoll_;
  CURLM* multi_;
  long timeout_ = -1;
};

// The same with curl_multi_perform and curl_multi_poll, which need no descriptors of ours.
class BarePoll {
 public:
  BarePoll() : multi_(curl_multi_init()) {}
  ~BarePoll() { curl_multi_cleanup(multi_); }
  CURLM* multi() { return multi_; }

  void turn() {
    int running = 0;
    // What was just added has a timeout of 0, so the first poll after it does not wait.
    curl_multi_poll(multi_, nullptr, 0, 100, nullptr);
    curl_multi_perform(multi_, &running);
  }

 private:
  CURLM* multi_;
};

std::size_t discard(char*, std::size_t size, std::size_t count, void*) { return size * count; }

CURL* bare_handle(const std::string& url, bool keep) {
  CURL* easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 10000L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &discard);
  if (!keep) {
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  }
  return easy;
}

// Requests by the bare loop; `also` is the processor time of whoever else works for it.
template <typename Loop>
Figure bare(const std::string& url, bool keep, std::size_t concurrency,
            const std::function<Seconds()>& also = nullptr) {
  Loop loop;
  std::vector<CURL*> handles;
  for (std::size_t i = 0; i < concurrency; ++i) {
    handles.push_back(bare_handle(url, keep));
    curl_multi_add_handle(loop.multi(), handles.back());
  }
  std::uint64_t good = 0, all = 0;
  const auto work_until = [&](Seconds end) {
    while (now() < end) {
      loop.turn();
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(loop.multi(), &left)) {
        CURL* easy = message->easy_handle;
        long status = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        good += message->data.result == CURLE_OK && status == 200 ? 1 : 0;
        ++all;
        curl_multi_remove_handle(loop.multi(), easy);
        curl_multi_add_handle(loop.multi(), easy);
      }
    }
  };
  const auto others = [&] { return also ? also() : processor_time(RUSAGE_THREAD); };
  work_until(now() + kLength / 10);
  const Seconds wall = now(), processor = others();
  const std::uint64_t before = all;
  work_until(wall + kLength);
  const Figure result = figure(all - before, now() - wall, others() - processor);
  require(good == all && all > 0, fmt::format("bare: {} of {} answers are 200", good, all));
  for (CURL* easy : handles) {
    curl_multi_remove_handle(loop.multi(), easy);
    curl_easy_cleanup(easy);
  }
  return result;
}

std::uint64_t ended(sources::Board& board) {
  std::uint64_t sum = 0;
  for (const auto& counts : board.counts()) {
    for (const auto& [outcome, count] : counts.outcomes) {
      require(outcome == "200", "recoup: an answer is " + outcome);
      sum += count;
    }
  }
  return sum;
}

// The whole process is timed: the probe loop and the thread that drains the board, as in service.
Figure real(const std::string& url, bool keep) {
  std::vector<config::ProbeSettings> settings(kProbes);
  for (std::size_t i = 0; i < settings.size(); ++i) {
    settings[i].id = std::to_string(i);
    settings[i].url = url;
    settings[i].every = kPeriod;
    settings[i].timeout = std::chrono::seconds(10);
    settings[i].keep_alive = keep;
    settings[i].answer = {"x-amzn-requestid", "x-amzn-errortype", "__type"};
  }
  Probing probing(settings);
  const auto work_until = [&](Seconds end) {
    while (now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      probing.board.drain();
    }
  };
  work_until(now() + kLength / 10);
  const Seconds wall = now(), processor = processor_time(RUSAGE_SELF);
  const std::uint64_t before = ended(probing.board);
  work_until(wall + kLength);
  const std::uint64_t after = ended(probing.board);
  const Figure result =
      figure(after - before, now() - wall, processor_time(RUSAGE_SELF) - processor);
  probing.stop();
  return result;
}

// 100,000 probes, each due once a minute: processor, memory, and how late they are.
void sweep(const std::string& url, std::size_t count, Seconds length) {
  std::vector<config::ProbeSettings> settings(count);
  for (std::size_t i = 0; i < count; ++i) {
    settings[i].id = fmt::format("probe-{}", i);
    settings[i].url = fmt::format("{}{}", url, i);
    settings[i].every = std::chrono::seconds(60);
    settings[i].timeout = std::chrono::seconds(10);
    settings[i].answer = {"x-amzn-requestid", "x-amzn-errortype", "__type"};
  }
  const Seconds begin = now();
  const Seconds processor = processor_time(RUSAGE_SELF);
  Probing probing(settings);
  std::uint64_t sent = 0;
  while (sent == 0) sent = ended(probing.board);
  const Seconds first = now() - begin;
  while (now() < begin + length) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    probing.board.drain();
    ended(probing.board);  // as a scrape does
  }
  const Seconds used = processor_time(RUSAGE_SELF) - processor;
  const Seconds wall = now() - begin;
  sent = ended(probing.board);
  const core::Histogram lateness = probing.board.lateness();
  probing.stop();
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  fmt::print(
      "{} probes every 60 s for {:.0f} s: {} answers, {:.3f} cores, {} MB at most, the first "
      "answer after {:.0f} ms\nlateness:",
      count, wall.count(), sent, used / wall, usage.ru_maxrss / 1024, first.count() * 1000);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < core::Histogram::kBoundsMs.size(); ++i) {
    sum += lateness.counts()[i];
    fmt::print(" {:.3f}% <= {} ms;",
               100.0 * static_cast<double>(sum) / static_cast<double>(lateness.count()),
               core::Histogram::kBoundsMs[i]);
    if (sum == lateness.count()) break;
  }
  fmt::print("\n");
}

std::string nginx_config(const TempDir& dir, int port) {
  std::string text = fmt::format(
      "daemon off; worker_processes 1; pid {0}/nginx.pid; error_log {0}/error.log;\n"
      "events {{ worker_connections 8192; }}\n"
      "http {{ access_log off; keepalive_requests 1000000000; keepalive_timeout 120s;\n",
      dir.path().string());
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    text += fmt::format("  {}_temp_path {}/{};\n", kind, dir.path().string(), kind);
  }
  return text + fmt::format(
                    "  server {{ listen 127.0.0.1:{} backlog=4096; location / {{ add_header "
                    "x-amzn-requestid $request_id; return 200 \"ok\"; }} }} }}\n",
                    port);
}

void wait_until_it_answers(const std::string& url) {
  CURL* easy = bare_handle(url, false);
  const Seconds end = now() + Seconds(10);
  while (curl_easy_perform(easy) != CURLE_OK) require(now() < end, url + " does not answer");
  curl_easy_cleanup(easy);
}

Figure median(std::vector<Figure> figures) {
  const auto middle = [&](double Figure::*member) {
    std::sort(figures.begin(), figures.end(),
              [&](const Figure& a, const Figure& b) { return a.*member < b.*member; });
    return figures[figures.size() / 2].*member;
  };
  return {middle(&Figure::a_second), middle(&Figure::a_core_second)};
}

void compare(const std::string& target, const std::string& blackbox, const Child& exporter) {
  struct Row {
    std::string name;
    std::function<Figure()> run;
    std::vector<Figure> figures = {};
  };
  const auto exporter_time = [&] { return exporter.processor_time(); };
  std::vector<Row> rows{
      {"libcurl multi, epoll, kept", [&] { return bare<BareEpoll>(target, true, kConcurrency); }},
      {"libcurl multi, poll, kept", [&] { return bare<BarePoll>(target, true, kConcurrency); }},
      {"recoup, kept", [&] { return real(target, true); }},
      {"libcurl multi, epoll, fresh", [&] { return bare<BareEpoll>(target, false, kConcurrency); }},
      {"libcurl multi, poll, fresh", [&] { return bare<BarePoll>(target, false, kConcurrency); }},
      {"recoup, fresh", [&] { return real(target, false); }},
      {"blackbox_exporter", [&] { return bare<BareEpoll>(blackbox, true, 16, exporter_time); }}};
  for (int round = 0; round < kRounds; ++round) {
    for (Row& row : rows) row.figures.push_back(row.run());
  }
  fmt::print("{:<30}{:>14}{:>22}{:>20}\n", "", "requests/s", "requests/s a core",
             "CPU s per 1,000");
  std::vector<Figure> medians;
  for (const Row& row : rows) {
    const Figure at = medians.emplace_back(median(row.figures));
    fmt::print("{:<30}{:>14.0f}{:>22.0f}{:>20.4f}\n", row.name, at.a_second, at.a_core_second,
               1000 / at.a_core_second);
  }
  const auto core = [&](std::size_t row) { return medians[row].a_core_second; };
  const auto show = [&](const char* what, std::size_t engine) {
    fmt::print(
        "{}: {:.2f} of the bare epoll loop, {:.2f} of the bare poll loop, {:.1f} x blackbox\n",
        what, core(engine) / core(engine - 2), core(engine) / core(engine - 1),
        core(engine) / core(6));
  };
  fmt::print("\n");
  show("kept connections ", 2);
  show("fresh connections", 5);
}

void run(int argc, char** argv) {
  ::setenv("no_proxy", "*", 1);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const TempDir dir;
  const int nginx_port = free_port(), exporter_port = free_port();
  const Child nginx({"nginx", "-p", dir.path().string(), "-e", dir.path().string() + "/error.log",
                     "-c", dir.write("nginx.conf", nginx_config(dir, nginx_port))});
  const std::string target = fmt::format("http://127.0.0.1:{}/", nginx_port);
  wait_until_it_answers(target);
  if (argc > 1 && std::string(argv[1]) == "sweep") {
    sweep(target, 100'000, Seconds(argc > 2 ? std::atof(argv[2]) : 65));
    return;
  }
  const Child exporter(
      {"prometheus-blackbox-exporter", "--log.level=error",
       fmt::format("--web.listen-address=127.0.0.1:{}", exporter_port),
       "--config.file=" +
           dir.write("blackbox.yml",
                     "modules:\n  http_2xx:\n    prober: http\n    timeout: 10s\n    http:\n"
                     "      preferred_ip_protocol: ip4\n")});
  wait_until_it_answers(fmt::format("http://127.0.0.1:{}/", exporter_port));
  compare(target,
          fmt::format("http://127.0.0.1:{}/probe?module=http_2xx&target={}", exporter_port, target),
          exporter);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
