#pragma once

#include <string>

#include "core/result.h"
#include "ledger/sql/file_watch.h"
#include "record/records.h"

namespace recoup::ledger {

class SqliteConnection;

// WriterLock keeps one vantage of one ledger for its owner alone: an advisory lock on one byte of
// the file itself, far behind its end, which goes with the file when that is moved, is the same by
// every name of it, and ends with the process in whichever way that does. A program that is
// executed does not inherit it.
//
// The system takes all locks of a process off a file when it closes any descriptor of it, SQLite's
// too: a lock is let go after every connection of its process to the file was closed.
class WriterLock {
 public:
  // Free: `holds()` is false where somebody else has it. Throws Failure where the file cannot be
  // opened, or is not the one that is expected.
  WriterLock(const std::string& path, const FileIdentity& expected, const std::string& vantage);
  ~WriterLock();
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

  bool holds() const { return holds_; }

  // An open descriptor of the file.
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
  bool holds_ = false;
};

// Whether any process has the lock of any vantage of the ledger in the file. Throws Failure where it
// cannot be opened.
bool is_being_written(const std::string& path);

// What somebody is told who finds the lock taken: who has it, as that one noted it.
core::Error refusal(SqliteConnection& database, const std::string& vantage);

// Notes that the writer has the lock; durable when it returns.
void note_writer(SqliteConnection& database, const record::Writer& writer);

}  // namespace recoup::ledger
