#pragma once

#include <string>
#include <string_view>

#include "ledger/sql/database.h"

namespace recoup::ledger {

// The tables as PostgreSQL makes them: as of the version that was the newest when there were the
// first ledgers of its kind, and from there on by the same steps as SQLite. A step is written once,
// in SQLite's words, or stands beside them in its own (Migration::postgres).
//
// Written for databases that spread a ledger over machines (Citus, CockroachDB, YugabyteDB), and
// not tried on them: nothing runs in the server, and what grows has its `series` or its `agreement`
// first in its key. The other tables are small, for every machine to have (Citus: reference
// tables).
const Schema& postgres_schema();

// A step's words as PostgreSQL has them: types, numbers that it gives itself, and the order of text
// by its bytes; what is SQLite's alone (STRICT, WITHOUT ROWID) is left out.
std::string in_postgres_words(std::string_view sql);

}  // namespace recoup::ledger
