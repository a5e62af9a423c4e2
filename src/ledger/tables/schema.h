#pragma once

namespace recoup::ledger {

class Database;

// Whether the file has nothing in it yet. Throws Failure for a database of something else and for a
// ledger of a newer version. Changes nothing.
bool is_empty(Database& database);

// Makes the tables in an empty file, or brings an older ledger to this program's version, in one
// transaction. Throws Failure as above.
void prepare_schema(Database& database);

}  // namespace recoup::ledger
