#pragma once

#include <string>
#include <vector>

#include "record/digest_files/digest_chain.h"
#include "report/json.h"

// What is said of CloudTrail's digests. Whoever holds a key can sign: that it is AWS who does is
// for the reader to see, who fetches the keys himself.
namespace recoup::report {

// The fingerprints of the keys that signed what verifies, each once.
std::vector<std::string> signing_fingerprints(const record::DigestCheck& check);

// "signed by the keys in keys.json (fingerprints 67b9…)"; `files` as the user named them.
std::string signed_by_words(const record::DigestCheck& check,
                            const std::vector<std::string>& files);

// The commands with which the reader fetches the keys of these digests from AWS, one a Region;
// empty where nothing was signed.
std::vector<std::string> fetch_keys_commands(const record::DigestCheck& check);

// Three commands that check one valid digest by hand: its key, its signature, and both against the
// digest, which lies in `file`, packed with gzip or not.
std::vector<std::string> by_hand_commands(const record::CheckedDigest& digest,
                                          const std::string& file);

// The first valid digest, which is shown for all; null where there is none.
const record::CheckedDigest* shown_digest(const record::DigestCheck& check);

// {"checked", "valid", "gaps": [{"begin", "end", "trail", "why"}], "complete_until", …}.
Json digests_json(const record::DigestCheck& check);

}  // namespace recoup::report
