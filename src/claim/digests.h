#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "record/digest_files/digest_evidence.h"
#include "report/json.h"

// CloudTrail's signature in a claim: the files that have it, and what is said of it.
namespace recoup::claim {

// ClaimDigests is the digests of a claim, with what came of checking them.
struct ClaimDigests {
  core::Interval cycle;
  record::DigestEvidence evidence;
  std::unique_ptr<const record::RecheckedDigests> checked;
};

// Null where there are no digests. Error: a key is none.
core::Result<std::shared_ptr<const ClaimDigests>> claim_digests(record::DigestEvidence evidence,
                                                                const core::Interval& cycle);

inline constexpr char kDigests[] = "digests.json";  // all of them, and what they say of files
inline constexpr char kDigestKeys[] = "digest-keys.json";  // as the AWS CLI prints keys
inline constexpr char kShownDigest[] = "digest.json";      // one of them, as it is

// Those files by name, in a reader's order.
std::vector<std::pair<std::string, std::string>> digest_files(const ClaimDigests& digests);

// "digests.json", "digests-2.json", …: a support case takes no larger files.
std::string digests_name(std::size_t part);

// The same read back, of all its parts; each of the digests is checked again where claim_digests()
// is asked. Errors: a text is not as it should be.
core::Result<record::DigestEvidence> read_digest_files(const std::vector<std::string>& digests,
                                                       const std::string& keys);

// How many of the log files that were counted are as they were signed, by whose keys, and what time
// the digests cover: a paragraph.
std::string digests_text(const ClaimDigests& digests);

// Files that are not as they were signed, and times of the cycle without a digest that verifies, in
// sentences.
std::vector<std::string> not_proven(const ClaimDigests& digests);

// How many log files were counted that are not as they were signed.
std::size_t changed_files(const ClaimDigests& digests);

// The commands that check the digest in kShownDigest.
std::vector<std::string> by_hand(const ClaimDigests& digests);

// For claim.json.
report::Json digests_json(const ClaimDigests& digests);

}  // namespace recoup::claim
