#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/sql/connection.h"
#include "record/claim_life.h"

namespace recoup::ledger {

// ClaimTable is the table of what was done about claims. All methods throw Failure. For one thread
// at a time.
class ClaimTable {
 public:
  explicit ClaimTable(Connection& connection);

  // As ClaimEvents::add_claim_event, claim_events and claim_events_end.
  void add(const record::ClaimEvent& event);
  std::vector<record::ClaimEvent> all(const std::string& agreement);
  std::uint64_t end();

 private:
  Statement add_;
  Statement all_;
  Statement end_;
};

}  // namespace recoup::ledger
