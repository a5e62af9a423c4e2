#pragma once

namespace recoup::ledger {

class Database;

// Carries the evidence of a ledger of version 2 over to the table `chained`, each series in the
// order of time and tie, and puts that in the place of `evidence`. Inside the transaction of the
// migration. Throws Failure.
void chain_evidence(Database& database);

}  // namespace recoup::ledger
