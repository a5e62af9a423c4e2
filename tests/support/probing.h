#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
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
// probes are 1, 2, … in the order in which they came.
class Probing {
 public:
  explicit Probing(const std::vector<recoup::sources::probe::ProbeSettings>& settings,
                   const recoup::documents::Environment& environment = {},
                   const recoup::core::Clock* clock = nullptr,
                   const std::function<void(const std::string&)>& say = {},
                   recoup::record::WorthARecord worth = {})
      : prober_({clock != nullptr ? *clock : real_.clock, real_.threads},
                std::make_unique<recoup::sources::probe::Loop>(), board,
                {"recoup/test", keys_for(settings, environment, real_, say)}, {.say = say}) {
    prober_.exchange(watched(settings, 0), std::move(worth));
    thread_ =
        real_.threads.start("probing", [this](const std::stop_token& stop) { prober_.run(stop); });
  }

  void stop() {
    thread_->request_stop();
    thread_->join();
  }

  // Probes these instead: one with the id of the n-th before has its counters. No answer that a
  // probe expects is worth a record then.
  void exchange(const std::vector<recoup::sources::probe::ProbeSettings>& settings) {
    prober_.exchange(watched(settings, keys_.size()), {});
  }

  // What the last requests came to; one of the probe with that id now.
  const recoup::sources::probe::Recent& recent() const { return prober_.recent(); }
  void ask(const std::string& id) { prober_.ask({"kms", id}); }

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
  // What the environment has to sign them with.
  static std::shared_ptr<recoup::sources::probe::Keyring> keys_for(
      const std::vector<recoup::sources::probe::ProbeSettings>& settings,
      const recoup::documents::Environment& environment, recoup::core::World world,
      const std::function<void(const std::string&)>& say) {
    auto keys = std::make_shared<recoup::sources::probe::Keyring>(environment, world, say);
    for (const auto& each : settings) {
      if (each.sign) (void)keys->need(*each.sign);
    }
    return keys;
  }

  // `known` of the keys may be those of the settings again.
  recoup::sources::probe::Probes watched(
      const std::vector<recoup::sources::probe::ProbeSettings>& settings, std::size_t known) {
    recoup::sources::probe::Probes probes;
    for (const auto& each : settings) {
      std::size_t at = 0;
      while (at < known && keys_[at].name != each.id) ++at;
      if (at == known) {
        at = keys_.size();
        keys_.push_back(
            {"kms", recoup::record::SeriesKind::probe, each.id, std::to_string(keys_.size() + 1)});
      }
      const auto counters = board.watch(keys_[at], each.every);
      board.resume(keys_[at], {static_cast<recoup::record::SeriesId>(at + 1), {}, {}});
      probes.push_back(std::make_shared<const recoup::sources::probe::Probe>(
          recoup::sources::probe::Probe{"kms", each, counters}));
    }
    return probes;
  }

 public:
  recoup::sources::Board board;

 private:
  const recoup::core::World real_ = recoup::service::system_world();
  std::vector<recoup::record::SeriesKey> keys_;  // of the series 1, 2, …
  recoup::sources::probe::Prober prober_;
  std::unique_ptr<recoup::core::Thread> thread_;
};
