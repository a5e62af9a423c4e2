#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"

namespace recoup::errand {

// Program is one that is started for its end. Its input and what it prints may be secrets.
struct Program {
  std::vector<std::string> words = {};  // the program and what it is told; no shell reads them
  std::string input = {};               // on its standard input
  core::Millis within{60'000};
  // How much of what it prints is wanted; 0: nothing, and it goes nowhere, as do its complaints.
  std::size_t most = 0;
};

// Runs it in a group of its own, with nothing of this process but its environment, and where what
// it prints is wanted, its standard error; gives what it printed. It must end with the status 0.
// One that takes too long, or is still there at a stop, is killed with all of its group. The error
// is a reason alone, such as "it ended with the status 3": nothing of what it was given or printed.
core::Result<std::string> run(const Program& program, const core::Clock& clock,
                              const std::stop_token& stop = {});

}  // namespace recoup::errand
