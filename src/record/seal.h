#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/assessment.h"
#include "core/money.h"
#include "core/time.h"
#include "record/chain.h"
#include "record/signature.h"

namespace recoup::record {

// Seal is what was known of one agreement and one billing cycle when it was closed. It never
// changes: what comes to light later makes a new revision. Digests are SHA-256 in hexadecimal
// digits, of the canonical texts (canonical.h).
struct Seal {
  std::string agreement;
  core::Month month{};
  int revision = 1;  // from 1, without gaps
  core::Instant at;  // when it was made
  core::Interval cycle;

  std::string tallies_sha256;
  std::string evidence_sha256;
  std::uint64_t evidence_records = 0;
  std::vector<ChainHead> chain;  // of the series with evidence in the cycle, by kind, name and part
  std::string rule;              // its id
  core::Date version{};          // the date of the version it was judged by
  std::string rule_digest;       // of the rule's text
  std::string assessment_sha256;
  std::string charge_sha256;

  // The figures, so that they can be listed and compared without judging again.
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  core::Ratio uptime;                 // fraction of 1
  core::Ratio share;                  // of the charges; 0 where no tier was reached
  std::optional<core::Money> charge;  // nothing where it was not known
  std::string charge_from;            // as Charge::from
  std::optional<core::Money> amount;  // the Service Credit, exact
  bool eligible = false;
  std::optional<core::DeadlineDates> deadline;
  std::vector<std::string> exclusions;  // that touch the cycle, in words

  std::vector<std::string> changes;  // against the revision before: what and why, sentences
  std::string previous;              // the digest of the revision before; empty for the first

  std::string digest;      // seal_digest()
  std::string signature;   // of the digest's hexadecimal digits; empty where it is not signed
  std::string public_key;  // whose signature it is

  // How much of the cycle was measured, as core::measured_share(); nothing in seals from before
  // this was kept. Not in the digest: the tallies, which are, say the same.
  std::optional<core::Ratio> measured = {};

  // Up to which entry of the ledger's journal everything is in it. Not in the digest: it means
  // nothing outside the ledger.
  std::uint64_t journal = 0;
};

// All that the digest is made over, one line a field, "recoup seal 1" first.
std::string canonical_seal(const Seal& seal);

// The digest that the seal must have.
std::string seal_digest(const Seal& seal);

// Sets the digest and, with a key, signature and public key.
void close_seal(Seal& seal, const SealKey* key);

// What does not hold in the seal itself, one sentence each: its digest, its signature.
std::vector<std::string> seal_faults(const Seal& seal);

// What a later revision says otherwise than an earlier one, one sentence each: figures, rule,
// exclusions, evidence. Empty where both say the same of the cycle.
std::vector<std::string> seal_changes(const Seal& before, const Seal& after);

}  // namespace recoup::record
