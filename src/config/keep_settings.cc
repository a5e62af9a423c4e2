#include "config/keep_settings.h"

namespace recoup::config {

using std::chrono::days;

// A claim may be disputed long after it was refused, and an auditor may ask for more than a year:
// less than a month is a slip of the pen.
KeepSettings read_keep(const documents::Value& value) {
  KeepSettings keep;
  const auto table = value.table();
  if (!table) return keep;
  if (const auto minutes = table->optional("minute_days").integer(1, 36'500)) {
    keep.minutes = days(*minutes);
  }
  if (const auto evidence = table->optional("evidence_days").integer(31, 36'500)) {
    keep.evidence = days(*evidence);
  }
  return keep;
}

}  // namespace recoup::config
