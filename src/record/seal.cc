#include "record/seal.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "core/text.h"
#include "record/canonical.h"

namespace recoup::record {
namespace {

std::string exact(const std::optional<core::Money>& money) {
  if (!money) return "unknown";
  return canonical_fraction(money->amount) + ' ' + money->currency;
}

std::string or_none(const std::string& text) { return text.empty() ? "none" : text; }

void append_chain(std::string& text, std::vector<ChainHead> chain) {
  std::sort(chain.begin(), chain.end());
  for (const ChainHead& head : chain) {
    fmt::format_to(std::back_inserter(text), "chain {} {} {} {} {}\n", canonical_words(head.kind),
                   canonical_words(head.name), canonical_words(head.part), head.records, head.head);
  }
}

void append_figures(std::string& text, const Seal& seal) {
  fmt::format_to(std::back_inserter(text),
                 "requests {}\nerrors {}\nuptime {}\nshare {}\ncharged {} {}\namount {}\n"
                 "eligible {}\n",
                 seal.requests, seal.errors, canonical_fraction(seal.uptime),
                 canonical_fraction(seal.share), exact(seal.charge),
                 canonical_words(seal.charge_from), exact(seal.amount),
                 canonical_truth(seal.eligible));
  if (seal.deadline) {
    fmt::format_to(std::back_inserter(text), "deadline {} {}\n", core::to_text(seal.deadline->safe),
                   core::to_text(seal.deadline->literal));
  } else {
    text += "deadline none\n";
  }
}

// --- what changed, in words -------------------------------------------------------------------

std::string charge_words(const Seal& seal) {
  if (!seal.charge) return "not known";
  return fmt::format("{} ({})", to_text(*seal.charge), seal.charge_from);
}

std::string amount_words(const Seal& seal) {
  return (seal.amount ? to_text(*seal.amount) : "not known") +
         (seal.eligible ? "" : ", not to be claimed");
}

std::string rule_words(const Seal& seal) {
  constexpr std::size_t kShown = 12;
  return fmt::format("{} of {}, text {}", seal.rule, core::to_text(seal.version),
                     seal.rule_digest.substr(0, kShown));
}

// Changes gathers sentences; equal texts of different values are told apart by a remark.
class Changes {
 public:
  void add(const char* what, const std::string& before, const std::string& after, bool differs,
           const char* remark = "") {
    if (!differs) return;
    sentences_.push_back(before == after ? fmt::format("{}: {}, as before{}", what, after, remark)
                                         : fmt::format("{}: {}, before {}", what, after, before));
  }

  void add(const char* sentence) { sentences_.emplace_back(sentence); }

  // What is in one list and not in the other.
  void add_missing(const char* what, const std::vector<std::string>& here,
                   const std::vector<std::string>& there) {
    for (const std::string& one : here) {
      if (std::find(there.begin(), there.end(), one) == there.end()) {
        sentences_.push_back(fmt::format("{}: {}", what, one));
      }
    }
  }

  std::vector<std::string> take() { return std::move(sentences_); }

 private:
  std::vector<std::string> sentences_;
};

void add_figures(Changes& changes, const Seal& a, const Seal& b) {
  using std::to_string;
  changes.add("Requests", to_string(a.requests), to_string(b.requests), a.requests != b.requests);
  changes.add("Errors", to_string(a.errors), to_string(b.errors), a.errors != b.errors);
  changes.add("Monthly Uptime Percentage", core::percent_text(a.uptime) + " %",
              core::percent_text(b.uptime) + " %", a.uptime != b.uptime,
              " in all digits that are shown, and not exactly the same");
  changes.add("Service Credit", core::percent_text(a.share) + " %",
              core::percent_text(b.share) + " %", a.share != b.share);
  changes.add("charge", charge_words(a), charge_words(b), a.charge_sha256 != b.charge_sha256,
              ", with other lines or remarks");
  changes.add("amount to claim", amount_words(a), amount_words(b),
              a.amount != b.amount || a.eligible != b.eligible,
              " in all digits that are shown, and not exactly the same");
}

void add_grounds(Changes& changes, const Seal& a, const Seal& b) {
  changes.add("rule", rule_words(a), rule_words(b),
              a.rule != b.rule || a.version != b.version || a.rule_digest != b.rule_digest);
  changes.add_missing("exclusion added", b.exclusions, a.exclusions);
  changes.add_missing("exclusion removed", a.exclusions, b.exclusions);
  changes.add("evidence records", std::to_string(a.evidence_records),
              std::to_string(b.evidence_records), a.evidence_sha256 != b.evidence_sha256,
              " in number, and other ones");
}

// The seal with what tells revisions apart taken from another one.
Seal as_revision_of(Seal seal, const Seal& other) {
  seal.revision = other.revision;
  seal.at = other.at;
  seal.chain = other.chain;
  seal.changes = other.changes;
  seal.previous = other.previous;
  return seal;
}

}  // namespace

std::string canonical_seal(const Seal& seal) {
  std::string text = fmt::format(
      "recoup seal 1\nagreement {}\nmonth {}\nrevision {}\nat {}\ncycle {} {}\n"
      "tallies {}\nevidence {} {}\n",
      canonical_words(seal.agreement), core::to_text(seal.month), seal.revision,
      core::to_text(seal.at), core::to_text(seal.cycle.begin), core::to_text(seal.cycle.end),
      seal.tallies_sha256, seal.evidence_sha256, seal.evidence_records);
  append_chain(text, seal.chain);
  fmt::format_to(std::back_inserter(text), "rule {} {} {}\nassessment {}\ncharge {}\n",
                 canonical_words(seal.rule), core::to_text(seal.version), or_none(seal.rule_digest),
                 seal.assessment_sha256, seal.charge_sha256);
  append_figures(text, seal);
  for (const std::string& one : seal.exclusions) {
    text += "exclusion " + canonical_words(one) + '\n';
  }
  for (const std::string& one : seal.changes) text += "change " + canonical_words(one) + '\n';
  return text + "previous " + or_none(seal.previous) + '\n';
}

std::string seal_digest(const Seal& seal) { return sha256_hex(canonical_seal(seal)); }

void close_seal(Seal& seal, const SealKey* key) {
  seal.digest = seal_digest(seal);
  if (key == nullptr) return;
  seal.signature = key->sign(seal.digest);
  seal.public_key = key->public_key();
}

std::vector<std::string> seal_faults(const Seal& seal) {
  std::vector<std::string> faults;
  const std::string name =
      fmt::format("revision {} of {} {}", seal.revision, seal.agreement, core::to_text(seal.month));
  if (const std::string digest = seal_digest(seal); digest != seal.digest) {
    faults.push_back(
        fmt::format("{}: expected the digest {}, got {}: a field of the seal was changed", name,
                    digest, seal.digest));
  }
  const bool is_signed = !seal.signature.empty() || !seal.public_key.empty();
  if (is_signed && !signature_holds(seal.digest, seal.signature, seal.public_key)) {
    faults.push_back(fmt::format("{}: expected a signature of its digest by {}, got another", name,
                                 or_none(seal.public_key)));
  }
  return faults;
}

std::vector<std::string> seal_changes(const Seal& before, const Seal& after) {
  if (canonical_seal(as_revision_of(before, after)) == canonical_seal(after)) return {};
  Changes changes;
  add_figures(changes, before, after);
  add_grounds(changes, before, after);
  if (before.tallies_sha256 != after.tallies_sha256 && before.requests == after.requests &&
      before.errors == after.errors) {
    changes.add("counts: others by minute and outcome, with as many Requests and Errors");
  }
  std::vector<std::string> sentences = changes.take();
  if (sentences.empty()) sentences = {"the assessment differs in other figures than these"};
  return sentences;
}

}  // namespace recoup::record
