#pragma once

#include <cstddef>
#include <list>
#include <vector>

#include "sources/probe/transfer.h"
#include "sources/probe/trust.h"

namespace recoup::sources::probe {

// Pool lends transfers to probes. What a probe gives back stays configured for it; of 100,000
// probes only those that were busy last keep one. One thread.
class Pool {
 public:
  // Idle transfers that are kept; what is in flight is not limited here.
  static constexpr std::size_t kMostIdle = 1024;

  // `probes` and their trusts outlive the pool.
  Pool(Network& network, const Identity& identity, const std::vector<Probe>& probes,
       const Trusts& trusts);

  // A transfer configured for the probe; nothing when there is no memory for one, or nobody whom
  // its connection could believe.
  Transfer* take(ProbeIndex probe);
  void give_back(Transfer& transfer);

  // All that are lent, for dropping them.
  std::list<Transfer>& busy() { return busy_; }

 private:
  void unlink(Transfer& transfer);

  Network& network_;
  const Identity& identity_;
  const std::vector<Probe>& probes_;
  const Trusts& trusts_;
  std::list<Transfer> busy_;
  std::list<Transfer> idle_;        // the longest idle first
  std::vector<Transfer*> idle_of_;  // by probe; a chain through next_idle_
};

}  // namespace recoup::sources::probe
