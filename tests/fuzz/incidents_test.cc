#include "fuzz/fuzz.h"
#include "incidents/incident_file.h"

using namespace recoup;
using recoup::test::fuzz;

TEST_CASE("no file of a provider's incidents breaks its reader", "[incidents]") {
  fuzz({R"({"events":[{"arn":"arn:aws:health:us-east-1::event/KMS/A/A_1","service":"KMS",)"
        R"("eventTypeCode":"A","eventTypeCategory":"issue","region":"us-east-1",)"
        R"("startTime":1790935200.53,"endTime":"2026-10-02T11:05:45.905+01:00"}]})",
        R"([{"source":"aws.health","time":"2026-10-02T10:07:21Z","detail":{"eventArn":"a/b",)"
        R"("service":"KMS","eventTypeCode":"A","eventTypeCategory":"issue","eventRegion":"r",)"
        R"("startTime":"Fri, 02 Oct 2026 10:00:00 GMT"}}])",
        R"({"page":{"name":"P"},"incidents":[{"id":"x","name":"n\u0000\ud83d\ude00",)"
        R"("created_at":"2026-10-03T12:00:19.418+02:00","shortlink":"https://s",)"
        R"("incident_updates":[{"display_at":"2026-10-03T11:55:00+02:00"}],)"
        R"("components":[{"name":"Core"}]}]})",
        R"([{"id":"abc","begin":"2026-10-03T10:00:00+00:00","external_desc":"d",)"
        R"("updates":[{"when":"2026-10-03T10:22:00+00:00","affected_locations":[{"id":"l"}]}],)"
        R"("affected_products":[{"title":"p"}],"uri":"incidents/abc"}])",
        R"({"value":[{"name":"BC","type":"/providers/Microsoft.ResourceHealth/events",)"
        R"("properties":{"eventType":"ServiceIssue","title":"t","impactStartTime":)"
        R"("2026-10-03T10:00:00.1203530Z","impact":[{"impactedService":"Key Vault",)"
        R"("impactedRegions":[{"impactedRegion":"West US","updates":[{"updateDateTime":)"
        R"("2026-10-03T10:15:00Z"}]}]}]}}]})"},
       [](const std::string& text) {
         const auto file = incidents::read_incident_file("fuzz.json", text, "digest", {"p", {}});
         if (!file) return;
         for (const core::ProviderIncident& one : file->incidents) {
           REQUIRE_FALSE(one.span().empty());
           REQUIRE(one.title.find('\n') == std::string::npos);
         }
       });
}
