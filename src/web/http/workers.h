#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "core/world.h"

namespace recoup::web {

// Workers are a few threads that take work from one queue, first come first served. May be called
// from any thread.
class Workers {
 public:
  // The world outlives it.
  Workers(std::size_t threads, std::size_t most_waiting, core::World world);
  ~Workers() { stop(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Whether the work was taken: not when too much waits, where there is no memory, nor after
  // stop(). It must not throw.
  bool add(std::function<void()> work);

  // Ends what is at work and drops what waits, and takes nothing more.
  void stop();

 private:
  void run(const std::stop_token& stop);

  const std::size_t most_waiting_;
  const core::Clock& clock_;
  std::mutex mutex_;
  core::Condition changed_;
  bool stopped_ = false;
  std::deque<std::function<void()>> waiting_;
  std::vector<std::unique_ptr<core::Thread>> threads_;
};

}  // namespace recoup::web
