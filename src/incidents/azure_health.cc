#include <fmt/format.h>

#include "incidents/forms.h"

// Azure REST API, Microsoft.ResourceHealth, "Events - List By Subscription Id", 2025-05-01. What
// the public page of Azure's status shows has no such form; alerts of the activity log have
// another, whose list of services is a text in the text: neither is read.
namespace recoup::incidents {
namespace {

// A service that the event touches: the Regions, and when there was first word of it there.
void add_impact(RecordReader& in, const documents::JsonNode& impact, core::ProviderIncident& one) {
  one.services = {in.text(impact, "impactedService")};
  for (const documents::JsonNode* region : in.objects(impact, "impactedRegions")) {
    one.regions.push_back(in.text(*region, "impactedRegion"));
    keep_latest(one.updated, in.instant_or_none(*region, "lastUpdateTime"));
    for (const documents::JsonNode* update : in.objects(*region, "updates")) {
      keep_earliest(one.announced, in.instant_or_none(*update, "updateDateTime"));
    }
  }
}

}  // namespace

Told read_azure_event(RecordReader& in) {
  static const documents::JsonNode kNothing;
  const documents::JsonNode* properties = in.record().find("properties");
  if (properties == nullptr) in.refuse(in.record(), "expected an object at 'properties', got none");
  const documents::JsonNode& event = properties == nullptr ? kNothing : *properties;
  core::ProviderIncident one;
  one.provider = "azure";
  one.id = in.text("name");
  if (in.complaint()) return {};
  one.title = in.text_or_empty(event, "title");
  const std::string type = in.text_or_empty(event, "eventType");
  if (type != "ServiceIssue") {
    return {{},
            one.title.empty() ? one.id : one.title,
            fmt::format("of the type {}, and no ServiceIssue", type.empty() ? "unknown" : type)};
  }
  const auto begin = in.instant_or_none(event, "impactStartTime");
  if (!begin && !in.complaint()) {
    in.refuse(event, "expected a time at 'impactStartTime', got none");
  }
  one.begin = begin.value_or(core::Instant());
  one.end = in.instant_or_none(event, "impactMitigationTime");
  one.updated = in.instant_or_none(event, "lastUpdateTime");
  Told told;
  // Each with its own Regions: what one service is touched in, another may not be.
  for (const documents::JsonNode* impact : in.objects(event, "impact")) {
    core::ProviderIncident part = one;
    add_impact(in, *impact, part);
    if (!part.services.front().empty()) part.id += '/' + part.services.front();
    told.incidents.push_back(std::move(part));
  }
  if (told.incidents.empty()) told.incidents.push_back(std::move(one));
  return told;
}

}  // namespace recoup::incidents
