#include "sources/probe/outcome_table.h"

namespace recoup::sources {

OutcomeId OutcomeTable::id(const core::Outcome& outcome) {
  // Nearly all answers have no name: their status alone finds them.
  const auto* answered = std::get_if<core::Answered>(&outcome);
  if (answered == nullptr || answered->unattributed || !answered->error_name.empty() ||
      answered->status < 0 || answered->status >= static_cast<int>(plain_.size())) {
    return find(outcome);
  }
  OutcomeId& known = plain_[static_cast<std::size_t>(answered->status)];
  if (known == kNone) known = find(outcome);
  return known;
}

OutcomeId OutcomeTable::find(const core::Outcome& outcome) {
  if (const auto known = ids_.find(outcome); known != ids_.end()) return known->second;
  const auto* answered = std::get_if<core::Answered>(&outcome);
  if (answered != nullptr && !answered->error_name.empty() && named_++ >= kMostNamed) {
    return id(core::Answered{answered->status, "", answered->unattributed});
  }
  const auto id = static_cast<OutcomeId>(outcomes_.size());
  ids_.emplace(outcome, id);
  outcomes_.push_back(outcome);
  texts_.push_back(core::to_text(outcome));
  return id;
}

}  // namespace recoup::sources
