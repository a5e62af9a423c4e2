#include "claim/json.h"

#include <nlohmann/json.hpp>

#include "claim/documents.h"
#include "claim/words.h"
#include "core/redact.h"

namespace recoup::claim {
namespace {

using Json = nlohmann::ordered_json;

Json fraction_json(const core::Ratio& value) {
  return {{"numerator", value.numerator()}, {"denominator", value.denominator()}};
}

Json intervals_json(const core::Assessment& a) {
  return {{"total", a.parts.size()},
          {"measured", a.totals.measured},
          {"silent", a.totals.silent},
          {"excluded", a.totals.excluded},
          {"below_100", a.totals.below_100}};
}

Json credit_json(const core::Credit& credit) {
  Json charges = nullptr;
  if (credit.charge) {
    charges = {{"amount", core::amount_text(credit.charge->amount)},
               {"currency", credit.charge->amount.currency},
               {"from", credit.charge->from}};
  }
  return {{"percent", short_percent(credit.share)},
          {"eligible", credit.eligible},
          {"reason", credit.reason},
          {"charges", std::move(charges)},
          {"amount", credit.amount ? Json(core::amount_text(*credit.amount)) : Json(nullptr)}};
}

Json deadline_json(const core::Assessment& a) {
  if (!a.deadline) return nullptr;
  return {{"safe", core::to_text(a.deadline->safe)},
          {"literal", core::to_text(a.deadline->literal)}};
}

Json verdict_json(const Verdict& v) {
  const core::Assessment& a = *v.assessment;
  Json uptime = {{"percent", percent_text(a.uptime)}};
  uptime.update(fraction_json(a.uptime));
  Json smallest = nullptr;
  if (a.smallest_loss) smallest = percent_text(*a.smallest_loss);

  Json json = {{"agreement", v.agreement->id}};
  if (v.agreement->practice) json["practice"] = true;
  json["sla"] = v.rule->id;
  json["version"] = core::to_text(v.version->effective);
  json["month"] = core::to_text(a.cycle.month);
  json["cycle"] = {{"begin", core::to_text(a.cycle.span.begin)},
                   {"end", core::to_text(a.cycle.span.end)},
                   {"complete", a.complete}};
  json["intervals"] = intervals_json(a);
  json["requests"] = a.totals.requests;
  json["errors"] = a.totals.errors;
  json["not_requests"] = a.totals.not_requests;
  json["unattributed"] = a.totals.unattributed;
  json["probes_missed"] = a.totals.missed;
  json["monthly_uptime"] = std::move(uptime);
  json["bounds"] = {{"lower", percent_text(a.lower)}, {"upper", percent_text(a.upper)}};
  json["commitment"] = v.version->commitment_text;
  json["met"] = a.met;
  json["credit"] = credit_json(*v.credit);
  json["deadline"] = deadline_json(a);
  json["resolution"] = {
      {"smallest_loss", std::move(smallest)},
      {"breach_rests_on", {{"requests", a.totals.errors}, {"intervals", a.totals.below_100}}}};
  return json;
}

Json rule_json(const Claim& claim) {
  const core::Version& version = *claim.version;
  Json tiers = Json::array();
  for (const core::Tier& tier : version.credits) {
    tiers.push_back(
        {{"below", short_percent(tier.below)},
         {"at_least", tier.at_least ? Json(short_percent(*tier.at_least)) : Json(nullptr)},
         {"percent", short_percent(tier.credit)}});
  }
  Json minimum = nullptr;
  if (version.minimum_credit) {
    minimum = {{"more_than", version.minimum_credit->amount.to_shortest(12)},
               {"currency", version.minimum_credit->currency}};
  }
  return {{"id", claim.rule->id},
          {"provider", claim.rule->provider},
          {"service", claim.rule->service},
          {"version", core::to_text(version.effective)},
          {"source", version.source},
          {"digest", version.digest},
          {"interval", core::to_text(interval_length(version))},
          {"error_statuses", version.error.statuses},
          {"tiers", std::move(tiers)},
          {"minimum_credit", std::move(minimum)}};
}

Json exclusions_json(const Claim& claim) {
  Json list = Json::array();
  for (const core::ExclusionWindow& window : claim.agreement.exclusions) {
    if (!window.span.overlaps(claim.assessment.cycle.span)) continue;
    list.push_back({{"from", core::to_text(window.span.begin)},
                    {"to", core::to_text(window.span.end)},
                    {"reason", core::redact(window.reason)}});
  }
  return list;
}

// Text of a user may not be UTF-8; what is not becomes U+FFFD.
std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

std::string to_json(const std::vector<Verdict>& verdicts) {
  Json list = Json::array();
  for (const Verdict& verdict : verdicts) list.push_back(verdict_json(verdict));
  return dump(list);
}

std::string claim_json(const Claim& claim, const Logged& logged,
                       const std::vector<WrittenFile>& files) {
  Json json = {{"claim", 1}};
  if (claim.agreement.practice) json["note"] = kPracticeNote;
  json["account"] = claim.agreement.account;
  json["region"] = claim.agreement.region;
  json["verdict"] =
      verdict_json({&claim.agreement, claim.rule, claim.version, &claim.assessment, &claim.credit});
  json["charges"] = fraction_json(claim.credit.charge->amount.amount);
  json["charges"]["note"] = core::redact(claim.credit.charge->note);
  json["errors_without_record"] = logged.missing;
  json["exclusions"] = exclusions_json(claim);
  json["rule"] = rule_json(claim);
  json["files"] = Json::array();
  for (const WrittenFile& file : files) {
    json["files"].push_back({{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  return dump(json);
}

}  // namespace recoup::claim
