#include "service/thread_group.h"

#include <new>

#include "service/system_world.h"
#include "support/catch.h"

using namespace recoup;
using service::ThreadGroup;

namespace {

const core::World kWorld = service::system_world();

// A part that goes on until it is told to stop.
void go_on(const std::stop_token& stop) { kWorld.clock.pause(stop, core::kNever); }

}  // namespace

TEST_CASE("what one part throws stops the others and is thrown where they were started") {
  std::stop_source outside;
  ThreadGroup threads(kWorld.threads, outside.get_token());
  const auto failing =
      threads.start("failing", [](const std::stop_token&) { throw std::bad_alloc(); });
  go_on(threads.ending());
  failing->join();
  CHECK_FALSE(outside.stop_requested());
  CHECK_THROWS_AS(threads.rethrow(), std::bad_alloc);
}

TEST_CASE("parts that are stopped from outside throw nothing") {
  std::stop_source outside;
  ThreadGroup threads(kWorld.threads, outside.get_token());
  const auto part = threads.start("part", [&](const std::stop_token&) { go_on(threads.ending()); });
  outside.request_stop();
  part->join();
  CHECK(threads.ending().stop_requested());
  threads.rethrow();
}
