#include "web/routes.h"

#include <utility>

#include "web/api/api.h"
#include "web/pages/pages.h"

namespace recoup::web {
namespace {

Response plain(int status, const std::string& text) {
  return {status, "text/plain; charset=utf-8", text};
}

Response ready(const Site& site) {
  const auto snapshot = site.snapshot();
  if (snapshot && !snapshot->unwritable.empty()) {
    return plain(503, "not ready: " + snapshot->unwritable + '\n');
  }
  if (snapshot && snapshot->ready) return plain(200, "ready\n");
  return plain(503, "not ready: not every agreement was assessed yet\n");
}

// What machines ask for besides the API; nothing where it is something else.
std::optional<Response> service_answer(const Site& site, const std::string& path) {
  if (path == "/metrics") return Response{200, site.metrics_type, site.metrics_text()};
  if (path == "/-/healthy") return plain(200, "ok\n");
  if (path == "/-/ready") return ready(site);
  return std::nullopt;
}

std::optional<Response> at_once(const Site& site, const Request& request) {
  if (is_api(request.path)) return api_at_once(site, request);
  if (request.method != "GET") {
    Response response = problem(405, "only GET and HEAD are answered here");
    response.headers["Allow"] = "GET, HEAD";
    return response;
  }
  if (auto response = service_answer(site, request.path)) return response;
  return page_at_once(site, request);
}

}  // namespace

Handler make_handler(Site site) {
  const auto shared = std::make_shared<const Site>(std::move(site));
  return {[shared](const Request& request) { return at_once(*shared, request); },
          [shared](const Request& request) {
            return is_api(request.path) ? api_slowly(*shared, request)
                                        : page_slowly(*shared, request);
          }};
}

}  // namespace recoup::web
