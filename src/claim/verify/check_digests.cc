#include <filesystem>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "claim/digests.h"
#include "claim/verify/findings.h"
#include "claim/verify/read_back.h"
#include "core/text.h"
#include "report/digest_words.h"

namespace recoup::claim {
namespace {

core::Result<std::shared_ptr<const ClaimDigests>> read_digests(const std::string& folder,
                                                               const core::Interval& cycle) {
  std::vector<std::string> digests;
  std::error_code ignored;
  do {
    auto part = read_whole(folder, digests_name(digests.size() + 1));
    if (!part) return part.error();
    digests.push_back(*std::move(part));
  } while (std::filesystem::exists(folder + '/' + digests_name(digests.size() + 1), ignored));
  const auto keys = read_whole(folder, kDigestKeys);
  if (!keys) return keys.error();
  auto evidence = read_digest_files(digests, *keys);
  if (!evidence) return evidence.error();
  return claim_digests(*std::move(evidence), cycle);
}

// What is said of a file must be so by a digest that verifies.
void check_files(const ClaimDigests& digests, Findings& findings) {
  findings.check("each log file that is called signed is listed by a digest that verifies");
  std::set<std::string> listed;
  for (const record::CheckedDigest& one : digests.checked->check.digests) {
    if (!one.is_valid()) continue;
    for (const auto& log : one.digest.logs) listed.insert(log.hash);
  }
  for (const record::CheckedFile& file : digests.evidence.files) {
    if (file.says != "yes" || listed.contains(file.hash)) continue;
    findings.differs(
        fmt::format("{}: expected a digest that lists {}, which is called signed, got none",
                    kDigests, file.name));
  }
}

}  // namespace

std::shared_ptr<const ClaimDigests> check_digests(const std::string& folder, const Stated& stated,
                                                  Findings& findings) {
  if (!stated.digests) return nullptr;
  findings.check("CloudTrail's digests are as they were signed");
  const auto read = read_digests(folder, stated.cycle);
  if (!read) {
    findings.differs(read.error());
    return nullptr;
  }
  const record::DigestCheck& check = (*read)->checked->check;
  for (const record::CheckedDigest& one : check.digests) {
    if (!one.is_valid()) {
      findings.differs(fmt::format("{}: {}: {}", kDigests, one.name, one.why));
    }
  }
  check_files(**read, findings);
  findings.basis().digests = true;
  findings.check({});
  findings.unchecked(fmt::format("whose the keys in {} are, of fingerprint {}: AWS tells by {}",
                                 kDigestKeys, core::listed(report::signing_fingerprints(check)),
                                 fmt::join(report::fetch_keys_commands(check), "; ")));
  findings.unchecked(
      "that the counts are those of the log files that were signed: whoever has the files can "
      "import them");
  return *read;
}

}  // namespace recoup::claim
