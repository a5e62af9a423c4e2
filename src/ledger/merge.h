#pragma once

#include "core/result.h"
#include "ledger/address.h"
#include "ledger/merged.h"

namespace recoup::ledger {

// Brings all that was seen from one ledger into another, all of it or nothing, in one transaction:
// counts, evidence in the order of its chains, gaps, checkpoints, clock steps, files of logs with
// what their lines are known by, trails, and what the user said: exclusions, steps of claims,
// incidents, what was told. The order in which several are merged changes nothing, and to merge one
// again adds nothing. A later copy of the same ledger brings what is new in it.
//
// What cannot be told apart is refused, and says what to do: a minute that both counted for the
// same vantage and not alike, other evidence of the same instant, log files that have lines in
// common. Seals stay, because each is of one ledger; so do stamps, which sign its digests, and the
// places at which the reading of followed files goes on, which are of one machine. Months that were
// sealed get a revision that says that counts came late.
core::Result<Merged> merge(const Address& from, const Address& into);

}  // namespace recoup::ledger
