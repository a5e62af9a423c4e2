#pragma once

#include <functional>
#include <string>

#include "core/assessment.h"
#include "core/zone.h"
#include "report/html.h"

namespace recoup::report {

struct PictureOptions {
  std::string id_prefix = "month";  // begins every id of the picture: two may stand in one page
  // The address of what is known of a day: its row is a link there. Without it there are no links.
  std::function<std::string(core::Date)> day_link = {};
  // Among others of its kind: low rows without names, hours and numbers, for those who see it
  // alone. What it shows stands in words beside it.
  bool small = false;
};

// The month as a picture: an SVG element with a row for each day of the cycle's zone. It is as
// wide as its place and styled by picture_css(); no script, nothing from outside.
Html picture_svg(const core::Assessment& assessment, const core::Zone& zone,
                 const PictureOptions& options = {});

// One day of it alone, as an SVG element: what happens within hours can be told apart. The date is
// one of the cycle's.
Html day_svg(const core::Assessment& assessment, const core::Zone& zone, core::Date date,
             const PictureOptions& options = {});

// What its looks mean, with how many intervals have each, without those that none has: an HTML
// list. `noun` is what the contract calls an interval. It draws with the patterns of the picture of
// the same prefix.
Html picture_legend(const core::Assessment& assessment, const std::string& noun,
                    const PictureOptions& options = {});

// The same for those who cannot see it: an HTML table of the days.
Html picture_table(const core::Assessment& assessment, const core::Zone& zone,
                   const std::string& noun, const PictureOptions& options = {});

}  // namespace recoup::report
