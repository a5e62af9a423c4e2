#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "core/outcome.h"

namespace recoup::sources {

using OutcomeId = std::uint32_t;

// OutcomeTable numbers outcomes, so that a minute stores 16 bytes for one. The names of errors are
// a server's to make up: only so many are told apart, and further ones are counted by their status
// alone. One thread.
class OutcomeTable {
 public:
  static constexpr std::size_t kMostNamed = 1000;

  OutcomeTable() { plain_.fill(kNone); }

  OutcomeId id(const core::Outcome& outcome);

  const core::Outcome& outcome(OutcomeId id) const { return outcomes_[id]; }
  const std::string& text(OutcomeId id) const { return texts_[id]; }

 private:
  static constexpr OutcomeId kNone = std::numeric_limits<OutcomeId>::max();

  OutcomeId find(const core::Outcome& outcome);

  std::array<OutcomeId, 1000> plain_;  // by status, of answers with nothing but a status
  std::map<core::Outcome, OutcomeId> ids_;
  std::vector<core::Outcome> outcomes_;
  std::vector<std::string> texts_;
  std::size_t named_ = 0;
};

}  // namespace recoup::sources
