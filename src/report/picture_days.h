#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/assessment.h"
#include "core/zone.h"

namespace recoup::report {

// What a cell of the month's picture looks like, from the calmest to the worst: where a cell holds
// several intervals, the worst of them shows.
enum class Look : std::uint8_t {
  served,    // Requests, and no Error
  ahead,     // it has not begun yet
  silent,    // no Request
  excluded,  // taken out of the measurement
  errors,    // Errors, but not so many that the contract counts it as lost
  lost_1,    // lost, by the share of its Requests that failed: at most 1 %,
  lost_2,    // at most 5 %,
  lost_3,    // at most 25 %,
  lost_4,    // less than all,
  lost_5,    // all
};
inline constexpr std::size_t kLooks = 10;

// The word that the picture's styles call it by: "silent", "lost-3".
std::string_view css_of(Look look);

// What it means, for a reader: "lost, up to 5 % Errors", "silent, no Request".
std::string_view look_words(Look look);

Look look_of(const core::IntervalPart& part);

// Stretch is a time of one day that looks the same throughout.
struct Stretch {
  core::Interval span;
  Look look = Look::served;
  std::uint64_t intervals = 0;  // that begin in it
  std::uint64_t lost = 0;       // of these
  std::uint64_t requests = 0;   // of the lost ones
  std::uint64_t errors = 0;     // of the lost ones
};

// PictureDay is one row of the picture: a day of the cycle's zone, as far as the cycle goes.
struct PictureDay {
  core::Date date;
  core::Interval day;                             // from midnight to midnight: 23, 24 or 25 hours
  std::vector<Stretch> stretches;                 // by time, without a gap inside the cycle
  std::array<std::uint64_t, kLooks> intervals{};  // that begin in it, by look
  std::uint64_t lost = 0;                         // intervals
  std::uint64_t requests = 0;                     // as Totals counts them
  std::uint64_t errors = 0;
};

// The days of the assessment's cycle. Intervals of less than five minutes share five-minute cells
// that begin with the day; longer ones are a cell each.
std::vector<PictureDay> picture_days(const core::Assessment& assessment, const core::Zone& zone);

}  // namespace recoup::report
