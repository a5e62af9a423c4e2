#include <nlohmann/json.hpp>

#include "report/exchange_json.h"
#include "web/api/api.h"
#include "web/api/api_resources.h"
#include "web/api/api_table.h"

namespace recoup::web {
namespace {

constexpr std::size_t kMostShown = 1000;

}  // namespace

Response list_failures(const Call& call) {
  Query query(call.request, {"limit", "format"});
  const std::size_t limit = query.limit(kMostShown);
  const bool csv = wants_csv(query, call.request);
  if (query.problem()) return refuse(call.request, *query.problem());
  report::Json list = report::Json::array();
  if (call.site.failures) {
    for (const record::Exchange& one : call.site.failures(call.id(), limit)) {
      list.push_back(report::exchange_json(one));
    }
  }
  return table_answer({{"agreement", call.id()}, {"failures", std::move(list)}, {"next", nullptr}},
                      {"FailureList", "failures"}, csv);
}

}  // namespace recoup::web
