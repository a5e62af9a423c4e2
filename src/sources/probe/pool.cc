#include "sources/probe/pool.h"

namespace recoup::sources::probe {

Pool::Pool(Network& network, const Identity& identity, const std::vector<Probe>& probes,
           const Trusts& trusts)
    : network_(network),
      identity_(identity),
      probes_(probes),
      trusts_(trusts),
      idle_of_(probes.size(), nullptr) {}

Transfer* Pool::take(ProbeIndex probe) {
  const Trust* trust = trusts_.of(probe);
  if (trust != nullptr && !trust->ready()) return nullptr;
  Transfer* transfer = idle_of_[probe];
  if (transfer == nullptr && idle_.size() >= kMostIdle) transfer = &idle_.front();
  if (transfer != nullptr) {
    unlink(*transfer);
    busy_.splice(busy_.end(), idle_, transfer->self_);
  } else {
    transfer = &busy_.emplace_back(network_, identity_);
    if (!transfer->usable()) {
      busy_.pop_back();
      return nullptr;
    }
    transfer->self_ = std::prev(busy_.end());
  }
  if (!transfer->is_for(probe)) transfer->configure(probe, probes_[probe], trust);
  return transfer;
}

void Pool::give_back(Transfer& transfer) {
  if (idle_.size() >= kMostIdle) {
    busy_.erase(transfer.self_);
    return;
  }
  idle_.splice(idle_.end(), busy_, transfer.self_);
  transfer.next_idle_ = idle_of_[transfer.probe()];
  idle_of_[transfer.probe()] = &transfer;
}

void Pool::unlink(Transfer& transfer) {
  Transfer** at = &idle_of_[transfer.probe()];
  while (*at != &transfer) at = &(*at)->next_idle_;
  *at = transfer.next_idle_;
  transfer.next_idle_ = nullptr;
}

}  // namespace recoup::sources::probe
