#include "fuzz/fuzz.h"
#include "rules/answer_path.h"
#include "sources/probe/answer.h"
#include "sources/probe/answer_body.h"
#include "sources/probe/probe_settings.h"
#include "sources/probe/signer.h"

using namespace recoup;
using recoup::test::fuzz;

namespace {

// What is found in the begin of a body is what is found in all of it.
template <typename Find>
void check(const std::string& text, const Find& find) {
  const std::string whole = find(text);
  for (std::size_t cut = 0; cut < text.size(); cut += 7) {
    const std::string early = find(std::string_view(text).substr(0, cut));
    if (!early.empty()) REQUIRE(early == whole);
  }
}

const rules::AnswerPath kJson = *rules::parse_json_path("error.details[1].reason");
const rules::AnswerPath kXml = *rules::parse_xml_path("ErrorResponse.Error.Code");

}  // namespace

TEST_CASE("no answer of a server breaks its reader", "[answers]") {
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
}

TEST_CASE("no URL breaks its parser or its signers", "[urls]") {
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

TEST_CASE("no body in JSON breaks the search in it, and a cut one says nothing else",
          "[body-json]") {
  fuzz({R"({"error":{"code":503,"details":[{"reason":"A"},{"x":[1,{}],"reason":"OVERLOADED"}]}})",
        R"({"error":{"details":[0,{"reason":-17}],"status":"UNAVAILABLE"}})"},
       [&](const std::string& text) {
         check(text, [&](auto body) { return sources::probe::text_in_json(body, kJson); });
       });
}

TEST_CASE("no body in XML breaks the search in it, and a cut one says nothing else", "[body-xml]") {
  fuzz({"<?xml version=\"1.0\"?><!--c--><ErrorResponse xmlns=\"u\"><Error><Type>S</Type>"
        "<Code a='>'>Slow&#68;own<![CDATA[&]]></Code></Error></ErrorResponse>"},
       [&](const std::string& text) {
         check(text, [&](auto body) { return sources::probe::text_in_xml(body, kXml); });
       });
}

TEST_CASE("no depth of a body breaks the search in it") {
  const std::string deep(sources::probe::Answer::kBodyKept, '[');
  CHECK(sources::probe::text_in_json(deep, kJson).empty());
  std::string nested;
  while (nested.size() < sources::probe::Answer::kBodyKept) nested += "<a>";
  CHECK(sources::probe::text_in_xml(nested, kXml).empty());
}
