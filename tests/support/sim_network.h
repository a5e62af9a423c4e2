#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include <curl/curl.h>

#include "sources/probe/network.h"
#include "sources/probe/transfer.h"
#include "support/sim_world.h"

namespace recoup::test {

// SimNetwork is a network in which a script says what becomes of each request. No byte leaves the
// process, and answers arrive in the simulation's time.
class SimNetwork final : public sources::probe::Network {
 public:
  // Reply is what becomes of one request.
  struct Reply {
    core::Millis after{20};  // from its start
    int code = CURLE_OK;     // CURLcode
    std::string head = {};   // with line ends, as it came; empty: no answer came
  };
  using Script = std::function<Reply(const sources::probe::Transfer& asked, core::Instant at)>;

  static Reply answer(int status, const std::string& headers = {}) {
    return {core::Millis(20), CURLE_OK,
            "HTTP/1.1 " + std::to_string(status) + " \r\n" + headers + "\r\n"};
  }
  static Reply never() { return {std::chrono::hours(24 * 365)}; }

  // Both outlive it.
  SimNetwork(const SimWorld& world, Script script) : world_(world), script_(std::move(script)) {}

  void adopt(void*, Sockets&) override {}

  bool add(void* easy) override {
    Flight flight{easy, world_.mono(), script_(Transfer::of(easy), world_.wall())};
    // It goes out at once, whether an answer comes or not.
    Transfer::of(easy).may_send();
    const core::MonoTime ends = flight.began + flight.reply.after;
    flying_.emplace(ends, std::move(flight));
    return true;
  }

  void remove(void* easy) override {
    std::erase_if(flying_, [&](const auto& one) { return one.second.easy == easy; });
  }

  const std::vector<EndedTransfer>& turn(std::chrono::milliseconds wait) override {
    core::MonoTime until = world_.mono() + wait;
    if (!flying_.empty()) until = std::min(until, flying_.begin()->first);
    std::unique_lock lock(mutex_);
    world_.await(lock, changed_, {}, until, [this] { return woken_; });
    woken_ = false;
    ended_.clear();
    while (!flying_.empty() && flying_.begin()->first <= world_.mono()) {
      arrive(flying_.begin()->second);
      flying_.erase(flying_.begin());
    }
    return ended_;
  }

  void wake() override { woken_ = true; }

 private:
  using Transfer = sources::probe::Transfer;

  struct Flight {
    void* easy;
    core::MonoTime began;
    Reply reply;
  };

  void arrive(const Flight& flight) {
    Transfer& transfer = Transfer::of(flight.easy);
    const std::string& head = flight.reply.head;
    for (std::size_t at = 0; at < head.size();) {
      const std::size_t end = head.find('\n', at) + 1;
      transfer.head(std::string_view(head).substr(at, end - at));
      at = end;
    }
    ended_.push_back({flight.easy, flight.reply.code,
                      std::chrono::floor<std::chrono::microseconds>(world_.mono() - flight.began)});
  }

  const SimWorld& world_;
  const Script script_;
  std::multimap<core::MonoTime, Flight> flying_;  // by when they end
  std::vector<EndedTransfer> ended_;
  bool woken_ = false;
  std::mutex mutex_;
  core::Condition changed_;
};

}  // namespace recoup::test
