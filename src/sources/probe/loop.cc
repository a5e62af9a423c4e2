#include "sources/probe/loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sources/probe/easy.h"

namespace recoup::sources::probe {
namespace {

constexpr std::size_t kEvents = 256;
constexpr long kMostConnections = 10'000;

long connection_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return kMostConnections;
  }
  return std::clamp(static_cast<long>(limit.rlim_cur / 2), 16L, kMostConnections);
}

// Descriptor owns one file descriptor.
class Descriptor {
 public:
  Descriptor(int fd, const char* what) : fd_(fd) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), what);
  }
  ~Descriptor() { ::close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

// What libcurl wants to know of a socket, and what epoll watches it for. They differ on purpose:
// a kept connection stays registered between two requests, which saves two system calls each.
struct Watch {
  std::uint32_t wanted = 0;
  std::uint32_t registered = 0;
  bool ours = false;  // made and closed by the callbacks below, so that its end cannot be missed
};

}  // namespace

struct Loop::Impl {
  Descriptor epoll{::epoll_create1(EPOLL_CLOEXEC), "epoll_create1"};
  Descriptor waker{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd"};
  std::vector<Watch> watches;  // by descriptor
  std::vector<EndedTransfer> ended;
  // Last, so that the connections it closes still find the rest.
  Multi multi = make_multi();

  Watch& watch(int fd) {
    const auto index = static_cast<std::size_t>(fd);
    if (index >= watches.size()) watches.resize(index + 1);
    return watches[index];
  }

  void update(int fd, std::uint32_t events);
  void want(int fd, int what);
  void handle(const epoll_event& event);
  void collect();
  int timeout_within(std::chrono::milliseconds wait);

  static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
    static_cast<Impl*>(self)->want(fd, what);
    return 0;
  }
  static curl_socket_t on_open(void* user, curlsocktype, curl_sockaddr* address);
  static int on_close(void* self, curl_socket_t fd);
};

void Loop::Impl::update(int fd, std::uint32_t events) {
  Watch& at = watch(fd);
  if (at.registered == events) return;
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  const int operation =
      events == 0 ? EPOLL_CTL_DEL : (at.registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD);
  const bool done = ::epoll_ctl(epoll.get(), operation, fd, &event) == 0;
  // What cannot be watched (no memory) is found by libcurl's own timeout.
  at.registered = done ? events : 0;
}

void Loop::Impl::want(int fd, int what) {
  Watch& at = watch(fd);
  at.wanted = 0;
  if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) at.wanted |= EPOLLIN;
  if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) at.wanted |= EPOLLOUT;
  if (at.wanted == 0 && at.ours && at.registered == EPOLLIN) return;
  update(fd, at.wanted);
}

curl_socket_t Loop::Impl::on_open(void* user, curlsocktype, curl_sockaddr* address) {
  auto* sockets = static_cast<Sockets*>(user);
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) {
    sockets->error = errno;
    return CURL_SOCKET_BAD;
  }
  static_cast<Impl*>(sockets->network)->watch(fd) = Watch{0, 0, true};
  return fd;
}

int Loop::Impl::on_close(void* self, curl_socket_t fd) {
  static_cast<Impl*>(self)->watch(fd) = Watch{};
  return ::close(fd);
}

void Loop::Impl::handle(const epoll_event& event) {
  const int fd = event.data.fd;
  if (fd == waker.get()) {
    std::uint64_t count = 0;
    while (::read(fd, &count, sizeof count) > 0) {
    }
    return;
  }
  if (watch(fd).wanted == 0) {
    // An idle connection that the server closed, most likely; libcurl looks before it uses it.
    update(fd, 0);
    return;
  }
  int flags = 0;
  if ((event.events & EPOLLIN) != 0) flags |= CURL_CSELECT_IN;
  if ((event.events & EPOLLOUT) != 0) flags |= CURL_CSELECT_OUT;
  if ((event.events & (EPOLLERR | EPOLLHUP)) != 0) flags |= CURL_CSELECT_ERR;
  int running = 0;
  curl_multi_socket_action(multi.get(), fd, flags, &running);
}

int Loop::Impl::timeout_within(std::chrono::milliseconds wait) {
  long timeout = -1;
  curl_multi_timeout(multi.get(), &timeout);
  if (timeout == 0) {
    int running = 0;
    curl_multi_socket_action(multi.get(), CURL_SOCKET_TIMEOUT, 0, &running);
    // What ended already, a refused connection perhaps, does not wait for others.
    collect();
    if (!ended.empty()) return 0;
    curl_multi_timeout(multi.get(), &timeout);
  }
  if (timeout >= 0 && timeout < wait.count()) return static_cast<int>(timeout);
  return static_cast<int>(wait.count());
}

void Loop::Impl::collect() {
  const std::size_t before = ended.size();
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
    if (message->msg == CURLMSG_DONE) {
      curl_off_t micros = 0;
      curl_easy_getinfo(message->easy_handle, CURLINFO_TOTAL_TIME_T, &micros);
      ended.push_back({message->easy_handle, static_cast<int>(message->data.result),
                       std::chrono::microseconds(micros)});
    }
  }
  for (std::size_t i = before; i < ended.size(); ++i) {
    curl_multi_remove_handle(multi.get(), ended[i].easy);
  }
}

Loop::Loop() : impl_(std::make_unique<Impl>()) {
  CURLM* multi = impl_->multi.get();
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &Impl::on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, impl_.get());
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connection_limit());
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = impl_->waker.get();
  if (::epoll_ctl(impl_->epoll.get(), EPOLL_CTL_ADD, impl_->waker.get(), &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

Loop::~Loop() = default;

void Loop::adopt(void* easy, Sockets& sockets) {
  sockets.network = impl_.get();
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Impl::on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &sockets);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &Impl::on_close);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, impl_.get());
}

bool Loop::add(void* easy) { return curl_multi_add_handle(impl_->multi.get(), easy) == CURLM_OK; }

void Loop::remove(void* easy) { curl_multi_remove_handle(impl_->multi.get(), easy); }

const std::vector<Network::EndedTransfer>& Loop::turn(std::chrono::milliseconds wait) {
  impl_->ended.clear();
  std::array<epoll_event, kEvents> events;
  const int timeout = impl_->timeout_within(wait);
  const int count =
      ::epoll_wait(impl_->epoll.get(), events.data(), static_cast<int>(kEvents), timeout);
  for (int i = 0; i < count; ++i) impl_->handle(events[static_cast<std::size_t>(i)]);
  impl_->collect();
  return impl_->ended;
}

void Loop::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(impl_->waker.get(), &one, sizeof one);
}

}  // namespace recoup::sources::probe
