#pragma once

#include "config/settings.h"
#include "record/evidence.h"

namespace recoup::config {

// Which outcomes are worth a record of their own, beside failures: those that the contract of any
// of the agreements, in any of its versions, may call an Error. Contracts that no agreement names
// do not count: one of them calls each 404 an Error, and nobody else's log is to keep millions of
// these. For one thread at a time; the settings need not outlive it.
record::WorthARecord worth_a_record(const Settings& settings);

}  // namespace recoup::config
