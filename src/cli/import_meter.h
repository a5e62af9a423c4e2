#pragma once

#include <cstdint>
#include <string>

#include "core/clock.h"

namespace recoup::cli {

// ImportMeter shows how far an import is, on a line of standard error that it keeps rewriting:
// bytes as they lie, rate, records, Errors, and how long the rest takes at that rate. Nothing where
// standard error is no terminal. One thread at a time.
class ImportMeter {
 public:
  // `all`: bytes; 0 where nobody knows. The clock outlives it.
  ImportMeter(const core::Clock& clock, std::uint64_t all);
  ~ImportMeter();  // clears the line
  ImportMeter(const ImportMeter&) = delete;
  ImportMeter& operator=(const ImportMeter&) = delete;

  struct Progress {
    std::uint64_t bytes = 0;
    std::uint64_t records = 0;
    std::uint64_t errors = 0;
  };
  // Shows it, unless something was shown a moment ago.
  void show(const std::string& what, const Progress& so_far);

  // Clears the line, so that something else can be said.
  void clear();

 private:
  const core::Clock& clock_;
  std::uint64_t all_;
  core::MonoTime begin_;
  core::MonoTime next_;  // nothing is shown before
  bool visible_;
  bool is_shown_ = false;
};

// The line: "a.log: 1.2 of 3.4 GB, 512.0 MB/s, 1,234 records, 2 Errors, 4 s left".
std::string progress_words(const std::string& what, const ImportMeter::Progress& so_far,
                           std::uint64_t all, core::Millis since_begin);

}  // namespace recoup::cli
