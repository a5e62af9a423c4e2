#include "core/outcome_table.h"

namespace recoup::core {
namespace {

// Instead of the names that are not told apart any more, where there is no status either.
constexpr const char* kManyNames = "other";

}  // namespace

OutcomeTable::Id OutcomeTable::id(const Outcome& outcome) {
  const auto* answer = std::get_if<Answered>(&outcome);
  const bool is_plain = answer != nullptr && answer->status > 0 && answer->error_name.empty() &&
                        !answer->unattributed && !answer->indirect && !answer->key_store &&
                        !answer->refused && answer->later_than.count() == 0;
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
  const bool is_named =
      answer != nullptr && !answer->error_name.empty() && answer->error_name != kManyNames;
  if (is_named && named_++ >= most_named_) {
    Answered nameless = *answer;
    nameless.error_name = answer->status == 0 ? kManyNames : "";
    return id(nameless);
  }
  const auto id = static_cast<Id>(outcomes_.size());
  ids_.emplace(outcome, id);
  outcomes_.push_back(outcome);
  return id;
}

}  // namespace recoup::core
