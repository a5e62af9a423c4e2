#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/judgement.h"
#include "core/zone.h"
#include "ledger/ledger.h"
#include "record/seal.h"

namespace recoup::judge {

// How long after its end a cycle is sealed: logs come late.
inline constexpr core::Millis kSealGrace = std::chrono::hours(24);

// MonthToSeal is a month that is to be judged and given to seal_if_due().
struct MonthToSeal {
  core::Month month{};
  std::uint64_t journal = 0;  // the ledger's newest entry before it is judged

  bool operator==(const MonthToSeal&) const = default;
};

// The months by `zone` in which anything of the agreement was seen, or missed by a probe that was
// due, oldest first. Those between two of them that are not there are silent altogether.
core::Result<std::vector<core::Month>> months_seen(ledger::TallyStore& ledger,
                                                   const std::string& agreement,
                                                   const core::Zone& zone);

// Whether the month may have a seal: a Request of it is known, excluded or not, or a probe was due
// in it. Of one that nobody looked at there is nothing to keep.
bool is_worth_a_seal(const core::Assessment& assessment);

// Whether the newest seal is of a month that nobody measured: it says nothing of availability.
bool is_unmeasured(const record::Seal& seal);

// Which months to look at, of those that anything was seen or missed in, that are over by `zone`
// and whose grace has passed: those without a seal, and those that something was imported, excluded
// or recorded for since. With `all` also those of which the ledger shows nothing new, for what lies
// outside it: the rule, the settings, the bill. A month that was measured when it was sealed stays
// among them when nothing is seen in it any more.
core::Result<std::vector<MonthToSeal>> months_to_seal(ledger::Ledger& ledger,
                                                      const std::string& agreement,
                                                      const core::Zone& zone, core::Instant now,
                                                      core::Millis grace, bool all);

// What a charge that is not final counts for: a bill may change every day until it is.
enum class OpenCharge {
  waits,   // it is alone no reason for a new revision
  counts,  // it is: somebody wants to claim by it now
};

// Seals a cycle whose verdict is `judgement`: with revision 1, or, where something is not as the
// newest revision says, with the next one, which says what changed and why. Nothing while the cycle
// and its grace are not over, where nothing changed, and for a first one that is not worth a seal.
// `journal` is the newest entry before it was judged; what is newer makes the month one
// of months_to_seal() again. `key` may be null: then seals are not signed. A charge that a bill
// does not call final, and one that cannot be read, are no reason for a revision of a seal that has
// a charge: a bill of last month changes for days, and each change would be a revision. When it is
// final, it is a reason.
core::Result<std::optional<record::Seal>> seal_if_due(ledger::Ledger& ledger,
                                                      const core::Judgement& judgement,
                                                      std::uint64_t journal,
                                                      const record::SealKey* key, core::Instant now,
                                                      core::Millis grace,
                                                      OpenCharge open = OpenCharge::waits);

// What the next revision would say otherwise than `seal`, counts and evidence aside, one sentence
// each; by the same rule for charges.
std::vector<std::string> verdict_changes(const record::Seal& seal,
                                         const core::Judgement& judgement);

// The newest seal of the month; null where it has none. `seals` as the ledger gives them.
const record::Seal* newest_seal(const std::vector<record::Seal>& seals, core::Month month);

// The ledger's newest entry of the agreement's journal; 0 where there is none.
core::Result<std::uint64_t> journal_end(ledger::Journal& ledger, const std::string& agreement);

// SealCheck is what was found of a seal, one sentence each.
struct SealCheck {
  std::vector<std::string> faults;
  // Counts or evidence are others than were sealed, and the journal names what touched the month
  // since: it waits for its next revision.
  std::vector<std::string> waiting;
  // What cannot be checked any more, because evidence of the month was removed.
  std::vector<std::string> removed = {};
};

// What does not hold of a seal: its digest and signature, that it is in the ledger and follows the
// revision before it, the chains of evidence up to it, and, of a month's newest revision, the
// counts and the evidence that are there now.
core::Result<SealCheck> check_seal(ledger::Ledger& ledger, const record::Seal& seal);

}  // namespace recoup::judge
