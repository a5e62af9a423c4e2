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

// Takes what the board has, where no ledger holds anything from before.
inline recoup::record::Batch take(recoup::sources::Board& board) {
  const auto nothing = [](recoup::record::SeriesId, recoup::core::Minute) {
    return recoup::core::Result(std::vector<recoup::core::OutcomeCount>());
  };
  return *board.take(nothing);
}

// Probing is a prober at work in its own thread, from its making to stop(). The series of its
// probes are 1, 2, … in their order.
class Probing {
 public:
  explicit Probing(const std::vector<recoup::sources::probe::ProbeSettings>& settings,
                   recoup::sources::probe::Credentials credentials = {},
                   const recoup::core::Clock* clock = nullptr,
                   std::function<void(const std::string&)> say = {},
                   recoup::record::WorthARecord worth = {})
      : probes_(watched_by(board, settings)),
        prober_({clock != nullptr ? *clock : real_.clock, real_.threads},
                std::make_unique<recoup::sources::probe::Loop>(), board, probes_,
                {"recoup/test", std::move(credentials), std::move(worth)}, {.say = std::move(say)}),
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
      for (const auto& [outcome, count] : counts.outcomes) sum[to_text(outcome)] += count;
      for (std::size_t reason = 0; reason < counts.missed.size(); ++reason) {
        const auto name = to_text(static_cast<recoup::core::NotSent>(reason));
        if (counts.missed[reason] > 0) sum["missed/" + std::string(name)] += counts.missed[reason];
      }
    }
    return sum;
  }

 private:
  static std::vector<recoup::sources::probe::Probe> watched_by(
      recoup::sources::Board& board,
      const std::vector<recoup::sources::probe::ProbeSettings>& settings) {
    std::vector<recoup::sources::probe::Probe> probes;
    for (const auto& each : settings) {
      const std::string part = std::to_string(probes.size() + 1);
      const recoup::record::SeriesKey key{"kms", recoup::record::SeriesKind::probe, each.id, part};
      probes.push_back({"kms", each, board.watch(key, each.every)});
      board.resume(key, {static_cast<recoup::record::SeriesId>(probes.size()), {}, {}});
    }
    return probes;
  }

 public:
  recoup::sources::Board board;

 private:
  const recoup::core::World real_ = recoup::service::system_world();
  std::vector<recoup::sources::probe::Probe> probes_;
  recoup::sources::probe::Prober prober_;
  std::unique_ptr<recoup::core::Thread> thread_;
};
