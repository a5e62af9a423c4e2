#include "service/reloader.h"

#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "core/text.h"

namespace recoup::service {
namespace {

// Complaints about a file are laid out, with their places and their help.
std::string in_words(const core::Error& error) {
  std::string words = error.where.empty() ? "" : error.where + ": ";
  words += error.message;
  return error.help.empty() ? words : words + "\nhelp: " + error.help;
}

void log_taken(std::string_view cause, const config::Settings& settings) {
  std::size_t probes = 0;
  for (const auto& agreement : settings.agreements) probes += agreement.probes.size();
  spdlog::info("settings: {}: taken over: {} for {}", cause, core::counted(probes, "probe"),
               core::counted(settings.agreements.size(), "agreement"));
  if (!settings.warnings.empty()) spdlog::warn("settings: {}", settings.warnings);
  for (const config::Double& one : settings.doubles) spdlog::warn("settings: {}", one.words());
}

}  // namespace

Reloader::Reloader(Reread reread, Exchange exchange, const core::Clock& clock)
    : reread_(std::move(reread)), exchange_(std::move(exchange)), clock_(clock) {
  state_.since = clock_.wall();
}

core::Result<void> Reloader::reload(std::string_view cause) {
  const std::lock_guard lock(reloading_);
  if (!reread_) return note(cause, core::Error{"these settings are in no file"});
  auto read = reread_();
  if (!read) return note(cause, read.error());
  const auto settings = std::make_shared<const config::Settings>(*std::move(read));
  const auto done = exchange_(settings);
  if (done) log_taken(cause, *settings);
  return note(cause, done);
}

void Reloader::alone(const std::function<void()>& work) {
  const std::lock_guard lock(reloading_);
  work();
}

core::Result<void> Reloader::note(std::string_view cause, const core::Result<void>& done) {
  const core::Instant now = clock_.wall();
  const std::string words = done ? "" : in_words(done.error());
  if (!done) {
    spdlog::error("settings: {}: not taken over, and all goes on as before:\n{}", cause, words);
  }
  const std::lock_guard lock(mutex_);
  ++(done ? state_.good : state_.failed);
  state_.problem = words;
  state_.problem_at.reset();
  if (!done) {
    state_.problem_at = now;
    return core::Error{words};
  }
  state_.since = now;
  return {};
}

report::SettingsState Reloader::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

}  // namespace recoup::service
