#pragma once

#include <string>

#include "claim/claim.h"
#include "claim/read_back.h"
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
  // What the files alone cannot show, and why.
  void unchecked(std::string sentence) { into_.unchecked.push_back(std::move(sentence)); }

  void differs(const core::Error& error) { differs(error.where + ": " + error.message); }

 private:
  void close();

  Verification& into_;
  std::string holds_;
  std::size_t before_ = 0;  // how many differed when the check began
  std::size_t more_ = 0;    // how many were left out
};

// Recomputes the figures: the sums of intervals.log, the uptime, the tier, the amount, the failed
// requests, each against what the other files say; then the seal, the signatures and the copies.
// `key` is as for verify_claim().
void check_figures(const std::string& folder, const std::string& key, Findings& findings);

// The seal of claim.json: its digest, and that it says what the verdict says.
void check_seal(const Stated& stated, Findings& findings);

// The seal's signature and that of SHA256SUMS.
void check_signatures(const std::string& folder, const Stated& stated, const std::string& key,
                      Findings& findings);

// claim.html and the file for the provider's support system, which repeat what others say.
void check_copies(const std::string& folder, const Stated& stated, Findings& findings);

}  // namespace recoup::claim
