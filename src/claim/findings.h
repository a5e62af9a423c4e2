#pragma once

#include <string>

#include "claim/claim.h"
#include "core/result.h"

namespace recoup::claim {

// Findings collects what verify found, check by check: the sentence of a check that held, or what
// differs, a few of a kind.
class Findings {
 public:
  explicit Findings(Verification& into) : into_(into) {}
  ~Findings() { close(); }
  Findings(const Findings&) = delete;
  Findings& operator=(const Findings&) = delete;

  // Begins a check; `holds` says what is true if nothing differs until the next one begins.
  void check(std::string holds);

  // A sentence that begins with the file, and the line where there is one.
  void differs(std::string sentence);
  void differs(const core::Error& error) { differs(error.where + ": " + error.message); }

 private:
  void close();

  Verification& into_;
  std::string holds_;
  std::size_t before_ = 0;  // how many differed when the check began
  std::size_t more_ = 0;    // how many were left out
};

// Recomputes the figures: the sums of intervals.log, the uptime, the tier, the amount, the failed
// requests, each against what the other files say.
void check_figures(const std::string& folder, Findings& findings);

}  // namespace recoup::claim
