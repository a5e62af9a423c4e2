#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "claim/claim.h"
#include "claim/verify/read_back.h"
#include "core/result.h"
#include "core/rule.h"
#include "core/zone.h"

namespace recoup::claim {

// Basis is on what a claim rests that others have made.
struct Basis {
  enum class Trust {
    none,       // there is nothing of it
    unvouched,  // there is, by somebody whom the reader did not name
    vouched,    // by whom the reader named
  };

  bool seal = false;
  Trust signature = Trust::none;
  Trust tokens = Trust::none;
  bool digests = false;
  bool words = true;  // they are this program's own; false: those of an earlier one
};

// What verify found in a claim's folder.
struct Verification {
  std::vector<std::string> agreed;     // one sentence a check that held
  std::vector<std::string> differs;    // one sentence a check that did not, naming file and line
  std::vector<std::string> unchecked;  // what the files alone cannot show, and why
  Basis basis = {};
  bool ok() const { return differs.empty(); }
};

// Known is what a claim is held against beside its own files.
struct Known {
  // The time zone of that name; nothing where there is none.
  std::function<std::optional<core::Zone>(const std::string& name)> zone;
  // The contract of that id, as it was published; null where none is known.
  std::function<std::shared_ptr<const core::Rule>(const std::string& id)> rule;
  // Certificates, PEM, that the reader trusts to sign the time; empty: those of the claim are
  // taken, and that nobody vouched for them is said.
  std::string ca = {};
};

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

  // A sentence that begins with the file, and the line where there is one. One that another check
  // said already is not said again.
  void differs(std::string sentence);
  // What the files alone cannot show, and why.
  void unchecked(std::string sentence) { into_.unchecked.push_back(std::move(sentence)); }

  Basis& basis() { return into_.basis; }

  // Whether nothing differs so far.
  bool ok() const { return into_.differs.empty(); }

  void differs(const core::Error& error) { differs(error.where + ": " + error.message); }

 private:
  void close();

  Verification& into_;
  std::string holds_;
  std::size_t before_ = 0;  // how many differed when the check began
  bool held_ = true;        // so far
  std::size_t more_ = 0;    // how many were left out
};

// Recomputes the figures: the sums of intervals.log, the uptime, the tier, the amount, the failed
// requests, each against what the other files say; then all that is declared below. `known` and
// `key` are as for verify_claim().
void check_figures(const std::string& folder, const Known& known, const std::string& key,
                   Findings& findings);

// The signature of SHA256SUMS: that it is there where a key is expected, holds, and whose it is.
// `stated` is the key that claim.json names; empty where it names none.
void check_sums_signature(const std::string& folder, const std::string& stated,
                          const std::string& key, Findings& findings);

// The seal of claim.json: its digest and signature, and that it says what the verdict says.
void check_seal(const Stated& stated, const std::string& key, Findings& findings);

// The contract's terms in claim.json against the published ones.
void check_contract(const Stated& stated, const Known& known, Findings& findings);

// What was read of the logs.
struct LogsRead {
  // How many failed requests the request log has, by interval, as intervals.log says.
  const std::vector<std::uint64_t>& by_interval;
  const std::vector<RequestRow>& first;  // of the request log, as many as the page shows
};

// Says of the provider's own incidents what the files cannot show.
void say_incidents_unchecked(const Stated& stated, Findings& findings);

// CloudTrail's digests, where claim.json speaks of any: that each is as it was signed by the keys
// beside it, and lists the log files that are called signed. What the claim has of them; null where
// there is nothing that can be read.
std::shared_ptr<const ClaimDigests> check_digests(const std::string& folder, const Stated& stated,
                                                  Findings& findings);

// What a third party signed of the claim's time, where claim.json speaks of it: that each token
// holds and follows the one before it, and that the counts are those that were signed. What the
// claim has of it; null where there is nothing that can be read.
std::shared_ptr<const record::StampedTime> check_timestamps(const std::string& folder,
                                                            const Stated& stated,
                                                            const Known& known, Findings& findings);

// Writes the claim again from what claim.json and the logs say, and holds every file against that,
// byte for byte. Of a claim of an earlier form it is the figures of claim.json that are held
// against that, each by itself, and what body and subject have of them.
void check_written(const std::string& folder, const Stated& stated, const Known& known,
                   const LogsRead& logs, Findings& findings);

}  // namespace recoup::claim
