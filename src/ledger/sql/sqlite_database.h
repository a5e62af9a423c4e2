#pragma once

#include <memory>
#include <string>

#include "ledger/sql/database.h"

namespace recoup::ledger {

class SqliteConnection;

// How long a write waits for another process that writes the same file.
inline constexpr core::Millis kBusyTimeout = std::chrono::seconds(5);

// Opens the database in one SQLite file and brings its tables to the schema's newest version;
// ":memory:" is one that ends with the object. A file that is made can be read and written by its
// owner alone; one that is there keeps its mode. Its writer has a lock on the file (writer_lock.h),
// it is watched for being taken away (file_watch.h), and is saved then (save.h). Throws Failure for
// a file that is no ledger and for a ledger of a newer version.
std::unique_ptr<Database> open_sqlite(const std::string& path, Missing missing,
                                      const Schema& schema,
                                      core::Millis busy_timeout = kBusyTimeout);

// Whether the file is a ledger that this program reads: throws Failure for what is none, and for
// one of a newer version than the schema's. Changes nothing.
void check_ledger_version(SqliteConnection& connection, const Schema& schema);

// Opens a copy of the database in the file, which is as it was when this was called; of none where
// there is no file. It lies in a file without a name that is gone with the object. Throws Failure.
std::unique_ptr<Database> open_sqlite_copy(const std::string& path, const Schema& schema,
                                           core::Millis busy_timeout = kBusyTimeout);

}  // namespace recoup::ledger
