#include "record/digest_files/digest_evidence.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace recoup::record {
namespace {

bool is_of(const KeptDigest& digest, const std::string& account, const std::string& region) {
  const DigestName name = read_digest_name(digest.place.file_name());
  return (account.empty() || name.account == account) && (region.empty() || name.region == region);
}

}  // namespace

DigestEvidence digest_evidence(const DigestCheck& check) {
  DigestEvidence evidence;
  std::set<std::tuple<std::string, core::Instant, core::Instant>> keys;
  for (const CheckedDigest& one : check.digests) {
    if (!one.is_valid()) continue;
    evidence.digests.push_back({one.digest.place, one.digest.span, one.content, one.signature});
    keys.emplace(one.key->value(), one.key->valid().begin, one.key->valid().end);
  }
  for (const auto& [value, begin, end] : keys) evidence.keys.push_back({value, {begin, end}});
  return evidence;
}

DigestEvidence digest_evidence_of(DigestEvidence evidence, const std::string& account,
                                  const std::string& region, const core::Interval& span) {
  std::set<std::string> hashes;
  for (const CheckedFile& file : evidence.files) {
    if (file.says == "yes") hashes.insert(file.hash);
  }
  std::set<std::string> fingerprints;
  std::erase_if(evidence.digests, [&](const KeptDigest& digest) {
    const auto read = parse_digest_file(digest.content, digest.place.key);
    if (!read) return true;
    const bool lists_one = std::any_of(read->logs.begin(), read->logs.end(),
                                       [&](const auto& log) { return hashes.contains(log.hash); });
    const bool is_wanted =
        lists_one || (digest.span.overlaps(span) && is_of(digest, account, region));
    if (is_wanted) fingerprints.insert(read->fingerprint);
    return !is_wanted;
  });
  std::erase_if(evidence.keys, [&](const KeptKey& key) {
    const auto read = DigestKey::from_base64(key.value);
    return !read || !fingerprints.contains(read->fingerprint());
  });
  return evidence;
}

core::Result<std::unique_ptr<const RecheckedDigests>> check_again(const DigestEvidence& evidence) {
  auto checked = std::make_unique<RecheckedDigests>();
  for (const KeptKey& key : evidence.keys) {
    auto read = DigestKey::from_base64(key.value);
    if (!read) return read.error();
    read->set_valid(key.valid);
    checked->keys.add(*std::move(read));
  }
  std::vector<FoundDigest> found;
  for (const KeptDigest& digest : evidence.digests) {
    found.push_back({digest.place.file_name(), digest.content, {}, digest.signature});
  }
  checked->check = check_digests(found, checked->keys);
  return std::unique_ptr<const RecheckedDigests>(std::move(checked));
}

}  // namespace recoup::record
