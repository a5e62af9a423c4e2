#include "report/explanation_json.h"

#include <nlohmann/json.hpp>

#include "core/figures.h"
#include "core/text.h"
#include "record/redact.h"
#include "report/json.h"

namespace recoup::report {
namespace {

Json availability_json(const core::IntervalPart& part) {
  const auto availability = core::availability(part);
  return availability ? exact_json(*availability) : Json(nullptr);
}

Json head_json(const core::Judgement& judgement) {
  Json json = {{"agreement", judgement.agreement.id}};
  if (judgement.agreement.practice) json["practice"] = true;
  json["sla"] = judgement.rule->id;
  json["version"] = core::to_text(judgement.version->date());
  json["month"] = core::to_text(judgement.assessment.cycle.month);
  return json;
}

// One of both explanations' outcomes.
template <typename One>
Json counted_json(const One& one) {
  Json json = outcome_json(one.outcome);
  json["count"] = one.count;
  json["counts_as"] = core::to_text(one.counts_as.verdict);
  json["because"] = one.counts_as.clause;
  return json;
}

Json run_json(const std::optional<judge::Run>& run) {
  if (!run) return nullptr;
  return {{"begin", core::to_text(run->span.begin)},
          {"end", core::to_text(run->span.end)},
          {"minutes", run->minutes()},
          {"requests", run->requests},
          {"errors", run->errors},
          {"downtime_period", run->downtime}};
}

Json exclusions_json(const std::vector<core::ExclusionWindow>& windows) {
  Json list = Json::array();
  for (const core::ExclusionWindow& window : windows) {
    list.push_back({{"from", core::to_text(window.span.begin)},
                    {"to", core::to_text(window.span.end)},
                    {"reason", record::redact(window.reason)}});
  }
  return list;
}

Json gaps_json(const judge::Explanation& about) {
  Json list = Json::array();
  for (const core::Gap& gap : about.gaps) {
    list.push_back({{"from", core::to_text(gap.span.begin)},
                    {"to", core::to_text(gap.span.end)},
                    {"every", core::to_text(gap.every)},
                    {"targets", gap.targets},
                    {"due", gap.due(about.span)},
                    {"reason", core::to_text(gap.reason)}});
  }
  return list;
}

Json evidence_json(const judge::Explanation& about) {
  Json records = Json::array();
  for (const record::Evidence& one : about.evidence) records.push_back(request_json(one));
  return {{"total", about.evidence_in_all}, {"records", std::move(records)}};
}

Json costly_json(const judge::Costs& costs, const judge::CostlyInterval& one) {
  const core::IntervalPart part = costs.judgement.assessment.parts[one.index];
  Json mostly = outcome_json(one.mostly);
  mostly["errors"] = one.mostly_errors;
  return {{"begin", core::to_text(one.span.begin)},
          {"end", core::to_text(one.span.end)},
          {"requests", part.requests},
          {"errors", part.errors},
          {"availability", availability_json(part)},
          {"loss", exact_json(one.cost)},
          {"share_of_month_loss", percent_json(costs.share_of_loss(one.cost))},
          {"mostly", std::move(mostly)},
          {"run", run_json(one.run)}};
}

void add_totals(Json& json, const judge::Costs& costs) {
  const core::Totals& t = costs.totals;
  json["intervals"] = {
      {"total", costs.end - costs.first}, {"measured", t.measured}, {"silent", t.silent},
      {"excluded", t.excluded},           {"ahead", t.ahead},       {"below_100", t.below_100}};
  json["requests"] = t.requests;
  json["errors"] = t.errors;
  json["not_requests"] = t.not_requests;
  json["unattributed"] = t.unattributed;
  json["probes_missed"] = t.missed;
  if (t.unread > 0) json["lines_unread"] = t.unread;
  if (t.refused > 0) json["refused_left_out"] = t.refused;
}

}  // namespace

std::string to_json(const judge::Explanation& about) {
  const core::IntervalPart part = about.part();
  const core::Assessment& a = about.judgement.assessment;
  Json json = head_json(about.judgement);
  json["interval"] = {{"begin", core::to_text(about.span.begin)},
                      {"end", core::to_text(about.span.end)},
                      {"number", about.index + 1},
                      {"of", a.parts.size()}};
  json["state"] = to_text(part.state);
  json["requests"] = part.requests;
  json["errors"] = part.errors;
  json["availability"] = availability_json(part);
  json["repeats"] = about.repeats;
  json["probes_missed"] = part.missed;
  if (part.unread > 0) json["lines_unread"] = part.unread;
  if (part.refused > 0) json["refused_left_out"] = part.refused;
  json["outcomes"] = Json::array();
  for (const auto& one : about.outcomes) {
    json["outcomes"].push_back(counted_json(one));
    if (about.is_excluded(one.counts_as.verdict)) json["outcomes"].back()["counts_as"] = "excluded";
  }
  json["gaps"] = gaps_json(about);
  json["exclusions"] = exclusions_json(about.exclusions);
  json["lost"] = part.below_100();
  json["why"] = about.why;
  json["run"] = run_json(about.run);
  json["loss"] = exact_json(about.loss);
  json["month_loss"] = exact_json(core::loss(a));
  json["evidence"] = evidence_json(about);
  return indented(json);
}

std::string to_json(const judge::Costs& costs) {
  Json json = head_json(costs.judgement);
  if (const auto* day = std::get_if<core::Date>(&costs.period)) json["day"] = core::to_text(*day);
  json["time_zone"] = costs.judgement.zone.name();
  json["begin"] = core::to_text(costs.span.begin);
  json["end"] = core::to_text(costs.span.end);
  json["costliest"] = Json::array();
  for (const auto& one : costs.intervals) json["costliest"].push_back(costly_json(costs, one));
  json["loss"] = exact_json(costs.loss);
  json["month_loss"] = exact_json(costs.month_loss);
  json["share_of_month_loss"] = percent_json(costs.share_of_loss(costs.loss));
  json["budget"] = exact_json(costs.budget);
  json["share_of_budget"] = percent_json(costs.share_of_budget(costs.loss));
  add_totals(json, costs);
  json["exclusions"] = exclusions_json(costs.exclusions);
  json["outcomes"] = Json::array();
  for (const auto& one : costs.outcomes) {
    json["outcomes"].push_back(counted_json(one));
    json["outcomes"].back()["excluded"] = one.excluded;
    json["outcomes"].back()["loss"] = exact_json(one.cost);
  }
  return indented(json);
}

}  // namespace recoup::report
