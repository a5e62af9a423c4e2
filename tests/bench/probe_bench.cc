// How many probes a second does a core send, beside what libcurl could do at best and beside
// blackbox_exporter? One nginx worker answers them all. Each engine is timed by the processor time
// it takes, since the machine is shared with the server and perhaps with others; runs are
// interleaved, and medians are shown.
//
// The real engine is kept busy by 64 probes that are each due every millisecond. What it does not
// reach is missed as late, as it would be in service. How many of its requests are in flight at
// once follows from that and is not set. The more there are, the longer libcurl looks for an idle
// connection: the bare loops have 32, with which they do best, and send the same request,
// User-Agent and all.
//
// By TLS, all three verify by the same bundle, which each reads once; a connection that is kept,
// one that is fresh with all of its handshake, and one that resumes a session since the server
// closes after each answer. `bench_probe https` is that alone, `bench_probe http` the rest, and
// `bench_probe kept` the first of it. On kept connections each is run signed as well, by AWS
// Signature Version 4, which libcurl makes.
//
// Before all this stands what 10,000 and 100,000 probes take that are due once a minute, with the
// ledger written, and by these a million: `bench_probe sweep [SECONDS [FEW MANY]]` alone.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/x509_vfy.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bare_loops.h"
#include "ledger/open.h"
#include "rules/answer_path.h"
#include "service/recorder.h"
#include "sources/probe/board.h"
#include "sources/probe/loop.h"
#include "sources/probe/prober.h"
#include "sources/probe/url.h"
#include "support/certificates.h"
#include "support/probing.h"
#include "support/temp_dir.h"

namespace {

using namespace recoup;
using namespace recoup::bench;
using recoup::test::TempDir;
constexpr std::size_t kConcurrency = 32;
constexpr std::size_t kProbes = 64;
constexpr core::Millis kPeriod{1};
constexpr int kRounds = 5;
constexpr Seconds kLength{2};

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

std::uint64_t ended(sources::Board& board) {
  std::uint64_t sum = 0;
  for (const auto& counts : board.counts()) {
    for (const auto& [outcome, count] : counts.outcomes) {
      require(outcome == core::Outcome(core::Answered{200}),
              "recoup: an answer is " + to_text(outcome));
      sum += count;
    }
  }
  return sum;
}

// The whole process is timed: the probe loop and the thread that drains the board, as in service.
Figure real(const Target& target) {
  std::vector<sources::probe::ProbeSettings> settings(kProbes);
  for (std::size_t i = 0; i < settings.size(); ++i) {
    settings[i].id = std::to_string(i);
    settings[i].url = target.url;
    settings[i].every = kPeriod;
    settings[i].timeout = std::chrono::seconds(10);
    settings[i].keep_alive = target.keep;
    if (!target.ca_file.empty()) {
      settings[i].tls =
          std::make_shared<const rules::ProbeTls>(rules::ProbeTls{target.ca_file, "", "", ""});
    }
    if (target.is_signed) settings[i].sign = rules::Signing{"", "kms", "us-east-1"};
    settings[i].answer = {
        "x-amzn-requestid", "x-amzn-errortype", *rules::parse_json_path("__type"), {}};
  }
  Probing probing(settings,
                  {{"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", "secret"}});
  const auto work_while = [&](const auto& goes_on) {
    while (goes_on()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      take(probing.board);
    }
  };
  const Seconds first = processor_time(RUSAGE_SELF);
  work_while([&] { return processor_time(RUSAGE_SELF) - first < target.warm_up; });
  const Seconds wall = now(), processor = processor_time(RUSAGE_SELF);
  const std::uint64_t before = ended(probing.board);
  work_while([&] { return now() < wall + kLength; });
  const std::uint64_t after = ended(probing.board);
  const Figure result =
      figure(after - before, now() - wall, processor_time(RUSAGE_SELF) - processor);
  probing.stop();
  return result;
}

// The prober's own loop around bare handles that are given the URL in its parts, as it gives it:
// what is between this and the whole prober is what it knows of each request.
Figure loop_alone(const Target& target) {
  const auto url = sources::probe::parsed_as_sent(target.url);
  sources::probe::Loop loop;
  std::vector<sources::probe::Network::Sockets> sockets(kConcurrency);
  std::vector<CURL*> handles;
  for (auto& one : sockets) {
    handles.push_back(bare_handle(target));
    curl_easy_setopt(handles.back(), CURLOPT_CURLU, url.get());
    loop.adopt(handles.back(), one);
    require(loop.add(handles.back()), "recoup's loop: a transfer cannot be added");
  }
  std::uint64_t good = 0, all = 0;
  const auto work_while = [&](const auto& goes_on) {
    while (goes_on()) {
      for (const auto& ended : loop.turn(std::chrono::milliseconds(100))) {
        long status = 0;
        curl_easy_getinfo(ended.easy, CURLINFO_RESPONSE_CODE, &status);
        good += ended.code == CURLE_OK && status == 200 ? 1 : 0;
        ++all;
        require(loop.add(ended.easy), "recoup's loop: a transfer cannot be added");
      }
    }
  };
  const Seconds first = processor_time(RUSAGE_THREAD);
  work_while([&] { return processor_time(RUSAGE_THREAD) - first < target.warm_up; });
  const Seconds wall = now(), processor = processor_time(RUSAGE_THREAD);
  const std::uint64_t before = all;
  work_while([&] { return now() < wall + kLength; });
  const Figure result =
      figure(all - before, now() - wall, processor_time(RUSAGE_THREAD) - processor);
  require(good == all && all > 0, fmt::format("recoup's loop: {} of {} are 200", good, all));
  for (CURL* easy : handles) {
    loop.remove(easy);
    curl_easy_cleanup(easy);
  }
  return result;
}

std::vector<sources::probe::ProbeSettings> every_minute(const std::string& url, std::size_t count) {
  std::vector<sources::probe::ProbeSettings> settings(count);
  for (std::size_t i = 0; i < count; ++i) {
    settings[i].id = fmt::format("probe-{}", i);
    settings[i].url = fmt::format("{}{}", url, i);
    settings[i].every = std::chrono::seconds(60);
    settings[i].timeout = std::chrono::seconds(10);
    settings[i].answer = {
        "x-amzn-requestid", "x-amzn-errortype", *rules::parse_json_path("__type"), {}};
  }
  return settings;
}

// A ledger that knows the series of that many probes, as Probing numbers them.
std::unique_ptr<ledger::Ledger> ledger_of(const std::string& folder, std::size_t count) {
  auto opened = ledger::open_ledger("sqlite:" + folder + "/recoup.db");
  require(opened.ok(), "no ledger");
  std::vector<record::SeriesKey> keys;
  for (std::size_t i = 0; i < count; ++i) {
    keys.push_back(
        {"kms", record::SeriesKind::probe, fmt::format("probe-{}", i), std::to_string(i + 1)});
  }
  const auto ids = (*opened)->series(keys);
  require(ids.ok() && ids->front() == 1 && ids->size() == count, "the ledger counts otherwise");
  return *std::move(opened);
}

// What so many probes take.
struct Taken {
  double cores = 0;
  double megabytes = 0;  // at most
};

void print_lateness(const record::Histogram& lateness) {
  std::uint64_t sum = 0;
  fmt::print("  late by:");
  for (std::size_t i = 0; i < record::Histogram::kBoundsMs.size(); ++i) {
    sum += lateness.counts()[i];
    fmt::print(" {:.3f}% <= {} ms;",
               100.0 * static_cast<double>(sum) / static_cast<double>(lateness.count()),
               record::Histogram::kBoundsMs[i]);
    if (sum == lateness.count()) break;
  }
  fmt::print("\n");
}

// So many probes, each due once a minute, for so long: processor, memory, and how late they are,
// with all that is counted written to a ledger each second, as in service. After the first
// `warm_up`, in which every connection is made once.
Taken sweep(const std::string& url, std::size_t count, Seconds warm_up, Seconds length) {
  const TempDir dir;
  const auto ledger = ledger_of(dir.path().string(), count);
  Probing probing(every_minute(url, count));
  service::Recorder recorder(*ledger);
  require(
      recorder
          .add(probing.board, std::chrono::floor<core::Millis>(std::chrono::system_clock::now()))
          .ok(),
      "nothing can be recorded");
  const auto work_until = [&](Seconds end) {
    while (now() < end) {
      std::this_thread::sleep_for(std::chrono::seconds(1));
      require(recorder.record().ok(), "the ledger cannot be written");
      ended(probing.board);  // as a scrape does
    }
  };
  work_until(now() + warm_up);
  const Seconds begin = now(), processor = processor_time(RUSAGE_SELF);
  const std::uint64_t before = ended(probing.board);
  work_until(begin + length);
  const Seconds wall = now() - begin;
  const std::uint64_t sent = ended(probing.board) - before;
  Taken taken{(processor_time(RUSAGE_SELF) - processor) / wall, 0};
  const record::Histogram lateness = probing.board.lateness();
  probing.stop();
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  taken.megabytes = static_cast<double>(usage.ru_maxrss) / 1024;
  fmt::print("{} probes every 60 s for {:.0f} s: {} answers, {:.4f} cores, {:.0f} MB at most\n",
             count, wall.count(), sent, taken.cores, taken.megabytes);
  print_lateness(lateness);
  return taken;
}

// The same in a process of its own, whose memory is of these probes alone.
Taken sweep_alone(const std::string& url, std::size_t count, Seconds warm_up, Seconds length) {
  int ends[2] = {-1, -1};
  require(::pipe(ends) == 0, "no pipe");
  std::fflush(nullptr);
  const pid_t child = ::fork();
  require(child >= 0, "fork");
  if (child == 0) {
    int status = 1;
    try {
      const Taken taken = sweep(url, count, warm_up, length);
      status = ::write(ends[1], &taken, sizeof taken) == sizeof taken ? 0 : 1;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "error: %s\n", error.what());
    }
    std::fflush(nullptr);
    ::_exit(status);
  }
  ::close(ends[1]);
  Taken taken;
  const bool told = ::read(ends[0], &taken, sizeof taken) == sizeof taken;
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  require(told, "the probes failed");
  return taken;
}

// Two sizes, and what a million would take by what lies between them: a probe costs what it costs,
// however many others there are.
void sweeps(const std::string& url, std::size_t few, std::size_t many, Seconds length) {
  constexpr double kMillion = 1e6;
  const Seconds warm_up(60);
  const Taken small = sweep_alone(url, few, warm_up, length);
  const Taken large = sweep_alone(url, many, warm_up, length);
  const auto at_a_million = [&](double a, double b) {
    const double slope = (b - a) / static_cast<double>(many - few);
    return b + slope * (kMillion - static_cast<double>(many));
  };
  fmt::print("by these a million every 60 s: {:.2f} cores, {:.0f} MB\n",
             at_a_million(small.cores, large.cores),
             at_a_million(small.megabytes, large.megabytes));
}

// What it costs to know where the time of each request went: the bare loop with and without.
void phases(const std::string& url) {
  std::array<std::vector<double>, 2> costs;  // in microseconds a request
  for (int round = 0; round < kRounds; ++round) {
    for (const bool timed : {false, true}) {
      Target target{url, true};
      target.timed = timed;
      costs[timed ? 1 : 0].push_back(1e6 /
                                     bare<BareEpoll>(target, kConcurrency, kLength).a_core_second);
    }
  }
  for (auto& each : costs) std::sort(each.begin(), each.end());
  const double without = costs[0][kRounds / 2], with = costs[1][kRounds / 2];
  fmt::print(
      "the times of a request's stages, asked for in the bare loop: {:.2f} us of {:.2f}, {:.1f} "
      "%\n\n",
      with - without, without, 100 * (with - without) / without);
}

// Ports is where the server answers: by http, by TLS, and by TLS with a connection for each answer.
struct Ports {
  int plain = free_port();
  int tls = free_port();
  int closing = free_port();
};

std::string nginx_config(const TempDir& dir, const Ports& ports, const Certificates& certificates) {
  std::string text = fmt::format(
      "daemon off; worker_processes 1; pid {0}/nginx.pid; error_log {0}/error.log;\n"
      "events {{ worker_connections 8192; }}\n"
      "http {{ access_log off; keepalive_requests 1000000000; keepalive_timeout 120s;\n"
      "  ssl_certificate {1}; ssl_certificate_key {2}; ssl_protocols TLSv1.2 TLSv1.3;\n",
      dir.path().string(), certificates.pem_file("server"), certificates.key_file("server"));
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    text += fmt::format("  {}_temp_path {}/{};\n", kind, dir.path().string(), kind);
  }
  const auto server = [&](int port, const char* how, const char* timeout) {
    text += fmt::format(
        "  server {{ listen 127.0.0.1:{} {} backlog=4096; keepalive_timeout {}; location / {{ "
        "add_header x-amzn-requestid $request_id; return 200 \"ok\"; }} }}\n",
        port, how, timeout);
  };
  server(ports.plain, "", "120s");
  server(ports.tls, "ssl", "120s");
  server(ports.closing, "ssl", "0");
  return text + "}\n";
}

void wait_until_it_answers(const std::string& url) {
  CURL* easy = bare_handle({url, false});
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

struct Row {
  std::string name;
  std::function<Figure()> run;
  std::vector<Figure> figures = {};
};

// How the engine does on one kind of connection, between what it is compared with.
struct Kind {
  std::string name;
  Target target;
};

void print(const std::vector<Kind>& kinds, std::vector<Row>& rows) {
  fmt::print("{:<36}{:>12}{:>22}{:>18}\n", "", "requests/s", "requests/s a core",
             "CPU ms a request");
  std::vector<double> core;
  for (const Row& row : rows) {
    const Figure at = median(row.figures);
    core.push_back(at.a_core_second);
    fmt::print("{:<36}{:>12.0f}{:>22.0f}{:>18.4f}\n", row.name, at.a_second, at.a_core_second,
               1000 / at.a_core_second);
  }
  fmt::print("\n");
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    constexpr std::size_t kRows = 4;  // of each kind
    const double epoll = core[kRows * i], poll = core[kRows * i + 1];
    const double loop = core[kRows * i + 2], engine = core[kRows * i + 3];
    fmt::print(
        "{}: {:.2f} of the bare epoll loop, {:.2f} of the bare poll loop (its loop alone {:.2f}), "
        "{:.1f} x blackbox\n",
        kinds[i].name, engine / epoll, engine / poll, loop / poll, engine / core.back());
  }
  fmt::print("\n");
}

void compare(const std::vector<Kind>& kinds, const std::string& blackbox, const Child& exporter) {
  std::vector<Row> rows;
  for (const Kind& kind : kinds) {
    const Target& target = kind.target;
    rows.push_back({"libcurl multi, epoll, " + kind.name,
                    [&] { return bare<BareEpoll>(target, kConcurrency, kLength); }});
    rows.push_back({"libcurl multi, poll, " + kind.name,
                    [&] { return bare<BarePoll>(target, kConcurrency, kLength); }});
    rows.push_back({"recoup's loop alone, " + kind.name, [&] { return loop_alone(target); }});
    rows.push_back({"recoup, " + kind.name, [&] { return real(target); }});
  }
  const auto exporter_time = [&] { return exporter.processor_time(); };
  rows.push_back({"blackbox_exporter", [&] {
                    return bare<BareEpoll>({blackbox, true}, 16, kLength, exporter_time);
                  }});
  for (int round = 0; round < kRounds; ++round) {
    for (Row& row : rows) row.figures.push_back(row.run());
  }
  print(kinds, rows);
}

// The system's authorities and the bench's own: as many as a real probe is verified by.
std::string bundle(const TempDir& dir, const Certificates& certificates) {
  std::string text;
  for (const std::string& file :
       {std::string(curl_version_info(CURLVERSION_NOW)->cainfo), certificates.pem_file("ca")}) {
    std::ifstream in(file);
    text.append(std::istreambuf_iterator<char>(in), {});
  }
  return dir.write("bundle.pem", text);
}

void compare_all(const std::string& which, const TempDir& dir, const Ports& ports,
                 const std::string& ca_file) {
  const int port = free_port();
  // Go reads its authorities once, from here.
  ::setenv("SSL_CERT_FILE", ca_file.c_str(), 1);
  const Child exporter(
      {"prometheus-blackbox-exporter", "--log.level=error",
       fmt::format("--web.listen-address=127.0.0.1:{}", port),
       "--config.file=" +
           dir.write("blackbox.yml",
                     "modules:\n  http_2xx:\n    prober: http\n    timeout: 10s\n    http:\n"
                     "      preferred_ip_protocol: ip4\n")});
  wait_until_it_answers(fmt::format("http://127.0.0.1:{}/", port));
  const auto probe_of = [&](const Target& target) {
    return fmt::format("http://127.0.0.1:{}/probe?module=http_2xx&target={}", port, target.url);
  };
  if (which != "https") {
    const std::string url = fmt::format("http://127.0.0.1:{}/", ports.plain);
    Target sigv4{url, true};
    sigv4.is_signed = true;
    std::vector<Kind> kinds{
        {"http, kept", {url, true}}, {"http, fresh", {url, false}}, {"http, kept, signed", sigv4}};
    if (which == "kept") kinds.resize(1);
    compare(kinds, probe_of(kinds[0].target), exporter);
    if (which != "kept") phases(url);
  }
  if (which.empty() || which == "https") {
    X509_STORE* store = X509_STORE_new();
    require(X509_STORE_load_file(store, ca_file.c_str()) == 1, ca_file);
    const std::string url = fmt::format("https://127.0.0.1:{}/", ports.tls);
    const std::string closing = fmt::format("https://127.0.0.1:{}/", ports.closing);
    // A thousand handshakes: the engine may have as many connections.
    const Seconds made(1);
    const Seconds brief(0.05);
    Target sigv4{url, true, ca_file, made, store};
    sigv4.is_signed = true;
    const std::vector<Kind> kinds{{"TLS, kept", {url, true, ca_file, made, store}},
                                  {"TLS, fresh", {url, false, ca_file, brief, store}},
                                  {"TLS, resumed", {closing, true, ca_file, made, store}},
                                  {"TLS, kept, signed", sigv4}};
    compare(kinds, probe_of(kinds[0].target), exporter);
    X509_STORE_free(store);
  }
}

struct Words {
  std::string which;
  double seconds = 60;
  std::size_t few = 10'000, many = 100'000;  // probes of the sweeps
};

void run(const Words& words) {
  ::setenv("no_proxy", "*", 1);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const TempDir dir;
  Certificates certificates;
  certificates.authority("ca");
  certificates.issue("server", "ca", "IP:127.0.0.1");
  const Ports ports;
  const Child nginx({"nginx", "-p", dir.path().string(), "-e", dir.path().string() + "/error.log",
                     "-c", dir.write("nginx.conf", nginx_config(dir, ports, certificates))});
  const std::string target = fmt::format("http://127.0.0.1:{}/", ports.plain);
  wait_until_it_answers(target);
  // First, while this process has little memory that those of the sweeps would begin with.
  if (words.which.empty() || words.which == "sweep") {
    sweeps(target, words.few, words.many, Seconds(words.seconds));
  }
  if (words.which == "sweep") return;
  compare_all(words.which, dir, ports, bundle(dir, certificates));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Words words;
    if (argc > 1) words.which = argv[1];
    const std::array<std::string, 5> known{"", "http", "https", "kept", "sweep"};
    require(std::find(known.begin(), known.end(), words.which) != known.end(),
            "usage: bench_probe [http|https|kept|sweep [SECONDS [FEW MANY]]]");
    if (argc > 2) words.seconds = std::atof(argv[2]);
    if (argc > 4) {
      words.few = static_cast<std::size_t>(std::atoll(argv[3]));
      words.many = static_cast<std::size_t>(std::atoll(argv[4]));
    }
    run(words);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
