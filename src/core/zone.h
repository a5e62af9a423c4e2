#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/time.h"

namespace recoup::core {

// How billing cycles follow one another.
enum class Calendar {
  month,         // calendar months
  quarter,       // calendar quarters
  purchase_day,  // from the day of the month of the purchase, or renewal, to the same of the next;
                 // in a month without that day from its last
  days,          // so many days from a first one on
};

// CycleShape is that of one agreement. A cycle is named by the month in which it begins, a quarter
// by its first; cycles of 28 to 31 days by the months from that of the first one on, one after the
// other.
struct CycleShape {
  Calendar calendar = Calendar::month;
  Date start{};  // purchase_day, days: a day on which a cycle began
  int days = 0;  // Calendar::days

  bool operator==(const CycleShape&) const = default;
};

struct Cycle;

// Zone is a time zone as a value: its UTC offsets and the instants at which they begin. Where the
// offsets come from (the system's time zone database) is config's business. It knows which billing
// cycles are counted in it: calendar months, unless it was told otherwise.
class Zone {
 public:
  struct Offset {
    Instant since;
    std::chrono::seconds east;  // local time - UTC
  };

  static Zone utc();

  // A zone that never changes, named like "+05:30".
  static Zone fixed(std::chrono::minutes east);

  // Offsets in order of their begin; the first also holds for all time before. Not empty.
  Zone(std::string name, std::vector<Offset> offsets);

  const std::string& name() const { return data_->name; }

  // Local time - UTC at that instant.
  std::chrono::seconds offset_at(Instant at) const;

  // The first instant of the local day: 00:00, or where a clock change skips 00:00 the instant of
  // the change; the earlier one where 00:00 occurs twice.
  Instant begin_of(Date day) const;

  // The local day that holds the instant.
  Date day_of(Instant at) const;

  // The same zone with cycles of that shape.
  Zone billed_by(const CycleShape& shape) const;
  const CycleShape& cycles() const { return cycles_; }

  // The month that names the cycle that holds the instant: the local month, of calendar months.
  Month month_of(Instant at) const;

  // The month that names the cycle that many cycles later; before, where it is less than 0.
  Month month_after(Month month, int cycles) const;

  // Whether a cycle has that name: of quarters, one month of three has none.
  bool names_cycle(Month month) const;

 private:
  friend Cycle cycle_of(Month month, const Zone& zone);

  struct Data {
    std::string name;
    std::vector<Offset> offsets;
  };

  Date first_day(Month month) const;

  std::shared_ptr<const Data> data_;  // copies share it: a zone has hundreds of offsets
  CycleShape cycles_;
};

// Cycle is one billing cycle in the contract's zone: a calendar month, where it says nothing else.
struct Cycle {
  Month month;  // that names it
  Interval span;
  bool in_part = false;  // the service was used for a part of it only
};

// The cycle of that name; of quarters the one that holds the month.
Cycle cycle_of(Month month, const Zone& zone);
Cycle cycle_at(Instant at, const Zone& zone);

}  // namespace recoup::core
