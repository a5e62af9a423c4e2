#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <utility>

#include "sources/sdk/datagrams.h"
#include "support/sim_world.h"

namespace recoup::test {

// SimDatagrams is datagrams that a test sends, in the simulation's time.
class SimDatagrams final : public sources::sdk::Datagrams {
 public:
  // It outlives it.
  explicit SimDatagrams(const SimWorld& world) : world_(world) {}

  void send(std::string datagram) { sent_.push_back(std::move(datagram)); }
  // So many that the system drops.
  void drop(std::uint64_t datagrams) { dropped_ += datagrams; }

  const Arrived& take(core::Millis wait) override {
    std::unique_lock lock(mutex_);
    world_.await(lock, changed_, {}, world_.mono() + wait,
                 [this] { return woken_ || !sent_.empty() || dropped_ > 0; });
    woken_ = false;
    given_ = std::exchange(sent_, {});
    arrived_.datagrams.assign(given_.begin(), given_.end());
    arrived_.dropped = std::exchange(dropped_, 0);
    return arrived_;
  }

  void wake() override { woken_ = true; }

 private:
  const SimWorld& world_;
  std::deque<std::string> sent_, given_;
  std::uint64_t dropped_ = 0;
  Arrived arrived_;
  bool woken_ = false;
  std::mutex mutex_;
  core::Condition changed_;
};

// What an SDK sends of an attempt that came to that status, or to none, and of a call. The time is
// written like "2026-10-03T12:00:00Z".
inline std::string sdk_attempt(const std::string& time, int status, const std::string& more = {},
                               const std::string& client = "app") {
  const auto at = core::parse_instant(time)->time_since_epoch().count();
  return R"({"Version":1,"Type":"ApiCallAttempt","Service":"KMS","Region":"us-east-1","Api":)"
         R"("Decrypt","ClientId":")" +
         client + R"(","Timestamp":)" + std::to_string(at) +
         (status == 0 ? "" : R"(,"HttpStatusCode":)" + std::to_string(status)) + more + "}";
}

inline std::string sdk_call(const std::string& time, int attempts,
                            const std::string& client = "app") {
  const auto at = core::parse_instant(time)->time_since_epoch().count();
  return R"({"Version":1,"Type":"ApiCall","Service":"KMS","Region":"us-east-1","Api":"Decrypt",)"
         R"("ClientId":")" +
         client + R"(","Timestamp":)" + std::to_string(at) + R"(,"AttemptCount":)" +
         std::to_string(attempts) + "}";
}

}  // namespace recoup::test
