#include "web/routes.h"

#include <utility>

#include "web/page.h"

namespace recoup::web {
namespace {

constexpr char kText[] = "text/plain; charset=utf-8";

Response ready(const Pages& pages) {
  const auto snapshot = pages.snapshot();
  if (snapshot && snapshot->ready) return {200, kText, "ready\n", {}};
  return {503, kText, "not ready: not every agreement was assessed yet\n", {}};
}

Response page(const Pages& pages) {
  const auto snapshot = pages.snapshot();
  return {200, "text/html; charset=utf-8", page_html(snapshot ? *snapshot : core::Snapshot()), {}};
}

}  // namespace

Handler make_handler(Pages pages) {
  using Route = Response (*)(const Pages&);
  const std::map<std::string, Route> routes{
      {"/", page},
      {"/metrics",
       [](const Pages& p) {
         return Response{200, p.metrics_type, p.metrics_text(), {}};
       }},
      {"/-/healthy",
       [](const Pages&) {
         return Response{200, kText, "ok\n", {}};
       }},
      {"/-/ready", ready}};
  return [routes, pages = std::move(pages)](const Request& request) -> Response {
    const auto route = routes.find(request.path);
    if (route == routes.end()) {
      return {404, kText, "not found; there are /, /metrics, /-/healthy and /-/ready\n", {}};
    }
    if (request.method != "GET") {
      return {405, kText, "only GET and HEAD are answered here\n", {{"Allow", "GET, HEAD"}}};
    }
    return route->second(pages);
  };
}

}  // namespace recoup::web
