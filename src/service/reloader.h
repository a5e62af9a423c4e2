#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "config/settings.h"
#include "core/clock.h"
#include "core/result.h"
#include "report/settings_state.h"

namespace recoup::service {

// Reads the settings again, as the program did when it started.
using Reread = std::function<core::Result<config::Settings>()>;

// Reloader has a running service go by what its settings say now: all of it, or nothing where
// anything is wrong. It says in the log what it did and why not, and keeps that for the outputs.
// One at a time; from any thread.
class Reloader {
 public:
  // Goes over to other settings; what an error says is that the service goes on as before.
  using Exchange = std::function<core::Result<void>(config::SharedSettings)>;

  // The clock outlives it.
  Reloader(Reread reread, Exchange exchange, const core::Clock& clock);

  // `cause` is who asked for it, as the log names it: "SIGHUP". The error's message is what is
  // wrong with the settings, as it was logged.
  core::Result<void> reload(std::string_view cause);

  // Does other work that goes over to settings, while nobody has them read again.
  void alone(const std::function<void()>& work);

  report::SettingsState state() const;

 private:
  core::Result<void> note(std::string_view cause, const core::Result<void>& done);

  const Reread reread_;
  const Exchange exchange_;
  const core::Clock& clock_;
  std::mutex reloading_;      // held while it works
  mutable std::mutex mutex_;  // guards what is below
  report::SettingsState state_;
};

}  // namespace recoup::service
