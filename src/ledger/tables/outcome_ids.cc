#include "ledger/tables/outcome_ids.h"

#include <fmt/format.h>

#include "ledger/sql/connection.h"

namespace recoup::ledger {

OutcomeIds::OutcomeIds(Connection& connection)
    : find_id_(connection, "SELECT id FROM outcome WHERE text = $1"),
      find_text_(connection, "SELECT text FROM outcome WHERE id = $1"),
      add_(connection, "INSERT INTO outcome (text) VALUES ($1) RETURNING id") {}

std::int64_t OutcomeIds::id(const core::Outcome& outcome) {
  if (const auto known = ids_.find(outcome); known != ids_.end()) return known->second;
  const std::string text = core::to_text(outcome);
  // What cannot be read back must not get in.
  const auto parsed = core::parse_outcome(text);
  if (!parsed || *parsed != outcome) {
    throw Failure({fmt::format("expected an outcome that its text holds, got '{}'", text)});
  }
  std::int64_t id = 0;
  if (Rows found = find_id_.query(text); found.next()) {
    id = found.integer(0);
  } else {
    Rows added = add_.query(text);
    added.next();
    id = added.integer(0);
    added.next();
  }
  ids_.emplace(outcome, id);
  return id;
}

const core::Outcome& OutcomeIds::outcome(std::int64_t id) {
  if (const auto known = outcomes_.find(id); known != outcomes_.end()) return known->second;
  Rows found = find_text_.query(id);
  if (!found.next()) throw Failure({fmt::format("expected an outcome with id {}, got none", id)});
  auto parsed = core::parse_outcome(found.text(0));
  if (!parsed) {
    throw Failure({parsed.error().message, "",
                   "the ledger was changed by other means: put a copy of it in its place that "
                   "was made before"});
  }
  return outcomes_.emplace(id, *std::move(parsed)).first->second;
}

void OutcomeIds::forget() {
  ids_.clear();
  outcomes_.clear();
}

}  // namespace recoup::ledger
