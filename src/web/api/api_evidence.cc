#include <algorithm>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "web/api/api_resources.h"

namespace recoup::web {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostRecords = 1000;

Json text_json(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json record_json(const record::Evidence& record) {
  Json json = {{"at", core::to_text(record.at)},
               {"outcome", core::to_text(record.outcome)},
               {"status", nullptr},
               {"error_name", nullptr},
               {"unattributed", false},
               {"request_id", text_json(record.request_id)},
               {"duration_ms", record.duration.count()},
               {"peer", text_json(record.peer)},
               {"detail", text_json(record.detail)}};
  if (const auto* answered = std::get_if<core::Answered>(&record.outcome)) {
    json["status"] = answered->status;
    json["error_name"] = text_json(answered->error_name);
    json["unattributed"] = answered->unattributed;
  }
  return json;
}

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

Response page(const Call& call, const EvidencePage& found) {
  Json list = Json::array();
  for (const record::Evidence& record : found.records) list.push_back(record_json(record));
  const std::string next = found.next ? next_page(call.request, cursor_text(*found.next)) : "";
  const Json json = {{"agreement", call.id()},
                     {"month", core::to_text(call.month)},
                     {"evidence", std::move(list)},
                     {"next", text_json(next)}};
  // What somebody else answered may not be UTF-8; what is not becomes U+FFFD.
  Response response = json_answer(json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n');
  add_next(response, next);
  return response;
}

// The part of the month that is asked for. `to` may lie beyond it, `from` before it.
core::Interval span_of(const Call& call, const core::Interval& asked) {
  const core::Interval month = core::cycle_of(call.month, call.agreement->zone).span;
  return {std::max(asked.begin, month.begin), std::min(asked.end, month.end)};
}

}  // namespace

Answer list_evidence(const Call& call) {
  Query query(call.request, {"from", "to", "limit", "after"});
  const core::Interval span = span_of(call, query.span());
  const std::size_t limit = query.limit(kMostRecords);
  EvidencePlace from{span.begin};
  if (const auto after = query.text("after")) {
    const auto place = parse_cursor(*after, span);
    if (place) from = *place;
    if (!place) query.refuse("after", "what next gave");
  }
  if (query.fault()) return refuse(call.request, *query.fault());
  if (span.empty()) return page(call, {});
  return from_ledger(call, [&](Records& records) {
    const auto found = records.evidence(call.id(), span, from, limit);
    return found ? page(call, *found) : unreadable(call.request, found.error());
  });
}

}  // namespace recoup::web
