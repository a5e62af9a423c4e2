#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/assessment.h"
#include "core/rule.h"
#include "core/time.h"

namespace recoup::report {

// Text as it may stand in HTML and SVG, in an attribute's quotes too; control characters become
// spaces, those that turn the direction of text are shown (record::visible).
std::string escape_html(std::string_view text);

// What a user or somebody else wrote: without what is confidential, and escaped.
std::string outside_html(std::string_view text);

// "2,678,400", "12,345.67": a number's whole part in groups of three digits.
std::string grouped(std::string number);
std::string grouped(std::uint64_t number);

// "1 interval", "2,000 intervals".
std::string counted(std::uint64_t number, std::string_view noun);

// "October 2026".
std::string month_name(core::Month month);

// "2026-10-03 02:05 UTC": seconds and milliseconds only where there are some.
std::string instant_text(core::Instant at);
// "2026-10-03 02:00 to 02:25 UTC"; with a second date where it is another.
std::string span_text(const core::Interval& span);
// "1 minute", "5 minutes"; in seconds where it is no whole minute.
std::string length_text(core::Millis length);
// instant_text() as a <time> element.
std::string instant_html(core::Instant at);

// A Monthly Uptime Percentage, cut to three digits more than the finest bound of the contract: it
// lies on the same side of every bound as the exact one. Without "%".
std::string uptime_text(const core::Version& version, const core::Ratio& uptime);

// "less than 99.999 % and at least 99 %".
std::string tier_text(const core::Tier& tier);

// A whole page in which no line ends between a number and its percent sign.
std::string with_percent_signs_kept(std::string_view html);

// A part of the page with its heading, reachable at "#id". `body` is HTML.
std::string section(std::string_view id, std::string_view title, std::string_view body);

std::string paragraph(std::string_view html, std::string_view css = {});

// An unordered list of HTML items.
std::string list(const std::vector<std::string>& items);

struct Column {
  std::string_view name;
  bool number = false;  // stands at the right of its column
};

// Table writes one table of the page. Its captions and cells are HTML; the first cell of a row is
// the row's header. A wide one scrolls inside its own region, which the keyboard reaches.
class Table {
 public:
  // `id` is the page's only one; without names of columns there is no head.
  Table(std::string_view id, std::string_view caption, std::vector<Column> columns);

  void row(const std::vector<std::string>& cells, std::string_view css = {});
  std::string text() const;  // as wide as the page
  // As wide as it must be. `css`: "loose", its cells wrap first; "dense", its letters are small on
  // paper.
  std::string scrolling_text(std::string_view css = {}) const;

 private:
  std::string id_;
  std::string caption_;
  std::vector<Column> columns_;
  std::string rows_;
};

}  // namespace recoup::report
