#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

namespace recoup::test {

// Client is one TCP connection to a port of loopback, byte by byte: it can say what no HTTP library
// would. A read that takes longer than 10 s, or what is set, ends as if the server had closed.
class Client {
 public:
  // From an address of loopback where one is given.
  explicit Client(int port, const char* host = "127.0.0.1", const char* from = nullptr)
      : handle_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    inet_pton(AF_INET, host, &address.sin_addr);
    wait_at_most(std::chrono::seconds(10));
    sockaddr_in own{};
    own.sin_family = AF_INET;
    if (from != nullptr) {
      inet_pton(AF_INET, from, &own.sin_addr);
      bind(handle_, reinterpret_cast<const sockaddr*>(&own), sizeof own);
    }
    if (connect(handle_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      close(handle_);
      throw std::runtime_error("cannot connect");
    }
  }
  ~Client() { close(handle_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void wait_at_most(std::chrono::microseconds time) {
    const timeval patience{time / std::chrono::seconds(1), time.count() % 1'000'000};
    setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }

  void say(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return;  // the server has closed; what it said before is still to be read
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  // Says that nothing more will come.
  void end() { shutdown(handle_, SHUT_WR); }

  // Everything until the server closes.
  std::string rest() {
    while (more()) {
    }
    return std::exchange(heard_, "");
  }

  // One answer with a Content-Length; its body is left out after a HEAD.
  std::string answer(bool head = false) {
    auto end = heard_.find("\r\n\r\n");
    while (end == std::string::npos && more()) end = heard_.find("\r\n\r\n");
    if (end == std::string::npos) return std::exchange(heard_, "");
    std::size_t size = end + 4;
    const auto length = heard_.find("Content-Length: ");
    if (!head && length < end) size += std::stoul(heard_.substr(length + 16));
    while (heard_.size() < size && more()) {
    }
    std::string text = heard_.substr(0, size);
    heard_.erase(0, size);
    return text;
  }

 private:
  bool more() {
    char block[16 * 1024];
    const ssize_t n = recv(handle_, block, sizeof block, 0);
    if (n > 0) heard_.append(block, static_cast<std::size_t>(n));
    return n > 0;
  }

  int handle_;
  std::string heard_;
};

}  // namespace recoup::test
