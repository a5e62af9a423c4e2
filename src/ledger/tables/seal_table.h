#pragma once

#include <string>
#include <vector>

#include "ledger/sql/connection.h"
#include "record/seal.h"

namespace recoup::ledger {

// SealTable is the tables of seals. All methods throw Failure, and stand inside a transaction of
// the caller. For one thread at a time.
class SealTable {
 public:
  explicit SealTable(Connection& connection);

  // As Seals::add_seal, note_sealed and seals.
  void add(const record::Seal& seal);
  void note(const std::string& agreement, core::Month month, std::uint64_t journal);
  std::vector<record::Seal> all(const std::string& agreement);

 private:
  void check_next(const record::Seal& seal);
  void add_chain(const record::Seal& seal);
  void add_lines(const record::Seal& seal, std::string_view kind,
                 const std::vector<std::string>& lines);
  void read_chain(record::Seal& seal);
  void read_lines(record::Seal& seal);

  Statement newest_;
  Statement add_;
  Statement add_head_;
  Statement add_line_;
  Statement note_;
  Statement all_;
  Statement chain_;
  Statement lines_;
};

}  // namespace recoup::ledger
