#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>

#include "core/world.h"

namespace recoup::service {

// ThreadGroup runs the parts of something that goes on with all of them or with none: what one part
// throws asks the others to stop, and is thrown where they were started. It outlives its threads.
class ThreadGroup {
 public:
  // `stop` is that of whoever stops the whole.
  ThreadGroup(core::Threads& threads, const std::stop_token& stop)
      : threads_(threads), outer_(stop, [this] { ending_.request_stop(); }) {}

  // Requested from outside, or because a part has failed.
  std::stop_token ending() const { return ending_.get_token(); }

  std::unique_ptr<core::Thread> start(const std::string& name, core::Threads::Body part) {
    return threads_.start(name, [this, part = std::move(part)](const std::stop_token& stop) {
      try {
        part(stop);
      } catch (...) {
        {
          const std::lock_guard lock(mutex_);
          if (!failure_) failure_ = std::current_exception();
        }
        ending_.request_stop();
      }
    });
  }

  // Throws what the first part that failed has thrown; once its thread is joined.
  void rethrow() {
    const std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  core::Threads& threads_;
  std::stop_source ending_;
  std::stop_callback<std::function<void()>> outer_;
  std::mutex mutex_;
  std::exception_ptr failure_;  // guarded by mutex_
};

}  // namespace recoup::service
