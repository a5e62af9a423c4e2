#include "report/asides_json.h"

#include <nlohmann/json.hpp>

#include "core/compare.h"
#include "record/redact.h"

namespace recoup::report {
namespace {

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json sources_json(const core::Assessment& a) {
  Json list = Json::array();
  for (const core::Source& source : a.sources) {
    Json names = Json::array();
    for (const std::string& name : source.names) names.push_back(record::redact(name));
    list.push_back({{"kind", text_or_null(source.kind)},
                    {"names", std::move(names)},
                    {"cannot_see", source.cannot_see}});
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

}  // namespace

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
  if (!a.sources.empty()) json["sources"] = sources_json(a);
  if (!a.overlaps.empty()) json["counted_twice"] = overlaps_json(a);
  if (!a.comparisons.empty()) json["comparisons"] = comparisons_json(a);
}

}  // namespace recoup::report
