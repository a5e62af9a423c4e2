// What the real machine does to the running program, each fault with what becomes of it: behaviour,
// metric, message and recovery, as the table in tests/README.md has them.

#include <sys/mount.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "ledger/open.h"
#include "ledger/other.h"
#include "support/catch.h"
#include "support/loopback_server.h"
#include "system/folder.h"

using namespace recoup;
using namespace recoup::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr int kProbesOfMachine = 4;
constexpr const char* kWriteErrors = "recoup_ledger_errors_total{operation=\"write\"}";

// SmallDisk is a file system of a few megabytes in a folder, where this user may mount one.
class SmallDisk {
 public:
  explicit SmallDisk(std::string folder) : folder_(std::move(folder)) {
    fs::create_directory(folder_);
    is_there_ = ::mount("none", folder_.c_str(), "tmpfs", 0, "size=3m") == 0;
  }
  ~SmallDisk() {
    if (is_there_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_there() const { return is_there_; }
  std::string file(const std::string& name) const { return folder_ + '/' + name; }

  // Nothing more has room in it, until there is room again.
  void fill() const {
    std::ofstream out(file("filler"), std::ios::binary);
    const std::string block(4096, 'x');
    while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void make_room() const { fs::remove(file("filler")); }

  bool make_read_only() const {
    return ::mount("none", folder_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=3m") == 0;
  }

 private:
  std::string folder_;
  bool is_there_ = false;
};

// Machine is the program, and a server that counts what it answers: each seventh is a 503.
struct Machine {
  TempDir dir;
  std::string folder = dir.path().string();
  std::string ledger = dir.file("recoup.db");
  std::atomic<std::uint64_t> served{0}, errors{0};
  std::atomic<bool> is_closed{false};  // requests are cut off, and not counted
  std::atomic<int> cut_off{0};
  std::atomic<int> trouble{0};  // an Ending, or 100: no answer
  LoopbackServer server{[this](const LoopbackServer::Request&) {
    LoopbackServer::Reply reply;
    reply.headers = {{"x-amzn-requestid", fmt::format("request-{}", seen())}};
    reply.body = "some words";
    if (is_closed || trouble != 0) {
      ++cut_off;
      reply.ending = is_closed ? LoopbackServer::Ending::reset
                               : static_cast<LoopbackServer::Ending>(trouble.load() % 100);
      if (trouble == 100 && !is_closed) reply.delay = 3s;
      return reply;
    }
    const bool error = (served + errors) % 7 == 6;
    ++(error ? errors : served);
    reply.status = error ? 503 : 200;
    return reply;
  }};
  int port = free_port();
  std::unique_ptr<Process> process;

  void start(const std::string& before = "true") {
    std::string settings = probing_settings(server.url(), port, kProbesOfMachine);
    settings.replace(settings.find("recoup.db"), 9, ledger);
    for (auto at = settings.find("keep_alive"); at != std::string::npos;
         at = settings.find("keep_alive", at + 20)) {
      settings.insert(at, "timeout = \"1s\"\n");
    }
    write_text(dir.file("recoup.toml"), settings);
    process = std::make_unique<Process>(
        std::vector<std::string>{"sh", "-c",
                                 "echo $$ > \"$0/pid\"; cd \"$0\" && " + before + " && exec \"$@\"",
                                 folder, recoup_binary(), "run"},
        folder);
  }

  pid_t pid() const { return std::stoi(read_text(dir.file("pid"))); }
  std::uint64_t seen() const { return served + errors; }
  std::string get(const std::string& path, long* status = nullptr) const {
    return http_get(fmt::format("http://127.0.0.1:{}{}", port, path), status);
  }
  bool is_ready() const {
    long status = 0;
    get("/-/ready", &status);
    return status == 200;
  }
  bool gets_ready() const {
    return recoup::test::eventually([&] { return is_ready(); });
  }
  bool gets_unready() const {
    return recoup::test::eventually([&] {
      long status = 0;
      get("/-/ready", &status);
      return status == 503;
    });
  }
  bool sees_more(std::uint64_t more = 60) const {
    const std::uint64_t before = seen();
    return recoup::test::eventually([&] { return seen() >= before + more; });
  }
  double metric(const std::string& name) const {
    const std::string metrics = get("/metrics");
    const auto at = metrics.find('\n' + name + ' ');
    return at == std::string::npos ? 0 : std::stod(metrics.substr(at + name.size() + 2));
  }
  // The sum of a counter over what has these words in its labels.
  double sum(const std::string& name, const std::string& label) const {
    std::istringstream lines(get("/metrics"));
    double all = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(name + '{') && has(line, label))
        all += std::stod(line.substr(line.rfind(' ') + 1));
    }
    return all;
  }
  std::string said() const { return process->out() + process->err(); }

  // Stops when no answer is on its way; all that was answered is in the ledger, once.
  void stop_and_check() {
    is_closed = true;
    const int before = cut_off;
    REQUIRE(recoup::test::eventually([&] { return cut_off >= before + 4 * kProbesOfMachine; }));
    process->signal(SIGTERM);
    CHECK(process->wait() == 0);
    INFO(said());
    const auto opened = ledger::open_ledger("sqlite:" + ledger, ledger::Missing::refuse);
    REQUIRE(opened.ok());
    const core::Interval always{core::Instant{}, *core::parse_instant("2200-01-01T00:00:00Z")};
    const auto tallies = (*opened)->tallies("nginx", always);
    REQUIRE(tallies.ok());
    std::uint64_t counted[2] = {};
    for (const auto& row : tallies->rows()) {
      const core::Outcome& outcome = tallies->outcomes()[row.outcome];
      if (outcome == core::Outcome(core::Answered{200})) counted[0] += row.count;
      if (outcome == core::Outcome(core::Answered{503})) counted[1] += row.count;
    }
    CHECK(counted[0] == served);
    CHECK(counted[1] == errors);
    CHECK(tallies->gaps().empty());
  }
};

}  // namespace

TEST_CASE("full disk: all waits in memory, the probes go on, and with room again all is written") {
  Machine machine;
  const SmallDisk disk(machine.dir.file("disk"));
  if (disk.is_there()) machine.ledger = disk.file("recoup.db");
  // Where nothing can be mounted, a file that may not grow is as good.
  machine.start("trap '' XFSZ");
  REQUIRE(machine.gets_ready());
  REQUIRE(machine.sees_more());
  disk.is_there() ? disk.fill() : machine.process->limit_files(4096);
  REQUIRE(machine.gets_unready());
  REQUIRE(machine.sees_more());
  CHECK(machine.metric(kWriteErrors) > 0);
  CHECK(machine.metric("recoup_ledger_writable") == 0);
  if (disk.is_there()) {
    CHECK_HAS(machine.said(), "database or disk is full");
    CHECK_HAS(machine.said(), "help: free space where the ledger lies");
  }
  disk.is_there() ? disk.make_room() : machine.process->limit_files(RLIM_INFINITY);
  REQUIRE(machine.gets_ready());
  CHECK(machine.metric("recoup_ledger_writable") == 1);
  CHECK_HAS(machine.said(), "writing works again after ");
  machine.stop_and_check();
}

TEST_CASE("read-only disk: the service does not start, and says who must be able to write") {
  Machine machine;
  const SmallDisk disk(machine.dir.file("disk"));
  if (!disk.is_there()) {
    WARN("this test is skipped for want of the right to mount a file system");
    return;
  }
  machine.ledger = disk.file("recoup.db");
  machine.start();
  REQUIRE(machine.gets_ready());
  REQUIRE(machine.sees_more());
  // The system makes it so when nobody writes there: a disk with errors, or a hand.
  machine.process->signal(SIGTERM);
  CHECK(machine.process->wait() == 0);
  REQUIRE(disk.make_read_only());
  machine.start();
  CHECK(machine.process->wait() == 1);
  INFO(machine.said());
  CHECK_HAS(machine.said(), "recoup.db: error: could not ");
  CHECK_HAS(machine.said(),
            "help: the folder must exist, and this user must be able to write the file and its "
            "folder");
}

namespace {

// Writes these bytes over the begin of a file, whoever has it open.
void put(const std::string& path, const std::string& bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  REQUIRE(file.flush().good());
}

// Each page but the first, which says what the file is.
std::string damaged(const std::string& whole) {
  return whole.substr(0, 4096) + std::string(whole.size() - 4096, '\x5a');
}

}  // namespace

TEST_CASE("damaged page: what rests on it is an error, and when it is whole again all goes on") {
  Machine machine;
  machine.start();
  REQUIRE(machine.gets_ready());
  REQUIRE(machine.sees_more());
  // Nothing is carried over to the file from here on: somebody reads it as it was.
  Other reader(machine.ledger);
  Other writer(machine.ledger);
  const std::string version = writer.text("PRAGMA user_version");
  reader.run("PRAGMA wal_checkpoint(FULL)");
  reader.run("BEGIN; SELECT count(*) FROM series");
  const std::string whole = read_text(machine.ledger);
  put(machine.ledger, damaged(whole));
  // What is in the service's memory is of no use to it when another process has written.
  writer.run(("PRAGMA user_version = " + version).c_str());
  REQUIRE(machine.gets_unready());
  REQUIRE(machine.sees_more());
  CHECK(machine.metric(kWriteErrors) > 0);
  CHECK_HAS(machine.said(), "database disk image is malformed");
  CHECK_HAS(machine.said(), "help: put a copy in its place that was made before");
  put(machine.ledger, whole);
  reader.run("ROLLBACK");
  REQUIRE(machine.gets_ready());
  machine.stop_and_check();
}

TEST_CASE("damaged page at a start: the service does not start, and says what to do") {
  Machine machine;
  machine.start();
  REQUIRE(machine.gets_ready());
  REQUIRE(machine.sees_more());
  machine.process->signal(SIGTERM);
  CHECK(machine.process->wait() == 0);
  const std::string whole = read_text(machine.ledger);
  put(machine.ledger, damaged(whole));
  machine.start();
  CHECK(machine.process->wait() == 1);
  INFO(machine.said());
  CHECK_HAS(machine.said(), "malformed");
  CHECK_HAS(machine.said(), "help: put a copy in its place that was made before");
  put(machine.ledger, whole);
  machine.start();
  REQUIRE(machine.gets_ready());
  machine.process->signal(SIGTERM);
  CHECK(machine.process->wait() == 0);
}

TEST_CASE("locked ledger: all waits in memory until the other process lets go of it") {
  Machine machine;
  machine.start();
  REQUIRE(machine.gets_ready());
  REQUIRE(machine.sees_more());
  Other other(machine.ledger);
  other.run("BEGIN IMMEDIATE");
  REQUIRE(machine.gets_unready());
  REQUIRE(machine.sees_more());
  CHECK(machine.metric(kWriteErrors) > 0);
  CHECK_HAS(machine.said(), "database is locked");
  CHECK_HAS(machine.said(), "help: another process is writing the ledger");
  other.run("ROLLBACK");
  REQUIRE(machine.gets_ready());
  machine.stop_and_check();
}

TEST_CASE("newer ledger: the service does not start, changes nothing, and says which recoup can") {
  Machine machine;
  machine.start();
  REQUIRE(machine.gets_ready());
  machine.process->signal(SIGTERM);
  CHECK(machine.process->wait() == 0);
  Other(machine.ledger).run("PRAGMA user_version = 999");
  const std::string before = read_text(machine.ledger);
  machine.start();
  CHECK(machine.process->wait() == 1);
  CHECK_HAS(machine.said(), "or older, got version 999");
  CHECK_HAS(machine.said(), "help: use the newer recoup that wrote it");
  CHECK(read_text(machine.ledger) == before);
}

TEST_CASE("10 descriptors: what cannot be sent is missed for that, and is no Error") {
  Machine machine;
  machine.start();
  REQUIRE(machine.gets_ready());
  REQUIRE(machine.sees_more());
  // Connections that are there go on: new ones are what has no room.
  machine.is_closed = true;
  rlimit before{};
  REQUIRE(prlimit(machine.pid(), RLIMIT_NOFILE, nullptr, &before) == 0);
  const rlimit few{10, before.rlim_max};
  REQUIRE(prlimit(machine.pid(), RLIMIT_NOFILE, &few, nullptr) == 0);
  std::this_thread::sleep_for(2s);
  REQUIRE(prlimit(machine.pid(), RLIMIT_NOFILE, &before, nullptr) == 0);
  machine.is_closed = false;
  REQUIRE(machine.gets_ready());
  REQUIRE(machine.sees_more());
  CHECK(machine.sum("recoup_probes_missed_total", "reason=\"resources\"") > 0);
  machine.stop_and_check();
}

TEST_CASE("packet loss: an answer that stalls, is cut or reset is none, and never an Error") {
  Machine machine;
  machine.start();
  REQUIRE(machine.gets_ready());
  using Ending = LoopbackServer::Ending;
  struct Trouble {
    int what;
    const char* outcome;
  };
  for (const Trouble& one :
       {Trouble{100, "outcome=\"timeout\""}, Trouble{static_cast<int>(Ending::half), "reset"},
        Trouble{static_cast<int>(Ending::drop), "reset"},
        Trouble{static_cast<int>(Ending::reset), "reset"}}) {
    INFO(one.what);
    REQUIRE(machine.sees_more());
    const double before = machine.sum("recoup_requests_total", one.outcome);
    machine.trouble = one.what;
    REQUIRE(recoup::test::eventually([&] {
      return machine.sum("recoup_requests_total", one.outcome) >= before + kProbesOfMachine;
    }));
    machine.trouble = 0;
  }
  REQUIRE(machine.sees_more());
  CHECK(machine.is_ready());
  machine.stop_and_check();
}

// RECOUP_KILLS says how often.
TEST_CASE("killed at any instant: what nginx logged is in the ledger, once, or in a gap") {
  const char* wanted = std::getenv("RECOUP_KILLS");
  const int kills = wanted != nullptr ? std::atoi(wanted) : 24;
  const TempDir dir;
  Nginx nginx(dir.path().string());
  const int port = free_port();
  write_text(dir.file("recoup.toml"), probing_settings(nginx.url(), port, 10));
  const auto start = [&] {
    return std::make_unique<Process>(
        std::vector<std::string>{recoup_binary(), "run", "--config", dir.file("recoup.toml")},
        dir.path().string());
  };
  std::mt19937 random(20261128);
  for (int i = 0; i < kills; ++i) {
    const auto process = start();
    // At any moment, of its start too; now and then after a while.
    std::this_thread::sleep_for(std::chrono::milliseconds(
        std::uniform_int_distribution(1, i % 6 == 5 ? 3000 : 500)(random)));
    process->signal(SIGKILL);
    CHECK(process->wait() == 128 + SIGKILL);
  }
  // The last one records until nothing is on its way any more.
  const auto last = start();
  REQUIRE(recoup::test::eventually([&] {
    long status = 0;
    http_get(fmt::format("http://127.0.0.1:{}/-/ready", port), &status);
    return status == 200;
  }));
  const int before = nginx.requests();
  REQUIRE(recoup::test::eventually([&] { return nginx.requests() >= before + 50; }));
  nginx.stop();
  std::this_thread::sleep_for(1s);
  last->signal(SIGTERM);
  CHECK(last->wait() == 0);

  const auto ledger =
      ledger::open_ledger("sqlite:" + dir.file("recoup.db"), ledger::Missing::refuse);
  REQUIRE(ledger.ok());
  const core::Interval always{core::Instant{}, *core::parse_instant("2200-01-01T00:00:00Z")};
  const auto tallies = (*ledger)->tallies("nginx", always);
  REQUIRE(tallies.ok());
  std::int64_t counted = 0, gap = 0;
  for (const auto& row : tallies->rows()) {
    if (tallies->outcomes()[row.outcome] == core::Outcome(core::Answered{200}))
      counted += static_cast<std::int64_t>(row.count);
  }
  for (const auto& one : tallies->gaps()) gap += static_cast<std::int64_t>(one.due(one.span));
  const std::int64_t logged = nginx.requests();
  INFO("logged " << logged << ", counted " << counted << ", gaps of " << gap << " due");
  CHECK(counted > 0);
  CHECK(counted <= logged);
  CHECK(logged - counted <= gap);
  CHECK(Other(dir.file("recoup.db")).text("PRAGMA integrity_check") == "ok");
  if (wanted != nullptr) {
    fmt::print("{} kills: nginx logged {} requests, {} are in the ledger, gaps of {} due\n", kills,
               logged, counted, gap);
  }
}
