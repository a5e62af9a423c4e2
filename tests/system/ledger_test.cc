// The ledger of the running program, whatever is done to it: what a server of the test's own
// counted is what it holds, or the program says what it lacks.

#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <regex>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ledger/open.h"
#include "ledger/other.h"
#include "support/catch.h"
#include "support/loopback_server.h"
#include "support/places.h"
#include "system/folder.h"

using namespace recoup;
using namespace recoup::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr int kProbes = 4;

struct Counted {
  std::uint64_t served = 0;
  std::uint64_t errors = 0;
  std::uint64_t records = 0;
  std::uint64_t gap = 0;     // probes that were due while the service did not run
  std::uint64_t missed = 0;  // probes that were due and not sent

  std::uint64_t all() const { return served + errors; }
};

Counted read_ledger(const std::string& path) {
  const auto ledger = ledger::open_ledger("sqlite:" + path, ledger::Missing::refuse);
  INFO((ledger ? "" : ledger.error().message));
  REQUIRE(ledger.ok());
  const core::Interval always{core::Instant{}, *core::parse_instant("2200-01-01T00:00:00Z")};
  const auto tallies = (*ledger)->tallies("nginx", always);
  REQUIRE(tallies.ok());
  Counted counted;
  for (const auto& row : tallies->rows()) {
    const core::Outcome& outcome = tallies->outcomes()[row.outcome];
    if (outcome == core::Outcome(core::Answered{200})) counted.served += row.count;
    if (outcome == core::Outcome(core::Answered{503})) counted.errors += row.count;
    if (std::holds_alternative<core::Missed>(outcome)) counted.missed += row.count;
  }
  for (const auto& gap : tallies->gaps()) counted.gap += gap.due(gap.span);
  REQUIRE((*ledger)
              ->evidence("nginx", always,
                         [&](const record::Evidence& one) {
                           counted.records +=
                               one.outcome == core::Outcome(core::Answered{503}) ? 1 : 0;
                         })
              .ok());
  return counted;
}

// World is the program and a server that counts what it answers: every seventh request is a 503.
struct World {
  TempDir dir;
  std::string folder = dir.path().string();
  std::string ledger = dir.file("recoup.db");
  std::atomic<std::uint64_t> served{0};
  std::atomic<std::uint64_t> errors{0};
  std::atomic<bool> closed{false};  // requests are cut off, and not counted
  std::atomic<int> cut_off{0};
  LoopbackServer server{[this](const LoopbackServer::Request&) {
    LoopbackServer::Reply reply;
    if (closed) {
      ++cut_off;
      reply.ending = LoopbackServer::Ending::reset;
      return reply;
    }
    const bool error = (served + errors) % 7 == 6;
    ++(error ? errors : served);
    reply.status = error ? 503 : 200;
    reply.headers = {{"x-amzn-requestid", fmt::format("request-{}", seen())}};
    return reply;
  }};
  int port = free_port();
  std::unique_ptr<Process> process;

  World() { write_settings("recoup.toml", port); }

  void write_settings(const std::string& name, int listen) const {
    write_text(dir.file(name), probing_settings(server.url(), listen, kProbes));
  }

  // A file that grows beyond a limit is an error to the program then, as a full disk is.
  void start() {
    process = std::make_unique<Process>(
        std::vector<std::string>{"sh", "-c", "trap '' XFSZ; cd \"$0\" && exec \"$@\"", folder,
                                 recoup_binary(), "run"},
        folder);
  }

  // No answer is on its way when the service is told to stop.
  int stop() {
    closed = true;
    const bool all = recoup::test::eventually([&] { return cut_off >= 4 * kProbes; });
    const int status = end(SIGTERM);
    closed = false;
    return all ? status : -1;
  }

  int end(int signal) const {
    process->signal(signal);
    return process->wait();
  }

  std::string get(const std::string& path, long* status = nullptr) const {
    return http_get(fmt::format("http://127.0.0.1:{}{}", port, path), status);
  }

  bool ready() const {
    long status = 0;
    get("/-/ready", &status);
    return status == 200;
  }

  std::uint64_t seen() const { return served + errors; }
  bool sees_more(std::uint64_t more) const {
    const std::uint64_t before = seen();
    return recoup::test::eventually([&] { return seen() >= before + more; });
  }

  bool said(const std::string& words) const { return has(process->out() + process->err(), words); }
  std::uint64_t write_failures() const {
    const std::string metrics = get("/metrics");
    const std::string name = "recoup_ledger_errors_total{operation=\"write\"} ";
    const auto at = metrics.find(name);
    return at == std::string::npos ? 0 : std::stoull(metrics.substr(at + name.size()));
  }
  std::uint64_t times_said(const std::string& words) const {
    std::uint64_t times = 0;
    const std::string all = process->out();
    for (auto at = all.find(words); at != std::string::npos; at = all.find(words, at + 1)) ++times;
    return times;
  }

  // Everything that was answered is in the ledger, once, and every Error has its record.
  void check_all(const std::string& path) const {
    const Counted counted = read_ledger(path);
    CHECK(counted.served == served);
    CHECK(counted.errors == errors);
    CHECK(counted.records == counted.errors);
    CHECK(counted.gap == 0);
  }
};

}  // namespace

TEST_CASE("a ledger that is deleted, moved or loses its log under the service loses nothing") {
  World world;
  world.start();
  REQUIRE(recoup::test::eventually([&] { return world.ready(); }));
  const std::vector<std::function<void()>> blows{
      [&] {
        for (const char* end : {"", "-wal", "-shm"}) fs::remove(world.ledger + end);
      },
      [&] { fs::rename(world.ledger, world.dir.file("away.db")); },
      [&] { fs::remove(world.ledger + "-wal"); },
      [&] { fs::resize_file(world.ledger + "-wal", 0); }};
  std::uint64_t saves = 0;
  for (const auto& blow : blows) {
    REQUIRE(world.sees_more(60));
    blow();
    ++saves;
    INFO(world.process->out());
    REQUIRE(
        recoup::test::eventually([&] { return world.times_said("it was saved to ") == saves; }));
    REQUIRE(recoup::test::eventually([&] { return world.ready(); }));
  }
  REQUIRE(world.sees_more(60));
  const std::string metrics = world.get("/metrics");
  CHECK_HAS(metrics, fmt::format("recoup_ledger_errors_total{{operation=\"write\"}} {}\n", saves));
  CHECK(world.stop() == 0);
  CHECK(world.said("stopped; everything seen is in the ledger"));
  CHECK(world.said("the file was deleted or moved away while it was in use; it was saved to "));
  CHECK(
      world.said("its write-ahead log (-wal) was cut short while it was in use; it was saved to "));
  CHECK(world.said("writing works again after "));
  world.check_all(world.ledger);
}

TEST_CASE("a file that takes the ledger's place stays, and all is recorded beside it") {
  World world;
  world.start();
  REQUIRE(recoup::test::eventually([&] { return world.ready(); }));
  REQUIRE(world.sees_more(60));
  fs::rename(world.dir.write("other", "somebody's own"), world.ledger);
  const std::string saved = world.ledger + ".saved-1";
  REQUIRE(recoup::test::eventually([&] { return fs::exists(saved); }));
  REQUIRE(world.sees_more(60));
  CHECK(recoup::test::eventually([&] { return !world.ready(); }));
  CHECK(world.stop() == 1);
  CHECK(world.said("stopped; everything seen is in " + saved));
  CHECK(read_text(world.ledger) == "somebody's own");
  world.check_all(saved);

  // As the program says: the right file in its place, and on.
  fs::rename(saved, world.ledger);
  world.start();
  REQUIRE(recoup::test::eventually([&] { return world.ready(); }));
  CHECK(world.end(SIGTERM) == 0);
}

TEST_CASE(
    "the last words of a service that cannot write say what is lost, and the exit status too") {
  World world;
  world.start();
  REQUIRE(recoup::test::eventually([&] { return world.ready(); }));
  REQUIRE(world.sees_more(60));
  bool lost = false;
  SECTION("nothing, when there is room again") {
    // A file that may not grow, and one that need not.
    world.process->limit_files(4096);
    REQUIRE(recoup::test::eventually([&] { return !world.ready(); }));
    REQUIRE(world.sees_more(60));
    world.process->limit_files(RLIM_INFINITY);
    REQUIRE(recoup::test::eventually([&] { return world.ready(); }));
    CHECK(world.stop() == 0);
    CHECK(world.said("writing works again after "));
  }
  SECTION("nothing, when there is room just after the signal") {
    world.process->limit_files(4096);
    REQUIRE(recoup::test::eventually([&] { return !world.ready(); }));
    REQUIRE(world.sees_more(60));
    world.closed = true;
    REQUIRE(recoup::test::eventually([&] { return world.cut_off >= 4 * kProbes; }));
    const auto failures = world.write_failures();
    world.process->signal(SIGTERM);
    REQUIRE(recoup::test::eventually([&] { return world.write_failures() > failures + 2; }));
    world.process->limit_files(RLIM_INFINITY);
    CHECK(world.process->wait() == 0);
    CHECK(world.said("stopped; everything seen is in the ledger"));
  }
  SECTION("the requests since the disk was full") {
    lost = true;
    world.process->limit_files(4096);
    REQUIRE(recoup::test::eventually([&] { return !world.ready(); }));
    REQUIRE(world.sees_more(60));
    CHECK(world.end(SIGTERM) == 1);
    CHECK_FALSE(world.said("everything seen is in the ledger"));
  }
  const Counted counted = read_ledger(world.ledger);
  if (!lost) {
    world.check_all(world.ledger);
    return;
  }
  const std::string all = world.process->out() + world.process->err();
  std::smatch words;
  REQUIRE(std::regex_search(all, words,
                            std::regex("stopped; ([0-9]+) requests that were counted and ([0-9]+) "
                                       "records of evidence are lost: ")));
  // What was on its way when it stopped is not counted.
  const std::uint64_t told = counted.all() + std::stoull(words[1]);
  CHECK(told <= world.seen());
  CHECK(told + 2 * kProbes >= world.seen());
  CHECK(counted.records + std::stoull(words[2]) <= world.errors);
  CHECK(std::stoull(words[2]) > 0);
}

TEST_CASE("a second service for the same vantage and ledger is refused, one for another is not") {
  World world;
  world.start();
  REQUIRE(recoup::test::eventually([&] { return world.ready(); }));
  const int port = free_port();
  world.write_settings("second.toml", port);
  const Finished second = recoup_in(world.dir, {"run", "--config", "second.toml"});
  CHECK(second.status == 1);
  CHECK_HAS(second.err,
            "expected to be the only one that records for the vantage 'test', but process ");
  CHECK_HAS(second.err, " has done so since 20");
  CHECK_HAS(second.err, "help: stop that process, or give this one a `vantage`");
  CHECK(recoup_in(world.dir, {"assess"}).status == 0);

  std::string other = read_text(world.dir.file("second.toml"));
  other.replace(other.find("vantage = \"test\""), 16, "vantage = \"other\"");
  write_text(world.dir.file("second.toml"), other);
  Process beside({"sh", "-c", "cd \"$0\" && exec \"$@\"", world.folder, recoup_binary(), "run",
                  "--config", "second.toml"},
                 world.folder);
  REQUIRE(recoup::test::eventually([&] {
    long status = 0;
    http_get(fmt::format("http://127.0.0.1:{}/-/ready", port), &status);
    return status == 200;
  }));
  REQUIRE(world.sees_more(60));
  world.closed = true;
  REQUIRE(recoup::test::eventually([&] { return world.cut_off >= 8 * kProbes; }));
  beside.signal(SIGTERM);
  CHECK(beside.wait() == 0);
  CHECK(world.end(SIGTERM) == 0);
  world.check_all(world.ledger);
}

TEST_CASE("a command that reads makes no ledger, and says which path has none") {
  const Folder folder("ledger = \"sqlite:recuop.db\"\n" + agreement());
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"assess"},
           {"claims"},
           {"claims", "seal"},
           {"explain", "--agreement", "web", "2026-06-03"},
           {"claim", "--agreement", "web", "--month", "2026-06", "--out", "claim"},
           {"verify", "--agreement", "web"},
           {"exclude", "--agreement", "web", "--list"}}) {
    INFO(words[0]);
    const Finished finished = folder.recoup(words);
    CHECK(finished.status == 1);
    CHECK_HAS(finished.err,
              "recuop.db: error: could not open the ledger: expected a ledger, got no file\n"
              "help: see whether `ledger` in the settings names the right file");
    CHECK_FALSE(fs::exists(folder.dir.file("recuop.db")));
  }
  write_text(folder.dir.file("counts.csv"), kCounts);
  const std::vector<std::string> import{"import",   "--agreement", "web",
                                        "--format", "counts",      "counts.csv"};
  const std::string first = folder.done(import);
  CHECK_HAS(first, "sqlite:recuop.db: a new ledger\n");
  CHECK_FALSE(has(folder.done(import), "a new ledger"));
}

TEST_CASE("verify sets counts against evidence, and says what it cannot prove") {
  World world;
  world.start();
  REQUIRE(recoup::test::eventually([&] { return world.ready(); }));
  REQUIRE(world.sees_more(60));
  CHECK(world.end(SIGTERM) == 0);
  const std::vector<std::string> verify{"verify", "--agreement", "nginx"};
  Finished finished = recoup_in(world.dir, verify);
  CHECK(finished.status == 0);
  CHECK_HAS(finished.out, "agrees   every record of evidence was counted in its minute\n");
  CHECK_HAS(finished.out, "UNKNOWN  counts of time that no seal covers: ");

  Other(world.ledger)
      .run(
          "UPDATE tally SET count = count + 5 WHERE outcome = (SELECT id FROM outcome "
          "WHERE text = '503')");
  finished = recoup_in(world.dir, verify);
  CHECK(finished.status == 0);
  CHECK_HAS(finished.out,
            " requests that ended in 503 were counted without a record of their own\n");

  Other(world.ledger)
      .run(
          "UPDATE tally SET count = 0 WHERE outcome = (SELECT id FROM outcome "
          "WHERE text = '503')");
  finished = recoup_in(world.dir, verify);
  CHECK(finished.status == 1);
  CHECK_HAS(finished.out, " records of 503 and counts 0\n");
}

// RECOUP_KILLS says how often; a report goes to standard output.
TEST_CASE("after every kill -9 the ledger has what it had, nothing twice, and a gap for the rest") {
  const char* wanted = std::getenv("RECOUP_KILLS");
  const int kills = wanted != nullptr ? std::atoi(wanted) : 5;
  World world;
  std::mt19937 random(20261126);
  Counted before;
  std::uint64_t lost_before = 0;  // of what was answered until the last kill
  std::uint64_t covered = 0;
  for (int kill = 0; kill < kills; ++kill) {
    INFO("kill " << kill);
    world.start();
    // At any moment, of its start too; now and then after some seconds.
    const int longest = kill % 5 == 4 ? 3500 : 900;
    const std::uint64_t enough = world.seen() + 500;
    recoup::test::eventually(
        [&] { return world.seen() >= enough; },
        std::chrono::milliseconds(std::uniform_int_distribution(1, longest)(random)));
    const bool made = fs::exists(world.ledger);
    const Counted just_before =
        made && fs::file_size(world.ledger) > 0 ? read_ledger(world.ledger) : Counted{};
    CHECK(world.end(SIGKILL) == 128 + SIGKILL);
    if (just_before.served == 0) continue;
    const Counted after = read_ledger(world.ledger);
    CHECK(after.served >= just_before.served);
    CHECK(after.errors >= just_before.errors);
    CHECK(just_before.served >= before.served);
    // A run states the gap before it counts anything.
    if (just_before.all() > before.all()) CHECK(lost_before <= just_before.gap);
    CHECK(after.served <= world.served);
    CHECK(after.errors <= world.errors);
    CHECK(after.records == after.errors);
    before = after;
    lost_before = world.seen() - after.all();
    ++covered;
  }
  world.start();
  REQUIRE(recoup::test::eventually([&] { return world.ready(); }));
  CHECK(world.end(SIGTERM) == 0);
  const Counted counted = read_ledger(world.ledger);
  const std::uint64_t lost = world.seen() - counted.served - counted.errors;
  INFO("witness " << world.seen() << ", ledger " << counted.all() << ", gap " << counted.gap);
  CHECK(counted.all() <= world.seen());
  CHECK(lost <= counted.gap);
  CHECK(counted.records == counted.errors);
  CHECK(Other(world.ledger).text("PRAGMA integrity_check") == "ok");
  if (wanted != nullptr) {
    fmt::print(
        "{} kills, ledger read around {}: witness {} ({} Errors), ledger {} ({}), lost {}, "
        "gaps of {} due, {} missed\n",
        kills, covered, world.seen(), world.errors.load(), counted.all(), counted.errors, lost,
        counted.gap, counted.missed);
  }
}

namespace {

// A recoup.toml for the ledger of tests/ledger/version-4.sql.
constexpr char kOldSettings[] = R"(
[[agreement]]
id = "kms"
sla = "aws-kms"
account = "123456789012"
region = "us-east-1"
[agreement.charges]
stated = [ { month = "2026-10", amount = "1845.00", currency = "USD", note = "invoice 42" } ]
)";

// The first log that was imported into it.
std::string old_log() {
  std::string text;
  for (int i = 0; i < 720; ++i) {
    const int status = i % 40 == 3 ? 503 : i % 17 == 5 ? 400 : 200;
    text += fmt::format(
        "203.0.113.9 - - [03/Oct/2026:02:{:02}:{:02} +0000] \"POST /v1/k{} HTTP/1.1\" {} 12 \"-\" "
        "\"app/1.0\"\n",
        i / 12 % 60, i % 12 * 5, i, status);
  }
  return text;
}

}  // namespace

TEST_CASE("a ledger that an earlier version wrote is judged and verified to the same figures") {
  const Folder folder(kOldSettings);
  Other(folder.dir.file("recoup.db")).run(read_text(TESTS_DIR "/ledger/version-4.sql").c_str());
  // What the program said of it that wrote it.
  const auto assessed = nlohmann::json::parse(
      folder.done({"assess", "--agreement", "kms", "--month", "2026-10", "--json"}))[0];
  CHECK(assessed["requests"] == 1827);
  CHECK(assessed["errors"] == 22);
  CHECK(assessed["not_requests"] == 2);
  CHECK(assessed["intervals"]["measured"] == 15);
  CHECK(assessed["intervals"]["excluded"] == 6);
  CHECK(assessed["monthly_uptime"]["numerator"] == "1078827463");
  CHECK(assessed["monthly_uptime"]["denominator"] == "1078859520");
  CHECK(assessed["exclusions"][0]["uptime_without"] == "99.995348513956");
  CHECK(assessed["credit"]["amount"] == "184.50");

  const std::string verified = folder.done({"verify", "--agreement", "kms"});
  CHECK_HAS(verified, "every record of evidence fits its chain");
  CHECK_HAS(verified, "every record of evidence was counted in its minute");
  CHECK_HAS(verified,
            "agrees   revision 1 of kms 2026-10, sealed at 2026-11-26T20:37:12.280Z with the "
            "SHA-256 efa205842e1e7eb7ef989c431d8ca3a4ca2d8e8547924ed75c97238eac6c6047");
  CHECK_HAS(verified,
            "agrees   revision 2 of kms 2026-10, sealed at 2026-11-26T20:37:12.454Z with the "
            "SHA-256 00a73e4d4ed82f7d109c85d8cac7de1ef8d22ce7c62be85d2ea5533668d94058");
  CHECK_HAS(folder.done({"claims"}), "submitted  99.997028621483 %");

  // Its probe goes on where it was accounted for, and lines that it counted are known again.
  const record::SeriesKey probe{"kms", record::SeriesKind::probe, "generate", "berlin"};
  {
    const auto ledger = *ledger::open_ledger("sqlite:" + folder.dir.file("recoup.db"));
    const auto checkpoint = *ledger->checkpoint(*ledger->series(probe));
    REQUIRE(checkpoint);
    CHECK(core::to_text(checkpoint->watermark) == "2026-11-26T20:37:24.592Z");
    const auto tallies = *ledger->tallies("kms", {*core::parse_instant("2026-11-01T00:00:00Z"),
                                                  *core::parse_instant("2026-12-01T00:00:00Z")});
    REQUIRE(tallies.gaps().size() == 1);
    CHECK(tallies.gaps()[0].due(tallies.gaps()[0].span) == 16);
  }
  write_text(folder.dir.file("first.log"), old_log());
  CHECK(folder.done({"import", "--agreement", "kms", "--format", "combined", "--log", "web",
                     "first.log"}) == "first.log: 720 lines were read before; nothing new\n");
}
