// How many datagrams of AWS SDKs does one core take, read and count?
//
//   bench_sdk [ROUNDS]
//
// Each round sends 128 datagrams over loopback and then takes them: what is timed is the taking, in
// processor time, medians of five times all rounds. The datagrams are boto3's: an attempt and its
// call in turn, of which every hundredth attempt is a 500 and has a record. Beside it stand a bare
// loop around recvmmsg that looks at nothing, and the reading alone, of the same datagrams.
#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "processor_time.h"
#include "sources/sdk/attempts.h"
#include "sources/sdk/datagram.h"
#include "sources/sdk/udp.h"

using namespace recoup;
using namespace recoup::sources::sdk;

namespace {

constexpr std::size_t kRound = 128;
const core::Instant kNow = *core::parse_instant("2026-10-03T12:00:00Z");

void require(bool done, const char* what) {
  if (done) return;
  fmt::print(stderr, "{}\n", what);
  std::exit(1);
}

std::vector<std::string> datagrams() {
  constexpr std::string_view kAgent =
      "Boto3/1.26.27 Python/3.11.2 Linux/6.1.0-18-amd64 Botocore/1.29.27";
  std::vector<std::string> all;
  for (std::size_t i = 0; i < kRound / 2; ++i) {
    const auto at = kNow.time_since_epoch().count() + static_cast<std::int64_t>(i);
    const bool failed = i == kRound / 4;
    all.push_back(fmt::format(
        R"({{"Version":1,"ClientId":"app1","Type":"ApiCallAttempt","Service":"KMS",)"
        R"("Api":"GenerateDataKey","Timestamp":{},"AttemptLatency":{},)"
        R"("Fqdn":"kms.us-east-1.amazonaws.com","UserAgent":"{}",)"
        R"("AccessKey":"AKIAIOSFODNN7EXAMPLE","Region":"us-east-1","HttpStatusCode":{},)"
        R"("XAmznRequestId":"6e2b1a0c-0000-4000-8000-{:012}"{}}})",
        at, i % 50, kAgent, failed ? 500 : 200, i,
        failed ? R"(,"AwsException":"KMSInternalException","AwsExceptionMessage":"x")" : ""));
    all.push_back(fmt::format(
        R"({{"Version":1,"ClientId":"app1","Type":"ApiCall","Service":"KMS",)"
        R"("Api":"GenerateDataKey","Timestamp":{},"AttemptCount":1,"Region":"us-east-1",)"
        R"("UserAgent":"{}","FinalHttpStatusCode":200,"Latency":9,"MaxRetriesExceeded":0}})",
        at, kAgent));
  }
  return all;
}

// Socket is a UDP socket of loopback.
class Socket {
 public:
  Socket() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    require(::bind(fd_, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0, "cannot bind");
  }
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int fd() const { return fd_; }
  int port() const {
    sockaddr_in at{};
    socklen_t size = sizeof at;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size);
    return ntohs(at.sin_port);
  }
  void send(const std::vector<std::string>& all, int port) const {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (const std::string& one : all) {
      require(::sendto(fd_, one.data(), one.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                       sizeof to) == static_cast<ssize_t>(one.size()),
              "cannot send");
    }
  }

 private:
  int fd_;
};

// The bare loop: as many at a time as the program takes, and nothing is done with them.
class Bare {
 public:
  Bare() : parts_(kAtOnce), headers_(kAtOnce), bytes_(kAtOnce * UdpDatagrams::kLongest) {
    for (std::size_t i = 0; i < kAtOnce; ++i) {
      parts_[i] = {bytes_.data() + i * UdpDatagrams::kLongest, UdpDatagrams::kLongest};
      headers_[i].msg_hdr.msg_iov = &parts_[i];
      headers_[i].msg_hdr.msg_iovlen = 1;
    }
  }
  int port() const { return socket_.port(); }
  std::size_t take() {
    const int got = ::recvmmsg(socket_.fd(), headers_.data(), kAtOnce, MSG_DONTWAIT, nullptr);
    return got < 0 ? 0 : static_cast<std::size_t>(got);
  }

 private:
  static constexpr std::size_t kAtOnce = 64;
  Socket socket_;
  std::vector<iovec> parts_;
  std::vector<mmsghdr> headers_;
  std::vector<char> bytes_;
};

// Processor time of `take`, by datagram, where `prepare` came before it and is not timed.
template <typename Prepare, typename Take>
double median_of(std::size_t rounds, Prepare prepare, Take take) {
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) {
    double spent = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
      prepare();
      spent +=
          bench::time_of([&] { require(take() == kRound, "not all of what was sent was taken"); });
    }
    times.push_back(spent / static_cast<double>(rounds * kRound));
  }
  return bench::median(std::move(times));
}

template <typename Take>
std::size_t take_all(Take take) {
  std::size_t all = 0;
  while (const std::size_t some = take()) all += some;
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t rounds = argc > 1 ? std::stoul(argv[1]) : 2'000;
  const std::vector<std::string> sent = datagrams();
  std::size_t bytes = 0;
  for (const std::string& one : sent) bytes += one.size();

  DatagramReader reader;
  const auto read_all = [&] {
    std::size_t read = 0;
    for (const std::string& one : sent) {
      read += std::holds_alternative<Malformed>(reader.read(one)) ? 0 : 1;
    }
    return read;
  };
  const double reading = median_of(
      rounds, [] {}, read_all);

  const Socket sender;
  Bare bare;
  const double receiving = median_of(
      rounds, [&] { sender.send(sent, bare.port()); },
      [&] { return take_all([&] { return bare.take(); }); });

  const auto datagrams = *UdpDatagrams::open("127.0.0.1", 0);
  Attempts attempts;
  const CountedLog log{{"kms", record::SeriesKind::sdk, "sdk", "here"}, {"KMS"}, "us-east-1", {}};
  attempts.watch({log});
  attempts.resume(log.key, {1, {}, {}});
  attempts.exchange({log}, {});
  const auto count = [&] {
    const Datagrams::Arrived& arrived = datagrams->take(core::Millis(0));
    attempts.add(arrived, kNow);
    return arrived.datagrams.size();
  };
  const double counting = median_of(
      rounds, [&] { sender.send(sent, datagrams->port()); }, [&] { return take_all(count); });
  const record::SdkCounts counts = attempts.counts();
  require(counts.attempts == counts.calls && counts.attempts == rounds * 5 * kRound / 2 &&
              counts.malformed == 0 && counts.dropped == 0,
          "not all attempts were counted");

  fmt::print("{} datagrams a round of {} bytes on average\n", kRound, bytes / kRound);
  fmt::print("recvmmsg alone         {:9.0f} datagrams/s\n", 1 / receiving);
  fmt::print("reading alone          {:9.0f} datagrams/s, {:.2f} of recvmmsg alone, {:.2f} GB/s\n",
             1 / reading, receiving / reading,
             static_cast<double>(bytes) / kRound / reading * 1e-9);
  fmt::print("taken, read, counted   {:9.0f} datagrams/s, {:.2f} of recvmmsg alone\n", 1 / counting,
             receiving / counting);
  return 0;
}
