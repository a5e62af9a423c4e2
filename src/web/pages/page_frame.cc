#include "web/pages/page_frame.h"

#include <fmt/format.h>

#include "core/text.h"
#include "record/percent_encoding.h"
#include "record/redact.h"
#include "report/html_text.h"

namespace recoup::web {
namespace {

constexpr char kHead[] = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{}</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/recoup.css">
<script src="/assets/recoup.js" defer></script>
<noscript><meta http-equiv="refresh" content="60"></noscript>
</head>
<body data-again="{}">
<a class="skip" href="#main">Skip to the content</a>
)";

constexpr char kFoot[] = R"(<footer>
<p>Times are UTC. The same for programs: <a href="/api/v1/openapi.json">the API</a> and, for
Prometheus, <a href="/metrics">the metrics</a>.
<span id="help" hidden>Everything can be reached by keyboard: <button type="button"><kbd>?</kbd> shows
the keys</button>.</span></p>
</footer>
</body>
</html>
)";

Html header(const Frame& frame) {
  Html html =
      "<header>\n<nav aria-label=\"Where you are\">\n<ol class=\"crumbs\">\n"
      "<li><a class=\"brand\" href=\"/\">Recoup</a></li>\n";
  for (const Crumb& crumb : frame.crumbs) {
    html += crumb.address.empty()
                ? Html("<li><span aria-current=\"page\">{}</span></li>\n", crumb.name)
                : Html("<li>{}</li>\n", link_html(crumb.address, crumb.name));
  }
  return html +
         "</ol>\n</nav>\n<p id=\"status\" role=\"status\">"
         "<span aria-hidden=\"true\"></span><span class=\"hidden\"></span></p>\n</header>\n";
}

}  // namespace

Response framed(const Frame& frame, int status) {
  const std::string title = frame.title.empty() ? "Recoup" : frame.title + " - Recoup";
  Html html(kHead, title, frame.again.count());
  html += header(frame);
  html += Html("<main id=\"main\" tabindex=\"-1\">\n{}</main>\n", frame.main);
  html += kFoot;
  Response response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body = html.with_percent_signs_kept().bytes();
  return response;
}

Response problem_page(int status, const std::string& title, const Html& what_to_do) {
  Frame frame;
  frame.title = title;
  frame.main = Html("<h1 class=\"verdict\">{}</h1>\n", title);
  frame.main += report::paragraph(what_to_do);
  frame.main += report::paragraph(link_html("/", "All agreements"));
  return framed(frame, status);
}

Response needs_ledger() {
  return problem_page(503, "The ledger cannot be read here.",
                      "Only the running month is known to this process.");
}

std::string query_of(const Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : found->second;
}

std::string agreement_address(const std::string& id) {
  return "/agreements/" + record::percent_encoded(id);
}

std::string month_address(const std::string& id, core::Month month) {
  return agreement_address(id) + "/" + core::to_text(month);
}

std::string day_address(const std::string& id, core::Month month, core::Date date) {
  return month_address(id, month) + "/" + core::to_text(date);
}

std::string year_address(const std::string& id, core::Month last) {
  return agreement_address(id) + "/year?until=" + core::to_text(last);
}

Html link_html(const std::string& address, const Html& html) {
  return Html("<a href=\"{}\">{}</a>", address, html);
}

bool is_utc(const core::Zone& zone) { return zone.name() == "UTC"; }

std::string local_text(core::Instant at, const core::Zone& zone) {
  const core::Instant local = at + zone.offset_at(at);
  constexpr std::size_t kDate = 11;  // with the space
  std::string text = report::instant_text(local);
  text.resize(text.size() - 4);
  if (text.substr(0, kDate) == report::instant_text(at).substr(0, kDate)) text.erase(0, kDate);
  return text + " " + zone.name();
}

Html moment_html(core::Instant at, const core::Zone& zone) {
  Html html = report::instant_html(at);
  if (is_utc(zone)) return html;
  return html + Html(" <small class=\"local\">({})</small>", local_text(at, zone));
}

std::string deadline_text(core::Instant end) {
  const auto day = std::chrono::floor<std::chrono::days>(end);
  return day == end ? core::to_text(core::Date(day)) : report::instant_text(end);
}

std::string age_text(core::Millis age) {
  using namespace std::chrono;
  const auto whole = [](auto length, std::string_view noun) {
    return core::counted(static_cast<std::uint64_t>(length.count()), noun);
  };
  if (age < minutes(1)) return "just now";
  if (age < hours(1)) return whole(floor<minutes>(age), "minute");
  if (age < days(2)) return whole(floor<hours>(age), "hour");
  return whole(floor<days>(age), "day");
}

// The user's own name for it, by which he must know it again: accounts may be in it.
Html id_html(const std::string& id) { return record::without_secrets(id); }

Html account_html(const std::string& account, bool masked) {
  if (!masked) return record::without_secrets(account);
  // As many letters as tell a user's accounts apart, of names long enough to hide the rest.
  constexpr std::size_t kShown = 4;
  constexpr std::size_t kLong = 10;
  std::string text(record::kRedacted);
  if (account.size() >= kLong) text += account.substr(account.size() - kShown);
  return text;
}

Html figure_html(std::string_view name, const Html& value, const Html& more) {
  return Html("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>\n", name, value, more);
}

}  // namespace recoup::web
