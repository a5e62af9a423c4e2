#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace recoup::record {

// ObjectPlace is where an object lies in S3.
struct ObjectPlace {
  std::string bucket;
  std::string key;

  auto operator<=>(const ObjectPlace&) const = default;
  // The name of its file: what stands behind the key's last slash.
  std::string file_name() const;
};

// DigestFile is one of CloudTrail's digest files: which log files it delivered in an hour to one
// account and Region, and the signature of the digest before.
struct DigestFile {
  struct Log {
    ObjectPlace place;
    std::string hash;  // SHA-256 of what is in the file, unpacked
  };
  struct Previous {
    ObjectPlace place;
    std::string signature;
  };

  ObjectPlace place;
  core::Interval span;
  std::string end;                   // of it, as the file has it
  std::string fingerprint;           // of the key that signed it
  std::optional<Previous> previous;  // nothing: the first one since digests are made
  std::vector<Log> logs;
  std::string hash;  // SHA-256 of the digest's own bytes

  // What the signature of the digest is over.
  std::string signed_text() const;
};

// DigestName is what the name of a digest's file says:
// ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOMEREGION_ENDTIME.json.gz.
struct DigestName {
  std::string account, region;  // of which the log files are
  std::string trail;            // the same for all digests of a chain: the name up to the end time
  std::string home_region;      // whose keys sign
  std::optional<core::Instant> end;  // nothing: it is called otherwise
  bool is_backfill = false;          // it lists files that came too late for their hour
};

// Whether the file is called like a digest, packed or not.
bool is_digest_name(std::string_view file_name);
DigestName read_digest_name(std::string_view file_name);

// Errors, at `name`: the bytes are no digest file, or one of algorithms that are not known.
core::Result<DigestFile> parse_digest_file(std::string_view content, const std::string& name);

// A digest's signature out of what `aws s3api head-object` prints of it. Error: there is none.
core::Result<std::string> signature_of_head(std::string_view json, const std::string& name);

}  // namespace recoup::record
