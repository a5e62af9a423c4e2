#include "core/rule.h"

#include <fmt/format.h>

namespace recoup::core {

std::string to_text(const StatusRange& range) {
  if (range.first == range.last) return fmt::format("{}", range.first);
  if (range.last == range.first + 99) return fmt::format("{}xx", range.first / 100);
  return fmt::format("{}-{}", range.first, range.last);
}

std::chrono::minutes Version::interval() const {
  struct Length {
    std::chrono::minutes operator()(const MeanOfIntervals& f) const { return f.interval; }
    std::chrono::minutes operator()(const DowntimeRuns&) const { return std::chrono::minutes(1); }
    std::chrono::minutes operator()(const BadWindows& f) const { return f.window; }
    std::chrono::minutes operator()(const AllFailed& f) const { return f.interval; }
    std::chrono::minutes operator()(const RequestRatio&) const { return std::chrono::minutes(1); }
  };
  return std::visit(Length{}, formula);
}

const Version* Rule::in_force(Date day) const {
  const Version* found = nullptr;
  for (const Version& version : versions) {
    if (version.effective <= day) found = &version;
  }
  return found;
}

}  // namespace recoup::core
