#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "sources/logs/formats/request.h"

namespace recoup::sources {

// NamedOutcomes finds the outcome of a status and the provider's name for the error, without making
// a text of it for each line. Where a log has more names than a provider could, it has the status
// of the further ones alone. One for each log.
class NamedOutcomes {
 public:
  core::OutcomeTable::Id of(int status, std::string_view name, Intake& intake) {
    if (name.empty() || status < kLowestStatus) return outcome_of(status, intake);
    const auto found = std::find_if(known_.begin(), known_.end(), [&](const Known& one) {
      return one.status == status && one.name == name;
    });
    if (found != known_.end()) {
      std::rotate(known_.begin(), found, found + 1);
      return known_.front().outcome;
    }
    if (known_.size() == kMostNames) return outcome_of(status, intake);
    const core::Answered answer{status, core::clean_error_name(name)};
    known_.push_back({status, std::string(name), intake.outcomes().id(answer)});
    return known_.back().outcome;
  }

 private:
  static constexpr std::size_t kMostNames = 256;

  struct Known {
    int status;
    std::string name;
    core::OutcomeTable::Id outcome;
  };
  std::vector<Known> known_;  // the one that was found last first
};

}  // namespace recoup::sources
