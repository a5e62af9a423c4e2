#pragma once

#include <memory>
#include <string>
#include <variant>

#include "web/pages/page_month.h"

namespace recoup::web {

// PageOf is whose page is asked for: one agreement of the newest snapshot and one of its months.
struct PageOf {
  const Site& site;
  std::shared_ptr<const report::Snapshot> snapshot;
  std::shared_ptr<const core::Standing> current;  // where the agreement stands now
  core::Month month;

  bool running() const { return month == current->assessment.cycle.month; }
};

// The month's verdict and the agreement's months; or the page that says why there is none.
std::variant<MonthView, Response> view_of(const PageOf& of);

// The page of a month. `under`: a contract to compare with, or empty.
Response agreement_page(const PageOf& of, const std::string& under);

}  // namespace recoup::web
