#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/world.h"
#include "web/http/limits.h"

struct sockaddr;

namespace recoup::web {

// Whom the limit for one address takes for one: the bytes of an IPv4 address, or the first half of
// an IPv6 one, all of whose other half one host can have.
std::string address_of(const sockaddr* peer);

// Connections are the open connections of a server, and closes those that take too long or are too
// many: a server that waits as long as something trickles in could be kept from everybody else. May
// be called from any thread.
class Connections {
 public:
  using Id = const void*;

  // The world outlives it.
  Connections(const Limits& limits, core::World world);

  // These limits hold from here on; where more are open, some are shut down.
  void limit(const Limits& limits);

  // A connection of that address was accepted; where there are too many, another one is shut down.
  void opened(Id id, int handle, const std::string& address);

  // A request of it is whole, and an answer is being made; the answer is being sent; it was taken,
  // and the connection waits for more.
  void answers(Id id);
  void sends(Id id);
  void waits(Id id);

  // Before its handle is closed.
  void closed(Id id);

  std::uint64_t open() const;
  std::uint64_t closed_early() const;

  // Shuts down those that took too long.
  void sweep();

 private:
  enum class Phase { waiting, answering, sending };

  struct One {
    int handle = -1;
    std::string address;
    core::MonoTime since;     // when its phase began
    std::uint64_t order = 0;  // the same, where that was at one time
    Phase phase = Phase::waiting;
    bool shut_down = false;  // its end is on its way
  };

  void enter(Id id, Phase phase);
  void shut_down(One& one);
  void forget(const std::string& address);
  const std::string& busiest() const;
  One* oldest(Phase phase, const std::string* address);
  bool make_room(const std::string& address);

  const core::Clock& clock_;
  mutable std::mutex mutex_;  // guards what is below
  Limits limits_;
  std::map<Id, One> all_;
  std::map<std::string, std::uint64_t> by_address_;  // of those that are not shut down
  std::uint64_t next_order_ = 0;
  std::uint64_t shut_down_ = 0;  // of those in all_
  std::uint64_t closed_early_ = 0;
  std::unique_ptr<core::Thread> sweeping_;  // the last member: it uses the others
};

}  // namespace recoup::web
