#include "config/keep_settings.h"

namespace recoup::config {

using std::chrono::days;

// A claim may be disputed long after it was refused, and an auditor may ask for more than a year:
// less than a month is a slip of the pen.
KeepSettings read_keep(const documents::Value& value) {
  KeepSettings keep;
  const auto table = value.table();
  if (!table) return keep;
  keep.minutes = table->optional("minutes").duration(days(1), days(3650)).value_or(keep.minutes);
  keep.evidence =
      table->optional("evidence").duration(days(31), days(36'500)).value_or(keep.evidence);
  return keep;
}

}  // namespace recoup::config
