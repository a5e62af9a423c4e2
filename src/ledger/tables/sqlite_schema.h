#pragma once

#include "ledger/sql/database.h"

namespace recoup::ledger {

// The tables as SQLite makes them: what is SQLite's own of them (STRICT, WITHOUT ROWID, triggers)
// stands here alone.
extern const Schema kSqliteSchema;

}  // namespace recoup::ledger
