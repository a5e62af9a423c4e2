#include "service/sdk_listener.h"

#include <vector>

#include "config/worth.h"

namespace recoup::service {
namespace {

// The logs of all agreements that count what arrives.
std::vector<sources::sdk::CountedLog> counted_logs(const config::Settings& settings) {
  std::vector<sources::sdk::CountedLog> logs;
  for (const auto& agreement : settings.agreements) {
    for (const config::LogSettings& log : agreement.logs) {
      if (!log.listens()) continue;
      logs.push_back({{agreement.agreement.id, record::SeriesKind::sdk, log.id, settings.vantage},
                      log.services,
                      agreement.agreement.region,
                      log.clients});
    }
  }
  return logs;
}

}  // namespace

core::Result<void> SdkListener::watch(const config::Settings& settings, Recorder& recorder) {
  attempts_.watch(counted_logs(settings));
  auto done = recorder.add(attempts_, clock_.wall());
  if (!done) attempts_.forget_new();
  return done;
}

void SdkListener::exchange(const config::Settings& settings) {
  attempts_.exchange(counted_logs(settings), config::worth_a_record(settings));
}

void SdkListener::run(const std::stop_token& stop) {
  sources::sdk::listen(*datagrams_, attempts_, clock_, stop);
}

void SdkListener::tell() { log_.tell(attempts_.counts(), clock_.mono()); }

}  // namespace recoup::service
