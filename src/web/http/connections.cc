#include "web/http/connections.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

namespace recoup::web {

using namespace std::chrono_literals;

std::string address_of(const sockaddr* peer) {
  if (peer == nullptr) return {};
  if (peer->sa_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in*>(peer)->sin_addr;
    return {reinterpret_cast<const char*>(&four), sizeof four};
  }
  if (peer->sa_family != AF_INET6) return {};
  const auto& six = reinterpret_cast<const sockaddr_in6*>(peer)->sin6_addr;
  const auto* bytes = reinterpret_cast<const char*>(&six);
  if (IN6_IS_ADDR_V4MAPPED(&six)) return {bytes + 12, 4};
  return {bytes, sizeof six / 2};
}

Connections::Connections(const Limits& limits, core::World world)
    : clock_(world.clock),
      limits_(limits),
      sweeping_(world.threads.start("web limits", [this](const std::stop_token& stop) {
        while (true) {
          clock_.pause(stop, clock_.mono() + 1s);
          if (stop.stop_requested()) return;
          sweep();
        }
      })) {}

void Connections::limit(const Limits& limits) {
  const std::lock_guard lock(mutex_);
  limits_ = limits;
  while (all_.size() - shut_down_ > limits_.connections && make_room(busiest())) {
  }
}

void Connections::opened(Id id, int handle, const std::string& address) {
  const std::lock_guard lock(mutex_);
  std::uint64_t& here = by_address_[address];
  all_[id] = {handle, address, clock_.mono(), next_order_++};
  ++here;
  if (here > limits_.by_address) {
    make_room(address);
  } else if (all_.size() - shut_down_ > limits_.connections) {
    make_room(busiest());
  }
}

void Connections::answers(Id id) { enter(id, Phase::answering); }
void Connections::sends(Id id) { enter(id, Phase::sending); }
void Connections::waits(Id id) { enter(id, Phase::waiting); }

// The time for an answer includes that for making it.
void Connections::enter(Id id, Phase phase) {
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(id);
  if (found == all_.end()) return;
  if (phase != Phase::sending) found->second.since = clock_.mono();
  found->second.phase = phase;
  found->second.order = next_order_++;
}

void Connections::closed(Id id) {
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(id);
  if (found == all_.end()) return;
  if (found->second.shut_down) {
    --shut_down_;
  } else {
    forget(found->second.address);
  }
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
    const auto most = one.phase == Phase::waiting ? limits_.request : limits_.response;
    if (now - one.since > most) shut_down(one);
  }
}

// The handle is still open: closed() comes before it is not, and waits for the mutex.
void Connections::shut_down(One& one) {
  if (one.shut_down) return;
  one.shut_down = true;
  ++shut_down_;
  ++closed_early_;
  forget(one.address);
  shutdown(one.handle, SHUT_RDWR);
}

void Connections::forget(const std::string& address) {
  const auto found = by_address_.find(address);
  if (--found->second == 0) by_address_.erase(found);
}

const std::string& Connections::busiest() const {
  return std::max_element(by_address_.begin(), by_address_.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

// Of those in the phase, of the address or of all, the one that entered it first; not the newest of
// all, for which room is made.
Connections::One* Connections::oldest(Phase phase, const std::string* address) {
  One* found = nullptr;
  for (auto& [id, one] : all_) {
    if (one.phase != phase || one.shut_down || one.order + 1 == next_order_) continue;
    if (address != nullptr && one.address != *address) continue;
    if (found == nullptr || one.order < found->order) found = &one;
  }
  return found;
}

// Who does not take an answer goes before others go that have asked for nothing yet, but only where
// the address has nobody else; what is being answered stays: its number is limited elsewhere.
// Whether one was shut down.
bool Connections::make_room(const std::string& address) {
  for (const std::string* among : {&address, static_cast<const std::string*>(nullptr)}) {
    for (const Phase phase : {Phase::waiting, Phase::sending}) {
      if (One* one = oldest(phase, among)) {
        shut_down(*one);
        return true;
      }
    }
  }
  return false;
}

}  // namespace recoup::web
