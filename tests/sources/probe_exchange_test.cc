// What a prober does when its probes are exchanged while it runs.
#include <atomic>

#include "sources/probe/prober.h"
#include "support/catch.h"
#include "support/loopback_server.h"
#include "support/probing.h"

using namespace recoup;
using Request = LoopbackServer::Request;
using sources::probe::ProbeSettings;

namespace {

// A server that counts requests by path; those for /slow are never answered in time.
struct World {
  LoopbackServer server{[](const Request& request) {
    LoopbackServer::Reply reply{200};
    if (request.target == "/slow") reply.delay = std::chrono::seconds(30);
    return reply;
  }};

  ProbeSettings probe(const std::string& id, const std::string& path) {
    ProbeSettings settings;
    settings.id = id;
    settings.url = server.url(path);
    settings.every = core::Millis(5);
    settings.timeout = std::chrono::seconds(20);
    return settings;
  }

  std::size_t requests(const std::string& path) {
    std::size_t count = 0;
    for (const Request& request : server.requests()) count += request.target == path ? 1 : 0;
    return count;
  }

  bool eventually_sent(const std::string& path, std::size_t more = 3) {
    const std::size_t before = requests(path);
    return eventually([&] { return requests(path) >= before + more; });
  }

  // What was on its way to `path` has come: nothing more came while others were sent elsewhere.
  bool eventually_quiet(const std::string& path, const std::string& elsewhere) {
    return eventually([&] {
      const std::size_t before = requests(path);
      return eventually_sent(elsewhere, 10) && requests(path) == before;
    });
  }
};

std::uint64_t due_of(Probing& probing, const std::string& id) {
  for (const auto& counts : probing.board.counts()) {
    if (counts.probe == id) return counts.due;
  }
  return 0;
}

bool is_watched(Probing& probing, const std::string& id) {
  take(probing.board);
  const auto all = probing.board.counts();
  return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.probe == id; });
}

}  // namespace

TEST_CASE(
    "a probe that is added is sent, one that is taken out is not, and one that stays goes on") {
  World world;
  Probing probing({world.probe("gone", "/gone"), world.probe("stays", "/stays")});
  REQUIRE(world.eventually_sent("/gone"));
  REQUIRE(world.eventually_sent("/stays"));
  const std::uint64_t due = due_of(probing, "stays");

  probing.exchange({world.probe("stays", "/stays"), world.probe("new", "/new")});
  REQUIRE(world.eventually_sent("/new"));
  REQUIRE(eventually([&] { return !is_watched(probing, "gone"); }));
  REQUIRE(world.eventually_quiet("/gone", "/stays"));
  const std::size_t sent = world.requests("/gone");
  REQUIRE(world.eventually_sent("/stays", 10));
  CHECK(world.requests("/gone") == sent);
  CHECK(due_of(probing, "stays") > due);
}

TEST_CASE("a probe that changed is counted on, by what it is from then on") {
  World world;
  Probing probing({world.probe("p", "/before")});
  REQUIRE(world.eventually_sent("/before"));
  ProbeSettings changed = world.probe("p", "/after");
  changed.every = core::Millis(3);
  probing.exchange({changed});
  REQUIRE(world.eventually_sent("/after"));
  REQUIRE(world.eventually_quiet("/before", "/after"));
  const std::size_t sent = world.requests("/before");
  REQUIRE(world.eventually_sent("/after", 10));
  CHECK(world.requests("/before") == sent);
  CHECK(probing.board.counts().size() == 1);
  probing.stop();
  CHECK(due_of(probing, "p") >= world.requests("/before") + world.requests("/after"));
}

TEST_CASE("a request in flight of a probe that is taken out ends as it would, and is counted") {
  World world;
  ProbeSettings slow = world.probe("slow", "/slow");
  slow.every = std::chrono::seconds(10);
  slow.timeout = std::chrono::seconds(1);
  Probing probing({slow, world.probe("stays", "/stays")});
  // The first may have come already: to wait for one more would be to wait for the second.
  REQUIRE(eventually([&] { return world.requests("/slow") == 1; }));
  probing.exchange({world.probe("stays", "/stays")});
  const auto counts_of_slow = [&] {
    const auto all = probing.board.counts();
    const auto found =
        std::find_if(all.begin(), all.end(), [](const auto& one) { return one.probe == "slow"; });
    return found == all.end() ? std::optional<recoup::record::ProbeCounts>() : *found;
  };
  REQUIRE(eventually([&] {
    const auto batch = take(probing.board);
    return std::any_of(batch.minutes.begin(), batch.minutes.end(), [](const auto& minute) {
      return minute.counts.front().outcome == core::Outcome(core::Failed{core::NoAnswer::timeout});
    });
  }));
  REQUIRE(eventually([&] { return !is_watched(probing, "slow"); }));
  CHECK_FALSE(counts_of_slow());
  CHECK(world.requests("/slow") == 1);
  probing.stop();
}

TEST_CASE("of probes that are exchanged twice at once, none stays behind") {
  World world;
  Probing probing({world.probe("first", "/first")});
  for (int i = 0; i < 20; ++i) {
    probing.exchange({world.probe("a" + std::to_string(i), "/a")});
    probing.exchange({world.probe("b" + std::to_string(i), "/b")});
  }
  REQUIRE(world.eventually_sent("/b"));
  REQUIRE(eventually([&] {
    take(probing.board);
    return probing.board.counts().size() == 1;
  }));
  CHECK(probing.board.counts().front().probe == "b19");
}
