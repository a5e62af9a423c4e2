#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/credit.h"
#include "core/ratio.h"

namespace recoup::core {

// Otherwise is what a cycle comes to where one thing that the contract's words leave open is read
// in another way than it was taken.
struct Otherwise {
  std::string what;      // "requests without an answer are Errors"
  std::string taken;     // what was taken instead, by which of the contract's words
  bool measured = true;  // whether a Request is left; where not, there is no figure
  Ratio uptime;          // fraction of 1
  bool met = true;
  std::optional<std::size_t> tier = {};  // index into the version's credits
  Credit credit = {};
  // It is about requests without an answer alone.
  bool of_no_answers = false;
};

}  // namespace recoup::core
