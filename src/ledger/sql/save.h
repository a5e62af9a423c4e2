#pragma once

#include <memory>
#include <string>

#include "ledger/sql/file_watch.h"
#include "ledger/sql/writer_lock.h"

namespace recoup::ledger {

class SqliteConnection;

// Copy is a ledger brought to safety, and locked for its writer before anybody else could find it.
struct Copy {
  std::string path;
  bool elsewhere = false;  // not in the old place, which something else has
  std::unique_ptr<WriterLock> lock;
};

// Copies all of an open database that the watch found at fault into a new file: in its old place,
// if that is free or holds the same file, else beside it as recoup.db.saved-1, -2, …. What other
// files have in the old place stays. A log that was cut short is left out: the copy holds what was
// carried over from it before. Throws Failure; then nothing was put anywhere.
Copy save_copy(SqliteConnection& database, const FileWatch& watch, FileWatch::Fault fault,
               const WriterLock& lock, const std::string& vantage);

}  // namespace recoup::ledger
