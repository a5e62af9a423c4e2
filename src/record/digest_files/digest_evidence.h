#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "record/digest_files/digest_chain.h"

namespace recoup::record {

// KeptDigest is a digest file that verified, with all that verifies it again.
struct KeptDigest {
  ObjectPlace place;
  core::Interval span;
  std::string content;
  std::string signature;
};

// KeptKey is a key that signed some of them.
struct KeptKey {
  std::string value;     // as DigestKey::from_base64 takes it
  core::Interval valid;  // when it was in use, as its list says
};

// CheckedFile is what digests said of a log file when it was read.
struct CheckedFile {
  std::string digest;  // SHA-256 of the file as it lies
  std::string name;
  std::string says;  // "yes", "changed", "unlisted"; empty where nobody asked them
  std::string hash;  // SHA-256 of what is in it, unpacked
};

// DigestEvidence is what a ledger keeps of CloudTrail's signature, and a claim carries.
struct DigestEvidence {
  std::vector<KeptDigest> digests;  // by begin, then place
  std::vector<KeptKey> keys;        // by value, then time
  std::vector<CheckedFile> files;   // as they were read

  bool empty() const { return digests.empty(); }
};

// The digests that verified and their keys, of the check.
DigestEvidence digest_evidence(const DigestCheck& check);

// What of it tells of the agreement's time: digests of its account and Region, or any where these
// are empty, that overlap the time or list one of the files; and the keys of these.
DigestEvidence digest_evidence_of(DigestEvidence evidence, const std::string& account,
                                  const std::string& region, const core::Interval& span);

// RecheckedDigests is digest evidence, checked again. It stays where it is: the check points to the
// keys.
struct RecheckedDigests {
  DigestKeys keys;
  DigestCheck check;
};
core::Result<std::unique_ptr<const RecheckedDigests>> check_again(const DigestEvidence& evidence);

}  // namespace recoup::record
