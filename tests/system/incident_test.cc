// What the provider says of its own troubles, from its file to the assessment.

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "system/folder.h"

using namespace recoup::test;
using nlohmann::json;

namespace {

constexpr const char* kEvents = R"({"events": [
  {"arn": "arn:aws:health:us-east-1::event/KMS/A/AWS_KMS_OPERATIONAL_ISSUE_KWQPY_1",
   "service": "KMS", "eventTypeCode": "AWS_KMS_OPERATIONAL_ISSUE", "eventTypeCategory": "issue",
   "region": "us-east-1", "startTime": "2026-06-03T02:00:00Z", "endTime": "2026-06-03T03:00:00Z"},
  {"arn": "arn:aws:health:us-east-1::event/EC2/A/AWS_EC2_OPERATIONAL_ISSUE_KWQPY_2",
   "service": "EC2", "eventTypeCode": "AWS_EC2_OPERATIONAL_ISSUE", "eventTypeCategory": "issue",
   "region": "us-east-1", "startTime": "2026-06-03T02:00:00Z"},
  {"arn": "arn:aws:health:global::event/KMS/A/AWS_KMS_OPERATIONAL_ISSUE_KWQPY_3",
   "service": "KMS", "eventTypeCode": "AWS_KMS_OPERATIONAL_ISSUE", "eventTypeCategory": "issue",
   "region": "global", "startTime": "2026-06-04T02:00:00Z"},
  {"arn": "arn:aws:health:us-east-1::event/KMS/A/AWS_KMS_NOTICE_4", "service": "KMS",
   "eventTypeCode": "AWS_KMS_NOTICE", "eventTypeCategory": "scheduledChange",
   "region": "us-east-1", "startTime": "2026-06-04T02:00:00Z"}]})";

struct Incidents : Folder {
  Incidents() {
    import();
    write_text(dir.file("events.json"), kEvents);
  }

  json listed() const { return json::parse(done({"incident", "list", "--json"})); }
};

}  // namespace

TEST_CASE("every command about incidents has help with an example") {
  const Folder folder;
  for (const std::string word : {"import", "add", "list", "remove"}) {
    CHECK_HAS(folder.done({"incident", word, "--help"}), "  recoup incident " + word);
  }
  CHECK_HAS(folder.done({"incident", "--help"}), "no figure, no Error and no credit comes of it");
}

TEST_CASE("a provider's file is read, and the month shows it beside what was lost") {
  const Incidents at;
  const std::string before = at.done({"assess", "--month", "2026-06", "--json"});
  const std::string said = at.done({"incident", "import", "events.json"});
  CHECK_HAS(said, "events.json: AWS Health: 3 incidents, 1 left out\n");
  CHECK_HAS(said, "  left out: AWS_KMS_NOTICE: of the category scheduledChange, and no issue\n");
  CHECK_HAS(said, "perhaps web");
  CHECK_HAS(said, "none: no agreement has that provider, service and Region");
  CHECK_HAS(said, "recoup assess --agreement web --month 2026-06");

  const json listed = at.listed();
  REQUIRE(listed.size() == 3);
  CHECK(listed[0]["agreements"] == json{"web"});
  CHECK(listed[0]["id"] == "us-east-1/AWS_KMS_OPERATIONAL_ISSUE_KWQPY_1");
  CHECK(listed[1]["agreements"].empty());
  CHECK(listed[2]["perhaps"] == json{"web"});

  CHECK_HAS(at.done({"assess", "--month", "2026-06"}),
            "The provider's own incident \"AWS_KMS_OPERATIONAL_ISSUE\" (KMS, us-east-1, "
            "2026-06-03T02:00:00Z to");
  json judged = json::parse(at.done({"assess", "--month", "2026-06", "--json"}));
  CHECK(judged[0]["provider_incidents"]["inside"] == 1);
  CHECK(judged[0]["provider_incidents"]["outside"] == 1);
  // It corroborates, and changes nothing.
  judged[0].erase("provider_incidents");
  json was = json::parse(before);
  for (json* one : {&judged, &was}) (*one)[0].erase("robustness");
  CHECK(judged == was);
}

TEST_CASE("the same file again changes nothing, and the user's word is kept") {
  const Incidents at;
  at.done({"incident", "import", "events.json"});
  const json again = json::parse(at.done({"incident", "import", "events.json", "--json"}));
  REQUIRE(again.size() == 3);
  for (const json& one : again) CHECK(one["change"] == "known");
  const json said =
      json::parse(at.done({"incident", "import", "events.json", "--agreement", "web", "--json"}));
  CHECK(said[1]["change"] == "updated");
  CHECK(said[1]["agreements"] == json{"web"});
  at.done({"incident", "import", "events.json"});
  CHECK(at.listed()[1]["agreements"] == json{"web"});
  CHECK(json::parse(at.done({"incident", "list", "--agreement", "web", "--json"})).size() == 3);
}

TEST_CASE("an incident is noted by hand, brought up to date, and forgotten") {
  const Incidents at;
  std::vector<std::string> add{"incident",    "add",
                               "--provider",  "Amazon",
                               "--service",   "KMS",
                               "--region",    "us-east-1",
                               "--begin",     "2026-06-03T02:00:00Z",
                               "--announced", "2026-06-03T02:31:00Z",
                               "--title",     "Increased\nerror rates"};
  CHECK_HAS(at.done(add), "added");
  add.insert(add.end(), {"--end", "2026-06-03T03:00:00Z"});
  CHECK_HAS(at.done(add), "updated");
  const json listed = at.listed();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0]["provider"] == "aws");
  CHECK(listed[0]["title"] == "Increased error rates");
  CHECK(listed[0]["end"] == "2026-06-03T03:00:00Z");
  CHECK(listed[0]["file_sha256"].is_null());
  CHECK_HAS(at.done({"assess", "--month", "2026-06"}), "31 minutes before the");
  const std::string number = listed[0]["number"].dump();
  CHECK_HAS(at.done({"incident", "remove", number}), "forgotten: Increased error rates");
  CHECK(at.listed().empty());
  const Finished gone = at.recoup({"incident", "remove", number});
  CHECK(gone.status == 1);
  CHECK_HAS(gone.err, "expected the number of an incident, got " + number);

  add.back() = "2026-06-03T01:00:00Z";
  const Finished wrong = at.recoup(add);
  CHECK(wrong.status == 2);
  CHECK_HAS(wrong.err, "expected --end behind --begin");
  CHECK(at.recoup({"incident", "import", "events.json", "--agreement", "nobody"}).status == 2);
}

TEST_CASE("what cannot be read of a file is named, and the rest is kept") {
  const Incidents at;
  write_text(at.dir.file("half.json"),
             "{\"page\": {\"name\": \"aws\"}, \"incidents\": [\n"
             "  {\"id\": \"a\", \"name\": \"n\", \"created_at\": \"yesterday\"},\n"
             "  {\"id\": \"b\", \"name\": \"good\", \"created_at\": \"2026-06-03T12:00:00Z\"}]}");
  write_text(at.dir.file("none.json"), "{}");
  const Finished half = at.recoup({"incident", "import", "half.json", "none.json"});
  CHECK(half.status == 1);
  CHECK_HAS(half.err, "half.json:2:42: error: expected a time at 'created_at', got 'yesterday'");
  CHECK_HAS(half.err, "none.json:1:1: error: expected incidents of a provider, got other JSON");
  CHECK_HAS(half.out, "half.json: Statuspage: 1 incident, 1 could not be read");
  CHECK(at.listed().size() == 1);
}
