#pragma once

#include <string>

#include "core/judgement.h"

namespace recoup::report {

// BudgetWords says what a cycle may still lose before its commitment is missed, in time and as a
// share; in Requests where the contract counts these.
struct BudgetWords {
  std::string left;      // "12 s left (48 %)", "overspent by 8 s", "72 times overspent"
  std::string of;        // "of 26 s that may be lost", "32 min lost, 26 s may be"
  int left_percent = 0;  // 0 to 100, cut, but 1 where anything is left
  bool overspent = false;
};

// Nothing in it where nothing was measured: nobody knows then.
BudgetWords budget_words(const core::Judgement& judgement);

// "0.4 s", "12 s", "4 min 27 s", "1 h 20 min", "3 days 4 h": a time, not negative, in milliseconds,
// cut to two units.
std::string time_text(const core::Ratio& millis);

}  // namespace recoup::report
