#include <algorithm>

#include "incidents/forms.h"

// What status.cloud.google.com publishes as incidents.json, by programs that read it: the format is
// not described by Google.
namespace recoup::incidents {
namespace {

void add_once(std::vector<std::string>& all, std::string one) {
  if (one.empty() || std::find(all.begin(), all.end(), one) != all.end()) return;
  all.push_back(std::move(one));
}

void add_locations(RecordReader& in, const documents::JsonNode& object, std::string_view key,
                   std::vector<std::string>& regions) {
  for (const documents::JsonNode* location : in.objects(object, key)) {
    add_once(regions, in.text(*location, "id"));
  }
}

std::string address_of(const std::string& uri) {
  if (uri.empty() || uri.starts_with("https://")) return uri;
  return "https://status.cloud.google.com/" + uri;
}

}  // namespace

Told read_google_incident(RecordReader& in) {
  core::ProviderIncident one;
  one.provider = "google";
  one.id = in.text("id");
  one.title = in.text_or_empty("external_desc");
  if (in.complaint()) return {};
  if (in.text_or_empty("status_impact") == "SERVICE_INFORMATION") {
    return {{}, one.title.empty() ? one.id : one.title, "a notice, and no disruption"};
  }
  one.begin = in.instant("begin");
  one.end = in.instant_or_none("end");
  one.announced = in.instant_or_none("created");
  one.updated = in.instant_or_none("modified");
  add_locations(in, in.record(), "currently_affected_locations", one.regions);
  add_locations(in, in.record(), "previously_affected_locations", one.regions);
  for (const documents::JsonNode* update : in.objects("updates")) {
    keep_earliest(one.announced, in.instant_or_none(*update, "created"));
    keep_earliest(one.announced, in.instant_or_none(*update, "when"));
    add_locations(in, *update, "affected_locations", one.regions);
  }
  for (const documents::JsonNode* product : in.objects("affected_products")) {
    add_once(one.services, in.text(*product, "title"));
  }
  if (one.services.empty()) add_once(one.services, in.text_or_empty("service_name"));
  one.url = address_of(in.text_or_empty("uri"));
  return {{std::move(one)}};
}

}  // namespace recoup::incidents
