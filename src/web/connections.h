#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <thread>

#include "core/clock.h"
#include "web/server.h"

namespace recoup::web {

// Connections are the open connections of a server, and closes those that take too long: a server
// that waits as long as something trickles in could be kept from everybody else. May be called from
// any thread.
class Connections {
 public:
  using Id = const void*;

  // The clock outlives it.
  Connections(const Limits& limits, const core::Clock& clock);

  // A connection was accepted; where there are too many now, another one is shut down.
  void opened(Id id, int handle);

  // A request of it is whole, and is being answered; its answer was taken, and it waits for more.
  void answers(Id id);
  void waits(Id id);

  // Before its handle is closed.
  void closed(Id id);

  std::uint64_t open() const;
  std::uint64_t closed_early() const;

  // Shuts down those that took too long.
  void sweep();

 private:
  struct One {
    int handle = -1;
    core::MonoTime since;     // when it began to wait, or to be answered
    std::uint64_t order = 0;  // the same, where that was at one time
    bool waiting = true;      // for a request to be whole
    bool shut_down = false;   // its end is on its way
  };

  void enter(Id id, bool waiting);
  void shut_down(One& one);
  void make_room();

  const Limits limits_;
  const core::Clock& clock_;
  mutable std::mutex mutex_;
  std::map<Id, One> all_;
  std::uint64_t next_order_ = 0;
  std::uint64_t shut_down_ = 0;  // of those in all_
  std::uint64_t closed_early_ = 0;
  std::jthread sweeping_;  // the last member: it uses the others
};

}  // namespace recoup::web
