// The provider's own incidents on a month's page and in the API.
#include "report/incident_words.h"
#include "support/catch.h"
#include "support/places.h"
#include "support/process.h"
#include "web/page_site.h"

#include <nlohmann/json.hpp>

using namespace recoup;
using namespace recoup::test;
using nlohmann::json;

namespace {

// Two lost intervals in the incident, and one outside.
core::Judgement& with_incident(PageSite& site) {
  core::Judgement& judgement = site.add(site.agreement("kms"), {{7, 40}, {8, 40}, {3000, 40}});
  core::ProviderIncident incident;
  incident.number = 4;
  incident.provider = "aws";
  incident.id = "us-east-1/AWS_KMS_OPERATIONAL_ISSUE_1";
  incident.services = {"KMS"};
  incident.regions = {"us-east-1"};
  incident.begin = judgement.assessment.interval_at(7).begin;
  incident.end = incident.begin + std::chrono::minutes(30);
  incident.announced = incident.begin + std::chrono::minutes(7);
  incident.title = "<img src=x onerror=alert(1)> Increased error rates";
  incident.url = "https://health.example/?<b>";
  judgement.incidents = core::see_incidents(judgement.assessment, {incident});
  return judgement;
}

}  // namespace

TEST_CASE("a month's page says what the provider told of, and nothing of it is markup") {
  PageSite site;
  const core::Judgement& judgement = with_incident(site);
  const std::string page = site.page("/agreements/kms");
  CHECK(has(page, "<section id=\"provider\""));
  CHECK(has(text_of(page), "own incidents"));
  CHECK(has(page, "2 of the 3 intervals below 100 % overlap it."));
  CHECK(has(page, "7 minutes before the provider"));
  CHECK(has(page, "1 lies outside."));
  CHECK(has(page, "&lt;img src=x onerror=alert(1)&gt; Increased error rates"));
  CHECK_FALSE(has(page, "<img"));
  CHECK_FALSE(has(page, "?<b>"));
  CHECK(judgement.incidents.inside == 2);
}

TEST_CASE("a month without incidents of the provider has no section for them") {
  PageSite site;
  site.add(site.agreement("kms"), {{7, 40}});
  CHECK_FALSE(has(site.page("/agreements/kms"), "id=\"provider\""));
}

TEST_CASE("incidents in JSON have the keys of the document, each of them") {
  PageSite site;
  const json incidents = report::incidents_json(with_incident(site));
  const json document = json::parse(read_text(SOURCE_DIR "/src/web/assets/openapi.json"));
  const json& schema =
      document["components"]["schemas"]["Assessment"]["properties"]["provider_incidents"];
  const auto keys_of = [](const json& object) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : object.items()) keys.push_back(key);
    return keys;
  };
  CHECK(keys_of(incidents) == keys_of(schema["properties"]));
  const json& one = schema["properties"]["incidents"]["items"];
  CHECK(keys_of(incidents["incidents"][0]) == keys_of(one["properties"]));
  for (const json& each : {schema, one}) {
    std::vector<std::string> required = each["required"];
    std::sort(required.begin(), required.end());
    CHECK(required == keys_of(each["properties"]));
  }
}
