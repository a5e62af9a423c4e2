#include "sources/sdk/udp.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace recoup::sources::sdk {
namespace {

constexpr std::size_t kMost = 64;          // datagrams that are taken at one time
constexpr int kBuffer = 8 << 20;           // bytes that may wait in the system
constexpr std::size_t kControlBytes = 64;  // for the count of what was dropped, with room to spare

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

// What the system has dropped of the socket's datagrams, as it says it beside one that it kept; it
// says nothing while that is none.
std::uint32_t drops_beside(msghdr& header) {
  for (cmsghdr* each = CMSG_FIRSTHDR(&header); each != nullptr; each = CMSG_NXTHDR(&header, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SO_RXQ_OVFL) continue;
    std::uint32_t drops = 0;
    std::memcpy(&drops, CMSG_DATA(each), sizeof drops);
    return drops;
  }
  return 0;
}

void set_up(int fd) {
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
  // The first needs a privilege, the second is cut to what the system lets anybody have.
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &kBuffer, sizeof kBuffer) != 0) {
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kBuffer, sizeof kBuffer);
  }
}

int port_of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

}  // namespace

struct UdpDatagrams::Impl {
  struct Slot {
    std::array<char, kLongest> bytes;
    alignas(cmsghdr) std::array<char, kControlBytes> control;
    iovec part;
  };

  explicit Impl(int fd) : socket(fd), slots(kMost), headers(kMost) {
    for (std::size_t i = 0; i < kMost; ++i) {
      slots[i].part = {slots[i].bytes.data(), slots[i].bytes.size()};
      headers[i].msg_hdr.msg_iov = &slots[i].part;
      headers[i].msg_hdr.msg_iovlen = 1;
    }
    arrived.datagrams.reserve(kMost);
  }

  bool receive();
  void idle(core::Millis wait);

  Descriptor socket;
  Descriptor waker{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::vector<Slot> slots;
  std::vector<mmsghdr> headers;
  Arrived arrived;
  std::uint32_t drops = 0;  // so far; the system's count begins again at 0 beyond 2^32
};

// Takes what is there; whether anything was.
bool UdpDatagrams::Impl::receive() {
  arrived.datagrams.clear();
  arrived.cut_short = 0;
  arrived.dropped = 0;
  for (std::size_t i = 0; i < kMost; ++i) {
    headers[i].msg_hdr.msg_control = slots[i].control.data();
    headers[i].msg_hdr.msg_controllen = slots[i].control.size();
  }
  const int got = ::recvmmsg(socket.get(), headers.data(), kMost, MSG_DONTWAIT, nullptr);
  if (got < 0) {
    // Of these the next take() may know nothing any more.
    if (errno == EAGAIN || errno == EINTR || errno == ENOMEM || errno == ENOBUFS) return false;
    throw std::system_error(errno, std::generic_category(), "receiving what SDKs report");
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
    msghdr& header = headers[i].msg_hdr;
    if ((header.msg_flags & MSG_TRUNC) != 0) {
      ++arrived.cut_short;
    } else {
      arrived.datagrams.emplace_back(slots[i].bytes.data(), headers[i].msg_len);
    }
    const std::uint32_t now = drops_beside(header);
    if (now != 0) arrived.dropped += now - std::exchange(drops, now);
  }
  return got > 0;
}

void UdpDatagrams::Impl::idle(core::Millis wait) {
  std::array<pollfd, 2> polled{{{socket.get(), POLLIN, 0}, {waker.get(), POLLIN, 0}}};
  ::poll(polled.data(), polled.size(), static_cast<int>(wait.count()));
  std::uint64_t count = 0;
  if (polled[1].revents != 0 && ::read(waker.get(), &count, sizeof count) < 0) return;
}

core::Result<std::unique_ptr<UdpDatagrams>> UdpDatagrams::open(const std::string& host, int port) {
  const std::string where = fmt::format("{}:{}", host, port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int problem = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (problem != 0) {
    return core::Error{
        fmt::format("expected a host to listen on for SDKs: {}", ::gai_strerror(problem)), where};
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found(list, ::freeaddrinfo);
  auto impl = std::make_unique<Impl>(
      ::socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, found->ai_protocol));
  if (impl->socket.get() < 0 || impl->waker.get() < 0 ||
      ::bind(impl->socket.get(), found->ai_addr, found->ai_addrlen) != 0) {
    const int reason = errno;
    return core::Error{fmt::format("cannot listen for SDKs: {}", std::strerror(reason)), where,
                       reason == EADDRINUSE ? "another program listens there: choose another port, "
                                              "which processes are told by AWS_CSM_PORT"
                                            : ""};
  }
  set_up(impl->socket.get());
  return std::unique_ptr<UdpDatagrams>(new UdpDatagrams(std::move(impl)));
}

UdpDatagrams::UdpDatagrams(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

UdpDatagrams::~UdpDatagrams() = default;

int UdpDatagrams::port() const { return port_of(impl_->socket.get()); }

const Datagrams::Arrived& UdpDatagrams::take(core::Millis wait) {
  if (impl_->receive() || wait <= core::Millis(0)) return impl_->arrived;
  impl_->idle(wait);
  impl_->receive();
  return impl_->arrived;
}

void UdpDatagrams::wake() {
  const std::uint64_t one = 1;
  // It can only be full of wakes that nobody has looked at.
  if (::write(impl_->waker.get(), &one, sizeof one) < 0) return;
}

}  // namespace recoup::sources::sdk
