#include <fmt/format.h>

#include "claim/documents.h"
#include "claim/findings.h"
#include "claim/words.h"

namespace recoup::claim {
namespace {

using core::Seal;

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
  compare.same("agreement", seal.agreement == stated.agreement);
  compare.same("month", seal.month == stated.month);
  compare.same("billing cycle", seal.cycle == stated.cycle);
  compare.same("rule", seal.rule == stated.rule && seal.version == stated.version &&
                           seal.rule_digest == stated.rule_digest);
  compare.same("Requests", seal.requests == stated.requests);
  compare.same("Errors", seal.errors == stated.errors);
  compare.same("Monthly Uptime Percentage", seal.uptime == stated.uptime);
  compare.same("Service Credit", short_percent(seal.share) == stated.credit_percent);
  compare.same("charge", seal.charge && seal.charge->amount == stated.charges &&
                             seal.charge->currency == stated.currency);
  compare.same("amount", seal.amount && core::amount_text(*seal.amount) == stated.amount &&
                             seal.amount->currency == stated.currency);
  compare.same("eligibility", seal.eligible == stated.eligible);
  compare.same("deadline", same_dates(seal.deadline, stated.deadline));
  compare.same("exclusions", seal.exclusions.size() == stated.exclusions.size());
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
  if (const std::string digest = core::seal_digest(seal); digest != seal.digest) {
    findings.differs(fmt::format("claim.json: expected the digest {} of its own seal, got {}",
                                 digest, seal.digest));
  }
  if (seal.exclusions != stated.exclusions) {
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
  findings.check(fmt::format(
      "{} is signed with the Ed25519 key {}{}", signature.of, signature.key,
      expected.empty() ? ", as claim.json says; --key says whose it must be" : ", as expected"));
  if (!core::signature_holds(signature.message, signature.text, signature.key)) {
    findings.differs(fmt::format("{}: expected a signature of {} with the key {}, got another",
                                 signature.file, signature.of, signature.key));
  }
  if (!expected.empty() && signature.key != expected) {
    findings.differs(fmt::format("{}: expected a signature with the key {}, got one with {}",
                                 signature.file, expected, signature.key));
  }
}

void check_sums_signature(const std::string& folder, const Stated& stated, const std::string& key,
                          Findings& findings) {
  const auto sums = read_whole(folder, kSums);
  auto signature = read_whole(folder, kSumsSignature);
  if (!signature) return findings.differs(signature.error());
  if (!sums) return;  // said already
  if (signature->ends_with('\n')) {
    signature->pop_back();
  } else {
    findings.differs(fmt::format("{}: expected an end of line", kSumsSignature));
  }
  check_signature({kSumsSignature, kSums, *sums, *signature, stated.public_key}, key, findings);
}

}  // namespace

void check_seal(const Stated& stated, Findings& findings) {
  if (!stated.seal) {
    return findings.unchecked("a seal: claim.json has none, so the month may still have changed");
  }
  check_digest(stated, findings);
  findings.check(fmt::format("the verdict says what revision {} sealed", stated.seal->revision));
  compare(stated, *stated.seal, findings);
}

void check_signatures(const std::string& folder, const Stated& stated, const std::string& key,
                      Findings& findings) {
  const bool seal_signed =
      stated.seal && !(stated.seal->signature.empty() && stated.seal->public_key.empty());
  if (seal_signed) {
    const Seal& seal = *stated.seal;
    check_signature({"claim.json", "the seal", seal.digest, seal.signature, seal.public_key}, key,
                    findings);
  }
  if (!stated.public_key.empty()) {
    check_sums_signature(folder, stated, key, findings);
  } else if (read_whole(folder, kSumsSignature)) {
    findings.check({});
    findings.differs(
        fmt::format("{}: expected no signature, as claim.json names no key", kSumsSignature));
  }
  if (!key.empty() && !seal_signed && stated.public_key.empty()) {
    findings.check({});
    findings.differs(
        fmt::format("claim.json: expected a signature with the key {}, got none", key));
  }
}

}  // namespace recoup::claim
