#include "claim/json.h"

#include <nlohmann/json.hpp>

#include "claim/documents.h"
#include "claim/rule_json.h"
#include "claim/seal.h"
#include "claim/terms.h"
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
          {"ahead", a.totals.ahead},
          {"below_100", a.totals.below_100},
          {"length", core::to_text(core::Millis(a.interval))}};
}

Json credit_json(const core::Credit& credit) {
  Json charges = nullptr;
  if (credit.charge) {
    charges = {{"amount", core::amount_text(credit.charge->amount)},
               {"currency", credit.charge->amount.currency},
               {"from", core::redact(credit.charge->from)}};
  }
  return {{"percent", short_percent(credit.share)},
          {"eligible", credit.eligible},
          {"reason", credit.reason},
          {"charges", std::move(charges)},
          {"amount", credit.amount ? Json(core::amount_text(*credit.amount)) : Json(nullptr)}};
}

// What silence alone comes to is no figure.
Json without_json(const core::Assessment& a, const core::Ratio& uptime) {
  if (!a.is_measured() && uptime == core::Ratio(1, 1)) return nullptr;
  return percent_text(uptime);
}

Json exclusions_json(const core::Assessment& a) {
  Json list = Json::array();
  for (const core::ExclusionEffect& exclusion : a.exclusions) {
    list.push_back({{"from", core::to_text(exclusion.window.span.begin)},
                    {"to", core::to_text(exclusion.window.span.end)},
                    {"reason", core::redact(exclusion.window.reason)},
                    {"uptime_without", without_json(a, exclusion.uptime_without)}});
  }
  return list;
}

// All sums, and the outcomes that came most often.
Json uncounted_json(const core::UncountedFailures& uncounted) {
  Json json = {{"total", uncounted.total()}};
  for (std::size_t i = 0; i < core::kUncounteds; ++i) {
    const auto reason = static_cast<core::Uncounted>(i);
    json["reasons"][std::string(core::to_text(reason))] = uncounted.reasons[i];
  }
  json["outcomes"] = Json::array();
  for (const core::UncountedOutcome& one : uncounted.outcomes) {
    if (json["outcomes"].size() == kMostUncounted) break;
    json["outcomes"].push_back({{"outcome", core::redact(core::to_text(one.outcome))},
                                {"count", one.count},
                                {"reason", core::to_text(one.reason)},
                                {"clause", core::redact(one.clause)}});
  }
  return json;
}

Json deadline_json(const core::Assessment& a) {
  if (!a.deadline) return nullptr;
  return {{"safe", core::to_text(a.deadline->safe)},
          {"literal", core::to_text(a.deadline->literal)}};
}

Json verdict_json(const Verdict& v) {
  const core::Assessment& a = *v.assessment;
  // Silence is not availability: where nothing was measured there is no figure.
  Json uptime = nullptr;
  Json bounds = nullptr;
  Json met = nullptr;
  if (a.is_measured()) {
    uptime = {{"percent", percent_text(a.uptime)}};
    uptime.update(fraction_json(a.uptime));
    bounds = {{"lower", percent_text(a.lower)}, {"upper", percent_text(a.upper)}};
    met = a.met;
  }
  Json smallest = nullptr;
  if (a.smallest_loss) smallest = percent_text(*a.smallest_loss);

  Json json = {{"agreement", v.agreement->id}};
  if (v.agreement->practice) json["practice"] = true;
  if (v.under) json["under"] = true;
  json["sla"] = v.rule->id;
  json["version"] = core::to_text(v.version->effective);
  json["family"] = family_text(v.version->formula);
  json["missing_terms"] = v.version->missing;
  json["supplied_terms"] = v.version->supplied;
  json["month"] = core::to_text(a.cycle.month);
  json["cycle"] = {{"begin", core::to_text(a.cycle.span.begin)},
                   {"end", core::to_text(a.cycle.span.end)},
                   {"complete", a.complete},
                   {"in_part", a.cycle.in_part}};
  json["intervals"] = intervals_json(a);
  json["requests"] = a.totals.requests;
  json["errors"] = a.totals.errors;
  json["not_requests"] = a.totals.not_requests;
  json["unattributed"] = a.totals.unattributed;
  json["uncounted_failures"] = uncounted_json(a.uncounted);
  json["probes_missed"] = a.totals.missed;
  Json probes = {{"due", a.probes.due()}, {"sent", a.probes.sent}};
  for (const auto reason : core::kNotSents) {
    probes["missed"][std::string(core::to_text(reason))] =
        a.probes.missed[static_cast<std::size_t>(reason)];
  }
  json["probes"] = std::move(probes);
  json["monthly_uptime"] = std::move(uptime);
  json["bounds"] = std::move(bounds);
  json["budget"] = {{"intervals_left", a.budget_left.to_decimal(12, core::Rounding::cut)},
                    {"breach_certain", a.breach_certain}};
  json["exclusions"] = exclusions_json(a);
  json["commitment"] = v.version->commitment_text;
  json["met"] = std::move(met);
  json["credit"] = credit_json(*v.credit);
  json["deadline"] = deadline_json(a);
  json["resolution"] = {
      {"smallest_loss", std::move(smallest)},
      {"breach_rests_on",
       {{"requests", a.totals.errors_below_100}, {"intervals", a.totals.below_100}}}};
  return json;
}

Json redacted(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(core::redact(text));
  return list;
}

Json charges_json(const Claim& claim) {
  const core::Charge& charge = *claim.credit.charge;
  Json json = fraction_json(charge.amount.amount);
  json["note"] = core::redact(charge.note);
  json["final"] = charge.final;
  json["withheld"] = charge_withheld(claim);
  json["lines"] = Json::array();
  for (const core::ChargeLine& line : charge.lines) {
    json["lines"].push_back({{"item", core::redact(line.item)},
                             {"calculation", core::redact(line.calculation)},
                             {"amount", core::exact_text(line.amount)}});
  }
  json["remarks"] = redacted(charge.remarks);
  json["others"] = Json::array();
  for (const core::OtherFigure& other : charge.others) {
    json["others"].push_back({{"from", core::redact(other.from)},
                              {"amount", core::exact_text(other.amount.amount)},
                              {"currency", other.amount.currency}});
  }
  return json;
}

Json money_json(const std::optional<core::Money>& money) {
  if (!money) return nullptr;
  Json json = fraction_json(money->amount);
  json["currency"] = money->currency;
  return json;
}

Json chain_json(const std::vector<core::ChainHead>& chain) {
  Json list = Json::array();
  for (const core::ChainHead& head : chain) {
    list.push_back({{"kind", head.kind},
                    {"name", head.name},
                    {"part", head.part},
                    {"records", head.records},
                    {"head", head.head}});
  }
  return list;
}

Json instant_json(const std::optional<core::Instant>& at) {
  return at ? Json(core::to_text(*at)) : Json(nullptr);
}

// The counts of every interval, those that are alike one after the other in one line:
// "8925 x 60 0 0 0 0". What each of them was follows from the counts and the exclusions.
Json counts_json(const core::Assessment& a) {
  const auto text = [](const core::IntervalPart& p) {
    return fmt::format("{} {} {} {} {}", p.requests, p.errors, p.not_requests, p.unattributed,
                       p.missed);
  };
  Json runs = Json::array();
  for (std::size_t i = 0; i < a.parts.size();) {
    const std::size_t first = i;
    const std::string counts = text(a.parts[i]);
    while (i < a.parts.size() && text(a.parts[i]) == counts) ++i;
    runs.push_back(fmt::format("{} x {}", i - first, counts));
  }
  return {{"columns", "intervals x requests errors not_requests unattributed missed"},
          {"runs", std::move(runs)}};
}

// All that core::canonical_seal() is made of, so that the digest can be recomputed; read_seal() in
// read_claim_json.cc reads it back.
Json seal_json(const ShownSeal& shown) {
  const core::Seal& seal = shown.seal;
  Json deadline = nullptr;
  if (seal.deadline) {
    deadline = {{"safe", core::to_text(seal.deadline->safe)},
                {"literal", core::to_text(seal.deadline->literal)}};
  }
  return {
      {"agreement", seal.agreement},
      {"month", core::to_text(seal.month)},
      {"revision", seal.revision},
      {"at", core::to_text(seal.at)},
      {"cycle",
       {{"begin", core::to_text(seal.cycle.begin)}, {"end", core::to_text(seal.cycle.end)}}},
      {"tallies_sha256", seal.tallies_sha256},
      {"evidence_sha256", seal.evidence_sha256},
      {"evidence_records", seal.evidence_records},
      {"chain", chain_json(seal.chain)},
      {"rule",
       {{"id", seal.rule}, {"version", core::to_text(seal.version)}, {"digest", seal.rule_digest}}},
      {"assessment_sha256", seal.assessment_sha256},
      {"charge_sha256", seal.charge_sha256},
      {"requests", seal.requests},
      {"errors", seal.errors},
      {"uptime", fraction_json(seal.uptime)},
      {"share", fraction_json(seal.share)},
      {"charge", money_json(seal.charge)},
      {"charge_from", seal.charge_from},
      {"amount", money_json(seal.amount)},
      {"eligible", seal.eligible},
      {"deadline", std::move(deadline)},
      {"exclusions", seal.exclusions},
      {"changes", seal.changes},
      {"previous", seal.previous},
      {"withheld", shown.withheld},
      {"digest", seal.digest},
      {"signature", seal.signature},
      {"public_key", seal.public_key}};
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

std::string to_json(const Verdict& verdict) { return dump(verdict_json(verdict)); }

std::string claim_json(const Claim& claim, const Logged& logged,
                       const std::vector<WrittenFile>& files) {
  Json json = {{"claim", kClaimForm}};
  if (claim.agreement.practice) json["note"] = kPracticeNote;
  json["account"] = claim.agreement.account;
  json["region"] = core::redact(claim.agreement.region);
  json["time_zone"] = claim.zone.name();
  json["used"] = {{"since", instant_json(claim.agreement.since)},
                  {"until", instant_json(claim.agreement.until)}};
  json["verdict"] =
      verdict_json({&claim.agreement, claim.rule, claim.version, &claim.assessment, &claim.credit});
  json["verdict"]["agreement"] = shown_id(claim.agreement);
  json["counts"] = counts_json(claim.assessment);
  json["charges"] = charges_json(claim);
  json["seal"] = nullptr;
  if (claim.seal) {
    json["seal"] = seal_json(shown_seal(*claim.seal, claim.agreement));
  } else {
    json["not_sealed"] = not_sealed_text(claim);
    json["late_until"] = instant_json(claim.late_until);
  }
  json["public_key"] = claim.signer;
  json["errors_without_record"] = logged.missing;
  json["redacted"]["before_it_was_recorded"] = logged.redacted.earlier;
  for (const auto& [kind, count] : logged.redacted.by_kind) {
    json["redacted"][std::string(kind)] = count;
  }
  json["rule"] = rule_json(*claim.rule, *claim.version);
  json["files"] = Json::array();
  for (const WrittenFile& file : files) {
    json["files"].push_back({{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  return dump(json);
}

}  // namespace recoup::claim
