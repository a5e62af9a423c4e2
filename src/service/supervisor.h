#pragma once

#include <optional>
#include <string>

#include "core/time.h"

namespace recoup::service {

// Supervisor tells the process manager that started the service how it stands, by the protocol of
// sd_notify(3). Where none did, all of it does nothing. From any thread.
class Supervisor {
 public:
  // Everything is open and the service answers; `status` is a line for people.
  static void ready(const std::string& status);

  // Other settings are read now, and ready() follows however that ends.
  static void reloading();

  // The end was asked for, and what is left becomes durable.
  static void stopping();

  // The service is alive. One that the manager does not hear that of for its time is killed and
  // started again.
  static void alive();

  // How often alive() is to be told: half of the manager's time. Nothing: it does not ask.
  static std::optional<core::Millis> alive_every();
};

}  // namespace recoup::service
