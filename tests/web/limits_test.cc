// Who calls too often, too slowly or too long is held within limits, and nobody else notices.
#include <condition_variable>
#include <mutex>
#include <vector>

#include "service/system_world.h"
#include "support/catch.h"
#include "support/descriptors.h"
#include "support/fake_clock.h"
#include "support/loopback_server.h"
#include "web/client.h"
#include "web/http/connections.h"
#include "web/http/server.h"

using namespace recoup;
using namespace std::chrono_literals;
using recoup::test::Client;

namespace {

const core::Instant kNow = std::chrono::sys_days(std::chrono::year(2026) / 10 / 3);

// Gate lets what waits at it through when it is opened.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void wait_for(int waiting) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= waiting; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

// World is a server with limits of its own, a clock that the test moves, and a gate before what is
// takes work.
struct World {
  FakeClock clock{kNow};
  Gate gate;
  std::unique_ptr<web::Server> server;

  explicit World(web::Limits limits = {}) {
    const auto handler = [this](const web::Request& request) -> web::ResponseOrWork {
      if (request.path == "/large") return web::Response{200, "x/y", std::string(16 << 20, 'x')};
      if (request.path != "/slow") return web::Response{200, "text/plain", "here"};
      return web::Work([this] {
        gate.pass();
        return web::Response{200, "text/plain", "at last"};
      });
    };
    web::ServerOptions options{"127.0.0.1"};
    options.limits = limits;
    auto started = web::Server::start(options, handler, {clock, service::system_world().threads});
    REQUIRE(started.ok());
    server = *std::move(started);
  }
  ~World() { gate.open(); }

  std::string get(const std::string& path) const {
    Client client(server->port());
    client.say("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return client.answer();
  }
};

}  // namespace

TEST_CASE("a request that never becomes whole is cut off, however it trickles") {
  World world;
  Client loris(world.server->port());
  loris.say("GET / HTTP/1.1\r\nHost: x\r\n");
  REQUIRE(eventually([&] { return world.server->counts().connections == 1; }));
  for (int i = 0; i < 3; ++i) {
    world.clock.advance(10s);
    loris.say("X-More: 1\r\n");
  }
  world.clock.advance(1s);
  CHECK(loris.rest() == "");
  CHECK(world.server->counts().closed_early == 1);
  CHECK(world.get("/").ends_with("here"));
}

TEST_CASE("a connection that was kept and says nothing more is closed, one in use is not") {
  World world;
  Client idle(world.server->port());
  Client busy(world.server->port());
  for (Client* client : {&idle, &busy}) {
    client->say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client->answer().ends_with("here"));
  }
  world.clock.advance(29s);
  busy.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(busy.answer().ends_with("here"));
  world.clock.advance(29s);
  CHECK(idle.rest() == "");
  busy.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(busy.answer().ends_with("here"));
}

TEST_CASE("whoever does not take an answer is cut off after two minutes") {
  World world;
  Client reader(world.server->port());
  reader.say("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(eventually([&] { return world.server->counts().answers.contains(200); }));
  world.clock.advance(121s);
  REQUIRE(eventually([&] { return world.server->counts().connections == 0; }));
  CHECK(reader.rest().size() < (16 << 20));
}

TEST_CASE("10,000 idle connections leave room for a new one that asks") {
  const std::size_t most = recoup::test::room_for(10'000);
  if (most < 10'000) WARN("only " << most << " can be opened here");
  World world;
  std::vector<std::unique_ptr<Client>> idle;
  for (std::size_t i = 0; i < most; ++i) {
    idle.push_back(std::make_unique<Client>(world.server->port()));
    if (i % 1000 == 999) CHECK(world.get("/").ends_with("here"));
  }
  CHECK(world.server->counts().connections <= 1024 + 256);
  CHECK(world.server->counts().closed_early + 2'000 >= most);
}

TEST_CASE("a connection that is being answered is not closed to make room") {
  web::Limits limits;
  limits.connections = 2;
  World world(limits);
  Client slow(world.server->port());
  slow.say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  world.gate.wait_for(1);
  Client idle(world.server->port());
  REQUIRE(eventually([&] { return world.server->counts().connections == 2; }));
  CHECK(world.get("/").ends_with("here"));
  CHECK(idle.rest() == "");
  world.gate.open();
  CHECK(slow.answer().ends_with("at last"));
}

TEST_CASE("more requests than may wait are answered 503, and what is quick is answered on") {
  web::Limits limits;
  limits.waiting = 2;
  World world(limits);
  std::vector<std::unique_ptr<Client>> slow;
  // Two are at work, two wait.
  for (int i = 0; i < 4; ++i) {
    slow.push_back(std::make_unique<Client>(world.server->port()));
    slow.back()->say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    if (i < 2) world.gate.wait_for(i + 1);
  }
  REQUIRE(eventually([&] {
    const std::string answer = world.get("/slow");
    return answer.starts_with("HTTP/1.1 503 ") && answer.find("Retry-After: ") != std::string::npos;
  }));
  CHECK(world.get("/").ends_with("here"));
  world.gate.open();
  for (const auto& client : slow) CHECK(client->answer().ends_with("at last"));
}

TEST_CASE("answers that nobody takes are limited in all") {
  web::Limits limits;
  limits.answers = 40UL << 20;
  World world(limits);
  std::vector<std::unique_ptr<Client>> readers;
  for (int i = 0; i < 2; ++i) {
    readers.push_back(std::make_unique<Client>(world.server->port()));
    readers.back()->say("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  REQUIRE(eventually([&] { return world.server->counts().answers[200] == 2; }));
  CHECK(world.get("/large").starts_with("HTTP/1.1 503 "));
  CHECK(world.get("/").ends_with("here"));
  for (const auto& reader : readers) CHECK(reader->answer().size() > (16 << 20));
  REQUIRE(eventually([&] { return world.get("/large").starts_with("HTTP/1.1 200 "); }));
}

TEST_CASE("a server that stops answers what is at work and drops what waits") {
  web::Limits limits;
  auto world = std::make_unique<World>(limits);
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 3; ++i) {
    slow.push_back(std::make_unique<Client>(world->server->port()));
    slow.back()->say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  world->gate.wait_for(2);
  world->gate.open();
  world.reset();
  for (const auto& client : slow) {
    const std::string answer = client->rest();
    INFO(answer);
    CHECK((answer.empty() || answer.ends_with("at last") || answer.starts_with("HTTP/1.1 503 ")));
  }
}

TEST_CASE("an address has a share of the connections, and its own oldest is closed for its next") {
  web::Limits limits;
  limits.connections = 8;
  limits.by_address = 4;
  World world(limits);
  Client other(world.server->port(), "127.0.0.1", "127.0.0.2");
  other.say("GET / HTTP/1.1\r\nX: ");
  REQUIRE(eventually([&] { return world.server->counts().connections == 1; }));
  std::vector<std::unique_ptr<Client>> flood;
  for (int i = 0; i < 20; ++i) {
    flood.push_back(std::make_unique<Client>(world.server->port()));
    flood.back()->say("GET / HTTP/1.1\r\nX: ");
  }
  REQUIRE(eventually([&] { return world.server->counts().closed_early == 16; }));
  CHECK(world.get("/").ends_with("here"));
  // Who came first of all is of another address: it is still there.
  other.say("y\r\nHost: x\r\n\r\n");
  CHECK(other.answer().ends_with("here"));
}

TEST_CASE("where all are too many, the address that has most loses one") {
  web::Limits limits;
  limits.connections = 6;
  World world(limits);
  Client other(world.server->port(), "127.0.0.1", "127.0.0.2");
  REQUIRE(eventually([&] { return world.server->counts().connections == 1; }));
  std::vector<std::unique_ptr<Client>> flood;
  for (int i = 0; i < 20; ++i) flood.push_back(std::make_unique<Client>(world.server->port()));
  REQUIRE(eventually([&] { return world.server->counts().closed_early == 15; }));
  other.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(other.answer().ends_with("here"));
}

TEST_CASE("who takes no answer is closed for a new one where nobody waits") {
  web::Limits limits;
  limits.connections = 2;
  World world(limits);
  std::vector<std::unique_ptr<Client>> readers;
  for (int i = 0; i < 2; ++i) {
    readers.push_back(std::make_unique<Client>(world.server->port()));
    readers.back()->say("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto asked = static_cast<std::uint64_t>(i) + 1;
    REQUIRE(eventually([&] { return world.server->counts().answers[200] == asked; }));
  }
  CHECK(world.get("/").ends_with("here"));
  CHECK(readers[0]->rest().size() < (16 << 20));
}

TEST_CASE("where the limits become lower, those that wait longest go, until there are few enough") {
  World world;
  std::vector<std::unique_ptr<Client>> clients;
  for (std::uint64_t open = 1; open <= 5; ++open) {
    clients.push_back(std::make_unique<Client>(world.server->port()));
    REQUIRE(eventually([&] { return world.server->counts().connections == open; }));
  }
  web::Limits lower;
  lower.connections = 3;
  world.server->limit(lower);
  CHECK(world.server->counts().closed_early == 2);
  CHECK(clients[0]->rest().empty());
  CHECK(clients[1]->rest().empty());
  for (const auto& client : {clients[2].get(), clients[3].get(), clients[4].get()}) {
    client->say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client->answer().ends_with("here"));
  }
  // They hold for the next one, too, until they are as before.
  REQUIRE(eventually([&] { return world.server->counts().connections == 3; }));
  const Client fourth(world.server->port());
  CHECK(clients[2]->rest().empty());
  world.server->limit({});
  const Client fifth(world.server->port());
  REQUIRE(eventually([&] { return world.server->counts().connections == 4; }));
  CHECK(world.server->counts().closed_early == 3);
}

TEST_CASE("what is being answered stays, whatever the limits become") {
  World world;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 1; i <= 2; ++i) {
    clients.push_back(std::make_unique<Client>(world.server->port()));
    clients.back()->say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    world.gate.wait_for(i);
  }
  web::Limits lower;
  lower.connections = 1;
  world.server->limit(lower);
  CHECK(world.server->counts().closed_early == 0);
  world.gate.open();
  for (const auto& client : clients) CHECK(client->answer().ends_with("at last"));
}

TEST_CASE("the limits shrink with the descriptors there are, and never to nothing") {
  const web::Limits usual;
  CHECK(web::limits_within(1'000'000).connections == usual.connections);
  CHECK(web::limits_within(web::descriptors_of(usual)).connections == usual.connections);
  for (const std::size_t descriptors : {2'000, 800, 100, 24}) {
    INFO(descriptors);
    const web::Limits limits = web::limits_within(descriptors);
    CHECK(web::descriptors_of(limits) <= descriptors);
    CHECK(limits.connections < usual.connections);
    CHECK(limits.by_address <= limits.connections / 2);
    CHECK(limits.by_address > 0);
  }
  CHECK(web::limits_within(0).connections == 8);
}

TEST_CASE("addresses are told apart by what one host has") {
  const auto of = [](const char* text) {
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    REQUIRE(inet_pton(AF_INET6, text, &six.sin6_addr) == 1);
    return web::address_of(reinterpret_cast<const sockaddr*>(&six));
  };
  CHECK(of("2001:db8:1:2::1") == of("2001:db8:1:2:ffff::7"));
  CHECK(of("2001:db8:1:2::1") != of("2001:db8:1:3::1"));
  CHECK(of("::ffff:10.0.0.1") != of("::ffff:10.0.0.2"));
  sockaddr_in four{};
  four.sin_family = AF_INET;
  REQUIRE(inet_pton(AF_INET, "10.0.0.1", &four.sin_addr) == 1);
  CHECK(of("::ffff:10.0.0.1") == web::address_of(reinterpret_cast<const sockaddr*>(&four)));
}
