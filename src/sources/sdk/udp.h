#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "sources/sdk/datagrams.h"

namespace recoup::sources::sdk {

// UdpDatagrams is the datagrams that arrive at a UDP port of this machine.
class UdpDatagrams final : public Datagrams {
 public:
  // The longest that is taken; SDKs send 8 KiB at most.
  static constexpr std::size_t kLongest = 16 << 10;

  // Port 0 is any free one. Asks the system to hold some megabytes while nobody takes them, and
  // gets by with what it grants. Errors: the address is not this machine's, or is taken.
  static core::Result<std::unique_ptr<UdpDatagrams>> open(const std::string& host, int port);
  ~UdpDatagrams() override;

  int port() const;

  // Throws std::system_error where the socket has failed for good.
  const Arrived& take(core::Millis wait) override;
  void wake() override;

 private:
  struct Impl;
  explicit UdpDatagrams(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::sources::sdk
