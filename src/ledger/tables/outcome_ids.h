#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "core/outcome.h"
#include "ledger/sql/connection.h"

namespace recoup::ledger {

// OutcomeIds is the table of outcomes with what is known of it in memory: each text is looked up
// and parsed once. All methods throw Failure. For one thread at a time.
class OutcomeIds {
 public:
  explicit OutcomeIds(Connection& connection);

  // The id of the outcome; adds it to the table when it is new.
  std::int64_t id(const core::Outcome& outcome);

  // The outcome of an id in the table. A text that is no outcome is a Failure.
  const core::Outcome& outcome(std::int64_t id);

  // Forgets all that is known, after a rollback may have taken rows away.
  void forget();

 private:
  std::map<core::Outcome, std::int64_t> ids_;
  std::unordered_map<std::int64_t, core::Outcome> outcomes_;
  Statement find_id_;
  Statement find_text_;
  Statement add_;
};

}  // namespace recoup::ledger
