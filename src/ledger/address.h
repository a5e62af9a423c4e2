#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/result.h"

namespace recoup::ledger {

class Database;
enum class Missing;  // sql/database.h
struct LedgerKind;

// Address says where a ledger is, as people write it in the settings: a scheme and what its kind
// makes of the rest. Nothing else reads such words. Made without words it is recoup.db in the
// working directory.
class Address {
 public:
  Address();

  // What follows a scheme may hold a password: no error shows it.
  static core::Result<Address> parse(const std::string& url);

  // The same, a relative path being taken from the folder.
  Address in(const std::string& folder) const;

  // The path of the file that it names, where its kind keeps a ledger in one.
  std::optional<std::string> file() const;

  // The folder that counts wait in while it is out of reach, where its kind can be.
  std::optional<std::string> spool_folder() const;

  // As people are told it.
  std::string shown() const;

  // Opens what is there, or makes it. Throws Failure.
  std::unique_ptr<Database> open(Missing missing) const;

  // Opens a copy of what is there, which may be nothing; it is gone with the object. Throws
  // Failure.
  std::unique_ptr<Database> open_copy() const;

  bool operator==(const Address&) const = default;

 private:
  Address(const LedgerKind& kind, std::string rest) : kind_(&kind), rest_(std::move(rest)) {}

  const LedgerKind* kind_;  // of kLedgers
  std::string rest_;        // behind the scheme's colon, not empty
  std::string folder_;      // that in() was told last
};

}  // namespace recoup::ledger
