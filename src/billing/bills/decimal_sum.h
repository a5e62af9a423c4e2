#pragma once

#include <string_view>
#include <vector>

#include "core/ratio.h"

namespace recoup::billing {

// DecimalSum adds up decimals as bills write them, exactly. Numbers of up to 18 digits, which is
// nearly all, are added as whole numbers, one sum for each count of digits after the point.
class DecimalSum {
 public:
  // "-100.2", "35.2E-7"; false, and nothing added, where it is no such number.
  bool add(std::string_view decimal);

  core::Ratio total() const;

 private:
  __extension__ using Whole = __int128;
  struct Scaled {
    int digits;  // after the point; negative for whole tens
    Whole sum;   // of fewer than 2^63 numbers below 10^18: it cannot overflow
  };

  void add_whole(std::int64_t number, int digits);
  static core::Ratio ratio_of(const Scaled& scaled);

  std::vector<Scaled> scaled_;  // few
  core::Ratio long_;            // the numbers with more digits
};

}  // namespace recoup::billing
