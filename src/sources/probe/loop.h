#pragma once

#include <memory>

#include "sources/probe/network.h"

namespace recoup::sources::probe {

// Loop is the network: libcurl's transfers, driven by epoll in the thread that calls turn().
class Loop final : public Network {
 public:
  // Throws std::system_error or std::bad_alloc when the system has no room for it. Half of the
  // descriptors that the process may open may lie idle in kept connections.
  Loop();
  ~Loop() override;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void adopt(void* easy, Sockets& sockets) override;
  bool add(void* easy) override;
  void remove(void* easy) override;
  const std::vector<EndedTransfer>& turn(std::chrono::milliseconds wait) override;
  void wake() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::sources::probe
