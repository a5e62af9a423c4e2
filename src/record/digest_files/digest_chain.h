#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "record/digest_files/digest_file.h"
#include "record/digest_files/digest_keys.h"

// CloudTrail signs its digests, and each digest has the signature of the one before. That of the
// newest is in the metadata of its object alone.
namespace recoup::record {

// FoundDigest is a digest as it was found.
struct FoundDigest {
  std::string name;                           // of the file it was found in
  std::string content;                        // unpacked
  std::string damage = {};                    // why there is no content
  std::optional<std::string> signature = {};  // of its object's metadata, in hexadecimal digits
};

// CheckedDigest is what became of one.
struct CheckedDigest {
  enum class State {
    valid,
    changed,       // its signature is another digest's
    no_signature,  // the digest after it, which has it, is not here
    foreign_key,   // signed with a key that is not in the list
    expired_key,   // signed with a key that was not in use then
    unreadable,    // no digest file
  };

  std::string name;
  State state = State::unreadable;
  std::string why = {};    // in words; empty where it is valid
  DigestFile digest = {};  // where it is unreadable, what its name says
  std::string content = {};
  std::string signature = {};      // where it is valid
  const DigestKey* key = nullptr;  // that signed it

  bool is_valid() const { return state == State::valid; }
};

// DigestGap is a time of a trail that no digest here covers that verifies.
struct DigestGap {
  std::string trail;
  core::Interval span;
  std::string why;
};

// DigestCheck is what digests are worth.
struct DigestCheck {
  std::vector<CheckedDigest> digests;  // by trail, then end
  std::vector<DigestGap> gaps;         // by trail, then begin
  // By trail, what its digests cover, gaps and all.
  std::map<std::string, core::Interval> trails;

  std::size_t valid() const;
  // Up to when every hour of every trail has a digest that verifies; nothing where there is none.
  std::optional<core::Instant> complete_until() const;
  // How many valid digests list no file: in their time, none was delivered.
  std::size_t silent() const;
};

// Checks them by the keys, which outlive the answer.
DigestCheck check_digests(const std::vector<FoundDigest>& found, const DigestKeys& keys);

}  // namespace recoup::record
