#include "web/pages/pages.h"

#include <fmt/format.h>

#include "report/html_text.h"
#include "report/style.h"
#include "web/pages/page_frame.h"
#include "web/site/assets.h"

namespace recoup::web {
namespace {

// One stylesheet: the colours and the picture are those of a claim.
const std::string& style() {
  static const std::string css = (report::colours_css() + report::picture_css()).bytes() +
                                 std::string(asset("recoup.css").value_or(""));
  return css;
}

}  // namespace

Response send_asset(const Call& call) {
  const std::string& name = call.path.name;
  const std::string text(asset(name).value_or(""));
  if (name == "recoup.css") return {200, "text/css; charset=utf-8", style()};
  if (name == "recoup.js") return {200, "text/javascript; charset=utf-8", text};
  if (name == "icon.svg") return {200, "image/svg+xml", text};
  return refuse_page(call, Refusal::no_path);
}

Response to_overview(const Call&) {
  Response response;
  response.status = 308;
  response.headers["Location"] = "/";
  return response;
}

Response claim_file(const Call& call) {
  if (call.site.records == nullptr) return needs_ledger();
  const Html month = link_html(month_address(call.id(), call.month), "The month");
  auto files = call.site.records->claim_files(call.id(), call.month);
  if (!files) {
    return problem_page(503, "The claim could not be written.",
                        report::outside_html(files.error().message) + ". " + month);
  }
  if (files->archive == nullptr) {
    std::vector<Html> reasons;
    for (const std::string& refusal : files->refusals) {
      reasons.push_back(report::outside_html(refusal));
    }
    return problem_page(409, "There is no claim for this month.",
                        Html("Why: {}. {}.", report::joined(reasons, "; "), month));
  }
  Response response;
  response.content_type = "application/zip";
  response.file = files->archive;
  response.headers["Content-Disposition"] = fmt::format("attachment; filename=\"{}\"", files->name);
  return response;
}

Response refuse_page(const Call& call, Refusal why) {
  constexpr char kLooksAgain[] = "This page looks again by itself.";
  switch (why) {
    case Refusal::no_path: break;
    case Refusal::method: {
      Response response = problem(405, "only GET and HEAD are answered here");
      response.headers["Allow"] = "GET, HEAD";
      return response;
    }
    case Refusal::no_snapshot: return problem_page(503, "Nothing was assessed yet.", kLooksAgain);
    case Refusal::not_assessed:
      return problem_page(503, "Not every agreement was assessed yet.", kLooksAgain);
    case Refusal::no_agreement:
      if (call.snapshot && !record::judges(call.snapshot->role)) {
        return problem_page(404, "This process judges nothing.",
                            "It is a prober: ask the judge, which the page of all agreements "
                            "names.");
      }
      return problem_page(404, "There is no such agreement.",
                          "It may have another id in recoup.toml now.");
    case Refusal::no_month:
      return problem_page(400, "That is no month.", "Months are written like 2026-10.");
  }
  return problem_page(404, "There is no such page.", "The address may be an old one.");
}

}  // namespace recoup::web
