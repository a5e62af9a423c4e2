#pragma once

#include "core/time.h"
#include "documents/document.h"

namespace recoup::config {

// KeepSettings is for how long what was seen stays as it was written. Counts stay for good.
struct KeepSettings {
  // After a UTC day is over, until the counts of its minutes are folded into one row a series.
  core::Millis minutes = std::chrono::days(2);
  // After all that can become of a month's claim is over, until its evidence is removed.
  core::Millis evidence = std::chrono::days(400);

  bool operator==(const KeepSettings&) const = default;
};

// Reads [keep]; what is absent is as above.
KeepSettings read_keep(const documents::Value& value);

}  // namespace recoup::config
