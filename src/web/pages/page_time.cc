#include <fmt/format.h>

#include "core/text.h"
#include "report/html_text.h"
#include "web/pages/page_month.h"

namespace recoup::web {

Html time_section(const MonthView& view) {
  if (!view.running || !view.snapshot->stamps) return {};
  const record::StampCounts& stamps = *view.snapshot->stamps;
  Html html;
  bool any = false;
  for (const record::StampCounts::Agreement& one : stamps.agreements) {
    if (one.agreement != view.id()) continue;
    any = true;
    html += report::paragraph(one.until ? fmt::format("A third party signed the time of what was "
                                                      "recorded, day by day, up to {}.",
                                                      core::to_text(*one.until))
                                        : "No third party has signed the time of anything yet.");
    if (one.waiting > 0) {
      html += report::paragraph(
          fmt::format("{} are due and not there: {}.", core::counted(one.waiting, "token"),
                      stamps.failing.empty() ? "they come with the next turn" : stamps.failing));
    }
    if (one.again > 0) {
      html += report::paragraph(fmt::format("Changed after it was signed, and signed again: {}.",
                                            core::counted(one.again, "time")));
    }
  }
  return any ? report::section("time", "Time, signed by others", html) : Html();
}

}  // namespace recoup::web
