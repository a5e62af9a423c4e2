#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "report/json.h"
#include "report/judgement_json.h"
#include "report/overview.h"
#include "web/api/api.h"
#include "web/api/api_resources.h"
#include "web/api/api_table.h"

namespace recoup::web {
namespace {

using core::Judgement;
using report::Json;

// Writing them takes some time (measured: 55 ms).
constexpr std::size_t kMostAgreements = 1000;

Json links_of(const Judgement& s, const std::string& under) {
  const std::string& id = s.agreement.id;
  const std::string month = core::to_text(s.assessment.cycle.month);
  const std::string assessment = agreement_path(id, "assessments/" + month);
  return {{"self", under.empty() ? assessment : assessment + "?under=" + under},
          {"agreement", agreement_path(id)},
          {"months", agreement_path(id, "months")},
          {"contracts", agreement_path(id, "contracts")},
          {"series", agreement_path(id, "series")},
          {"claims", agreement_path(id, "claims")},
          {"intervals", assessment + "/intervals"},
          {"evidence", assessment + "/evidence"},
          {"charges", agreement_path(id, "charges/" + month)}};
}

// What `assess --json` says, and what else a caller needs to tell agreements apart.
Json assessment_resource(const Call& call, const Judgement& s, const std::string& under = {}) {
  Json json = report::judgement_json(s, !under.empty());
  json["state"] = report::word_of(report::state_of(s));
  json["service"] = s.rule->service;
  json["provider"] = s.rule->provider;
  json["region"] = s.agreement.region;
  json["time_zone"] = s.zone.name();
  json["measured_until"] =
      report::instant_json(report::measured_until(s.assessment, call.snapshot->at));
  json["links"] = links_of(s, under);
  return json;
}

// Which agreements are asked for.
struct Filter {
  std::optional<std::string> state;
  std::string words;  // in lower case; empty: any

  bool holds(const Judgement& s) const {
    if (state && *state != report::word_of(report::state_of(s))) return false;
    if (words.empty()) return true;
    const std::vector<std::string> texts{s.agreement.id, s.rule->id, s.rule->service,
                                         s.rule->provider, s.agreement.region};
    return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
      return core::lower_case(text).find(words) != std::string::npos;
    });
  }
};

// Where the page begins: behind the agreement of that id, in the order of now.
std::vector<report::Ranked>::const_iterator begin_of_page(const std::vector<report::Ranked>& lines,
                                                          const std::optional<std::string>& after) {
  if (!after) return lines.begin();
  const auto last = std::find_if(lines.begin(), lines.end(), [&](const report::Ranked& line) {
    return line.judgement->agreement.id == *after;
  });
  return last == lines.end() ? last : last + 1;
}

bool is_known(const report::Snapshot& snapshot, const std::string& id) {
  return std::any_of(snapshot.judgements.begin(), snapshot.judgements.end(),
                     [&](const auto& judgement) { return judgement->agreement.id == id; });
}

// RULE or RULE@DATE, as far as that can be told without the rules.
bool is_contract(const std::string& words) {
  const auto at = words.find('@');
  const std::string rule = words.substr(0, at);
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  if (rule.empty() || rule.find_first_not_of(kLetters) != std::string::npos) return false;
  return at == std::string::npos || core::parse_date(words.substr(at + 1)).ok();
}

Response judged_under(const Call& call, const std::string& under, Records& records) {
  const auto judgement = records.judgement_under(call.id(), call.month, under);
  if (!judgement) return unreadable(call.request, judgement.error());
  if (*judgement) return json_answer(assessment_resource(call, ***judgement, under));
  return refuse(call.request,
                {400,
                 fmt::format("under: expected one of the contracts that {} lists, got {}",
                             agreement_path(call.id(), "contracts"), in_quotes(under)),
                 "under"});
}

}  // namespace

Response list_agreements(const Call& call) {
  Query query(call.request, {"state", "q", "limit", "after", "format"});
  const std::vector<std::string_view> states{
      report::word_of(report::State::certain), report::word_of(report::State::below),
      report::word_of(report::State::silent), report::word_of(report::State::met)};
  if (!call.snapshot) return refuse_api(call, Refusal::no_snapshot);
  const Filter filter{query.one_of("state", states),
                      core::lower_case(query.text("q").value_or(""))};
  const std::size_t limit = query.limit(kMostAgreements);
  const bool csv = wants_csv(query, call.request);
  const auto after = query.text("after");
  if (after && !is_known(*call.snapshot, *after)) query.refuse("after", "what next gave");
  if (query.problem()) return refuse(call.request, *query.problem());

  const std::vector<report::Ranked> lines = report::ranked(*call.snapshot);
  const auto total = std::count_if(lines.begin(), lines.end(), [&](const report::Ranked& line) {
    return filter.holds(*line.judgement);
  });
  Json list = Json::array();
  std::string next;
  for (auto at = begin_of_page(lines, after); at != lines.end(); ++at) {
    if (!filter.holds(*at->judgement)) continue;
    if (list.size() == limit) {
      next = next_page(call.request, list.back()["agreement"].get<std::string>());
      break;
    }
    list.push_back(assessment_resource(call, *at->judgement));
  }
  Response response = table_answer({{"ready", call.snapshot->ready},
                                    {"total", total},
                                    {"agreements", std::move(list)},
                                    {"next", next.empty() ? Json(nullptr) : Json(next)}},
                                   {"AgreementList", "agreements"}, csv);
  add_next(response, next);
  return response;
}

Response show_agreement(const Call& call) {
  const Query query(call.request, {});
  if (query.problem()) return refuse(call.request, *query.problem());
  return json_answer(assessment_resource(call, *call.agreement));
}

Response show_assessment(const Call& call) {
  Query query(call.request, {"under"});
  const auto under = query.text("under");
  if (under && !is_contract(*under)) query.refuse("under", "RULE or RULE@YYYY-MM-DD");
  if (query.problem()) return refuse(call.request, *query.problem());
  if (under) {
    return from_ledger(call, [&](Records& records) { return judged_under(call, *under, records); });
  }
  return from_judgement(
      call, [&](const Judgement& s) { return json_answer(assessment_resource(call, s)); });
}

}  // namespace recoup::web
