// Everything that parses what comes from outside, fed with many thousands of broken inputs: seeds
// from the tests' own files, mutated by a seeded generator. A finding is a crash, a hang or a
// sanitizer's report; RECOUP_FUZZ_ROUNDS asks for more rounds.

#include <filesystem>
#include <functional>
#include <map>
#include <sstream>

#include "billing/bill_samples.h"
#include "billing/bills/survey.h"
#include "billing/books/estimate.h"
#include "billing/books/price_book_reader.h"
#include "claim/digests.h"
#include "claim/verify/read_back.h"
#include "claim/verify/verify.h"
#include "claim/write_claim.h"
#include "config/settings.h"
#include "fuzz/mutator.h"
#include "incidents/incident_file.h"
#include "record/digest_files/digest_chain.h"
#include "record/redact.h"
#include "rules/catalog.h"
#include "rules/rule_file.h"
#include "sources/logs/format.h"
#include "sources/probe/answer.h"
#include "sources/probe/answer_body.h"
#include "sources/probe/signer.h"
#include "sources/sdk/datagram.h"
#include "support/catch.h"
#include "support/places.h"
#include "support/process.h"
#include "web/access/web_config.h"

using namespace recoup;
using recoup::test::fuzz;
using recoup::test::Mutator;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> files(const std::string& folder, const std::string& prefix,
                               const std::string& extension = ".toml") {
  std::vector<std::string> texts;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(prefix) && entry.path().extension() == extension) {
      texts.push_back(test::read_text(entry.path()));
    }
  }
  return texts;
}

}  // namespace

TEST_CASE("no rule file breaks its reader") {
  auto seeds = files(TESTS_DIR "/bad", "rule-");
  for (auto& rule : files(SOURCE_DIR "/rules/sla", "")) seeds.push_back(rule);
  fuzz(seeds, [](const std::string& text) { (void)rules::parse_rule_file(text, "fuzz.toml"); });
}

TEST_CASE("no file of a provider's incidents breaks its reader") {
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
           CHECK_FALSE(one.span().empty());
           CHECK(one.title.find('\n') == std::string::npos);
         }
       });
}

TEST_CASE("no digest of CloudTrail breaks its reader, and no list of keys") {
  const std::string hash(64, 'a');
  fuzz({R"({"digestStartTime":"2026-10-01T00:00:00Z","digestEndTime":"2026-10-01T01:00:00Z",)"
        R"("digestS3Bucket":"b","digestS3Object":"k","digestPublicKeyFingerprint":"f",)"
        R"("digestSignatureAlgorithm":"SHA256withRSA","previousDigestSignature":null,)"
        R"("logFiles":[{"s3Bucket":"b","s3Object":"l","hashAlgorithm":"SHA-256","hashValue":")" +
            hash + "\"}]}",
        R"({"Metadata":{"signature":"ab"}})"},
       [](const std::string& text) {
         (void)record::parse_digest_file(text, "fuzz");
         (void)record::signature_of_head(text, "fuzz");
         (void)claim::read_digest_files({text}, text);
         (void)record::check_digests({{"a_CloudTrail-Digest_b_20261001T010000Z.json", text}}, {});
       });
  fuzz(
      {R"({"PublicKeyList":[{"Value":"MIIBCgKCAQEA","ValidityStartTime":1453076702.0,)"
       R"("ValidityEndTime":"2027-01-01T00:00:00Z","Fingerprint":"67b9fa73676d86966b449dd677850753"}]})"},
      [](const std::string& text) {
        record::DigestKeys keys;
        (void)keys.add(text, "fuzz");
        (void)record::DigestKey::from_base64(text);
      });
}

TEST_CASE("no datagram breaks the reader of what SDKs send") {
  sources::sdk::DatagramReader reader;
  fuzz({R"({"Version":1,"ClientId":"a","Type":"ApiCallAttempt","Service":"KMS","Api":"Encrypt",)"
        R"("Timestamp":1795702377910,"AttemptLatency":45,"AccessKey":"AKIAIOSFODNN7EXAMPLE",)"
        R"("Region":"us-east-1","HttpStatusCode":500,"XAmznRequestId":"1","AwsException":"K"})",
        R"({"Type":"ApiCallAttempt","Service":"K\u004dS","Timestamp":1,"SdkException":"E",)"
        R"("SdkExceptionMessage":"connect ECONNREFUSED"})",
        R"({"Type":"ApiCall","Service":"KMS","Timestamp":1,"AttemptCount":2,"new":[{"a":null}]})"},
       [&](const std::string& text) { (void)reader.read(text); });
}

TEST_CASE("no depth of names and brackets breaks the reader of TOML") {
  std::vector<std::string> seeds;
  for (const std::string part : {"a.", "'a'. ", "[", "[[", "{a=", "[{a.b=", "x=[\n"}) {
    std::string text;
    while (text.size() < 300'000) text += part;
    seeds.push_back("[" + text + "a]\n");
    seeds.push_back("x = " + text + "\n");
    seeds.push_back("\"\"\"\n" + text + "\"\"\"\nx = '''" + text);
    seeds.push_back(text + " = \"" + text);
  }
  Mutator mutate(7);
  for (std::size_t i = 0; i < 4 * seeds.size(); ++i) {
    const std::string& seed = seeds[i % seeds.size()];
    (void)config::parse_settings(i < seeds.size() ? seed : mutate(seed), "fuzz.toml", {});
  }
  SUCCEED();
}

TEST_CASE("no price book breaks its reader, and none that is read breaks an estimate") {
  auto seeds = files(TESTS_DIR "/bad", "price-");
  for (auto& book : files(SOURCE_DIR "/rules/pricing", "")) seeds.push_back(book);
  const core::Month month = *core::parse_month("2026-10");
  fuzz(seeds, [&](const std::string& text) {
    (void)billing::is_price_book(text);
    const auto book = billing::parse_price_book(text, "fuzz.toml");
    if (!book) return;
    for (const billing::Example& example : book->examples) {
      (void)billing::estimate(*book, example.order, month);
    }
    (void)billing::estimate(*book, {}, month);
  });
}

TEST_CASE("no order breaks its estimate") {
  const billing::PriceShelf books;
  fuzz({"instance=shared calls=12_000_000 traffic_gb=100.5 region=cn-hongkong",
        "instance=api.s1.small plan=hourly hours=9.5 region=me-east-1 activated=2024-02-29",
        "zones=multi qps=2000 keys=1_000 rotated_key_versions=7 log_qps=67 access=2 plan=yearly"},
       [&](const std::string& text) {
         billing::Order order;
         std::istringstream words(text);
         for (std::string word; words >> word;) {
           const auto equals = std::min(word.find('='), word.size());
           order[word.substr(0, equals)] = word.substr(std::min(equals + 1, word.size()));
         }
         for (const std::string& id : books.all_book_ids()) {
           (void)billing::estimate(*books.find_book(id), order, core::Month());
         }
       });
}

TEST_CASE("no settings break their reader, and no complaint shows the secret") {
  auto seeds = files(TESTS_DIR "/bad", "");
  seeds.push_back(
      "[[agreement]]\nid = \"a\"\nsla = \"aws-kms\"\naccount = \"1\"\nregion = \"r\"\n"
      "[[agreement.probe]]\nid = \"p\"\nurl = \"http://127.0.0.1/\"\n"
      "headers = { Authorization = { env = \"TOKEN\" } }\n");
  const documents::Environment environment{{"TOKEN", "planted-secret-value"}, {"HOSTNAME", "h"}};
  fuzz(seeds, [&](const std::string& text) {
    const auto settings = config::parse_settings(text, "fuzz.toml", environment);
    if (settings) return;
    REQUIRE(settings.error().message.find("planted-secret-value") == std::string::npos);
  });
}

TEST_CASE("no web configuration breaks its reader") {
  fuzz(files(TESTS_DIR "/bad", "web-", ".yml"), [](const std::string& text) {
    const auto web = web::parse_web_config(text, TESTS_DIR "/web/config/fuzz.yml");
    if (!web) REQUIRE_FALSE(web.error().message.empty());
  });
}

TEST_CASE("no log breaks its reader") {
  const std::map<std::string, std::vector<std::string>> seeds{
      {"combined",
       {R"(192.0.2.1 - - [10/Oct/2026:13:55:36 -0700] "GET /a?b=c HTTP/1.1" 503 2326 "-" "curl/8")",
        R"(host:80 192.0.2.1 - "a b" [01/Jan/2024:00:00:60 +0000] "GET \"x\" HTTP/1.0" 200 - "-" "recoup/1")",
        R"("192.0.2.1 - - [10/Oct/2026:13:55:36 +0330] "POST / HTTP/2" 500 0 "-" "-"")"}},
      {"counts",
       {"2026-10-03T02:00:00Z,503/SlowDown,17", "minute,outcome,count",
        "\"2026-10-03T02:00Z\",200,0"}},
      {"alb",
       {R"(https 2026-10-03T02:00:00.186641Z app/lb/5 192.0.2.9:2817 10.0.0.1:80 0.086 0.048 0.037 503 200 0 57 "GET https://h:443/a?b HTTP/1.1" "curl \"x\"" - TLSv1.2 arn "Root=1-5" "-")"}},
      {"elb",
       {R"(2026-10-03T02:00:00.945958Z lb 192.0.2.9:2817 10.0.0.1:80 0.000073 0.001048 -1 503 200 0 29 "GET http://h:80/ HTTP/1.1" "curl/7" - -)",
        R"(2026-10-03T02:00:00.945958Z lb 192.0.2.9:2817 10.0.0.1:80 0.1 0.1 0.1 - - 0 29 "- - - " "-" - -)"}},
      {"s3",
       {R"(o b [06/Feb/2026:00:00:38 +0000] 192.0.2.3 o 3E57 REST.GET.OBJECT k "GET /b/k?x HTTP/1.1" 503 SlowDown 113 - 7 - "-" "S3Console/0.4" - s9 SigV4 - AuthHeader b TLSv1.2 - -)",
        R"(o b [06/Feb/2026:00:00:38 +0000] - o 3E57 BATCH.DELETE.OBJECT k - 204 - - - - -)"}},
      {"cloudfront",
       {"#Version: 1.0\n#Fields: date time sc-status cs-method cs-uri-stem x-edge-request-id "
        "time-taken cs(User-Agent)\n2026-10-03\t02:00:00\t503\tGET\t/a\tid==\t0.1\tcurl\n",
        "#Fields: timestamp(ms) sc-status\n1790992800000 000\n"}},
      {"csm",
       {R"({"Version":1,"Type":"ApiCallAttempt","Service":"KMS","Region":"r","Timestamp":1790992800000,"HttpStatusCode":503,"XAmznRequestId":"i","AttemptLatency":2})",
        R"({"Type":"ApiCall","Service":"KMS","Region":"r","Timestamp":1790992800000,"AttemptCount":3})"}},
      {"json",
       {R"({"ts":1790992800.25,"logger":"http.log.access","request":{"method":"GET","uri":"/a?b","headers":{"User-Agent":["curl\/8"]}},"duration":0.03,"status":503,"resp_headers":{"X-Amzn-Requestid":["r"]}})",
        R"(2026-10-03T02:00:00.1Z stdout F {"start_time":"2026-10-03T02:00:00.123Z","response_code":0,"path":"/\u00e9\x16"})",
        R"({"date":"2026-10-03","time":"02:00:00","sc-status":"000","x-edge-request-id":"=="})",
        R"({"time":"2026-10-03 02:00:00","status":"503","duration_ms":1e-3,"error":null})"}}};
  const std::vector<sources::RecordSpan> none;
  sources::FormatOptions numbered;
  numbered.request_id = 9;
  sources::FormatOptions named;
  REQUIRE(sources::set_time_zone(named, "Europe/Zurich").ok());
  REQUIRE(sources::add_field(named, "error=error").ok());
  for (const sources::Format* format : sources::formats()) {
    INFO(format->name);
    const sources::FormatOptions options = format->has_numbered_fields ? numbered
                                           : format->has_named_fields  ? named
                                                                       : sources::FormatOptions{};
    fuzz(seeds.at(std::string(format->name)), [&](const std::string& text) {
      sources::Intake intake("log", none, [](const core::Outcome&) { return true; });
      const auto reader = format->reader(options);
      (void)reader->take(text, intake);
      (void)reader->finish(intake);
      for (std::size_t i = 0; i < intake.content().failures.size(); ++i) {
        (void)intake.content().failures.at(i, intake.outcomes());
      }
    });
  }
}

TEST_CASE("no answer of a server breaks its reader") {
  const rules::AnswerFields fields{
      "x-amzn-requestid", "x-amzn-errortype", *rules::parse_json_path("__type"), {}};
  fuzz({"HTTP/1.1 503 Slow\r\nx-amzn-requestid: 1\r\nx-amzn-errortype: "
        "a#B:c\r\n\r\n{\"__type\":\"x#Y\",\"m\":[1,{}]}"},
       [&](const std::string& text) {
         sources::probe::Answer answer;
         answer.expect(fields);
         const auto split = std::min(text.find("\r\n\r\n"), text.size());
         for (std::size_t at = 0; at < split;) {
           const auto end = std::min(text.find("\r\n", at), split);
           answer.head(std::string_view(text).substr(at, end - at));
           at = end + 2;
         }
         answer.body(std::string_view(text).substr(split));
         (void)answer.error_name();
       });
  fuzz({"https://kms.us-east-1.amazonaws.com:443/a/b?z=1&a=%41+b&&c#f", "http://[::1]/?"},
       [](const std::string& text) {
         sources::probe::ProbeSettings settings;
         settings.url = text;
         settings.sign = rules::Signing{"", "kms", "us-east-1"};
         const auto url = sources::probe::Url::parse(text);
         for (const std::string& name : sources::probe::signer_names()) {
           const auto signer = sources::probe::find_signer(name)->make(settings, {});
           if (url) (void)signer->spelled(*url).text();
           (void)signer->begin({});
         }
       });
}

TEST_CASE("no body breaks the search in it, and a cut one says nothing else than the whole") {
  const auto json = *rules::parse_json_path("error.details[1].reason");
  const auto xml = *rules::parse_xml_path("ErrorResponse.Error.Code");
  const auto check = [](const std::string& text, const auto& find) {
    const std::string whole = find(text);
    for (std::size_t cut = 0; cut < text.size(); cut += 7) {
      const std::string early = find(std::string_view(text).substr(0, cut));
      if (!early.empty()) REQUIRE(early == whole);
    }
  };
  fuzz({R"({"error":{"code":503,"details":[{"reason":"A"},{"x":[1,{}],"reason":"OVERLOADED"}]}})",
        R"({"error":{"details":[0,{"reason":-17}],"status":"UNAVAILABLE"}})"},
       [&](const std::string& text) {
         check(text, [&](auto body) { return sources::probe::text_in_json(body, json); });
       });
  fuzz({"<?xml version=\"1.0\"?><!--c--><ErrorResponse xmlns=\"u\"><Error><Type>S</Type>"
        "<Code a='>'>Slow&#68;own<![CDATA[&]]></Code></Error></ErrorResponse>"},
       [&](const std::string& text) {
         check(text, [&](auto body) { return sources::probe::text_in_xml(body, xml); });
       });
  const std::string deep(sources::probe::Answer::kBodyKept, '[');
  CHECK(sources::probe::text_in_json(deep, json).empty());
  std::string nested;
  while (nested.size() < sources::probe::Answer::kBodyKept) nested += "<a>";
  CHECK(sources::probe::text_in_xml(nested, xml).empty());
}

TEST_CASE("no path into a body breaks its parser") {
  fuzz({"error.details[0].reason", "error[\"x-amzn.code\"]", "$.a['b\\'c'][17]", "/Error/Code"},
       [](const std::string& text) {
         const auto json = rules::parse_json_path(text);
         if (!json) REQUIRE_FALSE(json.error().message.empty());
         const auto xml = rules::parse_xml_path(text);
         if (json && xml) REQUIRE(*json == *xml);
       });
}

TEST_CASE("no text breaks the redaction, or hides from it what follows") {
  fuzz({"arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab by "
        "a.b@example.org "
        "from 192.0.2.1, 2001:db8::1, alias/x AKIAIOSFODNN7EXAMPLE "
        "X-Amz-Signature=0123456789abcdef"},
       [](const std::string& text) {
         const std::string shown = record::redact(text + " someone@example.org 198.51.100.7 ");
         REQUIRE(shown.find("someone@example.org") == std::string::npos);
         REQUIRE(shown.find("198.51.100.7") == std::string::npos);
       });
}

TEST_CASE("no value breaks its parser, and what is read is what is printed") {
  fuzz({"503/SlowDown!unattributed", "missed/late", "timeout"}, [](const std::string& text) {
    const auto outcome = core::parse_outcome(text);
    if (outcome) REQUIRE(core::to_text(*outcome) == text);
  });
  fuzz({"2026-10-03T02:00:00.250+02:00"}, [](const std::string& text) {
    const auto at = core::parse_instant(text);
    if (at) REQUIRE(*core::parse_instant(core::to_text(*at)) == *at);
  });
  fuzz({"99.999", "-1.5E-7", "123456789012345678901234567890"}, [](const std::string& text) {
    const auto ratio = core::Ratio::parse(text);
    if (ratio)
      REQUIRE(*core::Ratio::parse_fraction(ratio->numerator(), ratio->denominator()) == *ratio);
  });
}

namespace {

// Bills of every format as texts.
std::vector<std::string> bill_texts() {
  using namespace test;
  return {
      focus({{"35.2E-7"}, {"-1.25", "", "Tax"}, {"1", "r", "Usage", "Correction"}}),
      "\xef\xbb\xbf\"a \"\"b\"\", c\"," + kFocusHeader + "\"x\ny\"," +
          focus({{"1"}}).substr(kFocusHeader.size()),
      kCurHeader + cur_row("Usage", "0.03") + cur_row("EdpDiscount", "-1", "", ""),
      kBssHeader + "2024-09,1,2,kms,KMS,PayAsYouGoBill,cn-hongkong,10,1,9,8,USD\n",
      explorer_page(dimension("SERVICE") + ',' + dimension("REGION"),
                    explorer_result(
                        "2024-09-01", "2024-10-01",
                        explorer_group("\"AWS Key Management Service\",\"us-east-1\"", "23.45")))};
}

void ask(const std::string& path) {
  const auto bill = billing::read_bill({}, {path}, {});
  if (!bill) {
    REQUIRE_FALSE(bill.error().message.empty());
    return;
  }
  auto query = test::kms_query();
  (void)billing::charge_from(*bill, query);
  query.services = {"AWS KMS"};
  (void)billing::charge_from(*bill, query);
  // What is told apart adds up to the whole.
  core::Ratio rows;
  core::Ratio totals;
  const billing::Survey all = billing::survey(*bill);
  for (const auto& row : all.rows) rows += row.sum;
  for (const auto& total : all.totals) totals += total.sum;
  REQUIRE(rows == totals);
}

}  // namespace

TEST_CASE("no bill breaks its reader") {
  const test::TempDir folder;
  fuzz(bill_texts(), [&](const std::string& text) { ask(folder.write("bill", text)); });
}

TEST_CASE("no packed bill breaks its reader") {
  const test::TempDir folder;
  std::vector<std::string> seeds;
  for (const std::string& how : test::kPackings) {
    seeds.push_back(test::packed(how, bill_texts().front()));
  }
  seeds.push_back(test::zipped({{"a.csv", bill_texts().front()}}));
  fuzz(seeds, [&](const std::string& text) { ask(folder.write("bill", text)); });
}
