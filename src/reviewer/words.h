#pragma once

#include <string>
#include <vector>

#include "claim/verify/findings.h"

namespace recoup::reviewer {

// What verify shows and what it cannot, one screen of 80 columns.
inline constexpr char kWhatVerifyShows[] =
    R"(What it shows of a claim's folder, where nothing DIFFERS:
  arithmetic  Uptime, tier, credit and every word of every file follow from the
              counts in claim.json by the contract, as it was published.
  files       None is missing, none is there that is not listed, each has its
              SHA-256.
  seal        The figures are those that were sealed when the cycle was over.
  signature   With --key: the owner of that Ed25519 key made the folder. Without
              it: somebody did.
  tokens      With --ca: a third party signed that the counts of each day were
              there at a time, and they are the same now. Without it: the tokens
              fit the counts. By hand:
                openssl ts -verify -data timestamps/DAY.json \
                  -in timestamps/DAY.tsr -CAfile authority.pem
  digests     The log files that are called signed are those of CloudTrail's
              digests, by the keys beside them; AWS tells whose keys they are.

What it cannot show, and lists as UNKNOWN:
  - that a folder was not made up whole, if it has neither a signature by a key
    that you trust nor tokens under a certificate that you trust: this program
    can write one that agrees with itself, of anything;
  - that what was counted happened: a token says that counts have not changed
    since its time, and the provider's own logs say whether they were true;
  - for whom and for how much: the account is the claimant's word, the charge is
    on the bill.)";

// The same of one claim: what of that it has. Lines for the end of the answer.
std::vector<std::string> what_it_shows(const claim::Verification& found);

}  // namespace recoup::reviewer
