#pragma once

#include <string>
#include <string_view>

#include "cli/commands.h"
#include "core/result.h"

namespace recoup::cli {

// Prints one line to standard output, at once.
void say(std::string_view line);

// Prints the error to standard error and returns `exit`.
Exit complain(const core::Error& error, Exit exit);

// Progress shows how far a long work has come, on one line of standard error that it keeps
// rewriting; nothing where standard error is no terminal.
class Progress {
 public:
  explicit Progress(std::string label);
  ~Progress();  // clears the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::uint64_t done, std::uint64_t all);

 private:
  std::string label_;
  bool visible_;
  std::uint64_t shown_percent_ = 101;
};

// "2,678,400".
std::string grouped(std::uint64_t number);

}  // namespace recoup::cli
