#pragma once

#include <cstddef>
#include <optional>
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
  refused,       // would be an Error but that it refused what we sent, our own fault: not counted
  missed,        // was due and never sent: our own fault, not counted
  unread,        // a line of a log that could not be read, and may be any of these: not counted
};

// Why an answer with a status of 5xx, a failure to whoever sees it, is not counted as an Error.
enum class Uncounted {
  status,         // the contract's Errors have other statuses
  error_name,     // it lacks an error name that the contract's Errors have
  unattributed,   // Verdict::unattributed
  not_a_request,  // Verdict::not_a_request
};
inline constexpr std::size_t kUncounteds = 4;

struct Classified {
  Verdict verdict;
  std::string clause;  // why, in words a user can check against the contract
  std::optional<Uncounted> uncounted = std::nullopt;  // of an answer with a status of 5xx alone
};

// Judges one outcome by one contract version. A log line carries no header: there the status
// decides. An answer that refused our signature, clock or credentials is what the contract makes of
// its status, a Request that did not fail, say; where that is an Error it is left out.
Classified classify(const Version& version, const Outcome& outcome);

// Whether the outcome is an Error under the version, or would be if the provider itself answered,
// if calls of other services were counted, or if it were no answer to a fault of ours.
bool may_be_error(const Version& version, const Outcome& seen);

// What a call that another service made would count as if such calls were counted; nothing for any
// other outcome.
std::optional<Verdict> verdict_if_counted(const Version& version, const Outcome& outcome);

std::string_view to_text(Verdict verdict);
std::string_view to_text(Uncounted reason);  // "error_name"

}  // namespace recoup::core
