#pragma once

#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace recoup::service {

// Threads run the parts of something that goes on with all of them or with none: what one part
// throws asks the others to stop, and is thrown where they were started. It outlives its threads.
class Threads {
 public:
  // Whoever stops the whole.
  explicit Threads(const std::stop_token& stop)
      : outer_(stop, [this] { ending_.request_stop(); }) {}

  // Requested from outside, or because a part has failed.
  std::stop_token ending() const { return ending_.get_token(); }

  std::jthread start(std::function<void(const std::stop_token&)> part) {
    return std::jthread([this, part = std::move(part)](const std::stop_token& stop) {
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
  std::stop_source ending_;
  std::stop_callback<std::function<void()>> outer_;
  std::mutex mutex_;
  std::exception_ptr failure_;  // guarded by mutex_
};

}  // namespace recoup::service
