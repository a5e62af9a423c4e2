#pragma once

#include <memory>
#include <stop_token>

#include "config/settings.h"
#include "core/clock.h"
#include "service/recorder.h"
#include "service/sdk_log.h"
#include "sources/sdk/attempts.h"

namespace recoup::service {

// SdkListener is the part of the running service that AWS SDKs report to.
class SdkListener {
 public:
  // The clock outlives it.
  SdkListener(std::unique_ptr<sources::sdk::Datagrams> datagrams, const core::Clock& clock)
      : datagrams_(std::move(datagrams)), clock_(clock) {}

  // Makes the logs of the settings series of the ledger, and resumes them; on an error those that
  // were counted go on. What arrives is counted by the settings from exchange() on.
  core::Result<void> watch(const config::Settings& settings, Recorder& recorder);
  void exchange(const config::Settings& settings);

  // Counts what arrives until the stop is requested, and what is there then. A thread of its own.
  void run(const std::stop_token& stop);

  // Writes to the log what was lost and what nobody counts. For the thread that asks now and then.
  void tell();

  // From any thread.
  record::SdkCounts counts() const { return attempts_.counts(); }
  std::uint64_t evidence_dropped() const { return attempts_.evidence_dropped(); }

 private:
  std::unique_ptr<sources::sdk::Datagrams> datagrams_;
  const core::Clock& clock_;
  sources::sdk::Attempts attempts_;
  SdkLog log_;
};

}  // namespace recoup::service
