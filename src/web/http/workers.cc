#include "web/http/workers.h"

#include <new>
#include <utility>

namespace recoup::web {

Workers::Workers(std::size_t threads, std::size_t most_waiting, core::World world)
    : most_waiting_(most_waiting), clock_(world.clock) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.push_back(
        world.threads.start("web worker", [this](const std::stop_token& stop) { run(stop); }));
  }
}

bool Workers::add(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_ || waiting_.size() >= most_waiting_) return false;
    try {
      waiting_.push_back(std::move(work));
    } catch (const std::bad_alloc&) {
      return false;
    }
  }
  changed_.notify_all();
  return true;
}

void Workers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    waiting_.clear();
  }
  for (const auto& thread : threads_) thread->request_stop();
  for (const auto& thread : threads_) thread->join();
}

void Workers::run(const std::stop_token& stop) {
  while (true) {
    std::unique_lock lock(mutex_);
    clock_.await(lock, changed_, stop, core::kNever, [this] { return !waiting_.empty(); });
    if (stop.stop_requested()) return;
    const std::function<void()> work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
  }
}

}  // namespace recoup::web
