#include "web/http/listener.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include <fmt/format.h>

namespace recoup::web {
namespace {

using core::Error;

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};

int port_of(int handle) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

bool listen_on(int handle, const addrinfo& address) {
  const int on = 1;
  // A service that restarts need not wait for the connections of its last run.
  setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return bind(handle, address.ai_addr, address.ai_addrlen) == 0 && listen(handle, SOMAXCONN) == 0;
}

}  // namespace

core::Result<Listener> Listener::open(const std::string& host, int port) {
  const std::string where = fmt::format("{}:{}", host, port);
  if (host.empty()) return Error{"expected a host to listen on, got nothing", where};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int problem = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (problem != 0) {
    return Error{fmt::format("expected a host to listen on: {}", gai_strerror(problem)), where};
  }
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(found);
  Listener listener(
      socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, found->ai_protocol));
  if (listener.handle_ < 0 || !listen_on(listener.handle_, *found)) {
    const int reason = errno;
    return Error{fmt::format("cannot listen: {}", std::strerror(reason)), where,
                 reason == EADDRINUSE ? "another program listens there: choose another port" : ""};
  }
  listener.port_ = port_of(listener.handle_);
  return listener;
}

core::Result<Listener> Listener::at_port_of(int handle) {
  Listener listener(fcntl(handle, F_DUPFD_CLOEXEC, 0));
  listener.port_ = port_of(handle);
  if (listener.handle_ >= 0) return listener;
  return Error{fmt::format("cannot listen a second time: {}", std::strerror(errno)),
               std::to_string(listener.port_)};
}

Listener::~Listener() {
  if (handle_ >= 0) close(handle_);
}

}  // namespace recoup::web
