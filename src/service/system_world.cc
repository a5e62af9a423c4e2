#include "service/system_world.h"

#include <pthread.h>
#include <ctime>
#include <thread>
#include <utility>

namespace recoup::service {
namespace {

class SystemThread final : public core::Thread {
 public:
  SystemThread(const std::string& name, core::Threads::Body body) : thread_(std::move(body)) {
    // Linux takes 15 bytes and refuses more.
    pthread_setname_np(thread_.native_handle(), name.substr(0, 15).c_str());
  }
  void request_stop() override { thread_.request_stop(); }
  void join() override {
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::jthread thread_;
};

}  // namespace

core::Instant SystemClock::wall() const {
  return std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
}

core::MonoTime SystemClock::mono() const { return std::chrono::steady_clock::now(); }

std::chrono::nanoseconds SystemClock::boot() const {
  std::timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

bool SystemClock::await(std::unique_lock<std::mutex>& lock, core::Condition& changed,
                        const std::stop_token& stop, core::MonoTime until,
                        const std::function<bool()>& done) const {
  return changed.native().wait_until(lock, stop, until, done);
}

std::unique_ptr<core::Thread> SystemThreads::start(const std::string& name, Body body) {
  return std::make_unique<SystemThread>(name, std::move(body));
}

core::World system_world() {
  static const SystemClock clock;
  static SystemThreads threads;
  return {clock, threads};
}

}  // namespace recoup::service
