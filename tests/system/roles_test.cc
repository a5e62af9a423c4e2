// Three probers in networks of their own, two judges and one PostgreSQL, and whatever happens to
// them: in the end the ledger comes to what the server of the test saw.
#include <atomic>
#include <csignal>
#include <iostream>
#include <map>
#include <mutex>
#include <set>

#include <fmt/format.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "core/time.h"
#include "ledger/open.h"
#include "support/catch.h"
#include "support/loopback_server.h"
#include "support/postgres_server.h"
#include "support/relay.h"
#include "system/folder.h"

using namespace recoup;
using namespace recoup::test;
using namespace std::chrono_literals;

namespace {

using Wall = std::chrono::system_clock;

constexpr std::array<const char*, 3> kVantages{"berlin", "tokyo", "lima"};

// Network is where one prober lives: a network namespace, joined to the test's by a pair of virtual
// devices, where the system lets us make one; else the loopback device of all.
class Network {
 public:
  explicit Network(int number)
      : name_(fmt::format("recoup{}x{}", getpid() % 100000, number)),
        device_(fmt::format("rc{}x{}", getpid() % 100000, number)),
        subnet_(fmt::format("10.{}.{}.", 64 + getpid() % 128, number)) {
    is_apart_ =
        ip("netns add " + name_) &&
        ip(fmt::format("link add {0} type veth peer name {0}p netns {1}", device_, name_)) &&
        ip(fmt::format("addr add {}1/24 dev {}", subnet_, device_)) &&
        ip(fmt::format("link set {} up", device_)) &&
        ip(fmt::format("-n {} addr add {}2/24 dev {}p", name_, subnet_, device_)) &&
        ip(fmt::format("-n {} link set {}p up", name_, device_)) &&
        ip(fmt::format("-n {} link set lo up", name_));
    if (!is_apart_) remove();
  }
  ~Network() {
    if (is_apart_) remove();
  }
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  bool is_apart() const { return is_apart_; }
  std::string ours() const { return is_apart_ ? subnet_ + "1" : "127.0.0.1"; }
  std::string theirs() const { return is_apart_ ? subnet_ + "2" : "127.0.0.1"; }

  // The words before those of a program that lives there, with a host name of its own.
  std::vector<std::string> inside() const {
    if (!is_apart_) return {};
    return {"ip",  "netns",   "exec",
            name_, "unshare", "--uts",
            "sh",  "-c",      "hostname \"$0\" && exec \"$@\"",
            name_};
  }
  std::string host() const { return name_; }

  void set(bool up) const {
    if (is_apart_) ip(fmt::format("link set {} {}", device_, up ? "up" : "down"));
  }

 private:
  static bool ip(const std::string& words) {
    const TempDir dir;
    return run({"sh", "-c", "ip " + words}, dir.path().string()).status == 0;
  }
  void remove() const {
    ip("link del " + device_);
    ip("netns del " + name_);
  }

  std::string name_, device_, subnet_;
  bool is_apart_ = false;
};

// What the server of the test answered, in its order, by the path that was asked for: one of a
// probe alone, whose requests follow each other.
class Seen {
 public:
  struct Answer {
    Wall::time_point at;
    int status;
  };

  // Nothing where nobody is answered now: no request is to be on its way when something is stopped,
  // or a new interval of the contract begins.
  std::optional<int> answer(const std::string& path) {
    const std::lock_guard lock(mutex_);
    if (closed_.contains(vantage_of(path)) || is_near_an_interval()) return std::nullopt;
    std::vector<Answer>& all = answers_[path];
    all.push_back({Wall::now(), all.size() % 7 == 6 ? 503 : 200});
    return all.back().status;
  }

  void close(const std::string& vantage) {
    const std::lock_guard lock(mutex_);
    closed_.insert(vantage);
  }
  void open(const std::string& vantage) {
    const std::lock_guard lock(mutex_);
    closed_.erase(vantage);
  }

  std::map<std::string, std::vector<Answer>> all() const {
    const std::lock_guard lock(mutex_);
    return answers_;
  }
  std::size_t of(const std::string& vantage) const {
    const std::lock_guard lock(mutex_);
    std::size_t n = 0;
    for (const auto& [path, answers] : answers_) {
      if (vantage_of(path) == vantage) n += answers.size();
    }
    return n;
  }

  static std::string vantage_of(const std::string& path) {
    return path.substr(1, path.find('/', 1) - 1);
  }

 private:
  static bool is_near_an_interval() {
    const auto in = Wall::now().time_since_epoch() % 300s;
    return in < 1s || in > 299s;
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::vector<Answer>> answers_;
  std::set<std::string> closed_;
};

std::string settings_of(const std::string& ledger, const std::string& listen,
                        const std::string& role, const std::string& vantage,
                        const std::string& url) {
  std::string text = fmt::format(
      "ledger = \"{}\"\nlisten = \"{}\"\nrole = \"{}\"\nvantage = \"{}\"\n"
      "[[agreement]]\nid = \"web\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
      "region = \"us-east-1\"\n",
      ledger, listen, role, vantage);
  for (int i = 0; i < 2; ++i) {
    text += fmt::format(
        "[[agreement.probe]]\nid = \"p{0}\"\nurl = \"{1}/p{0}\"\nevery = \"200ms\"\n", i, url);
  }
  return text;
}

// Site is one process of the service in a folder of its own.
class Site {
 public:
  Site(std::string settings, std::string page, std::vector<std::string> inside)
      : page_(std::move(page)), inside_(std::move(inside)) {
    write_text(dir_.file("recoup.toml"), settings);
  }

  void start() {
    std::vector<std::string> words = inside_;
    for (const std::string& word :
         {std::string("sh"), std::string("-c"), std::string("cd \"$0\" && exec \"$@\""),
          dir_.path().string(), recoup_binary(), std::string("run")}) {
      words.push_back(word);
    }
    process_ = std::make_unique<Process>(words, dir_.path().string());
  }
  int end(int signal) const {
    process_->signal(signal);
    return process_->wait();
  }
  bool ready() const {
    long status = 0;
    http_get(page_ + "/-/ready", &status);
    return status == 200;
  }
  std::string get(const std::string& path) const { return http_get(page_ + path); }
  std::string said() const { return process_->out() + process_->err(); }

 private:
  TempDir dir_;
  std::string page_;
  std::vector<std::string> inside_;
  std::unique_ptr<Process> process_;
};

// Prober is one in its network, with its ways to the server and to the database.
struct Prober {
  Prober(int number, const std::string& vantage, int server, const std::string& database,
         const std::string& socket)
      : network(number), to_server(network.ours(), server), to_database(network.ours(), socket) {
    site = make(vantage, database);
  }

  std::unique_ptr<Site> make(const std::string& vantage, const std::string& database) const {
    const int port = free_port();
    return std::make_unique<Site>(
        settings_of(fmt::format("postgresql://recoup@{}:{}/{}", network.ours(), to_database.port(),
                                database),
                    fmt::format("{}:{}", network.theirs(), port), "prober", vantage,
                    fmt::format("http://{}:{}/{}", network.ours(), to_server.port(), vantage)),
        fmt::format("http://{}:{}", network.theirs(), port), network.inside());
  }

  void cut() {
    network.set(false);
    to_server.cut();
    to_database.cut();
  }
  void mend() {
    network.set(true);
    to_server.mend();
    to_database.mend();
  }

  Network network;
  Relay to_server;
  Relay to_database;
  std::unique_ptr<Site> site;
};

struct World {
  Seen seen;
  LoopbackServer server{[this](const LoopbackServer::Request& request) {
    LoopbackServer::Reply reply;
    const auto status = seen.answer(request.target);
    if (!status) {
      reply.ending = LoopbackServer::Ending::reset;
      return reply;
    }
    reply.status = *status;
    reply.headers = {{"x-amzn-requestid", "request"}};
    return reply;
  }};
  PostgresServer postgres;
  std::string ledger = postgres.new_database();
  std::string database = ledger.substr(ledger.rfind('/') + 1);
  std::array<std::unique_ptr<Prober>, 3> probers;
  std::unique_ptr<Site> judge = make_judge("one");
  std::unique_ptr<Site> other = make_judge("other");

  World() {
    for (std::size_t i = 0; i < probers.size(); ++i) {
      probers[i] = std::make_unique<Prober>(static_cast<int>(i), kVantages[i], server.port(),
                                            database, postgres.socket());
    }
    std::cout << "probers live in "
              << (probers[0]->network.is_apart()
                      ? "network namespaces\n"
                      : "the network of the test: it may make no namespaces\n");
  }

  std::unique_ptr<Site> make_judge(const std::string& name) const {
    const int port = free_port();
    return std::make_unique<Site>(
        settings_of(ledger, fmt::format("127.0.0.1:{}", port), "judge", name, server.url("")),
        fmt::format("http://127.0.0.1:{}", port), std::vector<std::string>());
  }

  bool all_ready() const {
    return eventually([&] {
      return judge->ready() && other->ready() &&
             std::all_of(probers.begin(), probers.end(),
                         [](const auto& one) { return one->site->ready(); });
    });
  }

  std::string seals() const {
    return postgres.ask(ledger, "SELECT month, revision FROM seal ORDER BY month, revision");
  }

  // What of the path is in the ledger, by the status of the answer.
  std::map<int, std::uint64_t> counted(const std::string& path) const {
    std::map<int, std::uint64_t> counts;
    const std::string vantage = Seen::vantage_of(path);
    for (const int status : {200, 503}) {
      const std::string n = postgres.ask(
          ledger,
          fmt::format("SELECT coalesce(sum(count), 0) FROM tally JOIN series ON series.id = "
                      "tally.series JOIN outcome ON outcome.id = tally.outcome WHERE name = '{}' "
                      "AND part = '{}' AND outcome.text = '{}'",
                      path.substr(vantage.size() + 2), vantage, status));
      counts[status] = std::stoull(n);
    }
    return counts;
  }
};

std::string month_before_last() {
  const core::Date today(std::chrono::floor<std::chrono::days>(Wall::now()));
  return core::to_text(core::Month(today.year() / today.month()) - std::chrono::months(2));
}

nlohmann::json assessed(const std::string& ledger, const std::string& import) {
  const Folder folder(fmt::format("ledger = \"{}\"\n", ledger) + agreement());
  if (!import.empty()) folder.import(import);
  const auto all =
      nlohmann::json::parse(folder.done({"assess", "--agreement", "web", "--json"})).at(0);
  nlohmann::json figures;
  for (const char* key : {"month", "requests", "errors", "monthly_uptime", "met", "credit"}) {
    figures[key] = all.at(key);
  }
  return figures;
}

// How many of the answers before the `killed`-th one nobody could see: they came to a process that
// was killed before it had written them. They are the last ones before that.
std::size_t lost_of(const std::vector<Seen::Answer>& answers, std::size_t killed,
                    const std::map<int, std::uint64_t>& counted) {
  const std::uint64_t kept = counted.at(200) + counted.at(503);
  REQUIRE(kept <= answers.size());
  const std::size_t lost = answers.size() - static_cast<std::size_t>(kept);
  REQUIRE(lost <= killed);
  return lost;
}

}  // namespace

TEST_CASE("probers and judges that come and go come to what one whole log comes to") {
  const auto began = Wall::now();
  World world;
  Prober& berlin = *world.probers[0];
  Prober& tokyo = *world.probers[1];
  world.judge->start();
  REQUIRE(eventually([&] { return has(world.judge->get("/metrics"), "recoup_leads 1\n"); }));
  world.other->start();
  for (const auto& one : world.probers) one->site->start();
  REQUIRE(world.all_ready());
  CHECK_HAS(world.other->get("/metrics"), "recoup_leads 0\n");
  CHECK_HAS(berlin.site->get("/metrics"), "recoup_role{role=\"prober\"} 1\n");
  CHECK_HAS(berlin.site->get("/"), "This process counts from berlin");

  // The judge is killed. What is to be sealed comes afterwards: the other one has to do it.
  world.judge->end(SIGKILL);
  const auto killed_at = Wall::now();
  {
    const Folder folder(fmt::format("ledger = \"{}\"\n", world.ledger) + agreement());
    folder.import("minute,outcome,count\n" + month_before_last() + "-03T02:00:00Z,200,20\n");
  }

  // One prober is killed at whatever it is doing.
  REQUIRE(eventually([&] { return world.seen.of("berlin") >= 30; }));
  berlin.site->end(SIGKILL);
  const auto before_kill = world.seen.all();

  // The database is restarted.
  world.postgres.stop(SIGQUIT);
  world.postgres.start();
  berlin.site->start();  // waits until the lease of the one that was killed is over

  // A second process for a vantage that lives is refused, and told on which host that is.
  if (tokyo.network.is_apart()) {
    const auto second = world.probers[2]->make("tokyo", world.database);
    second->start();
    CHECK(second->end(0) == 1);
    CHECK_HAS(second->said(), "the only one that records for the vantage 'tokyo'");
    CHECK_HAS(second->said(), tokyo.network.host());
  }

  // One is cut off from everything, goes on, and returns.
  world.seen.close("tokyo");
  std::this_thread::sleep_for(1s);
  tokyo.cut();
  std::this_thread::sleep_for(8s);
  tokyo.mend();
  std::this_thread::sleep_for(2s);
  world.seen.open("tokyo");
  CHECK(eventually([&] { return tokyo.site->ready(); }));

  // The other judge takes over within a minute, and seals what is due.
  CHECK(eventually([&] {
    std::this_thread::sleep_for(100ms);
    return !world.seals().empty();
  }));
  const auto taken_over =
      std::chrono::duration_cast<std::chrono::milliseconds>(Wall::now() - killed_at);
  CHECK(taken_over < 60s);
  CHECK_HAS(world.other->get("/metrics"), "recoup_leads 1\n");
  CHECK(eventually([&] { return berlin.site->ready(); }));
  world.judge->start();  // comes back, and finds another one in its place
  const std::size_t had = world.seen.of("berlin");
  REQUIRE(eventually([&] { return world.seen.of("berlin") >= had + 10; }));
  CHECK(eventually([&] { return world.judge->ready(); }));
  CHECK_HAS(world.judge->get("/metrics"), "recoup_leads 0\n");

  for (const char* vantage : kVantages) world.seen.close(vantage);
  std::this_thread::sleep_for(1s);
  for (const auto& one : world.probers) {
    CHECK(one->site->end(SIGTERM) == 0);
    CHECK_HAS(one->site->said(), "stopped; everything seen is in the ledger");
  }
  CHECK(world.judge->end(SIGTERM) == 0);
  CHECK(world.other->end(SIGTERM) == 0);

  // One log of all requests, but for those that the killed prober alone had seen.
  std::map<std::pair<std::string, int>, std::uint64_t> log;
  std::size_t lost = 0;
  std::size_t all = 0;
  for (const auto& [path, answers] : world.seen.all()) {
    CAPTURE(path);
    const auto counted = world.counted(path);
    const auto before = before_kill.find(path);
    const std::size_t killed = before == before_kill.end() ? 0 : before->second.size();
    const std::size_t gone = lost_of(answers, killed, counted);
    if (Seen::vantage_of(path) != "berlin") CHECK(gone == 0);
    lost += gone;
    all += answers.size();
    std::map<int, std::uint64_t> left;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (i >= killed - gone && i < killed) continue;
      ++left[answers[i].status];
      const auto minute = std::chrono::floor<std::chrono::minutes>(answers[i].at);
      ++log[{core::to_text(core::Instant(std::chrono::time_point_cast<core::Millis>(minute))),
             answers[i].status}];
    }
    CHECK(left[200] == counted.at(200));
    CHECK(left[503] == counted.at(503));
  }
  std::string counts = "minute,outcome,count\n";
  for (const auto& [what, n] : log) counts += fmt::format("{},{},{}\n", what.first, what.second, n);
  CHECK(assessed(world.ledger, "") == assessed("sqlite:log.db", counts));
  CHECK(world.seals() == month_before_last() + "|1\n");
  std::cout << fmt::format(
      "{} requests, of which {} were lost with the prober that was killed; another judge after "
      "{:.1f} s; {:.1f} s in all\n",
      all, lost, static_cast<double>(taken_over.count()) / 1000,
      std::chrono::duration<double>(Wall::now() - began).count());
}
