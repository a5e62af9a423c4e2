#include "record/digest_files/digest_chain.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace recoup::record {
namespace {

using State = CheckedDigest::State;

// By the place of a digest, the signatures that others say are its own.
using Signatures = std::multimap<ObjectPlace, std::string>;

std::string trail_of(const CheckedDigest& one) {
  return read_digest_name(one.digest.place.file_name()).trail;
}

bool is_backfill(const CheckedDigest& one) {
  return read_digest_name(one.digest.place.file_name()).is_backfill;
}

// A digest is signed soon after its hour; one for late files whenever those came.
bool is_in_use(const DigestKey& key, const CheckedDigest& one) {
  return key.valid().end >= one.digest.span.begin &&
         (key.valid().begin <= one.digest.span.end || is_backfill(one));
}

void judge_digest(CheckedDigest& one, const std::vector<std::string>& signatures,
                  const DigestKeys& keys) {
  const auto found = keys.find(one.digest.fingerprint);
  const auto say = [&one](State state, std::string why) {
    one.state = state;
    one.why = std::move(why);
  };
  if (found.empty()) {
    return say(State::foreign_key,
               fmt::format("signed with a key that is not in the list, of fingerprint {}",
                           one.digest.fingerprint));
  }
  if (signatures.empty()) {
    return say(State::no_signature,
               "its signature is not here: it stands in the digest after it, and in what `aws "
               "s3api head-object` prints of it");
  }
  const std::string text = one.digest.signed_text();
  const auto holds = std::find_if(
      signatures.begin(), signatures.end(),
      [&](const std::string& signature) { return found.front()->signed_by(text, signature); });
  if (holds == signatures.end()) {
    return say(State::changed, "changed: its signature is that of another content");
  }
  const auto in_use = std::find_if(found.begin(), found.end(),
                                   [&](const DigestKey* key) { return is_in_use(*key, one); });
  if (in_use == found.end()) {
    return say(State::expired_key,
               fmt::format("signed with the key {}, which was in use from {} to {}",
                           one.digest.fingerprint, core::to_text(found.front()->valid().begin),
                           core::to_text(found.front()->valid().end)));
  }
  one.signature = *holds;
  one.key = *in_use;
  say(State::valid, {});
}

// A digest that cannot be read is one of its trail all the same, of the hour that its name says.
void know_by_name(CheckedDigest& one) {
  const std::string file_name = one.name.substr(one.name.rfind('/') + 1);
  one.digest.place.key = file_name;
  const auto end = read_digest_name(file_name).end;
  if (end) one.digest.span = {*end - std::chrono::hours(1), *end};
}

// The first of them, and how many more there are.
std::string some_of(std::vector<std::string> reasons) {
  constexpr std::size_t kMost = 3;
  const std::size_t more = reasons.size() - std::min(kMost, reasons.size());
  reasons.resize(reasons.size() - more);
  if (more > 0) reasons.push_back(fmt::format("and {} more", more));
  return fmt::format("{}", fmt::join(reasons, "; "));
}

// Gaps finds the times of one trail that no valid digest covers.
class Gaps {
 public:
  // By begin.
  explicit Gaps(const std::vector<const CheckedDigest*>& digests) : digests_(digests) {
    for (const CheckedDigest* one : digests) {
      all_ = all_.empty() ? one->digest.span
                          : core::Interval{std::min(all_.begin, one->digest.span.begin),
                                           std::max(all_.end, one->digest.span.end)};
    }
  }

  const core::Interval& all() const { return all_; }

  std::vector<DigestGap> find(const std::string& trail) const {
    std::vector<DigestGap> gaps;
    core::Instant until = all_.begin;
    const auto add = [&](core::Instant end, const CheckedDigest* next) {
      const core::Interval span{until, end};
      if (!span.empty()) gaps.push_back({trail, span, why(span, next)});
    };
    for (const CheckedDigest* one : digests_) {
      if (!one->is_valid()) continue;
      add(one->digest.span.begin, one);
      until = std::max(until, one->digest.span.end);
    }
    add(all_.end, nullptr);
    return gaps;
  }

 private:
  // `next`: the valid digest behind it.
  std::string why(const core::Interval& span, const CheckedDigest* next) const {
    std::set<std::string> reasons;
    core::Instant covered = span.begin;
    bool is_covered = true;
    for (const CheckedDigest* one : digests_) {
      if (one->is_valid() || !one->digest.span.overlaps(span)) continue;
      is_covered = is_covered && one->digest.span.begin <= covered;
      covered = std::max(covered, one->digest.span.end);
      reasons.insert(fmt::format("{}: {}", one->name, one->why));
    }
    if (!is_covered || covered < span.end) {
      reasons.insert(
          next != nullptr && !next->digest.previous
              ? fmt::format("no digest: {} is the first since digests are made again", next->name)
              : "the digest is missing");
    }
    return some_of({reasons.begin(), reasons.end()});
  }

  const std::vector<const CheckedDigest*>& digests_;
  core::Interval all_;
};

}  // namespace

std::size_t DigestCheck::valid() const {
  return static_cast<std::size_t>(std::count_if(digests.begin(), digests.end(),
                                                [](const auto& one) { return one.is_valid(); }));
}

std::size_t DigestCheck::silent() const {
  return static_cast<std::size_t>(
      std::count_if(digests.begin(), digests.end(), [](const CheckedDigest& one) {
        return one.is_valid() && one.digest.logs.empty() && !is_backfill(one);
      }));
}

std::optional<core::Instant> DigestCheck::complete_until() const {
  std::map<std::string, core::Instant> ends;
  for (const auto& [trail, span] : trails) ends[trail] = span.end;
  for (const DigestGap& gap : gaps) ends[gap.trail] = std::min(ends[gap.trail], gap.span.begin);
  std::optional<core::Instant> until;
  for (const auto& [trail, end] : ends) {
    if (end == trails.at(trail).begin) return std::nullopt;  // nothing of it is proven
    until = until ? std::min(*until, end) : end;
  }
  return until;
}

DigestCheck check_digests(const std::vector<FoundDigest>& found, const DigestKeys& keys) {
  DigestCheck check;
  Signatures signatures;
  for (const FoundDigest& each : found) {
    CheckedDigest one{each.name};
    auto digest = parse_digest_file(each.content, each.name);
    if (!digest) {
      one.why = each.damage.empty() ? digest.error().message : each.damage;
      know_by_name(one);
    } else {
      one.digest = *std::move(digest);
      one.content = each.content;
      if (each.signature) signatures.emplace(one.digest.place, *each.signature);
      if (const auto& previous = one.digest.previous) {
        signatures.emplace(previous->place, previous->signature);
      }
    }
    check.digests.push_back(std::move(one));
  }
  std::map<std::string, std::vector<const CheckedDigest*>> trails;
  std::sort(check.digests.begin(), check.digests.end(),
            [](const CheckedDigest& a, const CheckedDigest& b) {
              return std::tuple(trail_of(a), a.digest.span.begin, a.name) <
                     std::tuple(trail_of(b), b.digest.span.begin, b.name);
            });
  for (CheckedDigest& one : check.digests) {
    if (!one.digest.hash.empty()) {
      std::vector<std::string> own;
      const auto [first, last] = signatures.equal_range(one.digest.place);
      for (auto at = first; at != last; ++at) own.push_back(at->second);
      judge_digest(one, own, keys);
    }
    if (!is_backfill(one) && !one.digest.span.empty()) trails[trail_of(one)].push_back(&one);
  }
  for (const auto& [trail, digests] : trails) {
    const Gaps gaps(digests);
    check.trails[trail] = gaps.all();
    auto some = gaps.find(trail);
    check.gaps.insert(check.gaps.end(), some.begin(), some.end());
  }
  return check;
}

}  // namespace recoup::record
