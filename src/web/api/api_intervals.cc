#include <nlohmann/json.hpp>

#include "core/figures.h"
#include "report/json.h"
#include "web/api/api.h"
#include "web/api/api_resources.h"
#include "web/api/api_table.h"

namespace recoup::web {
namespace {

using core::Assessment;
using core::IntervalPart;
using report::Json;

// More than there are 5-minute intervals in a month. Writing these takes some time (measured: 34
// ms).
constexpr std::size_t kMostIntervals = 10'000;

// No billing cycle has more: a quarter of 92 days, with the hour that a clock change adds.
constexpr std::size_t kMostMinutes = 92 * 24 * 60 + 60;

// Which intervals are asked for, and how.
struct IntervalFilter {
  std::optional<std::string> state;
  core::Interval span;
  bool csv = false;

  bool holds(const core::Interval& interval, const IntervalPart& part) const {
    if (!interval.overlaps(span)) return false;
    if (!state) return true;
    return *state == "lost" ? part.below_100() : *state == core::to_text(part.state);
  }
};

Json interval_json(const core::Interval& span, const IntervalPart& part) {
  Json json{{"begin", core::to_text(span.begin)},
            {"end", core::to_text(span.end)},
            {"state", core::to_text(part.state)},
            {"lost", part.below_100()},
            {"requests", part.requests},
            {"errors", part.errors},
            {"not_requests", part.not_requests},
            {"unattributed", part.unattributed},
            {"missed", part.missed},
            {"availability", report::percent_json(core::availability(part))}};
  if (part.unread > 0) json["lines_unread"] = part.unread;
  if (part.refused > 0) json["refused_left_out"] = part.refused;
  return json;
}

// The cursor is the index of the last interval that was shown.
Response page(const Call& call, const core::Judgement& s, const IntervalFilter& filter,
              std::size_t begin, std::size_t limit) {
  const Assessment& a = s.assessment;
  Json list = Json::array();
  std::string next;
  std::size_t last = 0;
  for (const auto& [i, part] : a.parts) {
    if (i < begin || !filter.holds(a.interval_at(i), part)) continue;
    if (list.size() == limit) {
      next = next_page(call.request, std::to_string(last));
      break;
    }
    list.push_back(interval_json(a.interval_at(i), part));
    last = i;
  }
  Response response = table_answer({{"agreement", call.id()},
                                    {"month", core::to_text(call.month)},
                                    {"length", core::to_text(core::Millis(a.interval))},
                                    {"intervals", std::move(list)},
                                    {"next", next.empty() ? Json(nullptr) : Json(next)}},
                                   {"IntervalList", "intervals"}, filter.csv);
  add_next(response, next);
  return response;
}

}  // namespace

Response list_intervals(const Call& call) {
  Query query(call.request, {"state", "from", "to", "limit", "after", "format"});
  const IntervalFilter filter{
      query.one_of("state", {"measured", "silent", "excluded", "ahead", "lost"}), query.span(),
      wants_csv(query, call.request)};
  const std::size_t limit = query.limit(kMostIntervals);
  const auto after = query.text("after");
  const auto last = after ? parse_number(*after) : std::nullopt;
  if (after && (!last || *last > kMostMinutes)) query.refuse("after", "what next gave");
  if (query.problem()) return refuse(call.request, *query.problem());
  return from_judgement(call, [&](const core::Judgement& s) {
    return page(call, s, filter, last ? *last + 1 : 0, limit);
  });
}

}  // namespace recoup::web
