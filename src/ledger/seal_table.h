#pragma once

#include <string>
#include <vector>

#include "core/seal.h"
#include "ledger/statement.h"

namespace recoup::ledger {

// SealTable is the tables of seals. All methods throw Failure, and stand inside a transaction of
// the caller. For one thread at a time.
class SealTable {
 public:
  explicit SealTable(Database& database);

  // As Ledger::add_seal, note_sealed and seals.
  void add(const core::Seal& seal);
  void note(const std::string& agreement, core::Month month, std::uint64_t journal);
  std::vector<core::Seal> all(const std::string& agreement);

 private:
  void check_next(const core::Seal& seal);
  void add_chain(const core::Seal& seal);
  void add_lines(const core::Seal& seal, std::string_view kind,
                 const std::vector<std::string>& lines);
  void read_chain(core::Seal& seal);
  void read_lines(core::Seal& seal);

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
