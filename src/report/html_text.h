#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/assessment.h"
#include "core/rule.h"
#include "core/time.h"
#include "report/html.h"

namespace recoup::report {

// "October 2026".
std::string month_name(core::Month month);

// "2026-10-03 02:05 UTC": seconds and milliseconds only where there are some.
std::string instant_text(core::Instant at);
// "2026-10-03 02:00 to 02:25 UTC"; with a second date where it is another.
std::string span_text(const core::Interval& span);
// "1 minute", "5 minutes"; in seconds where it is no whole minute.
std::string length_text(core::Millis length);
// instant_text() as a <time> element.
Html instant_html(core::Instant at);

// A Monthly Uptime Percentage, cut to three digits more than the finest bound of the contract: it
// lies on the same side of every bound as the exact one. Without "%".
std::string uptime_text(const core::Version& version, const core::Ratio& uptime);

// A part of the page with its heading, reachable at "#id".
Html section(std::string_view id, const Html& title, const Html& body);

Html paragraph(const Html& html, std::string_view css = {});

// An unordered list.
Html list(const std::vector<Html>& items);

struct Column {
  Html name;
  bool number = false;  // stands at the right of its column
};

// HtmlTable writes one table of the page. The first cell of a row is the row's header. A wide one
// scrolls inside its own region, which the keyboard reaches.
class HtmlTable {
 public:
  // `id` is the page's only one; without names of columns there is no head.
  HtmlTable(std::string_view id, Html caption, std::vector<Column> columns);

  void row(const std::vector<Html>& cells, std::string_view css = {});
  // A line over all columns: the rows that follow, up to the next one, belong to it.
  void group(const Html& title);
  Html html() const;  // as wide as the page
  // As wide as it must be. `css`: "loose", its cells wrap first; "dense", its letters are small on
  // paper.
  Html scrolling(std::string_view css = {}) const;

 private:
  std::string id_;
  Html caption_;
  std::vector<Column> columns_;
  Html rows_;
};

}  // namespace recoup::report
