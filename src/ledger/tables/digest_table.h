#pragma once

#include <string>
#include <vector>

#include "ledger/sql/connection.h"
#include "record/digest_files/digest_evidence.h"

namespace recoup::ledger {

// DigestTable is the tables of CloudTrail's digests, of their keys, and of what they say of files.
// All methods throw Failure. For one thread at a time.
class DigestTable {
 public:
  explicit DigestTable(Connection& connection);

  // As DigestStore::keep_digests and digests. Inside a transaction.
  void put(const record::DigestEvidence& evidence);
  record::DigestEvidence find(const std::string& agreement, const core::Interval& span,
                              core::Millis late);

 private:
  Statement put_digest_;
  Statement put_key_;
  Statement put_file_;
  Statement digests_;
  Statement keys_;
  Statement files_;
};

}  // namespace recoup::ledger
