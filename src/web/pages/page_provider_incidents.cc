#include "claim/page/html_sections.h"
#include "report/html_text.h"
#include "web/pages/page_month.h"

namespace recoup::web {

Html provider_incidents_section(const MonthView& view) {
  const Html html = claim::incidents_html(*view.judgement, view.words);
  return html.empty() ? Html() : report::section("provider", "The provider's own incidents", html);
}

}  // namespace recoup::web
