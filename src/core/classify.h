#pragma once

#include <string>

#include "core/outcome.h"
#include "core/rule.h"

namespace recoup::core {

// What an outcome counts as under a contract.
enum class Verdict {
  served,         // a Request that did not fail with an Error
  error,          // a Request that failed with an Error
  not_a_request,  // the contract does not count it
  unattributed,  // has an Error's status, but not from the provider as far as is known: not counted
  missed,        // was due and never sent: our own fault, not counted
};

struct Classified {
  Verdict verdict;
  std::string clause;  // why, in words a user can check against the contract
};

// Judges one outcome by one contract version. A log line carries no header: there the status
// decides.
Classified classify(const Version& version, const Outcome& outcome);

std::string_view to_text(Verdict verdict);

}  // namespace recoup::core
