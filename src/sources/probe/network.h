#pragma once

#include <chrono>
#include <vector>

namespace recoup::sources::probe {

// Network carries the requests of a prober: configured easy handles of libcurl go in, and come out
// when they have ended. It knows nothing of probes. One thread, but for wake().
class Network {
 public:
  struct EndedTransfer {
    void* easy = nullptr;               // no longer in the network
    int code = 0;                       // CURLcode
    std::chrono::microseconds took{0};  // from add() to its end
  };

  // Sockets is what one easy handle's sockets need; it lives as long as the handle.
  struct Sockets {
    void* network = nullptr;
    int error = 0;  // errno of the last socket that could not be made; the owner clears it
  };

  virtual ~Network() = default;

  // Sets what an easy handle needs to be carried: how its sockets are made and closed.
  virtual void adopt(void* easy, Sockets& sockets) = 0;

  // Starts the transfer; false where that cannot be. Its end comes with a later turn().
  virtual bool add(void* easy) = 0;

  // Drops a transfer that has not ended. No further word of it comes.
  virtual void remove(void* easy) = 0;

  // Sends what was added, waits for something to happen, at most `wait`, and returns the ended.
  // The list is the network's own, good until the next turn.
  virtual const std::vector<EndedTransfer>& turn(std::chrono::milliseconds wait) = 0;

  // Makes the current or the next turn() return at once. From any thread.
  virtual void wake() = 0;
};

}  // namespace recoup::sources::probe
