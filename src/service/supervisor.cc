#include "service/supervisor.h"

#include <cstdint>

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

namespace recoup::service {

void Supervisor::ready(const std::string& status) {
  sd_notify(0, fmt::format("READY=1\nSTATUS={}", status).c_str());
}

void Supervisor::reloading() { sd_notify(0, "RELOADING=1"); }

void Supervisor::stopping() { sd_notify(0, "STOPPING=1"); }

void Supervisor::alive() { sd_notify(0, "WATCHDOG=1"); }

std::optional<core::Millis> Supervisor::alive_every() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
  return core::Millis(static_cast<core::Millis::rep>(microseconds / 2000));
}

}  // namespace recoup::service
