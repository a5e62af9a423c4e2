#include "web/api/api.h"

#include <fmt/format.h>

#include "web/api/api_answer.h"
#include "web/api/api_query.h"
#include "web/site/assets.h"

namespace recoup::web {

Response send_document(const Call& call) {
  const Query query(call.request, {});
  if (query.problem()) return refuse(call.request, *query.problem());
  return json_text_answer(std::string(asset("openapi.json").value()));
}

Response refuse_api(const Call& call, Refusal why) {
  const auto refused = [&](const Problem& one) { return refuse(call.request, one); };
  switch (why) {
    case Refusal::no_path: return refused({404, "there is no such path: see /api/v1/openapi.json"});
    case Refusal::method: {
      Response response = refused({405, "only GET and HEAD are answered here"});
      response.headers["Allow"] = "GET, HEAD";
      return response;
    }
    case Refusal::no_snapshot: return refused({503, "nothing was assessed yet"});
    case Refusal::not_assessed: return refused({503, "not every agreement was assessed yet"});
    case Refusal::no_agreement:
      if (call.snapshot && !record::judges(call.snapshot->role)) {
        return refused({404, "this process is a prober and judges nothing: ask the judge"});
      }
      return refused({404, fmt::format("there is no agreement {}: see /api/v1/agreements",
                                       in_quotes(*call.path.id))});
    case Refusal::no_month:
      return refused(
          {400,
           fmt::format("month: expected one like 2026-10, got {}", in_quotes(*call.path.month)),
           "month"});
  }
  return refused({500, "it could not be answered"});
}

}  // namespace recoup::web
