#pragma once

#include <atomic>
#include <memory>

#include "core/world.h"
#include "web/http/server.h"

namespace recoup::cli {

// PracticeProvider answers on loopback like KMS does: a request id in a header, JSON bodies, and
// in the course of every minute some seconds of 503 and of 500. For the demo alone.
class PracticeProvider {
 public:
  // The world outlives the provider.
  static core::Result<std::unique_ptr<PracticeProvider>> start(core::World world);

  int port() const { return server_->port(); }

 private:
  explicit PracticeProvider(const core::Clock& clock) : clock_(clock) {}
  web::Response answer();

  const core::Clock& clock_;
  std::atomic<std::uint64_t> answered_{0};
  std::unique_ptr<web::Server> server_;
};

}  // namespace recoup::cli
