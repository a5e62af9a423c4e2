#include "cli/verify_ledger.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/verify_stamps.h"
#include "judge/sealing.h"

namespace recoup::cli {
namespace {

using core::Result;
using Sentences = std::vector<std::string>;

// Chains are checked with every seal: each of their faults is said once.
void add_new(const Sentences& faults, Sentences& all) {
  for (const std::string& fault : faults) {
    if (std::find(all.begin(), all.end(), fault) == all.end()) all.push_back(fault);
  }
}

std::string sealed_text(const record::Seal& seal) {
  std::string text =
      fmt::format("revision {} of {} {}, sealed at {} with the SHA-256 {}", seal.revision,
                  seal.agreement, core::to_text(seal.month), core::to_text(seal.at), seal.digest);
  if (!seal.public_key.empty()) text += ", signed with the Ed25519 key " + seal.public_key;
  return text;
}

Result<void> check_one(ledger::Ledger& ledger, const record::Seal& seal, const std::string& key,
                       claim::Verification& found) {
  auto check = judge::check_seal(ledger, seal);
  if (!check) return check.error();
  if (!key.empty() && seal.public_key != key) {
    check->faults.push_back(
        fmt::format("revision {} of {} {}: expected a signature with the key {}, got {}",
                    seal.revision, seal.agreement, core::to_text(seal.month), key,
                    seal.public_key.empty() ? "none" : "one with " + seal.public_key));
  }
  if (check->faults.empty() && check->waiting.empty()) found.agreed.push_back(sealed_text(seal));
  add_new(check->waiting, found.unchecked);
  add_new(check->removed, found.unchecked);
  add_new(check->faults, found.differs);
  return {};
}

std::string series_text(const record::SeriesKey& series) {
  return fmt::format("{} {} ({})", record::to_text(series.kind), series.name, series.part);
}

// The chains of evidence, those of months without a seal too.
Result<void> check_chains(ledger::EvidenceStore& ledger, const std::string& agreement,
                          claim::Verification& found) {
  const auto faults = ledger.check_chain(agreement, {});
  if (!faults) return faults.error();
  for (const record::ChainFault& fault : *faults) {
    // In the words of check_seal(), which finds it again.
    found.differs.push_back(
        fmt::format("evidence of the {}: {}", series_text(fault.series), fault.what));
  }
  if (faults->empty()) found.agreed.emplace_back("every record of evidence fits its chain");
  return {};
}

// Whether an outcome is one that a record is kept of.
bool failed(const core::Outcome& outcome) {
  if (const auto* answered = std::get_if<core::Answered>(&outcome)) return answered->status >= 400;
  return std::holds_alternative<core::Failed>(outcome);
}

// Counts against records: a record must have been counted; what was counted may lack its record.
Result<void> check_counts(ledger::EvidenceStore& ledger, const std::string& agreement,
                          claim::Verification& found) {
  const auto check = ledger.check_evidence(agreement);
  if (!check) return check.error();
  for (const auto& one : check->excess) {
    found.differs.push_back(
        fmt::format("counts of the {}: the minute {} has {} records of {} and counts {}",
                    series_text(one.series), core::to_text(core::Instant(one.minute)), one.recorded,
                    core::to_text(one.outcome), one.counted));
  }
  if (check->excess.empty()) {
    found.agreed.emplace_back("every record of evidence was counted in its minute");
  }
  for (const auto& one : check->totals) {
    if (!failed(one.outcome) || one.recorded >= one.counted) continue;
    found.unchecked.push_back(
        fmt::format("counts: {} of {} requests that ended in {} were counted "
                    "without a record of their own",
                    one.counted - one.recorded, one.counted, core::to_text(one.outcome)));
  }
  return {};
}

}  // namespace

Result<claim::Verification> check_ledger(ledger::Ledger& ledger, const VerifyOptions& options) {
  const auto seals = ledger.seals(options.agreement);
  if (!seals) return seals.error();
  claim::Verification found;
  if (auto done = check_chains(ledger, options.agreement, found); !done) return done.error();
  if (auto done = check_counts(ledger, options.agreement, found); !done) return done.error();
  if (auto done = check_stamps(ledger, options, found); !done) return done.error();
  bool any = false;
  for (const record::Seal& seal : *seals) {
    if (options.month && seal.month != options.month->month) continue;
    any = true;
    if (auto done = check_one(ledger, seal, options.key, found); !done) return done.error();
  }
  if (!any) found.unchecked.emplace_back("seals: there is none yet");
  found.unchecked.emplace_back(
      "counts of time that no seal covers: whoever can write the file can change them unseen; a "
      "seal that was taken out with all after it is only missed by who noted its SHA-256");
  return found;
}

}  // namespace recoup::cli
