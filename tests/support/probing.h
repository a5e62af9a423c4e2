#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "sources/probe/board.h"
#include "sources/probe/prober.h"

// RealClock is the system's: the loopback server's world runs in real time.
class RealClock : public recoup::core::Clock {
 public:
  recoup::core::Instant wall() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  recoup::core::MonoTime mono() const override { return std::chrono::steady_clock::now(); }
  // No test suspends the machine.
  std::chrono::nanoseconds boot() const override { return mono().time_since_epoch(); }
};

// Probing is a prober at work in its own thread, from its making to stop().
class Probing {
 public:
  explicit Probing(const std::vector<recoup::sources::probe::ProbeSettings>& settings,
                   recoup::sources::probe::Credentials credentials = {},
                   const recoup::core::Clock* clock = nullptr,
                   std::function<void(const std::string&)> say = {})
      : probes_(with_agreement(settings)),
        board(recoup::sources::probe::names_of(probes_)),
        prober_(clock != nullptr ? *clock : real_, board, probes_,
                {"recoup/test", std::move(credentials)}, std::move(say)),
        thread_([this](const std::stop_token& stop) { prober_.run(stop); }) {}

  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

  // What all probes' requests came to so far, missed ones among them.
  std::map<std::string, std::uint64_t> outcomes() {
    std::map<std::string, std::uint64_t> sum;
    for (const auto& counts : board.counts()) {
      for (const auto& [outcome, count] : counts.outcomes) sum[outcome] += count;
      for (std::size_t reason = 0; reason < counts.missed.size(); ++reason) {
        const auto name = to_text(static_cast<recoup::core::NotSent>(reason));
        if (counts.missed[reason] > 0) sum["missed/" + std::string(name)] += counts.missed[reason];
      }
    }
    return sum;
  }

 private:
  static std::vector<recoup::sources::probe::Probe> with_agreement(
      const std::vector<recoup::sources::probe::ProbeSettings>& settings) {
    std::vector<recoup::sources::probe::Probe> probes;
    for (const auto& each : settings) probes.push_back({"kms", each});
    return probes;
  }

  RealClock real_;
  std::vector<recoup::sources::probe::Probe> probes_;

 public:
  recoup::sources::Board board;

 private:
  recoup::sources::probe::Prober prober_;
  std::jthread thread_;
};
