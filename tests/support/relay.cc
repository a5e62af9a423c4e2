#include "support/relay.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <list>
#include <stdexcept>
#include <thread>
#include <vector>

namespace recoup::test {
namespace {

void must(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("relay: ") + what + ": " + std::strerror(errno));
}

sockaddr_in address_of(const std::string& address, int port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  must(inet_pton(AF_INET, address.c_str(), &to.sin_addr) == 1, "address");
  return to;
}

// So that whoever is at the other end sees a reset, and no end.
void reset(int socket) {
  const linger now{1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(socket);
}

// Whether all of it was taken.
bool send_all(int to, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = send(to, data, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

struct Pair {
  int here, there;
};

}  // namespace

struct Relay::Impl {
  int port_of_target = 0;
  std::string path_of_target;
  int listener = -1;
  int port = 0;
  std::atomic<bool> is_cut{false};
  std::list<Pair> pairs = {};
  std::jthread thread = {};

  void open(const std::string& address) {
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(listener >= 0, "socket");
    sockaddr_in at = address_of(address, 0);
    must(bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0, "bind");
    must(listen(listener, 64) == 0, "listen");
    socklen_t size = sizeof at;
    must(getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size) == 0, "getsockname");
    port = ntohs(at.sin_port);
    thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  ~Impl() {
    thread.request_stop();
    if (thread.joinable()) thread.join();
    drop_all();
    if (listener >= 0) close(listener);
  }

  int connect_on() const {
    if (path_of_target.empty()) {
      const int to = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_in at = address_of("127.0.0.1", port_of_target);
      if (connect(to, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) return to;
      close(to);
      return -1;
    }
    const int to = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path_of_target.copy(at.sun_path, sizeof at.sun_path - 1);
    if (connect(to, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) return to;
    close(to);
    return -1;
  }

  void accept_one() {
    const int here = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (here < 0) return;
    const int there = is_cut ? -1 : connect_on();
    if (there < 0) {
      reset(here);
      return;
    }
    pairs.push_back({here, there});
  }

  // Whether the connection goes on.
  static bool pass(int from, int to) {
    std::array<char, 16384> buffer{};
    const ssize_t got = recv(from, buffer.data(), buffer.size(), 0);
    return got > 0 && send_all(to, buffer.data(), static_cast<std::size_t>(got));
  }

  void drop_all() {
    for (const Pair& one : pairs) {
      reset(one.here);
      reset(one.there);
    }
    pairs.clear();
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (is_cut) drop_all();
      std::vector<pollfd> all{{listener, POLLIN, 0}};
      for (const Pair& one : pairs) {
        all.push_back({one.here, POLLIN, 0});
        all.push_back({one.there, POLLIN, 0});
      }
      if (poll(all.data(), all.size(), 20) <= 0) continue;
      std::size_t i = 1;
      for (auto at = pairs.begin(); at != pairs.end(); i += 2) {
        const bool goes_on = (all[i].revents == 0 || pass(at->here, at->there)) &&
                             (all[i + 1].revents == 0 || pass(at->there, at->here));
        if (goes_on) {
          ++at;
          continue;
        }
        reset(at->here);
        reset(at->there);
        at = pairs.erase(at);
      }
      if (all[0].revents != 0) accept_one();
    }
  }
};

Relay::Relay(const std::string& address, int target) : impl_(std::make_unique<Impl>()) {
  impl_->port_of_target = target;
  impl_->open(address);
}

Relay::Relay(const std::string& address, const std::string& target)
    : impl_(std::make_unique<Impl>()) {
  impl_->path_of_target = target;
  impl_->open(address);
}

Relay::~Relay() = default;

int Relay::port() const { return impl_->port; }
void Relay::cut() { impl_->is_cut = true; }
void Relay::mend() { impl_->is_cut = false; }

}  // namespace recoup::test
