#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <unordered_map>

#include "sources/probe/transfer.h"
#include "sources/probe/trust.h"

namespace recoup::sources::probe {

// Pool lends transfers to probes. What a probe gives back stays configured for it; of 100,000
// probes only those that were busy last keep one. One thread.
class Pool {
 public:
  // Idle transfers that are kept; what is in flight is not limited here.
  static constexpr std::size_t kMostIdle = 1024;

  Pool(Network& network, const Identity& identity) : network_(network), identity_(identity) {}

  // A transfer configured for the probe; nothing when there is no memory for one, or nobody whom
  // its connection could believe. `trust` is null without TLS.
  Transfer* take(const std::shared_ptr<const Probe>& probe,
                 const std::shared_ptr<const Trust>& trust);
  void give_back(Transfer& transfer);

  // Gives up what is idle for a probe that will not come again.
  void forget(CounterId probe);

  // All that are lent, for dropping them.
  std::list<Transfer>& busy() { return busy_; }

 private:
  void unlink(Transfer& transfer);

  Network& network_;
  const Identity& identity_;
  std::list<Transfer> busy_;
  std::list<Transfer> idle_;                          // the longest idle first
  std::unordered_map<CounterId, Transfer*> idle_of_;  // a chain through next_idle_; null: none
};

}  // namespace recoup::sources::probe
