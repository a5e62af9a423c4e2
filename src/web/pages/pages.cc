#include "web/pages/pages.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "report/html_text.h"
#include "report/style.h"
#include "web/assets.h"
#include "web/pages/page_agreement.h"
#include "web/pages/page_day.h"
#include "web/pages/page_evidence.h"
#include "web/pages/page_overview.h"

namespace recoup::web {
namespace {

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    parts.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

Response not_found() {
  return problem_page(404, "There is no such page.", "The address may be an old one.");
}

Response moved(const std::string& to) {
  Response response;
  response.status = 308;
  response.headers["Location"] = to;
  return response;
}

// One stylesheet: the colours and the picture are those of a claim.
const std::string& style() {
  static const std::string css = std::string(report::colours_css()) +
                                 std::string(report::picture_css()) +
                                 std::string(asset("recoup.css").value_or(""));
  return css;
}

Response asset_response(const std::string& name) {
  Response response;
  if (name == "recoup.css") {
    response.content_type = "text/css; charset=utf-8";
    response.body = style();
  } else if (name == "recoup.js") {
    response.content_type = "text/javascript; charset=utf-8";
    response.body = asset(name).value_or("");
  } else if (name == "icon.svg") {
    response.content_type = "image/svg+xml";
    response.body = asset(name).value_or("");
  } else {
    return not_found();
  }
  return response;
}

std::string query_of(const Request& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : found->second;
}

// Address is what the path of an agreement's page asks for.
struct Address {
  PageOf of;
  std::string rest;  // behind the month: empty, "evidence", "claim.zip", or a date
};

// What is asked for, or the page that says why that cannot be.
std::variant<Address, Response> read_address(const Site& site, const Request& request) {
  const std::vector<std::string> parts = parts_of(request.path);
  auto snapshot = site.snapshot();
  if (parts.size() < 2 || parts.size() > 4 || parts[0] != "agreements") return not_found();
  if (parts[1].empty() && parts.size() == 2) return moved("/");
  if (!snapshot) {
    return problem_page(503, "Nothing was assessed yet.", "This page looks again by itself.");
  }
  const auto standing =
      std::find_if(snapshot->standings.begin(), snapshot->standings.end(),
                   [&](const auto& each) { return each->agreement.id == parts[1]; });
  if (standing == snapshot->standings.end()) {
    if (!snapshot->ready) {
      return problem_page(503, "Not every agreement was assessed yet.",
                          "This page looks again by itself.");
    }
    return problem_page(404, "There is no such agreement.",
                        "It may have another id in recoup.toml now.");
  }
  PageOf of{site, snapshot, *standing, (*standing)->assessment.cycle.month};
  if (parts.size() == 2) return Address{std::move(of), ""};
  const auto month = core::parse_month(parts[2]);
  if (!month) {
    return problem_page(400, "That is no month.", "Months are written like 2026-10.");
  }
  of.month = *month;
  return Address{std::move(of), parts.size() == 4 ? parts[3] : ""};
}

Response claim_file(const PageOf& of) {
  const std::string& id = of.current->agreement.id;
  const std::string month = link_html(month_address(id, of.month), "The month");
  auto files = of.site.records->claim_files(id, of.month);
  if (!files) {
    return problem_page(503, "The claim could not be written.",
                        report::outside_html(files.error().message) + ". " + month);
  }
  if (files->archive == nullptr) {
    std::vector<std::string> reasons;
    for (const std::string& refusal : files->refusals) {
      reasons.push_back(report::outside_html(refusal));
    }
    return problem_page(409, "There is no claim for this month.",
                        fmt::format("Why: {}. {}.", fmt::join(reasons, "; "), month));
  }
  Response response;
  response.content_type = "application/zip";
  response.file = files->archive;
  response.headers["Content-Disposition"] = fmt::format("attachment; filename=\"{}\"", files->name);
  return response;
}

Response needs_ledger() {
  return problem_page(503, "The ledger cannot be read here.",
                      "Only the running month is known to this process.");
}

Response answer(const Address& address, const Request& request) {
  const PageOf& of = address.of;
  const bool ledger = of.site.records != nullptr;
  if (address.rest.empty()) return agreement_page(of, query_of(request, "under"));
  if (address.rest == "evidence") {
    return ledger
               ? evidence_page(*of.site.records, *of.current, of.month, query_of(request, "after"))
               : needs_ledger();
  }
  if (address.rest == "claim.zip") return ledger ? claim_file(of) : needs_ledger();
  if (const auto date = core::parse_date(address.rest)) return day_page(of, *date);
  return not_found();
}

}  // namespace

std::optional<Response> page_at_once(const Site& site, const Request& request) {
  if (request.path == "/") {
    const auto snapshot = site.snapshot();
    return overview_page(snapshot ? *snapshot : report::Snapshot(), request);
  }
  constexpr std::string_view kAssets = "/assets/";
  if (request.path.starts_with(kAssets)) return asset_response(request.path.substr(kAssets.size()));
  if (request.path == "/agreements") return moved("/");
  const auto address = read_address(site, request);
  if (const auto* page = std::get_if<Response>(&address)) return *page;
  if (site.records != nullptr) return std::nullopt;
  return answer(std::get<Address>(address), request);
}

Response page_slowly(const Site& site, const Request& request) {
  const auto address = read_address(site, request);
  if (const auto* page = std::get_if<Response>(&address)) return *page;
  return answer(std::get<Address>(address), request);
}

}  // namespace recoup::web
