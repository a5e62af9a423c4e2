#include "record/phases.h"

#include <fmt/format.h>

namespace recoup::record {

std::string_view to_text(Phase phase) {
  switch (phase) {
    case Phase::resolve: return "resolve";
    case Phase::connect: return "connect";
    case Phase::tls: return "tls";
    case Phase::send: return "send";
    case Phase::wait: return "wait";
    case Phase::transfer: break;
  }
  return "transfer";
}

std::string millis_text(std::chrono::nanoseconds duration) {
  const auto micros = duration.count() / 1000;
  std::string fraction = fmt::format(".{:03}", micros % 1000);
  fraction.resize(fraction.find_last_not_of('0') + 1);
  if (fraction == ".") fraction.clear();
  return fmt::format("{}{} ms", micros / 1000, fraction);
}

std::string phases_text(const Phases& phases) {
  std::string text;
  for (const Phase phase : kPhases) {
    const auto took = phases[static_cast<std::size_t>(phase)];
    if (took < std::chrono::microseconds(1)) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_text(phase), millis_text(took));
  }
  return text;
}

}  // namespace recoup::record
