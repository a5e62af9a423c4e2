#include "report/judgement_json.h"

#include <nlohmann/json.hpp>

#include "core/compare.h"
#include "core/text.h"
#include "record/redact.h"
#include "report/formula_words.h"
#include "report/incident_words.h"
#include "report/words.h"

namespace recoup::report {
namespace {

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json sources_json(const core::Assessment& a) {
  Json list = Json::array();
  for (const core::Source& source : a.sources) {
    Json names = Json::array();
    for (const std::string& name : source.names) names.push_back(record::redact(name));
    Json json = {{"kind", text_or_null(source.kind)},
                 {"names", std::move(names)},
                 {"cannot_see", source.cannot_see}};
    for (const std::string& vantage : source.vantages) {
      json["vantages"].push_back(record::redact(vantage));
    }
    if (source.estimated) json["estimated"] = true;
    list.push_back(std::move(json));
  }
  return list;
}

Json overlaps_json(const core::Assessment& a) {
  Json list = Json::array();
  for (const core::Overlap& overlap : a.overlaps) {
    list.push_back(
        {{"one", record::redact(overlap.one)}, {"other", record::redact(overlap.other)}});
  }
  return list;
}

Json sum_json(const core::Comparison::Sum& sum) {
  return {{"requests", sum.requests}, {"errors", sum.errors}};
}

// Every interval in which they differ, by time.
Json differences_json(const core::Assessment& a, const core::Comparison& comparison) {
  Json list = Json::array();
  for (const core::Difference& one : core::differences(a, comparison)) {
    list.push_back({{"from", core::to_text(one.span.begin)},
                    {"to", core::to_text(one.span.end)},
                    {"counted", sum_json(one.counted)},
                    {"compared", sum_json(one.compared)}});
  }
  return list;
}

Json comparison_json(const core::Assessment& a, const core::Comparison& c) {
  Json json = {{"log", record::redact(c.log)},
               {"intervals",
                {{"alike", c.alike},
                 {"differing", c.differing},
                 {"only_counted", c.only_counted},
                 {"only_compared", c.only_compared}}},
               {"counted", sum_json(c.counted)},
               {"compared", sum_json(c.compared)},
               {"more_errors", c.more_errors},
               {"uptime", c.uptime ? exact_json(*c.uptime) : Json(nullptr)},
               {"met", c.uptime ? Json(c.met) : Json(nullptr)},
               {"tier", c.tier ? Json(*c.tier) : Json(nullptr)}};
  if (!c.parts.empty()) json["differences"] = differences_json(a, c);
  return json;
}

Json comparisons_json(const core::Assessment& a) {
  Json list = Json::array();
  for (const core::Comparison& one : a.comparisons) list.push_back(comparison_json(a, one));
  return list;
}

// Of each resource whose time is summed; one that was not measured counts as available.
Json resources_json(const core::Assessment& a) {
  Json list = Json::array();
  for (const core::ResourceShare& one : a.resources) {
    list.push_back({{"name", record::redact(one.name)},
                    {"requests", one.totals.requests},
                    {"errors", one.totals.errors},
                    {"intervals_measured", one.totals.measured},
                    {"intervals_below_100", one.totals.below_100},
                    {"probes_missed", one.totals.missed}});
  }
  return list;
}

// What must stand beside an uptime (asides.h): keys for what there is.
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
  if (a.refused.all > 0) {
    json["refused"] = {
        {"answers", a.refused.all}, {"served", a.refused.served}, {"left_out", a.refused.left_out}};
  }
  if (!a.unclassified.empty()) {
    Json list = Json::array();
    for (const core::OutcomeCount& one : a.unclassified) {
      const auto& answered = std::get<core::Answered>(one.outcome);
      list.push_back({{"error_name", text_or_null(answered.error_name)}, {"count", one.count}});
    }
    json["unclassified"] = std::move(list);
  }
  if (!a.unseen.empty()) {
    Json list = Json::array();
    for (const core::Unseen& one : a.unseen) {
      list.push_back({{"from", core::to_text(one.span.begin)},
                      {"to", core::to_text(one.span.end)},
                      {"why", text_or_null(one.why)}});
    }
    json["unseen"] = std::move(list);
  }
  if (!a.resources.empty()) json["resources"] = resources_json(a);
  if (a.unnamed > 0) json["unnamed_requests"] = a.unnamed;
  if (a.totals.unread > 0) json["lines_unread"] = a.totals.unread;
  if (a.is_estimated()) json["estimated"] = true;
  if (!a.sources.empty()) json["sources"] = sources_json(a);
  if (!a.overlaps.empty()) json["counted_twice"] = overlaps_json(a);
  if (!a.comparisons.empty()) json["comparisons"] = comparisons_json(a);
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
void add_otherwise(Json& json, const core::Judgement& judgement) {
  if (judgement.otherwise.empty()) return;
  Json list = Json::array();
  for (const core::Otherwise& one : judgement.otherwise) {
    list.push_back({{"if", record::redact(one.what)},
                    {"taken", record::redact(one.taken)},
                    {"monthly_uptime", one.measured ? exact_json(one.uptime) : Json(nullptr)},
                    {"met", one.measured ? Json(one.met) : Json(nullptr)},
                    {"credit", credit_json(one.credit)}});
  }
  json["otherwise"] = std::move(list);
}

std::string_view kind_text(core::Strike::Kind kind) {
  switch (kind) {
    case core::Strike::Kind::source: return "source";
    case core::Strike::Kind::vantage: return "vantage";
    case core::Strike::Kind::probes: return "probes";
    case core::Strike::Kind::outside: return "outside";
  }
  return "";
}

// Where a tier was reached.
void add_robustness(Json& json, const core::Judgement& judgement) {
  const core::Robustness& robustness = judgement.robustness;
  const core::Ratio& owed = judgement.credit.share;
  if (robustness.strikes.empty()) return;
  Json list = Json::array();
  for (const core::Strike& strike : robustness.strikes) {
    list.push_back({{"kind", kind_text(strike.kind)},
                    {"name", text_or_null(record::redact(strike.name))},
                    {"monthly_uptime", strike.measured ? exact_json(strike.uptime) : Json(nullptr)},
                    {"credit_percent",
                     strike.measured ? Json(core::short_percent(strike.share)) : Json(nullptr)},
                    {"keeps", strike.keeps(owed)}});
  }
  json["robustness"] = {{"keeps", robustness.keeps(owed)},
                        {"not_struck", robustness.not_struck},
                        {"without", std::move(list)}};
}

// Where probes were sent from several vantage points.
void add_votes(Json& json, const core::Judgement& judgement) {
  if (!judgement.robustness.votes) return;
  const core::Votes& votes = *judgement.robustness.votes;
  Json vantages = Json::array();
  for (const core::Votes::From& from : votes.vantages) {
    vantages.push_back(
        {{"vantage", record::redact(from.vantage)},
         {"requests", from.requests},
         {"errors", from.errors},
         {"monthly_uptime", from.uptime ? exact_json(*from.uptime) : Json(nullptr)},
         {"saw", from.saw},
         {"no_vote",
          {{"intervals", from.abstained}, {"clock", from.clock}, {"egress", from.egress}}}});
  }
  json["votes"] = {{"rule", core::to_text(votes.rule)},
                   {"agreed", votes.agreed},
                   {"outvoted", votes.outvoted},
                   {"undecided", votes.undecided},
                   {"vantages", std::move(vantages)}};
}

Json date_json(const std::optional<core::Date>& date) {
  return date ? Json(core::to_text(*date)) : Json(nullptr);
}

// What few cycles have.
void add_other_readings(Json& json, const std::vector<core::Judgement>& others) {
  if (others.empty()) return;
  Json list = Json::array();
  for (const core::Judgement& other : others) {
    const core::Assessment& a = other.assessment;
    list.push_back({{"version", core::to_text(other.version->date())},
                    {"effective", date_json(other.version->effective)},
                    {"read", date_json(other.version->read)},
                    {"commitment", other.version->commitment_text},
                    {"monthly_uptime", a.is_measured() ? exact_json(a.uptime) : Json(nullptr)},
                    {"met", a.is_measured() ? Json(a.met) : Json(nullptr)},
                    {"credit", credit_json(other.credit)}});
  }
  json["other_readings"] = std::move(list);
}

}  // namespace

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
  json["version"] = core::to_text(version.date());
  json["effective"] = date_json(version.effective);
  json["read"] = date_json(version.read);
  add_other_readings(json, judgement.other_readings);
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
  if (a.notice) {
    json["notice"] = deadline_json(a.notice);
    json["notice"]["how"] = record::redact(version.claim.notice->how);
  }
  if (a.not_before) json["not_before"] = core::to_text(*a.not_before);
  if (a.due) {
    json["automatic"] = {{"due", core::to_text(a.due->by)},
                         {"disputed", instant_json(a.due->disputed)}};
  }
  json["resolution"] = {
      {"smallest_loss", percent_json(a.smallest_loss)},
      {"breach_rests_on",
       {{"requests", a.totals.errors_below_100}, {"intervals", a.totals.below_100}}}};
  add_otherwise(json, judgement);
  add_robustness(json, judgement);
  add_votes(json, judgement);
  if (!judgement.incidents.empty()) json["provider_incidents"] = incidents_json(judgement);
  return json;
}

}  // namespace recoup::report
