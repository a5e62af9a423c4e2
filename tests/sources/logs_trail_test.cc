// CloudTrail files: which records are whose Requests. Each trap of the user guide is a test by
// name.
#include "sources/logs/trail.h"

#include <filesystem>

#include "rules/providers.h"
#include "sources/logs/trail_reader.h"
#include "support/catch.h"
#include "support/missing.h"
#include "support/packed.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace recoup::sources;

namespace {

constexpr const char* kAccount = "111122223333";

// One record of a Decrypt; `more` is further JSON, with a comma before it.
std::string event_json(const std::string& id, const std::string& more = "",
                       const std::string& time = "2026-10-03T02:00:07Z") {
  return R"({"eventVersion":"1.11","userIdentity":{"type":"IAMUser","accountId":"111122223333"},)"
         R"("eventTime":")" +
         time +
         R"(","eventSource":"kms.amazonaws.com","eventName":"Decrypt","awsRegion":"us-east-1",)"
         R"("sourceIPAddress":"192.0.2.7","userAgent":"aws-cli/2","requestID":"req-)" +
         id + R"(","eventID":")" + id +
         R"(","eventType":"AwsApiCall","recipientAccountId":"111122223333")" + more + "}";
}

std::string file_of(const std::vector<std::string>& records) {
  std::string text = "{\"Records\":[";
  for (const std::string& one : records) text += (text.back() == '[' ? "" : ",") + one;
  return text + "]}";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

TrailWish kms() {
  TrailWish wish;
  wish.event_sources = {"kms.amazonaws.com"};
  wish.account = kAccount;
  wish.region = "us-east-1";
  const auto* service = rules::recorded_service("aws", "kms.amazonaws.com");
  wish.status_of = [service](std::string_view name) { return service->status_of(name); };
  return wish;
}

core::Result<TrailContent> try_read(const std::string& text, const TrailWish& wish = kms()) {
  const test::TempDir dir;
  return TrailFiles({wish}).read(dir.write("trail.json", text), nullptr);
}

TrailContent read(const std::string& text, const TrailWish& wish = kms()) {
  auto content = try_read(text, wish);
  REQUIRE(content.ok());
  return *std::move(content);
}

// The outcome of the only request of the only share.
std::string outcome(const TrailContent& content) {
  REQUIRE(content.shares.size() == 1);
  REQUIRE(content.shares[0].events.events.size() == 1);
  const auto& events = content.shares[0].events;
  return core::to_text(events.outcomes[events.events[0].outcome]);
}

}  // namespace

TEST_CASE("a record of the service, Region and account is a Request, without an errorCode a 200") {
  const auto content = read(file_of({event_json("a")}));
  CHECK(content.records == 1);
  CHECK(outcome(content) == "200");
  CHECK(content.shares[0].events.events[0].at == *core::parse_instant("2026-10-03T02:00:07Z"));
}

TEST_CASE("errorCode is a status by what the service's names go with, in all spellings") {
  const auto one = [](const std::string& code) {
    return outcome(read(file_of({event_json("a", ",\"errorCode\":\"" + code + "\"")})));
  };
  CHECK(one("KMSInternalException") == "500/KMSInternalException");
  CHECK(one("KMSInternal") == "500/KMSInternal");
  CHECK(one("KeyUnavailable") == "500/KeyUnavailable");
  CHECK(one("DependencyTimeoutException") == "503/DependencyTimeoutException");
  CHECK(one("DependencyTimeout") == "503/DependencyTimeout");
  CHECK(one("InternalFailure") == "500/InternalFailure");
  CHECK(one("InternalFailureException") == "500/InternalFailureException");
  CHECK(one("Server.InternalError") == "500/Server.InternalError");
  CHECK(one("ServiceUnavailableException") == "503/ServiceUnavailableException");
  CHECK(one("ThrottlingException") == "400/ThrottlingException");
  CHECK(one("NotFoundException") == "404/NotFoundException");
  CHECK(one("AccessDenied") == "unclassified/AccessDenied");
  CHECK(one("<>") == "unclassified/unnamed");
}

TEST_CASE("records of other services, Regions and accounts are counted apart") {
  const auto content = read(file_of({event_json("a"), replaced(event_json("b"), "kms.", "s3."),
                                     replaced(event_json("c"), "us-east-1", "us-east-2"),
                                     replaced(event_json("d"), "\"recipientAccountId\":\"1111",
                                              "\"recipientAccountId\":\"9999")}));
  CHECK(content.shares[0].requests == 1);
  CHECK(content.of_others == 3);
}

TEST_CASE("a call of another account on our key is that account's Request") {
  const auto content =
      read(file_of({replaced(event_json("a"), "\"accountId\":\"1111", "\"accountId\":\"9999")}));
  CHECK(content.shares[0].requests == 0);
  CHECK(content.apart.at("another account's call") == 1);
}

TEST_CASE("what is no call of the API is no Request: NetworkActivity, Insight, service events") {
  const std::string category = ",\"eventCategory\":\"";
  const auto content = read(
      file_of({event_json("a", category + "NetworkActivity\""),
               event_json("b", category + "Insight\""), event_json("c", category + "Aggregated\""),
               event_json("d", category + "Management\""), event_json("e", category + "Data\""),
               replaced(event_json("f"), "AwsApiCall", "AwsServiceEvent")}));
  CHECK(content.shares[0].requests == 2);
  CHECK(content.apart ==
        std::map<std::string, std::uint64_t>{
            {"NetworkActivity", 1}, {"Insight", 1}, {"Aggregated", 1}, {"AwsServiceEvent", 1}});
}

TEST_CASE("a call that a service made for the account is indirect, however the record says so") {
  const auto is_indirect = [](const std::string& text) {
    return outcome(read(file_of({text}))) == "200!indirect";
  };
  CHECK_FALSE(is_indirect(event_json("a")));
  CHECK(is_indirect(replaced(event_json("a"), "\"type\":\"IAMUser\"",
                             R"("type":"IAMUser","invokedBy":"secretsmanager.amazonaws.com")")));
  CHECK(is_indirect(replaced(event_json("a"), "192.0.2.7", "rds.amazonaws.com")));
  CHECK(is_indirect(replaced(event_json("a"), "192.0.2.7", "AWS Internal/3")));
  CHECK(is_indirect(replaced(event_json("a"), R"("type":"IAMUser","accountId":"111122223333")",
                             R"("type":"AWSService")")));
}

TEST_CASE("a call on a key in a custom key store is marked, by the key's id or ARN") {
  TrailWish wish = kms();
  wish.key_stores = {"1234abcd-12ab-34cd-56ef-1234567890ab"};
  const std::string arn =
      "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const auto of = [&](const std::string& more) {
    return outcome(read(file_of({event_json("a", more)}), wish));
  };
  CHECK(of(",\"resources\":[{\"ARN\":\"" + arn + "\",\"accountId\":\"1\"}]") == "200!key-store");
  CHECK(of(R"(,"requestParameters":{"keyId":"1234abcd-12ab-34cd-56ef-1234567890ab"})") ==
        "200!key-store");
  CHECK(of(R"(,"requestParameters":{"keyId":"5678abcd-12ab-34cd-56ef-1234567890ab"})") == "200");
  CHECK(of(R"(,"requestParameters":null,"resources":null)") == "200");
  wish.key_stores = {arn};
  CHECK(of(R"(,"requestParameters":{"keyId":"1234abcd-12ab-34cd-56ef-1234567890ab"})") ==
        "200!key-store");
}

TEST_CASE("Recoup's own probes are left out") {
  const auto content = read(file_of(
      {replaced(event_json("a"), "aws-cli/2", "recoup/0.1.0"),
       replaced(event_json("c"), "aws-cli/2", "[recoup/0.1.0 (+probe)]"), event_json("b")}));
  CHECK(content.own == 2);
  CHECK(content.shares[0].requests == 1);
}

TEST_CASE("a corrected record has the id of the one whose place it takes") {
  const auto content = read(file_of(
      {event_json("first"),
       event_json("second", R"(,"addendum":{"reason":"UPDATED_DATA","originalEventID":"first"})"),
       event_json("late", R"(,"addendum":{"reason":"DELIVERY_DELAY"})")}));
  const auto& events = content.shares[0].events.events;
  REQUIRE(events.size() == 3);
  CHECK(events[0].id == events[1].id);
  CHECK_FALSE(events[0].corrected);
  CHECK(events[1].corrected);
  CHECK(events[2].id != events[0].id);
  CHECK_FALSE(events[2].corrected);
}

TEST_CASE("what a trail says of itself is kept: switched off and on, and outages") {
  const auto about_trail = [](const std::string& name) {
    return replaced(replaced(event_json(name), "kms.", "cloudtrail."), "Decrypt", name);
  };
  const auto content = read(file_of(
      {about_trail("StopLogging"), about_trail("StartLogging"), about_trail("PutEventSelectors"),
       about_trail("UpdateTrail"), about_trail("DeleteTrail"), about_trail("DescribeTrails"),
       event_json("a", R"(,"addendum":{"reason":"SERVICE_OUTAGE"})")}));
  std::vector<std::string> marks;
  for (const auto& mark : content.shares[0].events.marks) marks.push_back(mark.what);
  CHECK(marks ==
        std::vector<std::string>{"StopLogging of a trail", "StartLogging of a trail",
                                 "PutEventSelectors of a trail", "UpdateTrail of a trail",
                                 "DeleteTrail of a trail",
                                 "CloudTrail names an outage of the service that logs here"});
}

TEST_CASE("a failed request has evidence with its request id, its event and its place") {
  const auto content =
      read(file_of({event_json("a"), event_json("b", ",\"errorCode\":\"KMSInternalException\"")}));
  const auto& evidence = content.shares[0].events.evidence;
  REQUIRE(evidence.size() == 1);
  CHECK(evidence[0].request_id == "req-b");
  CHECK(evidence[0].detail == "Decrypt, eventID b, record 2 of trail.json");
  CHECK(evidence[0].tie == content.shares[0].events.events[1].id);
}

TEST_CASE("one record a line, a file alone, pretty printed and joined files are read alike") {
  const std::string one = event_json("a"), two = event_json("b");
  CHECK(read(one + "\n" + two + "\n").shares[0].requests == 2);
  CHECK(read(one).shares[0].requests == 1);
  CHECK(read(file_of({one}) + "\n" + file_of({two}) + "\n").shares[0].requests == 2);
  CHECK(read("{\n \"Records\": [\n" + one + ",\n" + two + "\n]\n}\n").shares[0].requests == 2);
  CHECK(read(file_of({})).records == 0);
}

TEST_CASE("a record that lacks what makes it one is malformed and no Request") {
  const auto content =
      read(file_of({replaced(event_json("a"), "\"eventTime\"", "\"time\""), "7", "\"text\"", "null",
                    replaced(event_json("b"), "02:00:07Z", "02:00:07"),
                    replaced(event_json("c"), "\"kms.amazonaws.com\"", "17"), event_json("d")}));
  CHECK(content.records == 7);
  CHECK(content.malformed == 6);
  CHECK(content.shares[0].requests == 1);
  REQUIRE(content.examples.size() == 6);
  CHECK(content.examples[0].number == 1);
  CHECK(content.examples[0].expected == "expected a record with the key eventTime");
  CHECK(content.examples[4].expected == "expected an eventTime like 2026-10-03T02:00:00Z");
}

TEST_CASE("a file that is cut, or no JSON, is refused as a whole") {
  const std::string text = file_of({event_json("a"), event_json("b")});
  for (const std::size_t size : {std::size_t{1}, text.size() / 2, text.size() - 1}) {
    const auto content = try_read(text.substr(0, size));
    REQUIRE_FALSE(content.ok());
    CHECK(content.error().message.find("expected CloudTrail records as JSON") == 0);
  }
  CHECK_FALSE(try_read("").ok());
  CHECK_FALSE(try_read("[1]").ok());
  CHECK_FALSE(try_read(text + "]").ok());
  CHECK_FALSE(try_read(replaced(text, "Decrypt", "De\xff\xfe")).ok());
  const auto lines = read(event_json("a") + "\n{\"cut\":\n" + event_json("b"));
  CHECK(lines.malformed == 1);
  CHECK(lines.shares[0].requests == 2);
}

TEST_CASE("a text with escapes is read as what it says, wherever it stands") {
  const std::string text = replaced(file_of({event_json("a")}), "kms.ama", "kms\\u002eama");
  const auto content = read(replaced(text, "us-east-1", "us\\u002deast-1"));
  CHECK(content.shares[0].requests == 1);
  const auto failed =
      read(file_of({event_json("b", R"(,"errorCode":"KMSInternal\u0045xception")")}));
  CHECK(outcome(failed) == "500/KMSInternalException");
  // What looks like the text's escape and is the next one's.
  const auto near = read(file_of({event_json("c", R"(,"errorCode":"A","x":"\\")")}));
  CHECK(near.malformed == 0);
}

TEST_CASE("one reader reads files one after another as a new one reads each") {
  const test::TempDir dir;
  std::vector<std::string> many;
  for (int i = 0; i < 500; ++i) many.push_back(event_json("m" + std::to_string(i)));
  const std::vector<std::string> files = {
      dir.write("long", file_of(many)),
      dir.write("short", file_of({event_json("a")})),
      dir.write("packed", test::packed("gzip", file_of({event_json("b"), event_json("c")}))),
      dir.write("broken", file_of({event_json("d")}) + "]"),
      dir.write("empty", ""),
      dir.write("members", test::packed("gzip", event_json("e") + "\n") +
                               test::packed("gzip", event_json("f"))),
      dir.write("cut", test::packed("gzip", file_of(many)).substr(0, 300)),
      dir.write("lines", event_json("g") + "\n\n{\n" + event_json("h")),
      dir.write("zstd", test::packed("zstd", file_of({event_json("i")}))),
      dir.write("again", file_of(many))};
  const auto told = [](const core::Result<TrailContent>& content) {
    if (!content) return content.error().message;
    std::string text = fmt::format("{} of {}, {} malformed, {} bytes:", content->digest,
                                   content->records, content->malformed, content->bytes);
    for (const auto& event : content->shares[0].events.events) text += fmt::format(" {}", event.id);
    return text;
  };
  TrailFiles reader({kms()});
  for (const std::string& file : files) {
    INFO(file);
    CHECK(told(reader.read(file, nullptr)) == told(TrailFiles({kms()}).read(file, nullptr)));
  }
}

TEST_CASE("of many agreements each gets the records of its account and Region") {
  const auto wish = [](const char* account, const char* region, const char* service) {
    TrailWish one = kms();
    one.account = account;
    one.region = region;
    one.event_sources = {service};
    return one;
  };
  const std::vector<TrailWish> wishes = {
      wish(kAccount, "us-east-1", "kms.amazonaws.com"),
      wish(kAccount, "us-west-2", "kms.amazonaws.com"),
      wish("210987654321", "us-east-1", "kms.amazonaws.com"),
      wish(kAccount, "us-east-1", "s3.amazonaws.com"),
      wish("", "", "kms.amazonaws.com"),
  };
  const auto in_west = [](std::string text) { return replaced(text, "us-east-1", "us-west-2"); };
  const auto of_another = [](std::string text) {
    return replaced(replaced(text, kAccount, "210987654321"), kAccount, "210987654321");
  };
  const auto stop =
      replaced(replaced(in_west(event_json("s")), "kms.amazonaws", "cloudtrail.amazonaws"),
               "Decrypt", "StopLogging");
  const test::TempDir dir;
  const auto content = TrailFiles(wishes).read(
      dir.write("trail.json", file_of({event_json("a"), in_west(event_json("b")),
                                       of_another(event_json("c")), event_json("d"), stop})),
      nullptr);
  REQUIRE(content.ok());
  std::vector<std::uint64_t> requests, marks;
  for (const TrailShare& share : content->shares) {
    requests.push_back(share.requests);
    marks.push_back(share.events.marks.size());
  }
  CHECK(requests == std::vector<std::uint64_t>{2, 1, 1, 0, 4});
  CHECK(marks == std::vector<std::uint64_t>{1, 1, 0, 1, 1});
  CHECK(content->of_others == 1);
}

TEST_CASE("every record of real files is one of what there are counts for") {
  const std::filesystem::path folder = SHARED_DATA "/cloudtrail/invictus";
  if (!test::have_data(folder)) return;
  TrailWish all = kms();
  all.account = "123837392027";
  TrailFiles files({all});
  TrailContent sum;
  std::uint64_t requests = 0, indirect = 0, errors = 0, apart = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const auto content = files.read(file.path().string(), nullptr);
    REQUIRE(content.ok());
    sum.records += content->records;
    sum.malformed += content->malformed;
    sum.of_others += content->of_others;
    for (const auto& [what, count] : content->apart) apart += count;
    requests += content->shares[0].requests;
    indirect += content->shares[0].indirect;
    errors += content->shares[0].events.evidence.size();
  }
  CHECK(sum.records == 2900);
  CHECK(sum.malformed == 0);
  CHECK(requests == 240);
  CHECK(indirect == 240);
  CHECK(errors == 0);
  CHECK(sum.of_others + apart + requests == 2900);
}

TEST_CASE("the reader for any processor and that for newer ones read alike") {
  const std::string text =
      file_of({event_json("a"),
               event_json("b", ",\"errorCode\":\"KMSInternal\\u0041\"", "2026-10-03T02:00Z"), "7",
               event_json("c", ",\"requestParameters\":{\"keyId\":\"k\"}")});
  const auto told = [&](TrailReader::For processors, std::string json) {
    std::string all;
    const auto reader = TrailReader::make(
        true,
        {[&](const TrailRecord& one) {
           all += std::string(one.event_id) + ' ' + std::string(one.error_code) + ' ' +
                  std::string(one.keys[0]) + '\n';
         },
         [&](std::string_view expected, std::string_view) { all += std::string(expected) + '\n'; }},
        processors);
    json.reserve(json.size() + TrailReader::kPadding);
    const auto read = reader->read(json);
    return all + (read ? "" : read.error().message);
  };
  const std::string plain = told(TrailReader::For::any, text);
  CHECK(plain.find("c  k\n") != std::string::npos);
  CHECK(plain == told(TrailReader::For::this_one, text));
  for (std::size_t size = 0; size < text.size(); size += 7) {
    const std::string cut = text.substr(0, size);
    CHECK(told(TrailReader::For::any, cut) == told(TrailReader::For::this_one, cut));
  }
}
