// What is read of the incidents that providers publish, and what is said of files that are none.
#include "incidents/incident_file.h"

#include "incidents/one_line.h"
#include "incidents/record_reader.h"
#include "support/catch.h"

using namespace recoup;
using incidents::Form;
using incidents::IncidentFile;
using incidents::IncidentOptions;

namespace {

IncidentFile read(const std::string& text, const IncidentOptions& options = {}) {
  auto file = incidents::read_incident_file("told.json", text, "digest", options);
  INFO((file ? "" : file.error().message));
  REQUIRE(file.ok());
  return *std::move(file);
}

std::string refused(const std::string& text) {
  const auto file = incidents::read_incident_file("told.json", text, "digest");
  REQUIRE_FALSE(file.ok());
  return file.error().message;
}

core::Instant at(const std::string& text) { return *core::parse_instant(text); }

bool begins(const std::string& text, const std::string& with) {
  INFO(text);
  return text.starts_with(with);
}

constexpr const char* kStatuspage = R"({
  "page": {"id": "p", "name": "Stedi", "url": "https://status.stedi.com"},
  "incidents": [
    {"id": "x0ljvc9m1wxj", "name": "Elevated <b>errors</b>\nin the API", "status": "resolved",
     "created_at": "2026-10-03T12:00:19.418+02:00", "updated_at": "2026-10-03T14:00:00+02:00",
     "started_at": "2026-10-03T09:50:00Z", "resolved_at": "2026-10-03T13:40:58+02:00",
     "impact": "major", "shortlink": "https://stspg.io/7a0d3a4d2",
     "incident_updates": [
       {"status": "resolved", "body": "…", "created_at": "2026-10-03T13:40:58+02:00",
        "display_at": "2026-10-03T13:40:58+02:00"},
       {"status": "investigating", "body": "…", "created_at": "2026-10-03T12:00:19.418+02:00",
        "display_at": "2026-10-03T11:55:00+02:00"}],
     "components": [{"id": "c", "name": "Core"}, {"id": "d", "name": "EDI Translate"}]},
    {"id": "m", "name": "Database upgrade", "impact": "maintenance",
     "created_at": "2026-10-01T00:00:00Z", "incident_updates": []}
  ]})";

}  // namespace

TEST_CASE("events of AWS Health are read as the command line prints them") {
  const IncidentFile file = read(R"({"events": [
    {"arn": "arn:aws:health:us-east-1::event/KMS/AWS_KMS_OPERATIONAL_ISSUE/AWS_KMS_OPERATIONAL_ISSUE_KWQPY_1",
     "service": "KMS", "eventTypeCode": "AWS_KMS_OPERATIONAL_ISSUE", "eventTypeCategory": "issue",
     "region": "us-east-1", "startTime": 1790935200.53, "endTime": 1790937900.597,
     "lastUpdatedTime": "2026-10-02T11:05:45.905+01:00", "statusCode": "closed",
     "eventScopeCode": "PUBLIC"},
    {"arn": "arn:aws:health:global::event/BILLING/AWS_BILLING_NOTIFICATION/AWS_BILLING_NOTIFICATION_6",
     "service": "BILLING", "eventTypeCode": "AWS_BILLING_NOTIFICATION",
     "eventTypeCategory": "accountNotification", "region": "global", "startTime": 1588356000.0}
  ], "nextToken": null})");
  CHECK(file.form == Form::aws_health);
  REQUIRE(file.incidents.size() == 1);
  const core::ProviderIncident& one = file.incidents[0];
  CHECK(one.provider == "aws");
  CHECK(one.id == "us-east-1/AWS_KMS_OPERATIONAL_ISSUE_KWQPY_1");
  CHECK(one.services == std::vector<std::string>{"KMS"});
  CHECK(one.regions == std::vector<std::string>{"us-east-1"});
  CHECK(one.begin == at("2026-10-02T10:00:00.530Z"));
  CHECK(one.end == at("2026-10-02T10:45:00.597Z"));
  CHECK(one.updated == at("2026-10-02T10:05:45.905Z"));
  // An Event does not say when it was first shown.
  CHECK_FALSE(one.announced);
  CHECK(one.title == "AWS_KMS_OPERATIONAL_ISSUE");
  CHECK(one.source == "digest");
  REQUIRE(file.left_out.size() == 1);
  CHECK(file.left_out[0].what == "AWS_BILLING_NOTIFICATION");
  CHECK(file.left_out[0].why == "of the category accountNotification, and no issue");
}

TEST_CASE("details of AWS Health and what EventBridge hands on are the same event") {
  const IncidentFile details = read(R"({"successfulSet": [{"event": {
     "arn": "arn:aws-cn:health:cn-north-1::event/KMS/A/A_1", "service": "KMS",
     "eventTypeCode": "A", "eventTypeCategory": "issue", "region": "cn-north-1",
     "startTime": "2026-10-02T18:00:00+08:00", "statusCode": "open"},
     "eventDescription": {"latestDescription": "We are investigating."}}], "failedSet": []})");
  REQUIRE(details.incidents.size() == 1);
  CHECK(details.incidents[0].provider == "aws-cn");
  CHECK_FALSE(details.incidents[0].end);

  const std::string message = R"({"version": "0", "id": "7bf7", "detail-type": "AWS Health Event",
     "source": "aws.health", "account": "123456789012", "time": "2026-10-02T10:07:21Z",
     "region": "us-west-2", "resources": [], "detail": {
       "eventArn": "arn:aws:health:us-east-1::event/KMS/A/A_1", "service": "KMS",
       "eventTypeCode": "A", "eventTypeCategory": "issue", "eventRegion": "us-east-1",
       "startTime": "Fri, 02 Oct 2026 10:00:00 GMT", "lastUpdatedTime": "Fri, 02 Oct 2026 10:07:00 GMT",
       "statusCode": "open", "eventDescription": [{"language": "en_US", "latestDescription": "…"}]}})";
  for (const std::string& text : {message, "[" + message + "]"}) {
    const IncidentFile file = read(text);
    REQUIRE(file.incidents.size() == 1);
    CHECK(file.incidents[0].id == "us-east-1/A_1");
    CHECK(file.incidents[0].regions == std::vector<std::string>{"us-east-1"});
    CHECK(file.incidents[0].begin == at("2026-10-02T10:00:00Z"));
    CHECK(file.incidents[0].announced == at("2026-10-02T10:07:21Z"));
  }
}

TEST_CASE("a Statuspage's incidents have the earliest of all times at which they were told") {
  const IncidentFile file = read(kStatuspage);
  CHECK(file.form == Form::statuspage);
  REQUIRE(file.incidents.size() == 1);
  const core::ProviderIncident& one = file.incidents[0];
  CHECK(one.provider == "Stedi");
  CHECK(one.title == "Elevated <b>errors</b> in the API");
  CHECK(one.services == std::vector<std::string>{"Core", "EDI Translate"});
  CHECK(one.regions.empty());
  CHECK(one.begin == at("2026-10-03T09:50:00Z"));
  CHECK(one.end == at("2026-10-03T11:40:58Z"));
  CHECK(one.announced == at("2026-10-03T09:55:00Z"));
  CHECK(one.updated == at("2026-10-03T12:00:00Z"));
  CHECK(one.url == "https://stspg.io/7a0d3a4d2");
  REQUIRE(file.left_out.size() == 1);
  CHECK(file.left_out[0].what == "Database upgrade");
}

TEST_CASE("one incident of a page does not say whose it is") {
  const std::string one = R"json({"id": "x", "name": "n", "created_at": "2026-10-03T12:00:00Z",
    "shortlink": "javascript:alert(1)", "incident_updates": []})json";
  const IncidentFile unknown = read(one);
  CHECK(unknown.incidents.empty());
  CHECK(unknown.unreadable == 1);
  REQUIRE(unknown.complaints.size() == 1);
  CHECK(begins(unknown.complaints[0],
               "told.json:1:1: error: expected to be told whose incident this is, got no page's "
               "name\n"));
  CHECK(unknown.complaints[0].ends_with("help: say it with --provider NAME"));
  const IncidentFile known = read(one, {"stedi", {"mine"}});
  REQUIRE(known.incidents.size() == 1);
  CHECK(known.incidents[0].provider == "stedi");
  CHECK(known.incidents[0].agreements == std::vector<std::string>{"mine"});
  CHECK(known.incidents[0].begin == known.incidents[0].announced);
  CHECK(known.incidents[0].url.empty());
  CHECK(read("{\"page\": {\"name\": \"P\"}, \"incident\": " + one + "}").incidents.size() == 1);
}

TEST_CASE("Google's incidents have products, locations and the first update") {
  const IncidentFile file = read(R"json([
    {"id": "abc", "number": "1", "begin": "2026-10-03T10:00:00+00:00",
     "created": "2026-10-03T10:21:00+00:00", "end": "2026-10-03T11:00:00+00:00",
     "modified": "2026-10-03T12:00:00+00:00", "external_desc": "Elevated error rates",
     "updates": [{"created": "2026-10-03T10:20:00+00:00", "when": "2026-10-03T10:22:00+00:00",
       "text": "…", "affected_locations": [{"title": "Iowa (us-central1)", "id": "us-central1"}]}],
     "status_impact": "SERVICE_DISRUPTION", "severity": "medium",
     "service_name": "Multiple Products",
     "affected_products": [{"title": "Google Cloud Storage", "id": "p"}],
     "uri": "incidents/abc", "currently_affected_locations": [],
     "previously_affected_locations": [{"title": "Iowa (us-central1)", "id": "us-central1"},
                                       {"title": "South Carolina", "id": "us-east1"}]},
    {"id": "def", "begin": "2026-10-04T10:00:00+00:00", "external_desc": "A notice",
     "status_impact": "SERVICE_INFORMATION"}])json");
  CHECK(file.form == Form::google);
  REQUIRE(file.incidents.size() == 1);
  const core::ProviderIncident& one = file.incidents[0];
  CHECK(one.services == std::vector<std::string>{"Google Cloud Storage"});
  CHECK(one.regions == std::vector<std::string>{"us-central1", "us-east1"});
  CHECK(one.announced == at("2026-10-03T10:20:00Z"));
  CHECK(one.url == "https://status.cloud.google.com/incidents/abc");
  CHECK(file.left_out.size() == 1);
}

TEST_CASE("an event of Azure is an incident of each service, with its own Regions") {
  const IncidentFile file = read(R"({"value": [
    {"name": "BC_1-FXZ", "type": "/providers/Microsoft.ResourceHealth/events",
     "properties": {"eventType": "ServiceIssue", "title": "Key Vault in two Regions",
       "impactStartTime": "2026-10-03T10:00:00.1203530Z", "impactMitigationTime": "",
       "lastUpdateTime": "2026-10-03T11:00:00Z",
       "impact": [
         {"impactedService": "Key Vault", "impactedRegions": [
           {"impactedRegion": "West US", "updates": [{"updateDateTime": "2026-10-03T10:15:00Z"},
                                                      {"updateDateTime": "2026-10-03T10:45:00Z"}]},
           {"impactedRegion": "East US", "lastUpdateTime": "2026-10-03T11:30:00Z"}]},
         {"impactedService": "Storage", "impactedRegions": [{"impactedRegion": "West US"}]}]}},
    {"name": "M", "type": "/providers/Microsoft.ResourceHealth/events",
     "properties": {"eventType": "PlannedMaintenance", "title": "Planned"}}]})");
  CHECK(file.form == Form::azure);
  REQUIRE(file.incidents.size() == 2);
  CHECK(file.incidents[0].id == "BC_1-FXZ/Key Vault");
  CHECK(file.incidents[0].regions == std::vector<std::string>{"West US", "East US"});
  CHECK(file.incidents[0].announced == at("2026-10-03T10:15:00Z"));
  CHECK(file.incidents[0].updated == at("2026-10-03T11:30:00Z"));
  CHECK_FALSE(file.incidents[0].end);
  CHECK(file.incidents[0].begin == at("2026-10-03T10:00:00.120Z"));
  CHECK(file.incidents[1].regions == std::vector<std::string>{"West US"});
  CHECK_FALSE(file.incidents[1].announced);
  CHECK(file.left_out.size() == 1);
}

TEST_CASE("a record that cannot be read is named with its place, and the others are read") {
  const IncidentFile file = read(
      "{\"page\": {\"name\": \"P\"}, \"incidents\": [\n"
      "  {\"id\": \"a\", \"name\": \"n\", \"created_at\": \"yesterday\"},\n"
      "  {\"id\": \"b\", \"name\": \"n\", \"created_at\": \"2026-10-03T12:00:00Z\",\n"
      "   \"resolved_at\": \"2026-10-03T11:00:00Z\"},\n"
      "  {\"id\": 7, \"name\": \"n\"}, 12,\n"
      "  {\"name\": \"without\"},\n"
      "  {\"id\": \"c\", \"name\": \"good\", \"created_at\": \"2026-10-03T12:00:00Z\"}]}");
  CHECK(file.incidents.size() == 1);
  CHECK(file.unreadable == 5);
  REQUIRE(file.complaints.size() == 5);
  CHECK(file.complaints[0] ==
        "told.json:2:42: error: expected a time at 'created_at', got 'yesterday'\n"
        "    2 |   {\"id\": \"a\", \"name\": \"n\", \"created_at\": \"yesterday\"},\n"
        "      |                                          ^^^^^^^^^^^\n"
        "help: times are like 2026-10-03T10:00:00Z, Sat, 03 Oct 2026 10:00:00 GMT, or seconds "
        "since 1970");
  CHECK(begins(file.complaints[1],
               "told.json:3:3: error: expected an end behind the begin 2026-10-03T12:00:00Z, got "
               "2026-10-03T11:00:00Z\n"));
  CHECK(
      begins(file.complaints[2], "told.json:5:10: error: expected a text at 'id', got a number\n"));
  CHECK(begins(file.complaints[3],
               "told.json:5:27: error: expected an object, got something else\n"));
  CHECK(begins(file.complaints[4], "told.json:6:3: error: expected a text at 'id', got none\n"));
}

TEST_CASE("a file that is no JSON, or other JSON, is refused with its place and what is read") {
  CHECK(begins(refused("{\"events\": [\n  {\"arn\" 1}"),
               "told.json:2:10: error: expected JSON, got something else here\n"));
  CHECK(begins(refused("{\"events\": ["),
               "told.json:1:13: error: expected more JSON, got the end of the file\n"));
  CHECK(begins(refused(""), "told.json:1:1: error: expected more JSON"));
  for (const char* text : {"{\"some\": \"thing\"}", "[]", "12", "[1, 2]", "\"text\"", "null"}) {
    const std::string said = refused(text);
    CHECK(begins(said, "told.json:1:1: error: expected incidents of a provider, got other JSON\n"));
    CHECK(said.find("recoup incident add") != std::string::npos);
  }
  const std::string deep(100'000, '[');
  CHECK(begins(refused(deep), "told.json:1:65: error: expected values at most 64 deep"));
}

TEST_CASE("times are read in the forms that providers use, and no others") {
  using incidents::parse_provider_time;
  CHECK(parse_provider_time("Thu, 27 Jan 2022 13:19:03 GMT") == at("2022-01-27T13:19:03Z"));
  CHECK(parse_provider_time("1589077890.53") == at("2020-05-10T02:31:30.530Z"));
  CHECK(parse_provider_time("1589077890") == at("2020-05-10T02:31:30Z"));
  for (const char* text : {"Thu 15 Dec 2022 23: 25: 00 GMT", "3/29/2017 3:43:21 PM", "1e9", "-1",
                           "15890778901", ".5", "2026-10-03T10:00:00",
                           "Thu, 27 Xxx 2022 13:19:03 GMT", "Thu, 27 anF 2022 13:19:03 GMT", ""}) {
    INFO(text);
    CHECK_FALSE(parse_provider_time(text));
  }
}

TEST_CASE("texts of others are on one line, and steer no terminal") {
  CHECK(incidents::one_line("  a\n\tb\x1b[31m \xc2\x9b c\x7f ") == "a b [31m c");
  CHECK(incidents::one_line(std::string(400, 'x')) == std::string(300, 'x') + "…");
  CHECK(incidents::one_line("\xff\xfe").empty());
}
