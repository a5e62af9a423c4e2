#include "sources/probe/pool.h"

#include <iterator>

namespace recoup::sources::probe {

Transfer* Pool::take(const std::shared_ptr<const Probe>& probe,
                     const std::shared_ptr<const Trust>& trust) {
  if (trust && !trust->ready()) return nullptr;
  const auto own = idle_of_.find(probe->counters);
  Transfer* transfer = own == idle_of_.end() ? nullptr : own->second;
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
  if (!transfer->is_for(probe)) transfer->configure(probe, trust);
  return transfer;
}

void Pool::give_back(Transfer& transfer) {
  if (idle_.size() >= kMostIdle) {
    busy_.erase(transfer.self_);
    return;
  }
  idle_.splice(idle_.end(), busy_, transfer.self_);
  Transfer*& first = idle_of_[transfer.probe()];
  transfer.next_idle_ = first;
  first = &transfer;
}

void Pool::forget(CounterId probe) {
  const auto own = idle_of_.find(probe);
  if (own == idle_of_.end()) return;
  while (Transfer* transfer = own->second) {
    own->second = transfer->next_idle_;
    idle_.erase(transfer->self_);
  }
  idle_of_.erase(own);
}

void Pool::unlink(Transfer& transfer) {
  Transfer** at = &idle_of_.at(transfer.probe());
  while (*at != &transfer) at = &(*at)->next_idle_;
  *at = transfer.next_idle_;
  transfer.next_idle_ = nullptr;
}

}  // namespace recoup::sources::probe
