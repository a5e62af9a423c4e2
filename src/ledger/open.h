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

// Opens a copy of what the ledger there holds, of nothing where there is none: what is written to
// it is gone with the object, and the ledger stays as it is. Takes as long as copying it does, and
// a nameless file of its size in the system's folder for such, or in TMPDIR's.
core::Result<std::unique_ptr<Ledger>> open_copy(const Address& address);

}  // namespace recoup::ledger
