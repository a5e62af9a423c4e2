#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/time.h"

namespace recoup::core {

// Zone is a time zone as a value: its UTC offsets and the instants at which they begin. Where the
// offsets come from (the system's time zone database) is config's business.
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

  // The local month that holds the instant.
  Month month_of(Instant at) const;

 private:
  struct Data {
    std::string name;
    std::vector<Offset> offsets;
  };

  std::shared_ptr<const Data> data_;  // copies share it: a zone has hundreds of offsets
};

// Cycle is one billing cycle: a calendar month in the contract's zone.
struct Cycle {
  Month month;
  Interval span;
  bool in_part = false;  // the service was used for a part of it only
};

Cycle cycle_of(Month month, const Zone& zone);
Cycle cycle_at(Instant at, const Zone& zone);

}  // namespace recoup::core
