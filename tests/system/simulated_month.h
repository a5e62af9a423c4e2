#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/ratio.h"
#include "core/tally.h"
#include "core/time.h"

namespace recoup::test {

// October 2025 has 8,928 intervals of five minutes. Its minutes are counted from its begin. What
// watches it begins six hours before, in another cycle, and goes on for an hour of the next one.
inline constexpr core::Month kMonth = std::chrono::year(2025) / 10;
inline constexpr int kIntervals = 8928;
inline constexpr int kMinutes = 5 * kIntervals;
inline constexpr int kFirst = -360;
inline constexpr int kLast = kMinutes + 60;

constexpr int at(int day, int hour, int minute) { return ((day - 1) * 24 + hour) * 60 + minute; }
core::Instant instant(int minute);

// What the requests of one minute came to.
struct Counts {
  std::uint64_t served = 0, errors = 0, timeouts = 0;
};

// Script is what happens to one agreement in its month.
struct Script {
  std::string agreement;
  Counts (*counts)(int minute);
  bool (*service_runs)(int minute);
  bool (*prometheus_runs)(int minute);
};

// A month with everything in it, random but the same in every run: single Errors, timeouts, outages
// of all kinds, silence, a restart of the service in the middle of one, and an outage of
// Prometheus.
extern const Script kRough;

// A month that loses exactly what aws-kms allows, 0.00001 × 8928 = 0.08928 intervals, in 48 parts.
extern const Script kExactlyAtTheCommitment;

// The part of the interval that is lost by the contract's words, counted in the plainest way.
core::Ratio loss_of(const Script& script, int interval);

// The Errors of the minutes in [begin, end).
std::uint64_t errors_in(const Script& script, int begin, int end);

// The month as CSV for `recoup import --format counts`.
std::string csv_of(const Script& script);

// What Prometheus scraped every minute from the program's own exporter, as input series of
// promtool, whose time begins at 0.
std::string series_of(const Script& script);

}  // namespace recoup::test
