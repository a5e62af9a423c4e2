#pragma once

#include <set>
#include <string>
#include <utility>

#include "core/clock.h"
#include "record/sdk_counts.h"

namespace recoup::service {

// SdkLog writes to the log what is lost of what AWS SDKs report: what was dropped, is malformed or
// of another time at most once a minute, with how many there are since, and once each which service
// and Region no agreement counts. One thread.
class SdkLog {
 public:
  void tell(const record::SdkCounts& counts, core::MonoTime now);

 private:
  void tell_sums(const record::SdkCounts& counts);
  void tell_losses(const record::SdkCounts& counts);
  void tell_uncounted(const record::SdkCounts& counts);

  core::MonoTime next_;       // nothing is told before
  record::SdkCounts told_;    // its sums, as they were told
  core::Instant told_until_;  // losses of calls that began before were told
  std::set<std::pair<std::string, std::string>> subjects_;  // that were told
};

}  // namespace recoup::service
