#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "claim/verify/verify.h"
#include "core/assess.h"
#include "record/canonical.h"
#include "support/contracts.h"

namespace recoup::test {

// Failing is what one interval of a month came to: requests, and how many met a 503 with a record.
struct Failing {
  std::size_t interval;
  std::uint64_t requests;
  std::uint64_t errors;
  std::uint64_t recorded;
};

// ClaimWorld is a month of a KMS-like contract, October 2026, made of values: every interval has
// `requests` served ones, and some fail. A test may change the terms, the formula before it lets
// anything fail.
class ClaimWorld {
 public:
  core::Rule rule{"aws-kms", "aws", "AWS Key Management Service", {"account", "region"}, {}};
  core::Agreement agreement{"kms-us-east-1", "aws-kms", "123456789012", "us-east-1", false, {}};
  core::Tallies tallies;
  std::vector<record::Evidence> evidence;
  std::optional<core::Charge> charge =
      core::Charge{{core::Ratio(184500, 100), "USD"}, "bill", "bills/2026-10.csv"};
  core::Cycle cycle = core::cycle_of(std::chrono::year(2026) / 10, core::Zone::utc());
  core::Instant now = cycle.span.end + core::kClosedAfter;
  core::Zone zone = core::Zone::utc();  // of the cycle
  std::optional<record::Seal> seal = {};
  std::optional<core::Instant> late_until = {};
  const record::SealKey* key = nullptr;
  std::shared_ptr<const claim::ClaimDigests> digests = {};
  std::shared_ptr<const record::StampedTime> stamps = {};
  // What the judge found beside the figures.
  std::vector<core::Source> sources = {};
  std::vector<core::Overlap> overlaps = {};
  std::vector<core::Comparison> comparisons = {};
  core::Robustness robustness = {};
  std::vector<core::ProviderIncident> incidents = {};             // that touch the agreement
  core::Instant asked = cycle.span.end + std::chrono::hours(72);  // when the claim is written
  std::string twin = {};

  explicit ClaimWorld(std::uint64_t requests = 60) : requests_(requests) {
    rule.versions.push_back(kms_like());
  }

  core::Instant begin_of(std::size_t interval) const {
    return cycle.span.begin + static_cast<int>(interval) * version().interval();
  }

  const core::Version& version() const { return rule.versions.front(); }
  core::Version& version() { return rule.versions.front(); }

  // Made with these terms from the begin, so that what is made by it has no other.
  static ClaimWorld with(core::Formula formula, std::uint64_t requests) {
    ClaimWorld world(requests);
    world.version().formula = std::move(formula);
    return world;
  }

  void fail(const Failing& failing) {
    const core::Minute minute = core::minute_of(begin_of(failing.interval));
    counts_[failing.interval] = failing.requests;
    tallies.add(minute, core::Answered{200}, failing.requests - failing.errors);
    tallies.add(minute, core::Answered{503, "KMSInternalException"}, failing.errors);
    for (std::uint64_t i = 0; i < failing.recorded; ++i)
      evidence.push_back(record(failing.interval, i));
  }

  record::Evidence record(std::size_t interval, std::uint64_t number) const {
    record::Evidence record;
    record.at = begin_of(interval) + std::chrono::milliseconds(5000 * number + 204);
    record.tie = number;
    record.outcome = core::Answered{503, "KMSInternalException"};
    record.request_id =
        "7a3e1c90-5b1f-4c7d-9a53-" + std::to_string(100000000000 + interval * 100 + number);
    record.duration = std::chrono::milliseconds(84);
    record.peer = "203.0.113.7";
    record.detail = "TrentService.GenerateRandom";
    return record;
  }

  // Everything that was counted.
  core::Tallies all() const {
    core::Tallies all;
    all.merge(tallies);
    const auto intervals = static_cast<std::size_t>(cycle.span.length() / version().interval());
    for (std::size_t i = 0; requests_ > 0 && i < intervals; ++i) {
      if (!counts_.contains(i))
        all.add(core::minute_of(begin_of(i)), core::Answered{200}, requests_);
    }
    return all;
  }

  // The claim as it stands; whatever failed is in it, every other interval was served.
  claim::Claim claim() const {
    claim::Claim claim;
    claim.agreement = agreement;
    claim.rule = std::make_shared<const core::Rule>(rule);
    claim.version = core::version_of(claim.rule, claim.rule->versions.front());
    claim.assessment = core::assess(*claim.version, zone, cycle, all(), agreement.exclusions, now);
    claim.assessment.sources = sources;
    claim.assessment.overlaps = overlaps;
    claim.assessment.comparisons = comparisons;
    claim.robustness = robustness;
    claim.incidents = core::see_incidents(claim.assessment, incidents);
    claim.asked = asked;
    claim.twin = twin;
    claim.credit = core::credit(*claim.version, claim.assessment, charge);
    claim.zone = zone;
    claim.seal = seal;
    claim.late_until = late_until;
    claim.key = key;
    claim.digests = digests;
    claim.stamps = stamps;
    return claim;
  }

  // Seals the claim as it stands, a day after the cycle, as a revision that says these changes.
  void seal_it(int revision = 1, std::vector<std::string> changes = {}) {
    const claim::Claim sealed = claim();
    const core::Assessment& a = sealed.assessment;
    record::Seal made;
    made.agreement = agreement.id;
    made.month = cycle.month;
    made.revision = revision;
    made.at = cycle.span.end + std::chrono::hours(24 * revision);
    made.cycle = a.cycle.span;
    made.tallies_sha256 = record::sha256_hex(record::canonical_tallies(tallies));
    made.evidence_sha256 = record::sha256_hex("evidence");
    made.evidence_records = evidence.size();
    made.chain = {{"log", "access", record::sha256_hex("file"), 1, record::sha256_hex("link 1")},
                  {"probe", "generate-random", "office-berlin", 2, record::sha256_hex("link 2")}};
    made.rule = rule.id;
    made.version = version().date();
    made.rule_digest = version().digest;
    made.assessment_sha256 = record::sha256_hex(record::canonical_assessment(a));
    made.charge_sha256 = record::sha256_hex(record::canonical_charge(charge));
    made.requests = a.totals.requests;
    made.errors = a.totals.errors;
    made.uptime = a.uptime;
    made.share = sealed.credit.share;
    if (charge) {
      made.charge = charge->amount;
      made.charge_from = charge->from;
    }
    made.amount = sealed.credit.amount;
    made.eligible = sealed.credit.eligible;
    made.deadline = a.deadline;
    for (const auto& [window, without] : a.exclusions) {
      made.exclusions.push_back(core::to_text(window.span.begin) + " to " +
                                core::to_text(window.span.end) + ": " + window.reason);
    }
    std::sort(made.exclusions.begin(), made.exclusions.end());
    made.changes = std::move(changes);
    if (revision > 1) made.previous = record::sha256_hex("the revision before");
    record::close_seal(made, key);
    seal = std::move(made);
  }

  claim::ReadEvidence reader() const {
    return [this](const std::function<void(const record::Evidence&)>& take) {
      for (const record::Evidence& record : evidence) take(record);
      return core::Result<void>();
    };
  }

 private:
  std::uint64_t requests_;
  std::map<std::size_t, std::uint64_t> counts_;
};

// The key of the first test of RFC 8032, 7.1.
inline const record::SealKey& test_key() {
  static const record::SealKey key = *record::SealKey::from_pem(
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
      "-----END PRIVATE KEY-----\n");
  return key;
}
inline constexpr char kTestPublicKey[] =
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

// What a claim of that world is held against: its own zone, and its contract as it was published.
inline claim::Known known_of(const ClaimWorld& world) {
  const auto rule = std::make_shared<core::Rule>(world.rule);
  claim::Known known;
  known.zone = [zone = world.zone](const std::string& name) {
    return name == zone.name() ? std::optional(zone) : std::nullopt;
  };
  known.rule = [rule](const std::string& id) { return id == rule->id ? rule : nullptr; };
  return known;
}

inline std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace recoup::test
