#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

// A UTC day of one series as one value: what is in it minute by minute and outcome by outcome, and
// how that stands as bytes. No day has two forms, and no other bytes are one.
namespace recoup::ledger {

inline constexpr int kMinutesOfDay = 1440;

// DayCount is one count of a day. An outcome is known by its id in the ledger's table of them.
struct DayCount {
  std::int64_t outcome = 0;  // above 0
  int minute = 0;            // of the day, from 0
  std::uint64_t count = 0;   // above 0

  bool operator==(const DayCount&) const = default;
};

// The bytes of a day. `counts` are in order of outcome, then minute, without doubles.
//
// Version 1, numbers in LEB128 with seven bits a byte, the lowest first, in as few as they need:
//   1                                  the version
//   for each outcome:
//     its id, less that of the outcome before, and how many stretches of minutes it has
//     for each stretch:
//       how many minutes without a count lie before it, since the end of the one before
//       its length in minutes - 1, its period in minutes - 1
//       the counts of its first period; those of each minute after are as one period before
//   four bytes of the SHA-256 of all of that
// A stretch is told by what is known before it: the one of a period of up to an hour that spares
// most, where it spares anything, and else counts that repeat nothing (period = length).
std::string fold_day(const std::vector<DayCount>& counts);

// The counts of a day, in order of outcome, then minute. An error says at which byte what was
// expected.
core::Result<std::vector<DayCount>> unfold_day(std::string_view bytes);

}  // namespace recoup::ledger
