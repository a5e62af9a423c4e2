#pragma once

#include <string>
#include <utility>

#include "core/result.h"

namespace recoup::web {

// Listener owns a TCP socket that listens, not blocking.
class Listener {
 public:
  // The host is a name or an address; port 0 takes a free one.
  static core::Result<Listener> open(const std::string& host, int port);

  // Another one at the port of a socket that listens.
  static core::Result<Listener> at_port_of(int handle);

  Listener(Listener&& other) noexcept
      : handle_(std::exchange(other.handle_, -1)), port_(other.port_) {}
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  int port() const { return port_; }
  int handle() const { return handle_; }

  // Gives the socket away.
  int release() { return std::exchange(handle_, -1); }

 private:
  explicit Listener(int handle) : handle_(handle) {}

  int handle_;
  int port_ = 0;
};

}  // namespace recoup::web
