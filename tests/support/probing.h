#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "service/system_world.h"
#include "sources/probe/loop.h"
#include "sources/probe/prober.h"

// Probing is a prober at work in its own thread, from its making to stop().
class Probing {
 public:
  explicit Probing(const std::vector<recoup::sources::probe::ProbeSettings>& settings,
                   recoup::sources::probe::Credentials credentials = {},
                   const recoup::core::Clock* clock = nullptr,
                   std::function<void(const std::string&)> say = {})
      : probes_(with_agreement(settings)),
        board(recoup::sources::probe::names_of(probes_)),
        prober_({clock != nullptr ? *clock : real_.clock, real_.threads},
                std::make_unique<recoup::sources::probe::Loop>(), board, probes_,
                {"recoup/test", std::move(credentials)},
                {std::chrono::milliseconds(100), std::move(say)}),
        thread_(real_.threads.start("probing",
                                    [this](const std::stop_token& stop) { prober_.run(stop); })) {}

  void stop() {
    thread_->request_stop();
    thread_->join();
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

  const recoup::core::World real_ = recoup::service::system_world();
  std::vector<recoup::sources::probe::Probe> probes_;

 public:
  recoup::sources::Board board;

 private:
  recoup::sources::probe::Prober prober_;
  std::unique_ptr<recoup::core::Thread> thread_;
};
