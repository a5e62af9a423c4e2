#include "sources/probe/prober.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <set>

#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/catch.h"
#include "support/fake_clock.h"
#include "support/loopback_server.h"
#include "support/probing.h"

using namespace recoup;
using core::Millis;
using Ending = LoopbackServer::Ending;
using Reply = LoopbackServer::Reply;
using Request = LoopbackServer::Request;
using Outcomes = std::map<std::string, std::uint64_t>;

namespace {

// A proxy of the machine's must not come between a test and its own server.
[[maybe_unused]] const int kNoProxy = ::setenv("no_proxy", "*", 1);

// A probe that is due once, at the start.
sources::probe::ProbeSettings once(const std::string& url) {
  sources::probe::ProbeSettings settings;
  settings.id = "p";
  settings.url = url;
  settings.every = std::chrono::hours(1);
  settings.timeout = std::chrono::seconds(10);
  return settings;
}

sources::probe::ProbeSettings often(const std::string& url) {
  sources::probe::ProbeSettings settings = once(url);
  settings.every = Millis(2);
  return settings;
}

sources::probe::ProbeSettings kms_once(const std::string& url) {
  sources::probe::ProbeSettings settings = once(url);
  settings.answer = {"x-amzn-requestid", "x-amzn-errortype", *rules::parse_json_path("__type"), {}};
  return settings;
}

Reply reply(int status, std::vector<std::pair<std::string, std::string>> headers = {},
            std::string body = {}, Ending ending = Ending::keep) {
  return {status, std::move(headers), std::move(body), ending, Millis(0)};
}

// What one request came to, and its evidence.
struct Seen {
  std::string outcome;
  std::vector<record::Evidence> evidence;
};

Seen probe_once(const sources::probe::ProbeSettings& settings) {
  Probing probing({settings});
  REQUIRE(eventually([&] { return !probing.outcomes().empty(); }));
  probing.stop();
  const Outcomes outcomes = probing.outcomes();
  REQUIRE(outcomes.size() == 1);
  CHECK(outcomes.begin()->second == 1);
  Seen seen{outcomes.begin()->first, {}};
  for (auto& each : take(probing.board).evidence) seen.evidence.push_back(each.evidence);
  return seen;
}

int closed_port() {
  // The port of a server that is gone.
  return LoopbackServer([](const Request&) { return Reply{}; }).port();
}

// FullServer listens, and has no room for another connection: whoever connects waits.
class FullServer {
 public:
  FullServer() : listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listening_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listening_, 0) == 0);
    REQUIRE(::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    while (enters(address)) {
    }
  }
  ~FullServer() {
    for (const int fd : inside_) ::close(fd);
    ::close(listening_);
  }
  FullServer(const FullServer&) = delete;
  FullServer& operator=(const FullServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  // Whether one more connection stood within a moment.
  bool enters(const sockaddr_in& address) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    REQUIRE(fd >= 0);
    inside_.push_back(fd);
    const auto* to = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(fd, to, sizeof address) == 0) return true;
    pollfd writable{fd, POLLOUT, 0};
    return ::poll(&writable, 1, 200) == 1;
  }

  int listening_;
  int port_ = 0;
  std::vector<int> inside_;
};

}  // namespace

TEST_CASE("an answer is counted by its status and the provider's name for the error") {
  struct Row {
    const char* name;
    Reply reply;
    const char* outcome;
    bool evident;
  };
  const std::pair<std::string, std::string> id{"x-amzn-RequestId", "id-1"};
  const std::string json = R"({"__type":"com.amazonaws.kms#KMSInternalException","message":"m"})";
  for (const Row& row : std::vector<Row>{
           {"a good answer", reply(200, {id}, "{}"), "200", false},
           {"a redirect is not followed", reply(302, {id, {"Location", "/other"}}), "302", false},
           {"a client error", reply(404, {id}), "404", true},
           {"a name in the body", reply(500, {id}, json), "500/KMSInternalException", true},
           {"a name in a header", reply(503, {id, {"X-Amzn-ErrorType", "SlowDown:http://x"}}),
            "503/SlowDown", true},
           {"no request id", reply(503), "503!unattributed", true},
           {"no request id with a good status", reply(200), "200!unattributed", false},
           {"a 503 that breaks off", reply(503, {id}, "0123456789", Ending::half), "503", true},
           {"a 200 that breaks off", reply(200, {id}, "0123456789", Ending::half), "reset", true},
           {"closed without an answer", reply(0, {}, {}, Ending::drop), "reset", true},
           {"reset without an answer", reply(0, {}, {}, Ending::reset), "reset", true}}) {
    INFO(row.name);
    LoopbackServer server([&](const Request&) { return row.reply; });
    const Seen seen = probe_once(kms_once(server.url()));
    CHECK(seen.outcome == row.outcome);
    CHECK(seen.evidence.size() == (row.evident ? 1 : 0));
    CHECK(server.requests().size() == 1);
  }
}

TEST_CASE("no answer has a reason") {
  LoopbackServer server([](const Request&) {
    Reply late = reply(200);
    late.delay = std::chrono::minutes(1);
    return late;
  });
  sources::probe::ProbeSettings slow = once(server.url());
  slow.timeout = Millis(50);
  const std::string refused = "http://127.0.0.1:" + std::to_string(closed_port()) + "/";
  const std::string tls_to_plain = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
  CHECK(probe_once(slow).outcome == "timeout");
  CHECK(probe_once(once(refused)).outcome == "connect");
  CHECK(probe_once(once(tls_to_plain)).outcome == "tls");
  CHECK(probe_once(once("http://no-such-host.invalid/")).outcome == "dns");
}

TEST_CASE("time that runs out before the connection stands is told from a slow answer") {
  const FullServer full;
  sources::probe::ProbeSettings settings = once(full.url());
  settings.timeout = Millis(300);
  const Seen refused = probe_once(settings);
  CHECK(refused.outcome == "connect-timeout");
  CHECK(refused.evidence.size() == 1);

  // It accepts, and says nothing.
  LoopbackServer silent([](const Request&) {
    Reply late = reply(200);
    late.delay = std::chrono::minutes(1);
    return late;
  });
  settings.url = silent.url();
  CHECK(probe_once(settings).outcome == "timeout");
  // The connection stands, and TLS does not: that is no failure to connect.
  settings.url = "https" + silent.url().substr(4);
  CHECK(probe_once(settings).outcome != "connect-timeout");
}

TEST_CASE("an answer that comes later than a contract's time says so") {
  LoopbackServer server([](const Request& request) {
    Reply answer = reply(request.target == "/slow" ? 200 : 503);
    answer.delay = Millis(request.target == "/quick" ? 0 : 150);
    return answer;
  });
  sources::probe::ProbeSettings settings = once(server.url("/slow"));
  settings.late_after = {Millis(50), Millis(100), Millis(8000)};
  CHECK(probe_once(settings).outcome == "200!later-than-100ms");
  settings.url = server.url("/late");
  CHECK(probe_once(settings).outcome == "503!later-than-100ms");
  settings.url = server.url("/quick");
  settings.late_after = {Millis(8000)};
  CHECK(probe_once(settings).outcome == "503");
}

TEST_CASE("evidence says who answered, what was asked, and hides what must be hidden") {
  LoopbackServer server([](const Request&) {
    return reply(503, {{"x-amzn-requestid", "id-9"}}, "{}");
  });
  sources::probe::ProbeSettings settings =
      kms_once(server.url("/keys/1234abcd-12ab-34cd-56ef-1234567890ab?token=hidden"));
  settings.method = "POST";
  settings.body = "{}";
  const Seen seen = probe_once(settings);
  REQUIRE(seen.evidence.size() == 1);
  const record::Evidence& evidence = seen.evidence[0];
  CHECK(evidence.request_id == "id-9");
  CHECK(evidence.peer == "127.0.0.1");
  CHECK(evidence.detail.starts_with("POST /keys/"));
  CHECK(evidence.detail.find("1234abcd") == std::string::npos);
  CHECK(evidence.detail.find("hidden") == std::string::npos);
  CHECK(core::to_text(evidence.outcome) == "503");
}

TEST_CASE(
    "what is expected is evidence all the same where a contract may call "
    "it an Error") {
  LoopbackServer server([](const Request& request) {
    return reply(request.target == "/404" ? 404 : request.target == "/403" ? 403 : 503);
  });
  std::vector<sources::probe::ProbeSettings> settings;
  for (const char* target : {"/404", "/403", "/503"}) {
    settings.push_back(once(server.url(target)));
    settings.back().every = Millis(50);
    settings.back().expect = {403, 404, 503};
  }
  Probing probing(settings, {}, nullptr, {}, [](const core::Outcome& outcome) {
    return outcome == core::Outcome(core::Answered{404});
  });
  REQUIRE(eventually([&] { return probing.outcomes().size() == 3; }));
  probing.stop();
  std::set<std::string> recorded;
  for (const auto& each : take(probing.board).evidence) {
    recorded.insert(core::to_text(each.evidence.outcome));
  }
  CHECK(recorded == std::set<std::string>{"404", "503"});
}

TEST_CASE("what is expected is no evidence") {
  LoopbackServer server([](const Request&) { return reply(403); });
  sources::probe::ProbeSettings settings = once(server.url());
  settings.expect = {403};
  CHECK(probe_once(settings).evidence.empty());
  settings.expect = {200};
  CHECK(probe_once(settings).evidence.size() == 1);
}

TEST_CASE("a request is sent as it is configured") {
  LoopbackServer server([](const Request&) { return reply(200); });
  struct Row {
    const char* method;
    const char* body;
  };
  for (const Row& row : std::vector<Row>{{"GET", ""},
                                         {"POST", ""},
                                         {"POST", "a=1"},
                                         {"PUT", "x"},
                                         {"DELETE", ""},
                                         {"GET", "q"}}) {
    INFO(row.method << " " << row.body);
    sources::probe::ProbeSettings settings = once(server.url("/path?b=2&a=1"));
    settings.method = row.method;
    settings.body = row.body;
    settings.headers = {{"X-Plain", "one", {}}, {"X-Secret", "", record::Secret("two")}};
    CHECK(probe_once(settings).outcome == "200");
    const Request request = server.requests().back();
    CHECK(request.method == row.method);
    CHECK(request.body == row.body);
    CHECK(request.target == "/path?b=2&a=1");
    CHECK(request.header("X-Plain") == "one");
    CHECK(request.header("X-Secret") == "two");
    CHECK(request.header("User-Agent") == "recoup/test");
  }
}

TEST_CASE("a HEAD has no body to wait for") {
  LoopbackServer server([](const Request&) { return reply(200); });
  sources::probe::ProbeSettings settings = once(server.url());
  settings.method = "HEAD";
  CHECK(probe_once(settings).outcome == "200");
  CHECK(server.requests().back().method == "HEAD");
}

TEST_CASE("only http and https are spoken") {
  CHECK(probe_once(once("file:///etc/hostname")).outcome == "other");
}

TEST_CASE("a connection is kept, or is new for each request, as configured") {
  for (const bool keep : {true, false}) {
    INFO(keep);
    LoopbackServer server([](const Request&) { return reply(200); });
    sources::probe::ProbeSettings settings = once(server.url());
    // One request at a time: its timeout is as long as its period.
    settings.every = settings.timeout = Millis(25);
    settings.keep_alive = keep;
    Probing probing({settings});
    REQUIRE(eventually([&] { return server.requests().size() >= 10; }));
    probing.stop();
    std::size_t connections = 0;
    for (const Request& each : server.requests()) {
      connections = std::max(connections, each.connection + 1);
      if (!keep) CHECK(each.number == 0);
    }
    if (keep) CHECK(connections < 10);
  }
}

TEST_CASE("a request whose kept connection dies unanswered is one reset and is not sent again") {
  // Every connection answers its first request and drops its second.
  LoopbackServer server([](const Request& request) {
    return request.number == 0 ? reply(200) : reply(0, {}, {}, Ending::drop);
  });
  sources::probe::ProbeSettings settings = once(server.url());
  settings.every = settings.timeout = Millis(300);
  Probing probing({settings});
  REQUIRE(eventually([&] {
    const Outcomes outcomes = probing.outcomes();
    return outcomes.contains("200") && outcomes.contains("reset");
  }));
  probing.stop();
  CHECK(probing.outcomes() == Outcomes{{"200", 1}, {"reset", 1}});
  CHECK(server.requests().size() == 2);
  CHECK(probing.board.counts()[0].due == 2);
}

TEST_CASE("a kept connection that dies with its server is a reset, not a refused connection") {
  auto server = std::make_unique<LoopbackServer>([](const Request& request) {
    Reply late = reply(200);
    if (request.number == 1) late.delay = std::chrono::minutes(1);
    return late;
  });
  sources::probe::ProbeSettings settings = once(server->url());
  settings.every = Millis(100);
  Probing probing({settings});
  REQUIRE(eventually([&] {
    const auto requests = server->requests();
    return std::any_of(requests.begin(), requests.end(),
                       [](const Request& each) { return each.number == 1; });
  }));
  server.reset();
  REQUIRE(eventually([&] { return probing.outcomes().contains("connect"); }));
  probing.stop();
  const Outcomes outcomes = probing.outcomes();
  CHECK(outcomes.at("200") >= 1);
  CHECK(outcomes.at("reset") >= 1);
}

TEST_CASE("a failure after an answer on the same handle is not taken for the answer") {
  std::atomic<int> left{3};
  LoopbackServer server([&](const Request&) {
    return --left >= 0
               ? reply(503, {{"x-amzn-requestid", "old"}}, R"({"__type":"Old"})", Ending::close)
               : reply(0, {}, {}, Ending::drop);
  });
  sources::probe::ProbeSettings settings = kms_once(server.url());
  settings.every = settings.timeout = Millis(50);
  Probing probing({settings});
  REQUIRE(eventually([&] { return probing.outcomes()["reset"] >= 3; }));
  probing.stop();
  CHECK(probing.outcomes()["503/Old"] == 3);
  for (const auto& each : take(probing.board).evidence) {
    const bool was_answered = std::holds_alternative<core::Answered>(each.evidence.outcome);
    CHECK(each.evidence.request_id == (was_answered ? "old" : ""));
  }
}

TEST_CASE("the counts of many probes are what the server saw") {
  std::mutex mutex;
  Outcomes told;
  LoopbackServer server([&](const Request& request) {
    const int status = std::stoi(request.target.substr(1));
    const std::lock_guard lock(mutex);
    ++told[std::to_string(status)];
    return reply(status, {}, "body", request.number % 7 == 6 ? Ending::close : Ending::keep);
  });
  std::vector<sources::probe::ProbeSettings> settings;
  for (int i = 0; i < 50; ++i) {
    settings.push_back(often(server.url(i % 3 == 0 ? "/200" : i % 3 == 1 ? "/500" : "/503")));
    settings.back().every = Millis(20 + i);
  }
  Probing probing(settings);
  REQUIRE(eventually([&] { return server.requests().size() >= 2000; }));
  probing.stop();
  std::uint64_t due = 0, missed = 0, ended = 0, in_flight = 0;
  for (const auto& counts : probing.board.counts()) {
    due += counts.due;
    in_flight += counts.in_flight;
    for (const auto each : counts.missed) missed += each;
    for (const auto& [outcome, count] : counts.outcomes) ended += count;
  }
  CHECK(due == missed + ended + in_flight);
  Outcomes outcomes = probing.outcomes();
  outcomes.erase("missed/late");
  outcomes.erase("missed/overrun");
  const std::uint64_t dropped = in_flight;
  std::uint64_t difference = 0;
  const std::lock_guard lock(mutex);
  for (const auto& [status, count] : told) {
    CHECK(outcomes[status] <= count);
    difference += count - outcomes[status];
  }
  // What was in flight when it was stopped may have reached the server.
  CHECK(difference <= dropped);
  // A connection that the server closes just when the next request goes out resets it.
  outcomes.erase("reset");
  CHECK(outcomes.size() == 3);
}

TEST_CASE("lack of descriptors is our own fault, not the other side's") {
  LoopbackServer server([](const Request&) { return reply(200); });
  sources::probe::ProbeSettings settings = often(server.url());
  settings.keep_alive = false;
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  Probing probing({settings, [] {
                     sources::probe::ProbeSettings named = often("http://localhost:9/");
                     named.keep_alive = false;
                     return named;
                   }()});
  REQUIRE(eventually([&] { return probing.outcomes()["200"] > 0; }));
  // A limit below what is open: nothing new can be opened.
  const rlimit none{3, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const bool came = eventually([&] { return probing.outcomes()["missed/resources"] > 20; });
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  probing.stop();
  CHECK(came);
  CHECK_FALSE(probing.outcomes().contains("dns"));
  for (const auto& each : take(probing.board).evidence) {
    CHECK_FALSE(std::holds_alternative<core::Missed>(each.evidence.outcome));
  }
}

TEST_CASE("what is due while too many are in flight is missed as overrun") {
  LoopbackServer server([](const Request&) {
    Reply late = reply(200);
    late.delay = std::chrono::minutes(1);
    return late;
  });
  sources::probe::ProbeSettings settings = often(server.url());
  settings.every = Millis(5);
  settings.timeout = std::chrono::seconds(60);
  Probing probing({settings});
  REQUIRE(eventually([&] { return probing.outcomes()["missed/overrun"] > 5; }));
  probing.stop();
  CHECK(server.requests().size() <= 16);
  const record::ProbeCounts counts = probing.board.counts()[0];
  CHECK(counts.in_flight == 16);
  // What was dropped at the stop is neither counted nor accounted for.
  CHECK(counts.outcomes.empty());
  CHECK(take(probing.board).checkpoints.empty());
}

TEST_CASE("every due instant is sent or missed, however late the loop wakes") {
  const core::Instant noon =
      std::chrono::sys_days(std::chrono::year(2026) / 10 / 3) + std::chrono::hours(12);
  FakeClock clock(noon);
  // During each answer the clock moves on by more than a period.
  std::atomic<int> answers{0};
  LoopbackServer server([&](const Request&) {
    if (answers < 40) clock.advance(Millis(1000 + ++answers * 97 % 4000));
    return reply(200);
  });
  sources::probe::ProbeSettings settings = once(server.url());
  settings.every = std::chrono::seconds(1);
  settings.timeout = std::chrono::hours(1);
  Probing probing({settings}, {}, &clock);
  REQUIRE(eventually([&] { return answers == 40 && probing.board.counts()[0].in_flight == 0; }));
  const auto elapsed = clock.wall() - noon;
  // The last answer may have made the next ones due.
  const auto expected = static_cast<std::uint64_t>(elapsed / std::chrono::seconds(1)) + 1;
  REQUIRE(eventually([&] { return probing.board.counts()[0].due >= expected; }));
  REQUIRE(eventually([&] { return probing.board.counts()[0].in_flight == 0; }));
  probing.stop();
  const record::ProbeCounts counts = probing.board.counts()[0];
  CHECK(counts.due == expected);
  CHECK(counts.missed[0] > 0);
  CHECK(counts.due == counts.missed[0] + probing.outcomes()["200"]);
  const auto drained = take(probing.board);
  std::uint64_t in_minutes = 0;
  for (const auto& minute : drained.minutes) {
    for (const auto& [outcome, count] : minute.counts) in_minutes += count;
  }
  CHECK(in_minutes == expected);
  REQUIRE(drained.checkpoints.size() == 1);
  CHECK(drained.checkpoints[0].watermark == noon + std::chrono::seconds(expected - 1));
}

TEST_CASE("a step of the wall clock is recorded and moves no schedule") {
  const core::Instant noon =
      std::chrono::sys_days(std::chrono::year(2026) / 10 / 3) + std::chrono::hours(12);
  FakeClock clock(noon);
  LoopbackServer server([](const Request&) { return reply(200); });
  sources::probe::ProbeSettings settings = once(server.url());
  settings.every = std::chrono::minutes(1);
  Probing probing({settings}, {}, &clock);
  REQUIRE(eventually([&] { return probing.outcomes()["200"] == 1; }));
  clock.step(-std::chrono::hours(2));
  REQUIRE(eventually([&] { return probing.board.clock_steps() == 1; }));
  clock.step(Millis(200));
  clock.advance(std::chrono::minutes(1));
  REQUIRE(eventually([&] { return probing.outcomes()["200"] == 2; }));
  probing.stop();
  CHECK(probing.board.counts()[0].due == 2);
  CHECK(probing.board.clock_steps() == 1);
  const auto drained = take(probing.board);
  REQUIRE(drained.clock_steps.size() == 1);
  CHECK(drained.clock_steps[0].by == -std::chrono::hours(2));
  CHECK(drained.clock_steps[0].at == noon - std::chrono::hours(2));
  // Each is in the minute that the wall showed.
  REQUIRE(drained.minutes.size() == 2);
  CHECK(drained.minutes[0].minute == core::minute_of(noon));
  CHECK(drained.minutes[1].minute ==
        core::minute_of(noon - std::chrono::hours(2) + std::chrono::minutes(1)));
}

TEST_CASE("a prober stops at once, whatever is in flight") {
  LoopbackServer server([](const Request&) {
    Reply late = reply(200);
    late.delay = std::chrono::minutes(1);
    return late;
  });
  sources::probe::ProbeSettings settings = once(server.url());
  settings.timeout = std::chrono::minutes(2);
  Probing probing({settings});
  REQUIRE(eventually([&] { return server.requests().size() == 1; }));
  const auto asked = std::chrono::steady_clock::now();
  probing.stop();
  CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds(5));
  CHECK(probing.outcomes().empty());
}

TEST_CASE("more probes than idle handles are all sent") {
  LoopbackServer server([](const Request&) { return reply(200, {}, "body"); });
  std::vector<sources::probe::ProbeSettings> settings;
  for (int i = 0; i < 3000; ++i) {
    settings.push_back(once(server.url("/" + std::to_string(i))));
    settings.back().every = std::chrono::seconds(1);
  }
  Probing probing(settings);
  REQUIRE(eventually([&] {
    for (const auto& counts : probing.board.counts()) {
      if (counts.outcomes.empty()) return false;
    }
    return true;
  }));
  probing.stop();
  std::map<std::string, int> targets;
  for (const Request& request : server.requests()) ++targets[request.target];
  CHECK(targets.size() == 3000);
}
