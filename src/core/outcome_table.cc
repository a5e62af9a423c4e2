#include "core/outcome_table.h"

namespace recoup::core {

OutcomeTable::Id OutcomeTable::id(const Outcome& outcome) {
  const auto* answer = std::get_if<Answered>(&outcome);
  const bool is_plain = answer != nullptr && answer->error_name.empty() && !answer->unattributed &&
                        answer->status > 0;
  return is_plain ? answered(answer->status) : find(outcome);
}

OutcomeTable::Id OutcomeTable::find_answered(int status) {
  const Id id = find(Answered{status});
  plain_[static_cast<std::size_t>(status) % kPlain] = {status, id};
  return id;
}

OutcomeTable::Id OutcomeTable::find(const Outcome& outcome) {
  if (const auto known = ids_.find(outcome); known != ids_.end()) return known->second;
  const auto* answer = std::get_if<Answered>(&outcome);
  if (answer != nullptr && !answer->error_name.empty() && named_++ >= most_named_) {
    return id(Answered{answer->status, "", answer->unattributed});
  }
  const auto id = static_cast<Id>(outcomes_.size());
  ids_.emplace(outcome, id);
  outcomes_.push_back(outcome);
  return id;
}

}  // namespace recoup::core
