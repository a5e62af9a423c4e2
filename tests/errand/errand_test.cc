#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "errand/http.h"
#include "errand/program.h"
#include "service/system_world.h"
#include "support/catch.h"
#include "support/loopback_server.h"
#include "support/temp_dir.h"

using namespace recoup;
using Request = LoopbackServer::Request;
using Reply = LoopbackServer::Reply;

namespace {

const core::Clock& kClock = service::system_world().clock;

core::Result<std::string> shell(const std::string& script, errand::Program program = {}) {
  program.words = {"sh", "-c", script};
  return errand::run(program, kClock);
}

std::string error_of(const core::Result<std::string>& ran) {
  return ran ? "none" : ran.error().message;
}

}  // namespace

TEST_CASE("an answer of whatever status is given, with its type and its date") {
  LoopbackServer server([](const Request& request) {
    Reply reply;
    reply.status = 418;
    reply.headers = {{"Content-Type", "application/json"},
                     {"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}};
    reply.body = request.method + ' ' + request.header("X-One") + ' ' + request.body;
    return reply;
  });
  const auto answer = errand::send(
      {.method = "PUT", .url = server.url("/x"), .headers = {"X-One: 1"}, .body = "all of it"});
  REQUIRE(answer);
  CHECK(answer->status == 418);
  CHECK(answer->body == "PUT 1 all of it");
  CHECK(answer->type == "application/json");
  REQUIRE(answer->date);
  CHECK(core::to_text(*answer->date) == "1994-11-06T08:49:37Z");
  CHECK_FALSE(errand::date_in("yesterday, perhaps"));
}

TEST_CASE("what is slow, large, broken or elsewhere ends, and its error says nothing of a secret") {
  std::atomic<int> redirected{0};
  LoopbackServer server([&](const Request& request) {
    Reply reply;
    if (request.target.starts_with("/slow")) reply.delay = std::chrono::seconds(20);
    if (request.target.starts_with("/large")) reply.body = std::string(2000, 'x');
    if (request.target.starts_with("/drop")) reply.ending = LoopbackServer::Ending::drop;
    if (request.target.starts_with("/elsewhere")) {
      reply.status = 302;
      reply.headers = {{"Location", "/here"}};
    }
    if (request.target.starts_with("/here")) ++redirected;
    return reply;
  });
  const auto ended = [&](const std::string& target) {
    const auto answer = errand::send({.url = server.url(target) + "?key=hunter2",
                                      .headers = {"Authorization: hunter2"},
                                      .within = core::Millis(300),
                                      .most = 1000});
    return answer ? std::to_string(answer->status) : answer.error().message;
  };
  CHECK(ended("/slow") == "Timeout was reached");
  CHECK(ended("/large") == "an answer of more than 1000 bytes");
  CHECK(ended("/drop").starts_with("Server returned nothing"));
  CHECK(ended("/elsewhere") == "302");
  CHECK(redirected == 0);
  CHECK(errand::send({.url = "file:///etc/passwd"}).error().message == "Unsupported protocol");

  std::stop_source stop;
  std::jthread stopping([&] { stop.request_stop(); });
  const auto stopped = errand::send(
      {.url = server.url("/slow"), .within = std::chrono::seconds(20)}, stop.get_token());
  CHECK_FALSE(stopped);
}

TEST_CASE("a program is given its input, and what it prints is taken where it is wanted") {
  CHECK(*shell("cat; echo -n behind", {.input = "in it ", .most = 100}) == "in it behind");
  CHECK(shell("echo hunter2; echo hunter2 >&2")->empty());
  // More than a pipe holds, and one that reads nothing of what it is given.
  CHECK(shell("head -c 300000 /dev/zero", {.most = 300'000})->size() == 300'000);
  CHECK(shell("exit 0", {.input = std::string(300'000, 'x')}));
}

TEST_CASE("a program that fails, prints too much or does not end is said, and is gone") {
  const test::TempDir dir;
  CHECK(error_of(shell("echo hunter2; exit 3", {.most = 100})) == "it ended with the status 3");
  CHECK(error_of(shell("kill -9 $$")) == "it was ended by the signal 9");
  CHECK(error_of(shell("yes", {.most = 1000})) == "it printed more than 1000 bytes");
  CHECK(error_of(errand::run({.words = {"recoup-no-such-program"}}, kClock)) ==
        "it could not be started: No such file or directory");
  // With all that it has started.
  const std::string late = dir.file("late");
  CHECK(error_of(shell("(sleep 1; touch " + late + ") & sleep 20",
                       {.within = core::Millis(200)})) == "it did not end within 200ms");
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  CHECK_FALSE(std::filesystem::exists(late));
}
