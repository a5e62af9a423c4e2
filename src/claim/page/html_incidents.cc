#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/text.h"
#include "record/redact.h"
#include "report/html_text.h"
#include "report/incident_words.h"

namespace recoup::claim {
namespace {

std::string instant_or(const std::optional<core::Instant>& at, std::string_view otherwise) {
  return at ? core::to_text(*at) : std::string(otherwise);
}

// Where it can be looked up: the provider's own id, and its page. No link: the text is another's.
Html place_html(const core::ProviderIncident& incident) {
  if (incident.source.empty()) return report::outside_html(incident.url);
  Html html("<code>{}</code>", report::outside_html(incident.id));
  if (!incident.url.empty()) html += Html(" {}", report::outside_html(incident.url));
  return html;
}

}  // namespace

Html incidents_html(const core::Judgement& judgement, const report::FormulaWords& words) {
  if (judgement.incidents.empty()) return {};
  Html html;
  for (const std::string& sentence : report::incident_words(judgement)) {
    html += report::paragraph(sentence);
  }
  report::HtmlTable table("provider-incidents", "What the provider told of",
                          {{"Incident"},
                           {"From (UTC)"},
                           {"To"},
                           {"First word of it"},
                           {"Where it says so"},
                           {fmt::format("Lost {}s in it", words.noun), true}});
  for (const core::SeenIncident& one : judgement.incidents.each) {
    const core::ProviderIncident& incident = one.incident;
    table.row({report::outside_html(record::redact(incident.title)), core::to_text(incident.begin),
               instant_or(incident.end, "not known"), instant_or(incident.announced, "not known"),
               place_html(incident), core::grouped(one.inside)});
  }
  return html + table.scrolling("loose") +
         report::paragraph(
             "The words are the provider's, as they were given to this program. No "
             "figure rests on them.",
             "note");
}

}  // namespace recoup::claim
