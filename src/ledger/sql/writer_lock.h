#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "ledger/sql/file_watch.h"
#include "record/records.h"
#include "record/roles.h"

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
  // Whether it is taken at once.
  enum class At { once, will };

  // `holds()` is false where somebody else has it, or it was not to be taken yet. Throws Failure
  // where the file cannot be opened, or is not the one that is expected.
  WriterLock(const std::string& path, const FileIdentity& expected, const std::string& vantage,
             At take_at = At::once);
  ~WriterLock();
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

  bool holds() const { return holds_; }

  // Takes it, if nobody has it by now; whether it is held.
  bool try_again();

  // Whether anybody has the lock of that vantage of this file.
  bool is_held(const std::string& vantage) const;

  // An open descriptor of the file.
  int descriptor() const { return descriptor_; }

 private:
  bool take();

  std::string vantage_;
  int descriptor_ = -1;
  bool holds_ = false;
};

// Whether any process has the lock of any vantage of the ledger in the file. Throws Failure where
// it cannot be opened.
bool is_being_written(const std::string& path);

// What somebody is told who finds the lock taken: who has it, as that one noted it.
core::Error refusal(SqliteConnection& database, const std::string& vantage);

// Notes that the writer has the lock; durable when it returns.
void note_writer(SqliteConnection& database, const record::Writer& writer);

// All who were noted, by vantage; whether each lives is not known yet.
std::vector<record::Holder> noted_writers(SqliteConnection& database);

}  // namespace recoup::ledger
