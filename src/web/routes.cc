#include "web/routes.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>

#include "core/text.h"
#include "core/time.h"
#include "web/api/api.h"
#include "web/pages/pages.h"

namespace recoup::web {
namespace {

Response plain(int status, const std::string& text) {
  return {status, "text/plain; charset=utf-8", text};
}

Response metrics(const Call& call) {
  return {200, call.site.metrics_type, call.site.metrics_text()};
}

Response probe(const Call& call) {
  if (!call.site.probe) return plain(503, "nothing is probed here\n");
  return call.site.probe(call.request);
}

// What an open page asks for again and again: whether there is reason to look at itself.
Response news(const Call& call) {
  Response response = plain(200, call.site.news ? call.site.news() : std::string());
  response.headers["Cache-Control"] = "no-store";
  return response;
}

Response healthy(const Call&) { return plain(200, "ok\n"); }

Response ready(const Call& call) {
  const auto& snapshot = call.snapshot;
  if (snapshot && !snapshot->unwritable.empty()) {
    return plain(503, "not ready: " + snapshot->unwritable + '\n');
  }
  if (snapshot && snapshot->ready) return plain(200, "ready\n");
  return plain(503, "not ready: not every agreement was assessed yet\n");
}

// The API is what lies at or under "/api/"; it says in JSON what pages say in HTML.
bool is_api(std::string_view path) { return path == "/api" || path.starts_with("/api/"); }

// Takes the first part of a path, up to the next '/'.
std::string_view take_part(std::string_view& path) {
  const std::string_view part = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(path.size(), part.size() + 1));
  return part;
}

// What the path has in place of the route's variables; nothing where it is not the route's.
std::optional<PathValues> match(const Route& route, std::string_view path) {
  if (std::count(path.begin(), path.end(), '/') !=
      std::count(route.path.begin(), route.path.end(), '/')) {
    return std::nullopt;
  }
  PathValues values;
  for (std::string_view wanted = route.path; !wanted.empty();) {
    const std::string_view part = take_part(wanted);
    const std::string_view got = take_part(path);
    if (part == "{id}") {
      values.id = got;
    } else if (part == "{month}") {
      values.month = got;
    } else if (part == "{name}") {
      values.name = got;
    } else if (part != got) {
      return std::nullopt;
    }
  }
  return path.empty() ? std::optional(std::move(values)) : std::nullopt;
}

// The route of the call's path, whose values it takes; null where none has it.
const Route* find_route(Call& call) {
  for (const Route& route : kRoutes) {
    if (auto values = match(route, call.request.path)) {
      call.path = *std::move(values);
      return &route;
    }
  }
  return nullptr;
}

// Fills in what the path names.
std::optional<Refusal> look_up(Call& call) {
  call.snapshot = call.site.snapshot();
  if (!call.path.id) return std::nullopt;
  if (!call.snapshot) return Refusal::no_snapshot;
  for (const auto& judgement : call.snapshot->judgements) {
    if (judgement->agreement.id == *call.path.id) call.agreement = judgement;
  }
  if (!call.agreement) {
    return call.snapshot->ready ? Refusal::no_agreement : Refusal::not_assessed;
  }
  call.month = call.running_month();
  if (!call.path.month) return std::nullopt;
  const auto month = core::parse_month(*call.path.month);
  if (!month) return Refusal::no_month;
  call.month = *month;
  return std::nullopt;
}

// A number that is none is for the answer to complain about.
bool asks_for_more_than(std::size_t entries, const Request& request) {
  const auto limit = request.query.find("limit");
  if (limit == request.query.end()) return false;
  const std::string& text = limit->second;
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number > entries;
}

bool may_wait(const Route& route, const Call& call) {
  if (asks_for_more_than(route.short_list, call.request)) return true;
  if (route.cost == Cost::probe) return true;
  if (call.site.records == nullptr) return false;
  switch (route.cost) {
    case Cost::at_once: return false;
    case Cost::month: return !call.running() || call.request.query.contains("under");
    case Cost::ledger:
    case Cost::probe: return true;
  }
  return true;
}

// Whether a browser sends it because the page of another site told it to: that page's author is
// not who the browser's login is of.
bool is_of_another_site(const Request& request) {
  const auto origin = request.headers.find("origin");
  if (origin == request.headers.end()) return false;
  const auto host = request.headers.find("host");
  const auto scheme = origin->second.find("://");
  return host == request.headers.end() || scheme == std::string::npos ||
         !core::equal_but_for_case(std::string_view(origin->second).substr(scheme + 3),
                                   host->second);
}

// As Prometheus' own: by POST alone, forbidden unless the settings allow it, 500 where it failed.
Response reload(const Site& site) {
  const auto done = site.reload ? site.reload() : std::nullopt;
  if (!done) {
    return plain(403,
                 "reloading by HTTP is off: write reload_over_http = true in the settings, or send "
                 "the process SIGHUP\n");
  }
  if (*done) return plain(200, "the settings were read again and are in force\n");
  return plain(500, "the settings were not taken over, and all goes on as before:\n" +
                        done->error().message + '\n');
}

ResponseOrWork answer_reload(const Site& site, const Request& request) {
  if (request.method != "POST") {
    Response response = plain(405, "settings are read again at a POST alone\n");
    response.headers["Allow"] = "POST";
    return response;
  }
  if (is_of_another_site(request)) {
    return plain(403, "a page of another site may not have the settings read again\n");
  }
  return Work([&site] { return reload(site); });
}

ResponseOrWork answer(const Site& site, const Request& request) {
  if (request.path == "/-/reload") return answer_reload(site, request);
  const auto refuse = is_api(request.path) ? refuse_api : refuse_page;
  Call call{site, request};
  const Route* route = find_route(call);
  if (route == nullptr) return refuse(call, Refusal::no_path);
  if (request.method != "GET") return refuse(call, Refusal::method);
  if (const auto why = look_up(call)) return refuse(call, *why);
  if (!may_wait(*route, call)) return route->answer(call);
  return Work([route, known = std::move(call)] { return route->answer(known); });
}

}  // namespace

const std::array<Route, 30> kRoutes{{
    {"/metrics", Cost::at_once, metrics},
    {"/probe", Cost::probe, probe},
    {"/-/healthy", Cost::at_once, healthy},
    {"/-/ready", Cost::at_once, ready},
    {"/-/news", Cost::at_once, news},

    {"/", Cost::at_once, overview_page},
    {"/assets/{name}", Cost::at_once, send_asset},
    {"/agreements", Cost::at_once, to_overview},
    {"/agreements/", Cost::at_once, to_overview},
    {"/agreements/{id}", Cost::ledger, month_page},
    {"/agreements/{id}/year", Cost::ledger, year_page},
    {"/agreements/{id}/{month}", Cost::ledger, month_page},
    {"/agreements/{id}/{month}/", Cost::ledger, month_page},
    {"/agreements/{id}/{month}/evidence", Cost::ledger, evidence_page},
    {"/agreements/{id}/{month}/claim.zip", Cost::ledger, claim_file},
    {"/agreements/{id}/{month}/{name}", Cost::ledger, day_page},

    {"/api/v1/openapi.json", Cost::at_once, send_document},
    {"/api/v1/agreements", Cost::at_once, list_agreements, 200},
    {"/api/v1/agreements/{id}", Cost::at_once, show_agreement},
    {"/api/v1/agreements/{id}/months", Cost::ledger, list_months},
    {"/api/v1/agreements/{id}/contracts", Cost::ledger, list_contracts},
    {"/api/v1/agreements/{id}/series", Cost::ledger, list_series},
    {"/api/v1/agreements/{id}/failures", Cost::probe, list_failures},
    {"/api/v1/agreements/{id}/assessments/{month}", Cost::month, show_assessment},
    {"/api/v1/agreements/{id}/assessments/{month}/intervals", Cost::month, list_intervals, 2000},
    {"/api/v1/agreements/{id}/assessments/{month}/evidence", Cost::ledger, list_evidence},
    {"/api/v1/agreements/{id}/charges/{month}", Cost::ledger, show_charge},
    {"/api/v1/agreements/{id}/claims", Cost::ledger, list_claims},
    {"/api/v1/agreements/{id}/claims/{month}/files", Cost::ledger, send_claim_files},
    {"/api/v1/claims/totals", Cost::at_once, list_claim_totals},
}};

Handler make_handler(Site site) {
  return [shared = std::make_shared<const Site>(std::move(site))](const Request& request) {
    return answer(*shared, request);
  };
}

}  // namespace recoup::web
