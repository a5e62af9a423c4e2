#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "web/api/api.h"
#include "web/api/api_resources.h"
#include "web/api/api_table.h"

namespace recoup::web {
namespace {

using report::Json;

constexpr std::size_t kMostRecords = 1000;

// "1785722820250-3": milliseconds since 1970, and how many records from then on were shown.
std::string cursor_text(const EvidencePlace& place) {
  return fmt::format("{}-{}", place.at.time_since_epoch().count(), place.skip);
}

// Nothing where the text is no cursor, or leads out of the span.
std::optional<EvidencePlace> parse_cursor(const std::string& text, const core::Interval& span) {
  const auto dash = text.find('-');
  if (dash == std::string::npos) return std::nullopt;
  const auto at = parse_number(std::string_view(text).substr(0, dash));
  const auto skip = parse_number(std::string_view(text).substr(dash + 1));
  constexpr std::uint64_t kLatest = core::kOpenEnd.time_since_epoch().count();
  if (!at || !skip || *at > kLatest) return std::nullopt;
  const EvidencePlace place{core::Instant(core::Millis(*at)), *skip};
  if (!span.contains(place.at)) return std::nullopt;
  return place;
}

Response page(const Call& call, const EvidencePage& found, bool csv) {
  Json list = Json::array();
  for (const record::Evidence& record : found.records) list.push_back(report::request_json(record));
  const std::string next = found.next ? next_page(call.request, cursor_text(*found.next)) : "";
  Response response = table_answer(
      {{"agreement", call.id()},
       {"month", core::to_text(call.month)},
       {"evidence", std::move(list)},
       {"removed_until",
        found.removed_until ? Json(core::to_text(*found.removed_until)) : Json(nullptr)},
       {"next", next.empty() ? Json(nullptr) : Json(next)}},
      {"EvidenceList", "evidence"}, csv);
  add_next(response, next);
  return response;
}

// The part of the month that is asked for. `to` may lie beyond it, `from` before it.
core::Interval span_of(const Call& call, const core::Interval& asked) {
  const core::Interval month = core::cycle_of(call.month, call.agreement->zone).span;
  return {std::max(asked.begin, month.begin), std::min(asked.end, month.end)};
}

}  // namespace

Response list_evidence(const Call& call) {
  Query query(call.request, {"from", "to", "limit", "after", "format"});
  const core::Interval span = span_of(call, query.span());
  const std::size_t limit = query.limit(kMostRecords);
  const bool csv = wants_csv(query, call.request);
  EvidencePlace from{span.begin};
  if (const auto after = query.text("after")) {
    const auto place = parse_cursor(*after, span);
    if (place) from = *place;
    if (!place) query.refuse("after", "what next gave");
  }
  if (query.problem()) return refuse(call.request, *query.problem());
  return from_ledger(call, [&](Records& records) {
    if (span.empty()) return page(call, {}, csv);
    const auto found = records.evidence(call.id(), span, from, limit);
    return found ? page(call, *found, csv) : unreadable(call.request, found.error());
  });
}

}  // namespace recoup::web
