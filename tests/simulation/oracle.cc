#include "simulation/oracle.h"

namespace recoup::test::oracle {
namespace {

constexpr Stamp kMinute = 60'000;
constexpr Stamp kHour = 60 * kMinute;
constexpr Stamp kDay = 24 * kHour;

// Days from 1970-01-01 to a day of the years at hand, counted year by year.
Stamp days_to(int year, int month, int day) {
  constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  Stamp days = day - 1;
  for (int y = 1970; y < year; ++y) days += y % 4 == 0 ? 366 : 365;
  for (int m = 1; m < month; ++m) days += kLengths[m - 1] + (m == 2 && year % 4 == 0 ? 1 : 0);
  return days;
}

// The clocks of 2026 and 2027. The United States: second Sunday of March to first of November; the
// European Union: last Sundays of March and October. A month begins at midnight, and none of these
// Sundays but the first of November 2026 is a month's first day: its change is at two o'clock.
Stamp offset_at_begin(Place place, int month) {
  switch (place) {
    case Place::utc: return 0;
    case Place::los_angeles: return (month > 3 && month <= 11 ? -7 : -8) * kHour;
    case Place::zurich: return (month > 3 && month <= 10 ? 2 : 1) * kHour;
  }
  return 0;
}

}  // namespace

std::string name_of(Place place) {
  switch (place) {
    case Place::utc: return "UTC";
    case Place::los_angeles: return "America/Los_Angeles";
    case Place::zurich: return "Europe/Zurich";
  }
  return "";
}

Stamp begin_of_month(Place place, int year, int month) {
  if (month == 13) return begin_of_month(place, year + 1, 1);
  // In 2027 the first of November is a Monday, and the first Sunday the seventh.
  return days_to(year, month, 1) * kDay - offset_at_begin(place, month);
}

Figures figures_of(Place place, int year, int month, const Minutes& minutes,
                   std::uint64_t charges_in_cents) {
  const Stamp begin = begin_of_month(place, year, month);
  const Stamp end = begin_of_month(place, year, month + 1);
  std::map<Stamp, Answers> intervals;
  Figures figures;
  for (const auto& [minute, answers] : minutes) {
    if (minute < begin || minute >= end) continue;
    Answers& interval = intervals[(minute - begin) / (5 * kMinute)];
    interval.requests += answers.requests;
    interval.errors += answers.errors;
    figures.requests += answers.requests;
    figures.errors += answers.errors;
  }
  figures.intervals = static_cast<std::uint64_t>((end - begin) / (5 * kMinute));

  // 1 - (sum of what each interval lost) / intervals.
  mpq_t uptime, lost;
  mpq_inits(uptime, lost, nullptr);
  mpq_set_ui(uptime, figures.intervals, 1);
  for (const auto& [index, interval] : intervals) {
    if (interval.requests == 0) continue;
    ++figures.measured;
    mpq_set_ui(lost, interval.errors, interval.requests);
    mpq_canonicalize(lost);
    mpq_sub(uptime, uptime, lost);
  }
  mpq_set_ui(lost, figures.intervals, 1);
  mpq_div(uptime, uptime, lost);

  if (mpq_cmp_ui(uptime, 95, 100) < 0) {
    figures.credit_percent = 100;
  } else if (mpq_cmp_ui(uptime, 99, 100) < 0) {
    figures.credit_percent = 25;
  } else if (mpq_cmp_ui(uptime, 99'999, 100'000) < 0) {
    figures.credit_percent = 10;
  }
  figures.in_dollars =
      charges_in_cents * static_cast<std::uint64_t>(figures.credit_percent) > 100U * 100U;

  const auto text = [](mpz_srcptr number) {
    std::string digits(mpz_sizeinbase(number, 10) + 2, '\0');
    mpz_get_str(digits.data(), 10, number);
    digits.resize(digits.find('\0'));
    return digits;
  };
  figures.numerator = text(mpq_numref(uptime));
  figures.denominator = text(mpq_denref(uptime));
  mpq_clears(uptime, lost, nullptr);
  return figures;
}

}  // namespace recoup::test::oracle
