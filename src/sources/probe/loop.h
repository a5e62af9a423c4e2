#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

namespace recoup::sources::probe {

// Loop drives libcurl transfers by epoll in the calling thread. It knows nothing of probes: easy
// handles go in, and come out when they have ended. One thread, but for wake().
class Loop {
 public:
  struct Ended {
    void* easy = nullptr;  // no longer in the loop
    int code = 0;          // CURLcode
  };

  // Sockets is what one easy handle's sockets need; it lives as long as the handle.
  struct Sockets {
    void* loop = nullptr;
    int error = 0;  // errno of the last socket that could not be made; the owner clears it
  };

  // Throws std::system_error or std::bad_alloc when the system has no room for it. `connections`
  // idle ones are kept open at most.
  explicit Loop(long connections);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Sets what an easy handle needs to be driven by this loop: how its sockets are made and closed.
  void adopt(void* easy, Sockets& sockets);

  // Starts the transfer; false if libcurl cannot. Its end comes with a later turn().
  bool add(void* easy);

  // Drops a transfer that has not ended. No further word of it comes.
  void remove(void* easy);

  // Sends what was added, waits for something to happen, at most `wait`, and returns the ended.
  // The list is the loop's own, good until the next turn.
  const std::vector<Ended>& turn(std::chrono::milliseconds wait);

  // Makes the current or the next turn() return at once. From any thread.
  void wake();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::sources::probe
