#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "report/snapshot.h"

// How all agreements stand, for whoever shows them: the pages and the API.
namespace recoup::report {

// State is what the verdict on a cycle comes to.
enum class State {
  certain,  // not met, and no Request that is still to come can change that
  below,    // below the commitment so far
  silent,   // nothing was measured
  met,
};
inline constexpr std::size_t kStates = 4;

State state_of(const core::Judgement& judgement);

// "certain": as it stands in an address.
std::string_view word_of(State state);

// The end of the last interval in which a Request was made, or `now` where that is before it.
std::optional<core::Instant> measured_until(const core::Assessment& assessment, core::Instant now);

// Whether it is a claim that can be handed in and was not.
bool is_open(const record::ClaimLife& life);

// Ranked is one agreement of a snapshot: where it stands now, and what it owes from before.
struct Ranked {
  std::shared_ptr<const core::Judgement> judgement;
  std::vector<const record::ClaimLife*> open;  // claims of earlier months, by month
};

// The snapshot's agreements, the worst first: what is broken, what lost something, what nobody
// knows, the rest. They point into the snapshot.
std::vector<Ranked> ranked(const Snapshot& snapshot);

}  // namespace recoup::report
