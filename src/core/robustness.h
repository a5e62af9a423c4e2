#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/ratio.h"
#include "core/votes.h"

namespace recoup::core {

// Strike is what a cycle comes to without a part of what was counted. A provider confirms a claim
// against its own monitoring (AWS KMS SLA: "is confirmed by us"), and may not take the word of one
// of the sources.
struct Strike {
  enum class Kind {
    source,   // a probe or log
    vantage,  // a vantage point
    probes,   // all probes
    outside,  // all that was lost outside the provider's own incidents
  };

  Kind kind = Kind::source;
  std::string name;       // "the probe encrypt from eu", "the vantage point eu", "all probes"
  bool measured = false;  // whether anything else was counted; where not, there is no figure
  Ratio uptime;           // fraction of 1
  Ratio share;            // of the charges, that is owed then

  // Whether that is as much as by the whole.
  bool keeps(const Ratio& owed) const { return measured && share >= owed; }
};

// Robustness is on what the tier of a cycle rests: what is left without each source, each vantage
// point, all probes, and what was lost outside the provider's own incidents. Without strikes where
// no tier was reached.
struct Robustness {
  std::vector<Strike> strikes;
  std::size_t not_struck = 0;  // sources with fewer Errors than those that were
  // From how many vantage points what was lost was seen; nothing where there are fewer than two. Of
  // a cycle without a tier as well.
  std::optional<Votes> votes = {};

  // Whether as much is owed whatever is struck, and all that can be was.
  bool keeps(const Ratio& owed) const {
    return !strikes.empty() && not_struck == 0 &&
           std::all_of(strikes.begin(), strikes.end(),
                       [&](const Strike& strike) { return strike.keeps(owed); });
  }
};

// So many sources are struck at most, those with the most Errors.
inline constexpr std::size_t kMostStruck = 20;

}  // namespace recoup::core
