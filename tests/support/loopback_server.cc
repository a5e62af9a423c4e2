#include "support/loopback_server.h"

#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(what);
}

int listen_on_loopback() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(fd >= 0, "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  require(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "bind");
  require(::listen(fd, 1024) == 0, "listen");
  return fd;
}

int port_of(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  require(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0, "getsockname");
  return ntohs(address.sin_port);
}

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// Reads what is there, at least a byte; false at the connection's end.
bool read_more(int fd, std::string& buffer) {
  char bytes[8192];
  const auto got = ::recv(fd, bytes, sizeof bytes, 0);
  if (got <= 0) return false;
  buffer.append(bytes, static_cast<std::size_t>(got));
  return true;
}

std::string take_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  std::string line(text.substr(0, end));
  text.remove_prefix(std::min(text.size(), end == std::string_view::npos ? text.size() : end + 2));
  return line;
}

void parse_head(std::string_view head, LoopbackServer::Request& request) {
  const std::string first = take_line(head);
  const auto space = first.find(' ');
  request.method = first.substr(0, space);
  request.target = first.substr(space + 1, first.rfind(' ') - space - 1);
  while (!head.empty()) {
    const std::string line = take_line(head);
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto value = line.find_first_not_of(' ', colon + 1);
    request.headers.emplace_back(line.substr(0, colon),
                                 value == std::string::npos ? "" : line.substr(value));
  }
}

// The next request on the connection; `buffer` keeps what came after it.
std::optional<LoopbackServer::Request> read_request(int fd, std::string& buffer) {
  std::size_t end = 0;
  while ((end = buffer.find(kHeadEnd)) == std::string::npos) {
    if (!read_more(fd, buffer)) return std::nullopt;
    if (buffer.front() < 'A' || buffer.front() > 'Z') {
      // No method begins so: a TLS greeting, most likely.
      send_all(fd, "HTTP/1.1 400 Bad Request\r\n\r\n");
      return std::nullopt;
    }
  }
  LoopbackServer::Request request;
  parse_head(std::string_view(buffer).substr(0, end), request);
  buffer.erase(0, end + kHeadEnd.size());
  const std::string length = request.header("Content-Length");
  const std::size_t size = length.empty() ? 0 : std::stoul(length);
  while (buffer.size() < size) {
    if (!read_more(fd, buffer)) return std::nullopt;
  }
  request.body = buffer.substr(0, size);
  buffer.erase(0, size);
  return request;
}

std::string response_text(const LoopbackServer::Reply& reply) {
  std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " Reason\r\n";
  for (const auto& [name, value] : reply.headers) text += name + ": " + value + "\r\n";
  text += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n";
  std::string_view body = reply.body;
  if (reply.ending == LoopbackServer::Ending::half) body = body.substr(0, body.size() / 2);
  return text.append(body);
}

}  // namespace

std::string LoopbackServer::Request::header(const std::string& name) const {
  for (const auto& [each, value] : headers) {
    if (strcasecmp(each.c_str(), name.c_str()) == 0) return value;
  }
  return {};
}

struct LoopbackServer::Impl {
  Behaviour behaviour;
  int listener = listen_on_loopback();
  int port = port_of(listener);
  mutable std::mutex mutex;
  std::condition_variable stopped_changed;
  bool stopped = false;
  std::vector<Request> requests;
  std::vector<int> open;  // connections
  std::list<std::thread> threads;
  std::thread acceptor;

  void accept_all();
  void serve(int fd, std::size_t connection);
  bool answer(int fd, const Request& request);
  bool wait(std::chrono::milliseconds delay);
};

bool LoopbackServer::Impl::wait(std::chrono::milliseconds delay) {
  std::unique_lock lock(mutex);
  stopped_changed.wait_for(lock, delay, [this] { return stopped; });
  return !stopped;
}

// Whether the connection goes on.
bool LoopbackServer::Impl::answer(int fd, const Request& request) {
  const Reply reply = behaviour(request);
  if (reply.delay.count() > 0 && !wait(reply.delay)) return false;
  if (reply.ending == Ending::drop) return false;
  if (reply.ending == Ending::reset) {
    const linger now{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    return false;
  }
  send_all(fd, response_text(reply));
  return reply.ending == Ending::keep;
}

void LoopbackServer::Impl::serve(int fd, std::size_t connection) {
  std::string buffer;
  for (std::size_t number = 0;; ++number) {
    auto request = read_request(fd, buffer);
    if (!request) break;
    request->connection = connection;
    request->number = number;
    {
      const std::lock_guard lock(mutex);
      requests.push_back(*request);
    }
    if (!answer(fd, *request)) break;
  }
  const std::lock_guard lock(mutex);
  std::erase(open, fd);
  ::close(fd);
}

void LoopbackServer::Impl::accept_all() {
  for (std::size_t connection = 0;; ++connection) {
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const std::lock_guard lock(mutex);
    if (stopped) {
      ::close(fd);
      return;
    }
    open.push_back(fd);
    threads.emplace_back([this, fd, connection] { serve(fd, connection); });
  }
}

LoopbackServer::LoopbackServer(Behaviour behaviour) : impl_(std::make_unique<Impl>()) {
  impl_->behaviour = std::move(behaviour);
  impl_->acceptor = std::thread([this] { impl_->accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopped = true;
    for (const int fd : impl_->open) ::shutdown(fd, SHUT_RDWR);
  }
  impl_->stopped_changed.notify_all();
  ::shutdown(impl_->listener, SHUT_RDWR);
  impl_->acceptor.join();
  for (std::thread& thread : impl_->threads) thread.join();
  ::close(impl_->listener);
}

int LoopbackServer::port() const { return impl_->port; }

std::string LoopbackServer::url(const std::string& target) const {
  return "http://127.0.0.1:" + std::to_string(impl_->port) + target;
}

std::vector<LoopbackServer::Request> LoopbackServer::requests() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->requests;
}
