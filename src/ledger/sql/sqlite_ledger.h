#pragma once

#include <memory>
#include <string>

#include "ledger/ledger.h"

namespace recoup::ledger {

// How long a write waits for another process that writes the same file.
inline constexpr core::Millis kBusyTimeout = std::chrono::seconds(5);

// Opens the ledger in one SQLite file; ":memory:" is one that ends with the object.
core::Result<std::unique_ptr<Ledger>> open_sqlite(const std::string& path,
                                                  core::Millis busy_timeout = kBusyTimeout,
                                                  Missing missing = Missing::make);

}  // namespace recoup::ledger
