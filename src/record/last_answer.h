#pragma once

#include <cstddef>
#include <string>

#include "core/outcome.h"
#include "core/time.h"

namespace recoup::record {

// LastAnswer is what a probe's newest request that has ended came to, and since when its requests
// end like that: in memory alone, since the service started.
struct LastAnswer {
  std::string agreement;
  std::string probe;
  std::size_t targets = 1;  // that take turns: of a list one answer says little about the others
  core::Millis every{1};
  core::Instant at;       // when it was sent
  core::Instant since;    // when the first was sent of those in a row that ended like it
  bool changed = false;   // one before these ended otherwise; else nothing earlier is known
  bool expected = false;  // it was answered as its probe expects
  core::Outcome outcome = {};
};

}  // namespace recoup::record
