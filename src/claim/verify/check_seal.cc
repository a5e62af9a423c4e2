#include <algorithm>

#include <fmt/format.h>

#include "claim/documents.h"
#include "claim/verify/findings.h"
#include "core/text.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

using record::Seal;

// Compare says for each figure whether the seal and the verdict agree on it.
class Compare {
 public:
  Compare(const Seal& seal, Findings& findings) : seal_(seal), findings_(findings) {}

  void same(std::string_view what, bool agrees) {
    if (agrees) return;
    findings_.differs(
        fmt::format("claim.json: expected the {} that revision {} sealed, got another in the "
                    "verdict or the rule",
                    what, seal_.revision));
  }

 private:
  const Seal& seal_;
  Findings& findings_;
};

bool same_dates(const std::optional<core::DeadlineDates>& a,
                const std::optional<core::DeadlineDates>& b) {
  if (!a || !b) return !a && !b;
  return a->safe == b->safe && a->literal == b->literal;
}

void compare(const Stated& stated, const Seal& seal, Findings& findings) {
  Compare compare(seal, findings);
  compare.same("agreement", seal.agreement == stated.agreement.id);
  compare.same("month", seal.month == stated.month);
  compare.same("billing cycle", seal.cycle == stated.cycle);
  compare.same("rule", seal.rule == stated.contract.id && seal.version == stated.terms().date() &&
                           seal.rule_digest == stated.terms().digest);
  compare.same("Requests", seal.requests == stated.requests);
  compare.same("Errors", seal.errors == stated.errors);
  compare.same("Monthly Uptime Percentage", seal.uptime == stated.uptime);
  compare.same("Service Credit", core::short_percent(seal.share) == stated.credit_percent);
  compare.same("charge", seal.charge == stated.charge.amount);
  compare.same("amount", seal.amount && core::amount_text(*seal.amount) == stated.amount &&
                             seal.amount->currency == stated.charge.amount.currency);
  compare.same("eligibility", seal.eligible == stated.eligible);
  compare.same("deadline",
               same_dates(seal.deadline, core::first_deadline(stated.deadline, stated.notice)));
  compare.same("exclusions", seal.exclusions.size() == stated.agreement.exclusions.size());
}

// "<from> to <to>: <reason>", sorted, as a seal has them.
std::vector<std::string> exclusions_of(const Stated& stated) {
  std::vector<std::string> all;
  for (const core::ExclusionWindow& window : stated.agreement.exclusions) {
    all.push_back(fmt::format("{} to {}: {}", core::to_text(window.span.begin),
                              core::to_text(window.span.end), window.reason));
  }
  std::sort(all.begin(), all.end());
  return all;
}

void check_digest(const Stated& stated, Findings& findings) {
  const Seal& seal = *stated.seal;
  if (stated.withheld) {
    return findings.unchecked(
        fmt::format("the digest of the seal: words that it was made over are replaced by asterisks "
                    "in claim.json; whoever has the ledger can check it: recoup verify --agreement "
                    "{} --month {}",
                    seal.agreement, core::to_text(seal.month)));
  }
  findings.check(fmt::format("revision {} was sealed at {} with the SHA-256 {}", seal.revision,
                             core::to_text(seal.at), seal.digest));
  if (const std::string digest = record::seal_digest(seal); digest != seal.digest) {
    findings.differs(fmt::format("claim.json: expected the digest {} of its own seal, got {}",
                                 digest, seal.digest));
  }
  if (seal.exclusions != exclusions_of(stated)) {
    findings.differs("claim.json: expected the exclusions that were sealed, got others");
  }
}

// One signature: that it holds, and whose it is. Both texts are in hexadecimal digits.
struct Signature {
  const char* file;
  std::string of;       // what was signed, in words
  std::string message;  // the same, in bytes
  std::string text;
  std::string key;
};

void check_signature(const Signature& signature, const std::string& expected, Findings& findings) {
  findings.check(fmt::format("{} is signed with the Ed25519 key {}{}", signature.of, signature.key,
                             expected.empty() ? ", as claim.json says" : ", as expected"));
  if (!record::signature_holds(signature.message, signature.text, signature.key)) {
    findings.differs(fmt::format("{}: expected a signature of {} with the key {}, got another",
                                 signature.file, signature.of, signature.key));
  }
  if (!expected.empty() && signature.key != expected) {
    findings.differs(fmt::format("{}: expected a signature with the key {}, got one with {}",
                                 signature.file, expected, signature.key));
  }
}

void check_seal_signature(const Seal& seal, const std::string& key, Findings& findings) {
  if (seal.signature.empty() && seal.public_key.empty()) return;
  check_signature({"claim.json", "the seal", seal.digest, seal.signature, seal.public_key}, key,
                  findings);
}

// Where no key is expected, anybody can have signed.
void say_who(const std::string& stated, const std::string& key, Findings& findings) {
  if (!key.empty()) return;
  findings.unchecked(
      stated.empty()
          ? "who wrote it: it is not signed: whoever changed one file could have changed all"
          : fmt::format("who wrote it: it is signed by {}, which nobody vouched for here: give "
                        "--key",
                        stated));
}

}  // namespace

void check_sums_signature(const std::string& folder, const std::string& stated,
                          const std::string& key, Findings& findings) {
  say_who(stated, key, findings);
  auto signature = read_whole(folder, kSumsSignature);
  if (!signature && stated.empty() && key.empty()) return;
  findings.check({});
  if (!signature && !key.empty()) {
    return findings.differs(fmt::format("{}: {}: expected a signature of {} with the key {}",
                                        kSumsSignature, signature.error().message, kSums, key));
  }
  if (!signature) return findings.differs(signature.error());
  if (stated.empty()) {
    findings.differs(
        fmt::format("{}: expected no signature, as claim.json names no key", kSumsSignature));
  }
  const auto sums = read_whole(folder, kSums);
  if (!sums) return;  // said already
  findings.basis().signature = key.empty() ? Basis::Trust::unvouched : Basis::Trust::vouched;
  if (signature->ends_with('\n')) {
    signature->pop_back();
  } else {
    findings.differs(fmt::format("{}: expected an end of line", kSumsSignature));
  }
  check_signature({kSumsSignature, kSums, *sums, *signature, stated.empty() ? key : stated}, key,
                  findings);
}

void check_seal(const Stated& stated, const std::string& key, Findings& findings) {
  if (!stated.seal) {
    return findings.unchecked("a seal: claim.json has none, so the month may still have changed");
  }
  findings.basis().seal = true;
  check_digest(stated, findings);
  findings.check(fmt::format("the verdict says what revision {} sealed", stated.seal->revision));
  compare(stated, *stated.seal, findings);
  check_seal_signature(*stated.seal, key, findings);
}

}  // namespace recoup::claim
