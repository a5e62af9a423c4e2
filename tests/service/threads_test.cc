#include "service/threads.h"

#include <condition_variable>
#include <new>

#include "support/catch.h"

using recoup::service::Threads;

namespace {

// A part that goes on until it is told to stop.
void go_on(const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait(lock, stop, [] { return false; });
}

}  // namespace

TEST_CASE("what one part throws stops the others and is thrown where they were started") {
  std::stop_source outside;
  Threads threads(outside.get_token());
  std::jthread failing = threads.start([](const std::stop_token&) { throw std::bad_alloc(); });
  go_on(threads.ending());
  failing.join();
  CHECK_FALSE(outside.stop_requested());
  CHECK_THROWS_AS(threads.rethrow(), std::bad_alloc);
}

TEST_CASE("parts that are stopped from outside throw nothing") {
  std::stop_source outside;
  Threads threads(outside.get_token());
  std::jthread part = threads.start([&](const std::stop_token&) { go_on(threads.ending()); });
  outside.request_stop();
  part.join();
  CHECK(threads.ending().stop_requested());
  threads.rethrow();
}
