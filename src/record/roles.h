#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace recoup::record {

// Role is which part of the service a process is: several of them may have one ledger.
enum class Role {
  all,     // a prober and a judge
  prober,  // probes, listens, follows logs and writes what is counted; judges nothing
  judge,   // judges, seals, tells and has times signed; counts nothing of its own
};

// "all", "prober", "judge", as in settings and on the command line.
inline std::string_view to_text(Role role) {
  switch (role) {
    case Role::all: return "all";
    case Role::prober: return "prober";
    case Role::judge: return "judge";
  }
  return "all";
}

inline std::optional<Role> parse_role(std::string_view text) {
  for (const Role role : {Role::all, Role::prober, Role::judge}) {
    if (text == to_text(role)) return role;
  }
  return std::nullopt;
}

inline bool counts(Role role) { return role != Role::judge; }
inline bool judges(Role role) { return role != Role::prober; }

// Holder is a process that has, or had last, what one of all processes on a ledger has.
struct Holder {
  // Which it records for; empty: it is the judge that seals, tells, and has times signed.
  std::string vantage;
  std::string host;
  std::uint64_t process = 0;  // its id
  core::Instant since;        // by the clock of that host
  bool lives = false;         // has it still, as far as the ledger knows
};

}  // namespace recoup::record
