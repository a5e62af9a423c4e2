#include "web/connections.h"

#include <sys/socket.h>

#include <condition_variable>

namespace recoup::web {

using namespace std::chrono_literals;

Connections::Connections(const Limits& limits, const core::Clock& clock)
    : limits_(limits), clock_(clock), sweeping_([this](const std::stop_token& stop) {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any never;
        while (!never.wait_for(lock, stop, 1s, [] { return false; }) && !stop.stop_requested()) {
          sweep();
        }
      }) {}

void Connections::opened(Id id, int handle) {
  const std::lock_guard lock(mutex_);
  all_[id] = {handle, clock_.mono(), next_order_++};
  if (all_.size() - shut_down_ > limits_.connections) make_room();
}

void Connections::answers(Id id) { enter(id, false); }
void Connections::waits(Id id) { enter(id, true); }

void Connections::enter(Id id, bool waiting) {
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(id);
  if (found == all_.end()) return;
  found->second.waiting = waiting;
  found->second.since = clock_.mono();
  found->second.order = next_order_++;
}

void Connections::closed(Id id) {
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(id);
  if (found == all_.end()) return;
  if (found->second.shut_down) --shut_down_;
  all_.erase(found);
}

std::uint64_t Connections::open() const {
  const std::lock_guard lock(mutex_);
  return all_.size();
}

std::uint64_t Connections::closed_early() const {
  const std::lock_guard lock(mutex_);
  return closed_early_;
}

void Connections::sweep() {
  const std::lock_guard lock(mutex_);
  const core::MonoTime now = clock_.mono();
  for (auto& [id, one] : all_) {
    if (now - one.since > (one.waiting ? limits_.request : limits_.response)) shut_down(one);
  }
}

// The handle is still open: closed() comes before it is not, and waits for the mutex.
void Connections::shut_down(One& one) {
  if (one.shut_down) return;
  one.shut_down = true;
  ++shut_down_;
  ++closed_early_;
  shutdown(one.handle, SHUT_RDWR);
}

// Of those that wait for a request, the one that has waited longest.
void Connections::make_room() {
  One* oldest = nullptr;
  for (auto& [id, one] : all_) {
    if (!one.waiting || one.shut_down) continue;
    if (oldest == nullptr || one.order < oldest->order) oldest = &one;
  }
  if (oldest != nullptr) shut_down(*oldest);
}

}  // namespace recoup::web
