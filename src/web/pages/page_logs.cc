#include <fmt/format.h>

#include "core/text.h"
#include "report/html_text.h"
#include "web/pages/page_month.h"

namespace recoup::web {
namespace {

constexpr std::size_t kMostLogs = 20;

Html files_html(const record::FollowedLog& log) {
  Html html(log.is_query ? std::string("–") : core::grouped(log.files));
  for (const auto& problem : log.problems) {
    html +=
        Html("<br>{}: {}", report::outside_html(problem.file), report::outside_html(problem.why));
  }
  if (log.problem_files > log.problems.size()) {
    html += Html("<br>and {}", core::counted(log.problem_files - log.problems.size(), "more file"));
  }
  return html;
}

Html state_html(const record::FollowedLog& log) {
  if (log.away_since) {
    return Html("not answered since {}: {}", core::to_text(*log.away_since),
                report::outside_html(log.away_why));
  }
  if (log.silent_since) return Html("silent since {}", core::to_text(*log.silent_since));
  if (log.newest) return Html("told of the time before {}", core::to_text(*log.newest));
  return log.files == 0 && !log.is_query ? Html("no file there yet") : Html("nothing told yet");
}

}  // namespace

Html logs_section(const MonthView& view) {
  if (!view.running) return {};
  report::HtmlTable table("followed", "The logs that are followed, since the service started",
                          {{"Log"},
                           {"Format"},
                           {"State"},
                           {"Files"},
                           {"Requests", true},
                           {"Malformed", true},
                           {"Late", true}});
  std::size_t logs = 0;
  for (const record::FollowedLog& log : view.snapshot->logs) {
    if (log.agreement != view.id() || ++logs > kMostLogs) continue;
    table.row({report::outside_html(log.log), report::outside_html(log.format), state_html(log),
               files_html(log), core::grouped(log.requests), core::grouped(log.malformed),
               core::grouped(log.late)});
  }
  if (logs == 0) return {};
  Html html = table.scrolling("loose");
  if (logs > kMostLogs) {
    html += report::paragraph(
        fmt::format("These are {} of {} logs.", kMostLogs, core::grouped(logs)), "note");
  }
  return report::section("logs", "Logs that are followed", html);
}

}  // namespace recoup::web
