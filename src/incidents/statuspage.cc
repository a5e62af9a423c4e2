#include "incidents/forms.h"

// What pages of Atlassian's Statuspage publish at /api/v2/incidents.json, in common to all of them.
namespace recoup::incidents {

Told read_statuspage_incident(RecordReader& in) {
  core::ProviderIncident one;
  one.id = in.text("id");
  one.title = in.text("name");
  if (in.complaint()) return {};
  const documents::JsonNode* scheduled = in.record().find("scheduled_for");
  if (scheduled != nullptr || in.text_or_empty("impact") == "maintenance") {
    return {{}, one.title, "maintenance that was announced, and no incident"};
  }
  const core::Instant created = in.instant("created_at");
  one.begin = in.instant_or_none("started_at").value_or(created);
  one.end = in.instant_or_none("resolved_at");
  one.updated = in.instant_or_none("updated_at");
  // An update may be shown under another time than that at which it was written: the earlier one is
  // taken, so that the provider is not said to be later than it was.
  one.announced = created;
  for (const documents::JsonNode* update : in.objects("incident_updates")) {
    keep_earliest(one.announced, in.instant_or_none(*update, "created_at"));
    keep_earliest(one.announced, in.instant_or_none(*update, "display_at"));
    keep_latest(one.updated, in.instant_or_none(*update, "created_at"));
  }
  for (const documents::JsonNode* component : in.objects("components")) {
    one.services.push_back(in.text(*component, "name"));
  }
  one.url = in.text_or_empty("shortlink");
  return {{std::move(one)}};
}

}  // namespace recoup::incidents
