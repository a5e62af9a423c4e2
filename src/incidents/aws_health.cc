#include <fmt/format.h>

#include "incidents/forms.h"

// AWS Health API Reference, "Event" and "EventDetails"; AWS Health User Guide, "Reference: AWS
// Health events Amazon EventBridge schema". The CLI prints times in seconds, or as RFC 3339;
// EventBridge has them as HTTP does, but for "time", when the message was sent.
namespace recoup::incidents {
namespace {

// "arn:aws-cn:health:cn-north-1::event/KMS/…": the partition, which has contracts of its own.
std::string provider_of(std::string_view arn) {
  return arn.starts_with("arn:aws-cn:") ? "aws-cn" : "aws";
}

// The event's id, which events of several Regions may share, behind its Region.
std::string id_of(const std::string& arn, const std::string& region) {
  return fmt::format("{}/{}", region, arn.substr(arn.rfind('/') + 1));
}

}  // namespace

Told read_aws_event(RecordReader& in) {
  const documents::JsonNode* detail = in.record().find("detail");
  const documents::JsonNode* with_details = in.record().find("event");
  const documents::JsonNode& event = detail != nullptr         ? *detail
                                     : with_details != nullptr ? *with_details
                                                               : in.record();
  const std::string arn = in.text(event, detail != nullptr ? "eventArn" : "arn");
  const std::string category = in.text(event, "eventTypeCategory");
  const std::string code = in.text(event, "eventTypeCode");
  if (in.complaint()) return {};
  if (category != "issue" && category != "investigation") {
    return {{}, code, fmt::format("of the category {}, and no issue", category)};
  }
  if (in.text_or_empty(event, "statusCode") == "upcoming") {
    return {{}, code, "it had not begun when the file was made"};
  }
  core::ProviderIncident one;
  one.provider = provider_of(arn);
  const std::string region = in.text_or_empty(event, detail != nullptr ? "eventRegion" : "region");
  one.id = id_of(arn, region);
  one.services = {in.text(event, "service")};
  if (!region.empty()) one.regions = {region};
  const auto begin = in.instant_or_none(event, "startTime");
  if (!begin && !in.complaint()) {
    in.refuse(event, "expected a time at 'startTime', got none");
  }
  one.begin = begin.value_or(core::Instant());
  one.end = in.instant_or_none(event, "endTime");
  one.updated = in.instant_or_none(event, "lastUpdatedTime");
  // An Event does not say when it was first shown; a message says when it was sent.
  if (detail != nullptr) one.announced = in.instant_or_none("time");
  one.title = code;
  return {{std::move(one)}};
}

}  // namespace recoup::incidents
