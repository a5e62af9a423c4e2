#include "report/json.h"

#include <nlohmann/json.hpp>

#include "record/redact.h"
#include "report/json.h"
#include "report/terms.h"
#include "report/words.h"

namespace recoup::report {
namespace {

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
               {"from", record::redact(credit.charge->from)}};
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
                    {"reason", record::redact(exclusion.window.reason)},
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
    json["outcomes"].push_back({{"outcome", record::redact(core::to_text(one.outcome))},
                                {"count", one.count},
                                {"reason", core::to_text(one.reason)},
                                {"clause", record::redact(one.clause)}});
  }
  return json;
}

Json deadline_json(const core::Assessment& a) {
  if (!a.deadline) return nullptr;
  return {{"safe", core::to_text(a.deadline->safe)},
          {"literal", core::to_text(a.deadline->literal)}};
}

constexpr int kDigits = 12;

Json percent_json(const std::optional<core::Ratio>& share) {
  if (!share) return nullptr;
  return (*share * core::Ratio::whole(100)).to_decimal(kDigits, core::Rounding::cut);
}

Json money_json(const std::optional<core::Money>& money) {
  if (!money) return nullptr;
  return {{"amount", core::amount_text(*money)}, {"currency", money->currency}};
}

Json month_json(const record::ClaimMonth& one) {
  const record::ClaimLife& life = one.life;
  const Json requests = one.requests ? Json(*one.requests) : Json(nullptr);
  Json json = {{"agreement", life.ground.agreement},
               {"month", core::to_text(life.ground.month)},
               {"state", record::word_of(life.state)},
               {"requests", requests},
               {"monthly_uptime", percent_json(one.uptime)},
               {"credit_percent", percent_json(one.share)},
               {"amount", money_json(life.ground.amount)},
               {"deadline", nullptr},
               {"days_left", nullptr},
               {"case", life.case_id},
               {"credited", money_json(life.credited)},
               {"sealed", nullptr},
               {"seal_due", nullptr}};
  if (const auto& deadline = life.ground.deadline) {
    json["deadline"] = {{"safe", core::to_text(deadline->safe)},
                        {"literal", core::to_text(deadline->literal)}};
  }
  if (life.days_left) json["days_left"] = *life.days_left;
  if (one.seal) {
    json["sealed"] = {{"revision", one.seal->revision},
                      {"at", core::to_text(one.seal->at)},
                      {"digest", one.seal->digest},
                      {"signed", !one.seal->signature.empty()}};
  }
  if (one.due) json["seal_due"] = core::to_text(*one.due);
  return json;
}

}  // namespace

Json fraction_json(const core::Ratio& value) {
  return {{"numerator", value.numerator()}, {"denominator", value.denominator()}};
}

Json instant_json(const std::optional<core::Instant>& at) {
  return at ? Json(core::to_text(*at)) : Json(nullptr);
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

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string to_json(const std::vector<Verdict>& verdicts) {
  Json list = Json::array();
  for (const Verdict& verdict : verdicts) list.push_back(verdict_json(verdict));
  return dump(list);
}

std::string to_json(const Verdict& verdict) { return dump(verdict_json(verdict)); }

std::string to_json(const std::vector<record::ClaimMonth>& months) {
  Json list = Json::array();
  for (const record::ClaimMonth& one : months) list.push_back(month_json(one));
  // What a user noted may not be UTF-8; what is not becomes U+FFFD.
  return list.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string to_json(const std::string& agreement, core::Month month, const core::Charge& charge) {
  Json lines = Json::array();
  for (const core::ChargeLine& line : charge.lines) {
    lines.push_back({{"item", line.item},
                     {"calculation", line.calculation},
                     {"amount", core::exact_text(line.amount)}});
  }
  Json others = Json::array();
  for (const core::OtherFigure& other : charge.others) {
    others.push_back({{"from", other.from},
                      {"amount", core::exact_text(other.amount.amount)},
                      {"currency", other.amount.currency}});
  }
  const Json json = {{"agreement", agreement},
                     {"month", core::to_text(month)},
                     {"amount", core::exact_text(charge.amount.amount)},
                     {"currency", charge.amount.currency},
                     {"from", charge.from},
                     {"note", charge.note},
                     {"final", charge.final},
                     {"lines", std::move(lines)},
                     {"others", std::move(others)},
                     {"remarks", charge.remarks}};
  // Text of a bill may not be UTF-8; what is not becomes U+FFFD.
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace recoup::report
