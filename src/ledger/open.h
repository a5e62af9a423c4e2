#pragma once

#include <memory>
#include <string>

#include "ledger/address.h"
#include "ledger/ledger.h"
#include "ledger/sql/database.h"

namespace recoup::ledger {

// Opens the ledger there, whatever it is kept in. What is no ledger, and a ledger of a newer
// version, are errors that say what to do.
core::Result<std::unique_ptr<Ledger>> open_ledger(const Address& address,
                                                  Missing missing = Missing::make);

// The same by its words, "sqlite:PATH" or "sqlite::memory:".
core::Result<std::unique_ptr<Ledger>> open_ledger(const std::string& url,
                                                  Missing missing = Missing::make);

}  // namespace recoup::ledger
