#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "ledger/sql/connection.h"
#include "record/records.h"

namespace recoup::ledger {

// How long a lease lasts that nobody renews: within this, and a little, another takes over from a
// process that was killed or cut off.
inline constexpr core::Millis kLeaseTime = std::chrono::seconds(30);

// Held is a lease that somebody has or had.
struct Held {
  std::string host;
  std::uint64_t process = 0;
  core::Instant since;  // by the clock of that host
  core::Instant until;  // by the database's clock
};

// LeaseTable is the table of who may do what one process alone may. Time is the database's in it,
// whatever the clocks of machines say. All methods throw Failure. For one thread at a time.
class LeaseTable {
 public:
  explicit LeaseTable(Connection& connection);

  // The lease of that name; nothing where nobody ever had it.
  std::optional<Held> find(const std::string& name);

  // A lease that somebody has or had, and whether it lasts.
  struct Named {
    std::string name;
    Held held;
    bool lasts = false;
  };

  // All of them, by name.
  std::vector<Named> all();

  // Takes it, where nobody has it: its number, which is larger than any before. Nothing where
  // somebody has it.
  std::optional<std::int64_t> take(const std::string& name, const record::Writer& writer);

  // Has it last from now on; whether it still is of that number.
  bool renew(const std::string& name, std::int64_t number);

  // Gives it up, so that the next need not wait.
  void end(const std::string& name, std::int64_t number);

  // Inside a transaction that writes: whether it still is of that number. One that is over and that
  // nobody took is: who takes it before the transaction ends makes that fail.
  bool is_of(const std::string& name, std::int64_t number);

 private:
  Statement find_;
  Statement all_;
  Statement take_;
  Statement renew_;
  Statement end_;
  Statement is_of_;
};

}  // namespace recoup::ledger
