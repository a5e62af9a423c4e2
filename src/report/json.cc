#include "report/json.h"

#include <nlohmann/json.hpp>

#include "core/text.h"
#include "record/redact.h"
#include "report/formula_words.h"
#include "report/words.h"

namespace recoup::report {
namespace {

Json text_json(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

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
  return {{"percent", core::short_percent(credit.share)},
          {"eligible", credit.eligible},
          {"reason", credit.reason},
          {"charges", std::move(charges)},
          {"amount", credit.amount ? Json(core::amount_text(*credit.amount)) : Json(nullptr)}};
}

// What silence alone comes to is no figure.
Json without_json(const core::Assessment& a, const core::Ratio& uptime) {
  if (!a.is_measured() && uptime == core::Ratio(1, 1)) return nullptr;
  return core::percent_text(uptime);
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

// What few cycles have.
void add_asides(Json& json, const core::Assessment& a) {
  if (a.indirect) {
    json["indirect"] = {{"requests", a.indirect->requests},
                        {"errors", a.indirect->errors},
                        {"counted", a.indirect->counted},
                        {"uptime_if_counted_otherwise", exact_json(a.indirect->uptime_otherwise)}};
  }
  if (a.totals.reported_errors > 0) {
    json["errors_reported_by_local_processes"] = a.totals.reported_errors;
  }
  if (a.key_store > 0) json["key_store_requests"] = a.key_store;
  if (!a.unclassified.empty()) {
    Json list = Json::array();
    for (const core::OutcomeCount& one : a.unclassified) {
      const auto& answered = std::get<core::Answered>(one.outcome);
      list.push_back({{"error_name", text_json(answered.error_name)}, {"count", one.count}});
    }
    json["unclassified"] = std::move(list);
  }
  if (!a.unseen.empty()) {
    Json list = Json::array();
    for (const core::Unseen& one : a.unseen) {
      list.push_back({{"from", core::to_text(one.span.begin)},
                      {"to", core::to_text(one.span.end)},
                      {"why", text_json(one.why)}});
    }
    json["unseen"] = std::move(list);
  }
}

}  // namespace

std::string indented(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string on_one_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json instant_json(const std::optional<core::Instant>& at) {
  return at ? Json(core::to_text(*at)) : Json(nullptr);
}

Json deadline_json(const std::optional<core::DeadlineDates>& deadline) {
  if (!deadline) return nullptr;
  return {{"safe", core::to_text(deadline->safe)}, {"literal", core::to_text(deadline->literal)}};
}

Json fraction_json(const core::Ratio& value) {
  return {{"numerator", value.numerator()}, {"denominator", value.denominator()}};
}

Json percent_json(const std::optional<core::Ratio>& share) {
  return share ? Json(percent_text(*share)) : Json(nullptr);
}

Json exact_json(const core::Ratio& share) {
  Json json = {{"percent", percent_text(share)}};
  json.update(fraction_json(share));
  return json;
}

Json money_json(const std::optional<core::Money>& money) {
  if (!money) return nullptr;
  return {{"amount", core::amount_text(*money)}, {"currency", money->currency}};
}

Json exact_money_json(const std::optional<core::Money>& money) {
  if (!money) return nullptr;
  Json json = fraction_json(money->amount);
  json["currency"] = money->currency;
  return json;
}

Json charge_lines_json(const std::vector<core::ChargeLine>& lines) {
  Json list = Json::array();
  for (const core::ChargeLine& line : lines) {
    list.push_back({{"item", line.item},
                    {"calculation", line.calculation},
                    {"amount", core::exact_text(line.amount)}});
  }
  return list;
}

Json other_figures_json(const std::vector<core::OtherFigure>& others) {
  Json list = Json::array();
  for (const core::OtherFigure& other : others) {
    list.push_back({{"from", other.from},
                    {"amount", core::exact_text(other.amount.amount)},
                    {"currency", other.amount.currency}});
  }
  return list;
}

Json outcome_json(const core::Outcome& outcome) {
  const auto* answered = std::get_if<core::Answered>(&outcome);
  return {{"outcome", core::to_text(outcome)},
          {"status",
           answered == nullptr || answered->status == 0 ? Json(nullptr) : Json(answered->status)},
          {"error_name", answered == nullptr ? Json(nullptr) : text_json(answered->error_name)},
          {"unattributed", answered != nullptr && answered->unattributed}};
}

Json request_json(const record::Evidence& request) {
  Json json = {{"at", core::to_text(request.at)}};
  json.update(outcome_json(request.outcome));
  json.update({{"request_id", text_json(request.request_id)},
               {"duration_ms", request.duration.count()},
               {"peer", text_json(request.peer)},
               {"detail", text_json(request.detail)}});
  return json;
}

Json judgement_json(const core::Judgement& judgement, bool under) {
  const core::Assessment& a = judgement.assessment;
  const core::Version& version = *judgement.version;
  // Silence is not availability: where nothing was measured there is no figure.
  Json uptime = nullptr;
  Json bounds = nullptr;
  Json met = nullptr;
  if (a.is_measured()) {
    uptime = exact_json(a.uptime);
    bounds = {{"lower", core::percent_text(a.lower)}, {"upper", core::percent_text(a.upper)}};
    met = a.met;
  }
  Json json = {{"agreement", judgement.agreement.id}};
  if (judgement.agreement.practice) json["practice"] = true;
  if (under) json["under"] = true;
  json["sla"] = judgement.rule->id;
  json["version"] = core::to_text(version.effective);
  json["family"] = family_text(version.formula);
  json["missing_terms"] = version.missing;
  json["supplied_terms"] = version.supplied;
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
  add_asides(json, a);
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
  json["commitment"] = version.commitment_text;
  json["met"] = std::move(met);
  json["credit"] = credit_json(judgement.credit);
  json["deadline"] = deadline_json(a.deadline);
  json["resolution"] = {
      {"smallest_loss", percent_json(a.smallest_loss)},
      {"breach_rests_on",
       {{"requests", a.totals.errors_below_100}, {"intervals", a.totals.below_100}}}};
  return json;
}

Json claim_month_json(const record::ClaimMonth& month) {
  const record::ClaimLife& life = month.life;
  const Json requests = month.requests ? Json(*month.requests) : Json(nullptr);
  Json json = {{"agreement", life.ground.agreement},
               {"month", core::to_text(life.ground.month)},
               {"state", record::word_of(life.state)},
               {"requests", requests},
               {"monthly_uptime", percent_json(month.uptime)},
               {"credit_percent", percent_json(month.share)},
               {"amount", money_json(life.ground.amount)},
               {"deadline", deadline_json(life.ground.deadline)},
               {"days_left", nullptr},
               {"case", life.case_id},
               {"credited", money_json(life.credited)},
               {"sealed", nullptr},
               {"seal_due", instant_json(month.due)}};
  if (life.days_left) json["days_left"] = *life.days_left;
  if (month.seal) {
    json["sealed"] = {{"revision", month.seal->revision},
                      {"at", core::to_text(month.seal->at)},
                      {"digest", month.seal->digest},
                      {"signed", !month.seal->signature.empty()}};
  }
  return json;
}

Json charge_json(const std::string& agreement, core::Month month, const core::Charge& charge) {
  return {{"agreement", agreement},
          {"month", core::to_text(month)},
          {"amount", core::exact_text(charge.amount.amount)},
          {"currency", charge.amount.currency},
          {"from", charge.from},
          {"note", charge.note},
          {"final", charge.final},
          {"lines", charge_lines_json(charge.lines)},
          {"others", other_figures_json(charge.others)},
          {"remarks", charge.remarks}};
}

}  // namespace recoup::report
