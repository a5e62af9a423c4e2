#include "web/api/api.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "web/api/api_resources.h"
#include "web/assets.h"

namespace recoup::web {
namespace {

constexpr char kDocument[] = "/api/v1/openapi.json";

Answer send_document(const Call& call) {
  const Query query(call.request, {});
  if (query.fault()) return refuse(call.request, *query.fault());
  return json_text_answer(std::string(asset("openapi.json").value()));
}

// A path, its variables in braces, and what answers it.
struct Route {
  std::string_view path;
  Answer (*answer)(const Call&);
};

constexpr std::array<Route, 12> kRoutes{{
    {kDocument, send_document},
    {"/api/v1/agreements", list_agreements},
    {"/api/v1/agreements/{id}", show_agreement},
    {"/api/v1/agreements/{id}/months", list_months},
    {"/api/v1/agreements/{id}/contracts", list_contracts},
    {"/api/v1/agreements/{id}/series", list_series},
    {"/api/v1/agreements/{id}/assessments/{month}", show_assessment},
    {"/api/v1/agreements/{id}/assessments/{month}/intervals", list_intervals},
    {"/api/v1/agreements/{id}/assessments/{month}/evidence", list_evidence},
    {"/api/v1/agreements/{id}/charges/{month}", show_charge},
    {"/api/v1/agreements/{id}/claims", list_claims},
    {"/api/v1/agreements/{id}/claims/{month}/files", send_claim_files},
}};

// A route that a path matches, and what it has in place of the variables.
struct Match {
  const Route* route;
  std::optional<std::string> id = {};
  std::optional<std::string> month = {};
};

// Takes the first part of a path, up to the next '/'.
std::string_view take_part(std::string_view& path) {
  const std::string_view part = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(path.size(), part.size() + 1));
  return part;
}

std::optional<Match> match(const Route& route, std::string_view path) {
  const auto slashes = [](std::string_view text) {
    return std::count(text.begin(), text.end(), '/');
  };
  if (slashes(route.path) != slashes(path)) return std::nullopt;
  Match found{&route};
  for (std::string_view wanted = route.path; !wanted.empty();) {
    const std::string_view part = take_part(wanted);
    const std::string_view got = take_part(path);
    if (part == "{id}") {
      found.id = got;
    } else if (part == "{month}") {
      found.month = got;
    } else if (part != got) {
      return std::nullopt;
    }
  }
  return found;
}

std::optional<Match> find_route(std::string_view path) {
  for (const Route& route : kRoutes) {
    if (auto found = match(route, path)) return found;
  }
  return std::nullopt;
}

// The agreement that the path names; or why it is not there.
std::optional<Fault> find_agreement(Call& call, const std::string& id) {
  for (const auto& standing : call.snapshot->standings) {
    if (standing->agreement.id == id) call.agreement = standing;
  }
  if (call.agreement) return std::nullopt;
  if (!call.snapshot->ready) return Fault{503, "not every agreement was assessed yet"};
  return Fault{404, fmt::format("there is no agreement {}: see /api/v1/agreements", in_quotes(id))};
}

// The month that the path names; or what is wrong with it.
std::optional<Fault> find_month(Call& call, const std::string& text) {
  const auto month = core::parse_month(text);
  if (!month) {
    return Fault{400, fmt::format("month: expected one like 2026-10, got {}", in_quotes(text)),
                 "month"};
  }
  const core::Month running = call.agreement->assessment.cycle.month;
  if (*month > running) {
    return Fault{404, fmt::format("{} has not begun: {} is the running month", text,
                                  core::to_text(running))};
  }
  call.month = *month;
  return std::nullopt;
}

// Fills in what the path names.
std::optional<Fault> prepare(Call& call, const Match& found) {
  if (found.route->path == kDocument) return std::nullopt;
  call.snapshot = call.site.snapshot();
  if (!call.snapshot) return Fault{503, "nothing was assessed yet"};
  if (!found.id) return std::nullopt;
  if (auto fault = find_agreement(call, *found.id)) return fault;
  return found.month ? find_month(call, *found.month) : std::nullopt;
}

Answer answer(const Site& site, const Request& request, bool may_wait) {
  const auto found = find_route(request.path);
  if (!found)
    return refuse(request, {404, fmt::format("there is no such path: see {}", kDocument)});
  if (request.method != "GET") {
    Response response = refuse(request, {405, "only GET and HEAD are answered here"});
    response.headers["Allow"] = "GET, HEAD";
    return response;
  }
  Call call{site, request, may_wait, nullptr, nullptr};
  if (const auto fault = prepare(call, *found)) return refuse(request, *fault);
  return found->route->answer(call);
}

}  // namespace

std::vector<std::string> api_paths() {
  std::vector<std::string> paths;
  for (const Route& route : kRoutes) paths.emplace_back(route.path);
  return paths;
}

bool is_api(const std::string& path) { return path == "/api" || path.starts_with("/api/"); }

std::optional<Response> api_at_once(const Site& site, const Request& request) {
  return answer(site, request, false);
}

Response api_slowly(const Site& site, const Request& request) {
  return *answer(site, request, true);
}

}  // namespace recoup::web
