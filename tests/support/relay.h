#pragma once

#include <memory>
#include <string>

namespace recoup::test {

// Relay passes bytes on between whoever connects to its port and one other place, and can cut all
// of them off. One thread.
class Relay {
 public:
  // Listens on that address and a free port. `target`: a port of loopback, or the path of a socket.
  Relay(const std::string& address, int target);
  Relay(const std::string& address, const std::string& target);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  int port() const;

  // Resets every connection, and each new one, until mend().
  void cut();
  void mend();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::test
