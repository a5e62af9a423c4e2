#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/process.h"

namespace recoup::test {

// Runs a program to its end on a terminal of its own, which has no size: COLUMNS says it. What the
// terminal showed is `out`; a line ends with "\n" alone.
Finished run_on_terminal(const std::vector<std::string>& words,
                         const std::map<std::string, std::string>& environment);

}  // namespace recoup::test
