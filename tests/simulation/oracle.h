#pragma once

#include <gmp.h>

#include <cstdint>
#include <map>
#include <string>

// What a month comes to, computed anew by whoever knows what was answered when: nothing of this is
// the program's, neither its arithmetic nor its reading of the contract nor its calendar.
//
// The AWS KMS SLA (2022-11-29): a Request that returns 500 or 503 is an Error; the Availability of
// a 5-minute interval is the share of its Requests that are none, and 100 % without a Request; the
// Monthly Uptime Percentage is the average over all intervals of the month. Below 99.999 % a credit
// of 10 % is due, below 99 % 25 %, below 95 % 100 %, if it is more than one dollar.
namespace recoup::test::oracle {

// Milliseconds since 1970 in UTC.
using Stamp = std::int64_t;

enum class Place { utc, los_angeles, zurich };
// As the settings name it.
std::string name_of(Place place);

// When a month of 2026 or 2027 begins there.
Stamp begin_of_month(Place place, int year, int month);

// What was answered in a minute.
struct Answers {
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
};
using Minutes = std::map<Stamp, Answers>;  // by the minute's begin

// A month's figures, exact, in lowest terms.
struct Figures {
  std::string numerator, denominator;  // of the uptime, a fraction of 1
  std::uint64_t requests = 0, errors = 0;
  std::uint64_t intervals = 0, measured = 0;
  int credit_percent = 0;
  bool in_dollars = false;  // whether the credit is more than one dollar
};
Figures figures_of(Place place, int year, int month, const Minutes& minutes,
                   std::uint64_t charges_in_cents);

}  // namespace recoup::test::oracle
