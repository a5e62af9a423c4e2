#include "sources/probe/answer.h"

#include <cerrno>

#include <curl/curl.h>

#include "core/classify.h"
#include "rules/catalog.h"
#include "sources/probe/answer_body.h"
#include "sources/probe/ending.h"
#include "support/catch.h"

using namespace recoup;
using core::to_text;
using sources::probe::Answer;
using sources::probe::answered;
using sources::probe::Ending;
using sources::probe::text_in_json;
using sources::probe::text_in_xml;
using sources::probe::without_answer;

namespace {

const rules::AnswerFields kKms{
    "x-amzn-requestid", "x-amzn-errortype", *rules::parse_json_path("__type"), {}};

struct Found {
  const char* path;
  const char* body;
  const char* text;
};

// What is found in a body is also found in its begin, as soon as that holds it, and never changes.
template <typename Find>
void check_found(const Found& row, Find find) {
  const std::string_view body(row.body);
  INFO(row.path << " in " << row.body);
  CHECK(find(body) == row.text);
  for (std::size_t length = 0; length < body.size(); ++length) {
    const std::string early = find(body.substr(0, length));
    INFO(body.substr(0, length));
    CHECK((early.empty() || early == row.text));
  }
}

}  // namespace

TEST_CASE("a text is found at its path in JSON, as much of it as there is") {
  for (const Found& row : std::vector<Found>{
           {"__type", R"({"__type":"KMSInternalException","message":"m"})", "KMSInternalException"},
           {"__type", R"({"message":"m","__type":"com.amazonaws.kms#X"})", "com.amazonaws.kms#X"},
           {"__type", R"({"a":{"__type":"inner"},"b":[{"__type":"inner"}]})", ""},
           {"__type", R"({"a":{"__type":"inner"},"__type":"outer"})", "outer"},
           {"__type", R"({"__type":"early","rest":"cut o)", "early"},
           {"__type", R"({"__type":{"__type":"inner"}})", ""},
           {"__type", R"(["__type","x"])", ""},
           {"__type", R"({"__type":null})", ""},
           {"__type", R"("__type")", ""},
           {"__type", "<html>", ""},
           {"__type", "", ""},
           // Google's errors
           {"error.message", R"({"error":{"message":"InternalError"}})", "InternalError"},
           {"error.status", R"({"error":{"code":500,"status":"INTERNAL","details":[)", "INTERNAL"},
           {"error.details[0].reason",
            R"({"error":{"code":503,"details":[{"@type":"t","reason":"OVERLOADED"}]}})",
            "OVERLOADED"},
           {"error.details[1].reason", R"({"error":{"details":[{"reason":"a"},{"reason":"b"}]}})",
            "b"},
           {"error.details[2].reason", R"({"error":{"details":[{"reason":"a"},{"reason":"b"}]}})",
            ""},
           {"error.details[2].reason",
            R"({"error":{"details":[null,[{"reason":"x"}],{"reason":"c"}]}})", "c"},
           {"error.status", R"({"status":"outer","error":{"x":{"status":"inner"}}})", ""},
           {"error.status", R"({"error":"text","other":{"status":"x"}})", ""},
           {"error.status", R"({"x":{"error":{"status":"x"}},"error":{"status":"y"}})", "y"},
           {"[0][1]", R"([["a","b"]])", "b"},
           {"[1].code", R"([{"code":"a"},{"code":"b"}])", "b"},
           {"error[\"x-amzn.code\"]", R"({"error":{"x-amzn.code":"Slow","x-amzn":{"code":"no"}}})",
            "Slow"},
           {"['a\\'b']", R"({"a'b":"quoted"})", "quoted"},
           // A number is whole when something follows it.
           {"code", R"({"code":20500})", "20500"},
           {"code", R"({"code":20500,"message":"m"})", "20500"},
           {"code", R"({"code":-1})", "-1"},
           {"code", R"({"code":1.5})", ""},
           {"code", R"({"code":205)", ""}}) {
    const auto path = rules::parse_json_path(row.path);
    REQUIRE(path.ok());
    check_found(row, [&](std::string_view body) { return text_in_json(body, *path); });
  }
}

TEST_CASE("a text is found at its path in XML, as much of it as there is") {
  for (const Found& row : std::vector<Found>{
           {"Error.Code",
            "<?xml version=\"1.0\" "
            "encoding=\"UTF-8\"?>\n<Error><Code>SlowDown</Code><Message>Please "
            "reduce your request rate.</Message></Error>",
            "SlowDown"},
           {"Error.Code", "\xef\xbb\xbf<Error><Code>ServerBusy</Code></Error>", "ServerBusy"},
           {"Error.Code", "<Error><Code>\n  SlowDown\n</Code><Mess", "SlowDown"},
           {"Error.Code", "<Error><Code>SlowDo", ""},
           {"Error.Code", "<Error><Code>SlowDown</Co", ""},
           {"Error.Code", "<Error><Detail><Code>inner</Code></Detail><Code>outer</Code></Error>",
            "outer"},
           {"Error.Code", "<Response><Error><Code>x</Code></Error></Response>", ""},
           {"ErrorResponse.Error.Code",
            "<ErrorResponse xmlns=\"http://x/a>b\"><Error><Type>Receiver</Type><Code "
            "a='>'>InternalError</Code></Error></ErrorResponse>",
            "InternalError"},
           {"Envelope.Body.Fault.faultcode",
            "<soap:Envelope><soap:Body><soap:Fault><faultcode>Server</faultcode>", "Server"},
           {"soap:Envelope.Code", "<soap:Envelope><Code>a</Code></soap:Envelope>", "a"},
           {"soap:Envelope.Code", "<s:Envelope><Code>a</Code></s:Envelope>", ""},
           {"Error.Code", "<Error><!-- <Code>no</Code> --><Code>yes</Code></Error>", "yes"},
           {"Error.Code", "<Error><Code><![CDATA[<Slow>]]>Down</Code></Error>", "<Slow>Down"},
           {"Error.Code", "<Error><Code>a<b>c</b>d</Code></Error>", "ad"},
           {"Error.Code", "<Error><Code>&#83;low&amp;&#x44;own&lt;</Code></Error>", "Slow&Down<"},
           {"Error.Code", "<Error><Code>a&unknown;b</Code></Error>", ""},
           {"Error.Code", "<Error><Code/><Message>m</Message></Error>", ""},
           {"Error.Code", "<Error><Code></Code></Error>", ""},
           // Not well-formed, and what is not looked at
           {"Error.Code", "<Error></Other><Code>x</Code></Error>", ""},
           {"Error.Code", "<Error a=\"<\"><Code>x</Code></Error>", ""},
           {"Error.Code", "<!DOCTYPE x [<!ENTITY e \"y\">]><Error><Code>x</Code></Error>", ""},
           {"Error.Code", "text<Error><Code>x</Code></Error>", ""},
           {"Error.Code", "<a></a><Error><Code>x</Code></Error>", ""},
           {"Error.Code", "{\"Error\":{\"Code\":\"x\"}}", ""},
           {"Error.Code", "< Error><Code>x</Code></Error>", ""},
           {"Error.Code", "</Error>", ""},
           {"Error.Code", "", ""}}) {
    const auto path = rules::parse_xml_path(row.path);
    REQUIRE(path.ok());
    check_found(row, [&](std::string_view body) { return text_in_xml(body, *path); });
  }
}

TEST_CASE("the error's name is found in JSON or in XML, whichever comes") {
  const rules::AnswerFields both{"", "", *rules::parse_json_path("error.status"),
                                 *rules::parse_xml_path("Error.Code")};
  const auto name = [&](std::string_view body) {
    Answer answer;
    answer.expect(both);
    answer.head("HTTP/1.1 500 Oops");
    answer.body(body);
    return answer.error_name();
  };
  CHECK(name(R"({"error":{"status":"Internal Error"}})") == "InternalError");
  CHECK(name("<Error><Code>InternalError</Code></Error>") == "InternalError");
  CHECK(name("Internal Server Error").empty());
}

TEST_CASE("the error's name is the header's, or else the body's, and only of an error") {
  const auto name = [](int status, const std::string& header, const std::string& body) {
    Answer answer;
    answer.expect(kKms);
    answer.head("HTTP/1.1 " + std::to_string(status) + " Reason\r\n");
    if (!header.empty()) answer.head(header);
    answer.body(body);
    return answer.error_name();
  };
  const std::string json = R"({"__type":"com.amazonaws.kms#FromBody"})";
  CHECK(name(503, "X-Amzn-ErrorType: SlowDown:http://internal.amazon.com/\r\n", json) ==
        "SlowDown");
  CHECK(name(503, "", json) == "FromBody");
  CHECK(name(400, "", json) == "FromBody");
  CHECK(name(399, "x-amzn-errortype: SlowDown\r\n", json).empty());
  CHECK(name(200, "", json).empty());
  CHECK(name(500, "", "").empty());
}

TEST_CASE("only the first 16 KB of a body are looked at") {
  Answer answer;
  answer.expect(kKms);
  answer.head("HTTP/1.1 500 Oops");
  answer.body("{\"pad\":\"" + std::string(Answer::kBodyKept, 'x') + "\",");
  answer.body("\"__type\":\"Late\"}");
  CHECK(answer.error_name().empty());
}

TEST_CASE("the request id proves who answered") {
  Answer answer;
  answer.expect(kKms);
  answer.head("HTTP/1.1 500 Oops");
  CHECK(answer.unattributed());
  answer.head("X-AMZN-RequestId:  abc-1 \r\n");
  CHECK_FALSE(answer.unattributed());
  CHECK(answer.request_id() == "abc-1");

  const rules::AnswerFields none;
  answer.expect(none);
  answer.head("HTTP/1.1 500 Oops");
  CHECK_FALSE(answer.unattributed());
}

TEST_CASE("an informational response is forgotten when the final one comes") {
  Answer answer;
  answer.expect(kKms);
  answer.head("HTTP/1.1 103 Early Hints\r\n");
  answer.head("x-amzn-requestid: early\r\n");
  answer.head("HTTP/1.1 204 No Content\r\n");
  CHECK(answer.status() == 204);
  CHECK(answer.unattributed());
}

TEST_CASE("an ending is an answer when it came whole, or with a status of 500 or more") {
  CHECK(answered({CURLE_OK, 0, 1, 404}));
  CHECK(answered({CURLE_PARTIAL_FILE, 0, 1, 500}));
  CHECK(answered({CURLE_OPERATION_TIMEDOUT, 0, 1, 503}));
  CHECK_FALSE(answered({CURLE_PARTIAL_FILE, 0, 1, 200}));
  CHECK_FALSE(answered({CURLE_PARTIAL_FILE, 0, 1, 499}));
  CHECK_FALSE(answered({CURLE_OK, 0, 1, 0}));
}

TEST_CASE("an ending without an answer has a reason, or was ours") {
  struct Row {
    Ending ending;
    const char* outcome;
  };
  for (const Row& row : std::vector<Row>{
           {{CURLE_COULDNT_RESOLVE_HOST, 0, 0, 0}, "dns"},
           {{CURLE_COULDNT_RESOLVE_HOST, EMFILE, 0, 0}, "missed/resources"},
           {{CURLE_COULDNT_CONNECT, ECONNREFUSED, 0, 0}, "connect"},
           {{CURLE_COULDNT_CONNECT, EHOSTUNREACH, 0, 0}, "connect"},
           {{CURLE_COULDNT_CONNECT, EMFILE, 0, 0}, "missed/resources"},
           {{CURLE_COULDNT_CONNECT, ENFILE, 0, 0}, "missed/resources"},
           {{CURLE_COULDNT_CONNECT, ENOMEM, 0, 0}, "missed/resources"},
           {{CURLE_COULDNT_CONNECT, EADDRNOTAVAIL, 0, 0}, "missed/resources"},
           {{CURLE_OUT_OF_MEMORY, 0, 0, 0}, "missed/resources"},
           {{CURLE_SSL_CONNECT_ERROR, 0, 0, 0}, "tls"},
           {{CURLE_PEER_FAILED_VERIFICATION, 0, 0, 0}, "tls"},
           {{CURLE_OPERATION_TIMEDOUT, 0, 0, 0}, "timeout"},
           {{CURLE_OPERATION_TIMEDOUT, 0, 1, 200}, "timeout"},
           // Before there was an address, or a connection; and of a repetition.
           {{CURLE_OPERATION_TIMEDOUT, 0, 0, 0, false, false, false}, "dns"},
           {{CURLE_OPERATION_TIMEDOUT, 0, 0, 0, false, true, false}, "connect-timeout"},
           {{CURLE_OPERATION_TIMEDOUT, 0, 1, 0, false, true, false}, "timeout"},
           {{CURLE_OPERATION_TIMEDOUT, 0, 0, 0, true, true, false}, "missed/late"},
           {{CURLE_GOT_NOTHING, 0, 1, 0}, "reset"},
           {{CURLE_RECV_ERROR, 0, 1, 0}, "reset"},
           {{CURLE_SEND_ERROR, 0, 1, 0}, "reset"},
           {{CURLE_PARTIAL_FILE, 0, 1, 200}, "reset"},
           {{CURLE_WEIRD_SERVER_REPLY, 0, 1, 0}, "other"},
           // Sent once, and libcurl tried again.
           {{CURLE_ABORTED_BY_CALLBACK, 0, 2, 0}, "reset"},
           {{CURLE_COULDNT_CONNECT, ECONNREFUSED, 1, 0}, "reset"},
           {{CURLE_COULDNT_CONNECT, EMFILE, 1, 0}, "reset"}}) {
    INFO(row.ending.code << " " << row.ending.os_error << " " << row.ending.sendings);
    CHECK(to_text(without_answer(row.ending)) == row.outcome);
  }
}

TEST_CASE("an answer of 200 has an error's name only where such answers may be errors") {
  const std::string body = R"({"Response":{"Error":{"Code":"InternalError"},"RequestId":"r"}})";
  rules::AnswerFields fields;
  fields.error_name_json = *rules::parse_json_path("Response.Error.Code");
  for (const bool at_every_status : {false, true}) {
    fields.at_every_status = at_every_status;
    sources::probe::Answer answer;
    answer.expect(fields);
    answer.head("HTTP/1.1 200 OK\r\n");
    answer.body(body);
    CHECK(answer.error_name() == (at_every_status ? "InternalError" : ""));
  }
  // It is an Error by its name, whatever the status.
  const auto rule = rules::Catalog().find_rule("tencent-kms");
  const core::Version& version = rule->rule.versions.back();
  CHECK(core::classify(version, core::Answered{200, "InternalError"}).verdict ==
        core::Verdict::error);
  CHECK(core::classify(version, core::Answered{200}).verdict == core::Verdict::served);
}
