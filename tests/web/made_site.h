#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/assess.h"
#include "core/figures.h"
#include "record/seal.h"
#include "support/contracts.h"
#include "web/site/site.h"

namespace recoup::test {

// Lost is an interval, by its number in the cycle, in which so many of the Requests failed.
struct Lost {
  std::size_t interval;
  std::uint64_t errors;
};

// A zone that was two hours, and from the 25th of October 2026 one hour, ahead of UTC.
inline core::Zone zurich() {
  using std::chrono::hours;
  const core::Instant change = std::chrono::sys_days(std::chrono::year(2026) / 10 / 25) + hours(1);
  return core::Zone("Europe/Zurich", {{core::Instant{}, hours(2)}, {change, hours(1)}});
}

// What the server makes of a target. The query is not decoded: none here needs it.
inline web::Request request_of(const std::string& method, const std::string& target) {
  web::Request request;
  request.method = method;
  const auto mark = target.find('?');
  request.path = target.substr(0, mark);
  for (auto at = mark; at != std::string::npos;) {
    const auto end = target.find('&', at + 1);
    const std::string pair = target.substr(at + 1, end == std::string::npos ? end : end - at - 1);
    const auto equals = pair.find('=');
    request.query.emplace(pair.substr(0, equals),
                          equals == std::string::npos ? "" : pair.substr(equals + 1));
    at = end;
  }
  return request;
}

// MadeSite is a site of values: agreements of one contract, each with its running month, October
// 2026, in the snapshot and its earlier ones in what stands for the ledger.
class MadeSite : public web::Records {
 public:
  static constexpr core::Month kMonth = std::chrono::year(2026) / 10;
  static constexpr std::uint64_t kRequests = 60;  // in each interval

  core::Rule rule{"aws-kms", "aws", "AWS Key Management Service", {"account", "region"}, {}};
  core::Zone zone = core::Zone::utc();
  core::Instant now = *core::parse_instant("2026-10-21T10:03:20Z");
  std::shared_ptr<report::Snapshot> snapshot = std::make_shared<report::Snapshot>();
  std::optional<core::Charge> known_charge =
      core::Charge{{core::Ratio(1845, 1), "USD"}, "bill", "bills/2026-10.csv"};
  // What the ledger answers instead, where it is set.
  std::optional<core::Error> fault;
  std::vector<claim::Lack> lacks;
  std::vector<std::string> refusals;

  MadeSite() {
    rule.versions.push_back(kms_like());
    snapshot->at = now;
    snapshot->ready = true;
  }

  web::Site site() {
    web::Site made;
    made.snapshot = [this] { return std::shared_ptr<const report::Snapshot>(snapshot); };
    made.metrics_text = [] { return std::string("a_metric 1\n"); };
    made.version = "1.2.3";
    made.records = this;
    return made;
  }

  // The verdict on a month; from `silent` on there were no Requests.
  std::shared_ptr<core::Judgement> judged(const core::Agreement& agreement, core::Month month,
                                          const std::vector<Lost>& lost,
                                          std::size_t silent = SIZE_MAX) {
    const core::Cycle cycle = core::cycle_of(month, zone);
    core::Tallies tallies;
    std::map<std::size_t, std::uint64_t> errors;
    for (const Lost& each : lost) errors[each.interval] = each.errors;
    const auto length = version().interval();
    for (std::size_t i = 0; i < silent; ++i) {
      const core::Instant begin = cycle.span.begin + static_cast<int>(i) * length;
      if (begin >= std::min(now, cycle.span.end)) break;
      const auto failed = errors.find(i);
      const std::uint64_t n = failed == errors.end() ? 0 : failed->second;
      tallies.add(core::minute_of(begin), core::Answered{200}, kRequests - n);
      if (n > 0) {
        tallies.add(core::minute_of(begin), core::Answered{503, "KMSInternalException"}, n);
      }
    }
    tallies.add(core::minute_of(cycle.span.begin), core::Failed{core::NoAnswer::timeout}, 3);
    tallies.add(core::minute_of(cycle.span.begin), core::Missed{core::NotSent::late}, 7);
    tallies.add_sent(1'234'567);
    auto judgement = std::make_shared<core::Judgement>();
    judgement->agreement = agreement;
    judgement->rule = std::make_shared<const core::Rule>(rule);
    judgement->version = core::version_of(judgement->rule, judgement->rule->versions.front());
    judgement->zone = zone;
    judgement->assessment =
        core::assess(version(), zone, cycle, tallies, agreement.exclusions, now);
    judgement->credit = core::credit(version(), judgement->assessment, known_charge);
    return judgement;
  }

  core::Agreement agreement(const std::string& id) const {
    return {id, rule.id, "123456789012", "us-east-1", false, {}};
  }

  // An agreement with its running month.
  core::Judgement& add(const core::Agreement& agreement, const std::vector<Lost>& lost,
                       std::size_t silent = SIZE_MAX) {
    const auto judgement = judged(agreement, kMonth, lost, silent);
    snapshot->judgements.push_back(judgement);
    note_evidence(*judgement, lost);
    return *judgement;
  }

  // A month that is over, sealed and with its claim in that state.
  void add_month(const core::Agreement& agreement, core::Month month, const std::vector<Lost>& lost,
                 record::ClaimState state, std::size_t silent = SIZE_MAX) {
    const auto judgement = judged(agreement, month, lost, silent);
    past_[{agreement.id, month}] = judgement;
    note_evidence(*judgement, lost);
    record::Seal seal;
    seal.agreement = agreement.id;
    seal.month = month;
    seal.revision = 2;
    seal.at = judgement->assessment.cycle.span.end + std::chrono::hours(48);
    seal.requests = judgement->assessment.totals.requests;
    seal.uptime = judgement->assessment.uptime;
    seal.share = judgement->credit.share;
    seal.amount = judgement->credit.amount;
    seal.eligible = judgement->credit.eligible;
    seal.deadline = judgement->assessment.deadline;
    seal.changes = {"Requests: 535,680, before 535,620", "log file access.log was imported"};
    record::close_seal(seal, nullptr);
    record::ClaimMonth known;
    known.life = record::claim_life(record::ground_of(seal), {}, now);
    known.life.state = state;
    known.life.ground.due = judgement->assessment.due;
    known.seal = seal;
    known.requests = seal.requests;
    if (seal.requests > 0) known.uptime = seal.uptime;
    if (seal.requests > 0) known.share = seal.share;
    if (seal.requests > 0) known.measured = core::measured_share(judgement->assessment);
    claims_[agreement.id].push_back(known);
    past_of(agreement.id).claims.push_back(known.life);
  }

  // A month of which something was seen, and no version of its contract is known.
  void add_seen(const core::Agreement& agreement, core::Month month) {
    past_[{agreement.id, month}] = nullptr;
  }

  // The provider named none of its requests.
  void forget_ids(const std::string& id) {
    for (record::Evidence& one : evidence_[id]) one.request_id.clear();
  }

  core::Result<std::vector<core::Month>> months(const std::string& id) override {
    if (fault) return *fault;
    std::vector<core::Month> found;
    for (const auto& [key, judgement] : past_) {
      if (key.first == id) found.push_back(key.second);
    }
    found.push_back(kMonth);
    return found;
  }

  web::Found<std::shared_ptr<const core::Judgement>> judgement(const std::string& id,
                                                               core::Month month) override {
    if (fault) return *fault;
    const auto found = past_.find({id, month});
    if (found == past_.end() || found->second == nullptr) {
      return std::optional<std::shared_ptr<const core::Judgement>>();
    }
    return std::optional<std::shared_ptr<const core::Judgement>>(found->second);
  }

  // Knows one other contract: 99.9 % by Downtime Periods.
  web::Found<std::shared_ptr<const core::Judgement>> judgement_under(
      const std::string& id, core::Month month, const std::string& contract) override {
    if (fault) return *fault;
    if (contract != "google-kms@2024-01-01") {
      return std::optional<std::shared_ptr<const core::Judgement>>();
    }
    core::Rule other{"google-kms", "google", "Cloud KMS", {"project", "region"}, {kms_like()}};
    core::Version& changed = other.versions.front();
    changed.effective = std::chrono::year(2024) / 1 / 1;
    changed.commitment = core::Ratio(99, 100);
    changed.commitment_text = "99";
    changed.credits = {{core::Ratio(99, 100), std::nullopt, core::Ratio(10, 100)}};
    std::vector<std::shared_ptr<const core::Judgement>> known(snapshot->judgements.begin(),
                                                              snapshot->judgements.end());
    if (const auto past = past_.find({id, month}); past != past_.end()) known = {past->second};
    for (const auto& each : known) {
      if (each->agreement.id != id) continue;
      auto judged = std::make_shared<core::Judgement>(*each);
      judged->rule = std::make_shared<const core::Rule>(other);
      judged->version = core::version_of(judged->rule, judged->rule->versions.front());
      judged->assessment.met = judged->assessment.uptime >= changed.commitment;
      judged->assessment.breach_certain = !judged->assessment.met;
      judged->assessment.tier.reset();
      judged->credit = core::credit(changed, judged->assessment, known_charge);
      return std::optional<std::shared_ptr<const core::Judgement>>(judged);
    }
    return std::optional<std::shared_ptr<const core::Judgement>>();
  }

  std::vector<web::ContractName> contracts(const std::string&) override {
    return {{"aws-kms@2022-11-29", rule.service, true},
            {"aws-kms@2019-05-01", rule.service, true},
            {"google-kms@2024-01-01", "Cloud KMS", false}};
  }

  using Records::evidence;
  core::Result<web::EvidencePage> evidence(const std::string& id, const core::Interval& span,
                                           web::EvidencePlace from, std::size_t most) override {
    if (fault) return *fault;
    web::EvidencePage page;
    std::uint64_t skipped = 0;
    core::Instant last{};
    std::uint64_t same = 0;
    for (const record::Evidence& record : evidence_[id]) {
      if (!span.contains(record.at) || record.at < from.at || skipped++ < from.skip) continue;
      if (page.records.size() == most) {
        page.next = {record.at, record.at == last ? same : 0};
        break;
      }
      same = record.at == last ? same + 1 : 1;
      last = record.at;
      page.records.push_back(record);
    }
    return page;
  }

  core::Result<std::vector<web::SeriesInfo>> series(const std::string&) override {
    return std::vector<web::SeriesInfo>{{"file", "access", "5f2c"}, {"probe", "kms", "here"}};
  }

  core::KnownCharge charge(const std::string&, core::Month) override { return known_charge; }

  core::Result<std::vector<record::ClaimMonth>> claims(const std::string& id) override {
    if (fault) return *fault;
    return claims_[id];
  }

  core::Result<std::vector<claim::Lack>> readiness(const core::Judgement&) override {
    if (fault) return *fault;
    return lacks;
  }

  core::Result<web::ClaimFiles> claim_files(const std::string& id, core::Month month) override {
    if (fault) return *fault;
    return web::ClaimFiles{"claim-" + id + "-" + core::to_text(month) + ".zip", nullptr, refusals};
  }

  // What the provider gave for the agreement's last month.
  void credit_last_month(const std::string& id, const core::Money& given) {
    claims_[id].back().life.credited = given;
  }

  record::PastCycles& past_of(const std::string& id) {
    for (record::PastCycles& past : snapshot->past) {
      if (past.agreement == id) return past;
    }
    snapshot->past.push_back({id, "aws", 1, 1, {}});
    return snapshot->past.back();
  }

  core::Version& version() { return rule.versions.front(); }

 private:
  void note_evidence(const core::Judgement& judgement, const std::vector<Lost>& lost) {
    constexpr std::uint64_t kMost = 50;
    for (const Lost& each : lost) {
      for (std::uint64_t n = 0; n < std::min(each.errors, kMost); ++n) {
        record::Evidence record;
        record.at = judgement.assessment.interval_at(each.interval).begin +
                    std::chrono::milliseconds(5000 * (n / 2) + 204);
        record.tie = n;
        record.outcome = core::Answered{503, "KMSInternalException"};
        record.request_id =
            "7a3e1c90-5b1f-4c7d-9a53-" + std::to_string(100'000'000'000 + each.interval * 100 + n);
        record.duration = std::chrono::milliseconds(84);
        record.peer = "203.0.113.****";
        record.detail = "TrentService.GenerateRandom";
        record.source = n % 2 == 0 ? "kms" : "access";
        evidence_[judgement.agreement.id].push_back(record);
      }
    }
    auto& all = evidence_[judgement.agreement.id];
    std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.at < b.at; });
  }

  std::map<std::pair<std::string, core::Month>, std::shared_ptr<const core::Judgement>> past_;
  std::map<std::string, std::vector<record::ClaimMonth>> claims_;
  std::map<std::string, std::vector<record::Evidence>> evidence_;
};

}  // namespace recoup::test
