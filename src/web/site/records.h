#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "claim/readiness.h"
#include "record/claim_month.h"
#include "record/evidence.h"
#include "report/snapshot.h"
#include "web/http/message.h"

namespace recoup::web {

// SeriesInfo is one source of an agreement's tallies.
struct SeriesInfo {
  std::string kind;  // record::to_text(SeriesKind)
  std::string name;  // the probe's or the log source's id
  std::string part;  // the vantage point, or the SHA-256 of the file's content
  // A probe: up to when it is accounted for, and the period it had.
  std::optional<core::Instant> accounted_until = {};
  std::optional<core::Millis> every = {};
  // A file of a log: its name without its folders, and what was read of it.
  std::string file = {};
  std::uint64_t bytes = 0, lines = 0, requests = 0, malformed = 0, own = 0, read_before = 0;
};

// A place in the evidence of a span: the record number `skip` (from 0) of those at `at` or later.
struct EvidencePlace {
  core::Instant at;
  std::uint64_t skip = 0;
};

// EvidencePage is a part of the evidence, by time. It is redacted, the peers masked.
struct EvidencePage {
  std::vector<record::Evidence> records;
  std::optional<EvidencePlace> next;  // where the next page begins; nothing on the last one
  // What was seen earlier than this was removed, of some series at least, as no claim needs it any
  // more; nothing where none of the span was.
  std::optional<core::Instant> removed_until = {};
  // More records were looked at than are at once, and fewer of them than were asked for are as they
  // should be: `next` goes on there.
  bool is_cut = false;
};

// EvidenceFilter says which records are wanted: those that have all of it. Empty: every one.
struct EvidenceFilter {
  std::string outcome;  // a part of core::to_text(Outcome), in either case
  std::string source;   // record::Evidence::source

  bool empty() const { return outcome.empty() && source.empty(); }
};

// One version of a contract, as `assess --under` takes it.
struct ContractName {
  std::string words;    // "aws-kms@2022-11-29"
  std::string service;  // of its rule
  bool own = false;     // it is one of the agreement's rule
};

// ClaimFiles is a claim, packed: or why there is none.
struct ClaimFiles {
  std::string name;                   // "claim-kms-us-east-1-2026-10.zip"
  std::shared_ptr<OpenFile> archive;  // null where it is refused
  std::vector<std::string> refusals;  // the first is the one that decides
};

// Whatever is not there is nothing; an error is that it could not be read.
template <typename T>
using Found = core::Result<std::optional<T>>;

// Records is what the pages and the API show beyond the newest snapshot: what is in the ledger.
// Calls take from milliseconds to seconds. May be called from several threads: one waits for the
// other. Agreements are given by id, and are known ones.
class Records {
 public:
  virtual ~Records() = default;

  // The months of which something was seen, oldest first; the running one is the last of them.
  virtual core::Result<std::vector<core::Month>> months(const std::string& agreement) = 0;

  // The verdict on a month, judged now. Nothing where no version of its contract is known.
  virtual Found<std::shared_ptr<const core::Judgement>> judgement(const std::string& agreement,
                                                                  core::Month month) = 0;

  // The same by another contract: RULE or RULE@DATE. Nothing where that is not known.
  virtual Found<std::shared_ptr<const core::Judgement>> judgement_under(
      const std::string& agreement, core::Month month, const std::string& contract) = 0;

  // The contracts that can be named there, the agreement's own first, then by id and date.
  virtual std::vector<ContractName> contracts(const std::string& agreement) = 0;

  // Not more than `most` records in [from.at, span.end); from.at lies in the span.
  virtual core::Result<EvidencePage> evidence(const std::string& agreement,
                                              const core::Interval& span, EvidencePlace from,
                                              std::size_t most) = 0;

  // The same of those that pass the filter. Looks at some tens of thousands of records at most.
  core::Result<EvidencePage> evidence(const std::string& agreement, const core::Interval& span,
                                      EvidencePlace from, const EvidenceFilter& filter,
                                      std::size_t most);

  // All series of the agreement, by kind, name, part.
  virtual core::Result<std::vector<SeriesInfo>> series(const std::string& agreement) = 0;

  // What the agreement cost in the month; nothing where nobody knows.
  virtual core::KnownCharge charge(const std::string& agreement, core::Month month) = 0;

  // The months that are over, and where their claims stand, by month.
  virtual core::Result<std::vector<record::ClaimMonth>> claims(const std::string& agreement) = 0;

  // What a claim for that verdict would lack; it gives one. Reads all the month's evidence.
  virtual core::Result<std::vector<claim::Lack>> readiness(const core::Judgement& judgement) = 0;

  // The month's claim as a .zip file. Writes nothing to the ledger: the claim's state stays.
  virtual core::Result<ClaimFiles> claim_files(const std::string& agreement, core::Month month) = 0;
};

}  // namespace recoup::web
