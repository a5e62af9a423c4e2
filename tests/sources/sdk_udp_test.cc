#include "sources/sdk/udp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "support/catch.h"

using namespace std::chrono_literals;
using namespace recoup::sources::sdk;

namespace {

// Sends to a port of loopback.
class Sender {
 public:
  explicit Sender(int port) : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    to_.sin_family = AF_INET;
    to_.sin_port = htons(static_cast<std::uint16_t>(port));
    to_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  ~Sender() { ::close(fd_); }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  void send(const std::string& datagram) const {
    REQUIRE(::sendto(fd_, datagram.data(), datagram.size(), 0,
                     reinterpret_cast<const sockaddr*>(&to_),
                     sizeof to_) == static_cast<ssize_t>(datagram.size()));
  }

 private:
  int fd_;
  sockaddr_in to_{};
};

std::unique_ptr<UdpDatagrams> opened(int port = 0) {
  auto datagrams = UdpDatagrams::open("127.0.0.1", port);
  if (!datagrams) FAIL(datagrams.error().message);
  return *std::move(datagrams);
}

}  // namespace

TEST_CASE("datagrams arrive whole and in their order") {
  const auto datagrams = opened();
  const Sender sender(datagrams->port());
  sender.send("one");
  sender.send("");
  sender.send(std::string(UdpDatagrams::kLongest, 'x'));
  const auto& arrived = datagrams->take(10s);
  REQUIRE(arrived.datagrams.size() == 3);
  CHECK(arrived.datagrams[0] == "one");
  CHECK(arrived.datagrams[1].empty());
  CHECK(arrived.datagrams[2] == std::string(UdpDatagrams::kLongest, 'x'));
  CHECK(arrived.cut_short == 0);
  CHECK(arrived.dropped == 0);
  CHECK(datagrams->take(0s).datagrams.empty());
}

TEST_CASE("a datagram that is too long is counted and not given") {
  const auto datagrams = opened();
  const Sender sender(datagrams->port());
  sender.send(std::string(UdpDatagrams::kLongest + 1, 'x'));
  sender.send("two");
  const auto& arrived = datagrams->take(10s);
  CHECK(arrived.cut_short == 1);
  REQUIRE(arrived.datagrams.size() == 1);
  CHECK(arrived.datagrams[0] == "two");
}

TEST_CASE("what the system drops is counted: nothing that was sent is unaccounted for") {
  const auto datagrams = opened();
  const Sender sender(datagrams->port());
  std::uint64_t sent = 0;
  std::uint64_t taken = 0;
  std::uint64_t dropped = 0;
  const auto take = [&] {
    for (;;) {
      const auto& arrived = datagrams->take(0s);
      if (arrived.datagrams.empty()) return;
      taken += arrived.datagrams.size();
      dropped += arrived.dropped;
    }
  };
  // More than any buffer here takes while nobody does.
  const std::string datagram(8'000, 'x');
  for (; sent < 5'000; ++sent) sender.send(datagram);
  take();
  sender.send(datagram);
  ++sent;
  take();
  CHECK(dropped > 0);
  CHECK(taken + dropped == sent);
}

TEST_CASE("waiting for datagrams ends when it is woken") {
  const auto datagrams = opened();
  std::thread waker([&] { datagrams->wake(); });
  CHECK(datagrams->take(std::chrono::minutes(10)).datagrams.empty());
  waker.join();
}

TEST_CASE("an address that is taken, or not this machine's, is refused with what to do") {
  const auto first = opened();
  const auto second = UdpDatagrams::open("127.0.0.1", first->port());
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().message == "cannot listen for SDKs: Address already in use");
  CHECK(second.error().help ==
        "another program listens there: choose another port, which processes are told by "
        "AWS_CSM_PORT");
  CHECK_FALSE(UdpDatagrams::open("192.0.2.1", 0).ok());
  CHECK_FALSE(UdpDatagrams::open("no such host", 0).ok());
}
