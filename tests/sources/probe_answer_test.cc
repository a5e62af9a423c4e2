#include "sources/probe/answer.h"

#include <cerrno>

#include <curl/curl.h>

#include "sources/probe/ending.h"
#include "support/catch.h"

using namespace recoup;
using core::to_text;
using sources::probe::Answer;
using sources::probe::answered;
using sources::probe::Ending;
using sources::probe::json_member;
using sources::probe::without_answer;

namespace {

const config::AnswerFields kKms{"x-amzn-requestid", "x-amzn-errortype", "__type"};

}  // namespace

TEST_CASE("a member is found at the top of a JSON object only") {
  struct Row {
    const char* json;
    const char* found;
  };
  for (const Row& row : std::vector<Row>{
           {R"({"__type":"KMSInternalException","message":"m"})", "KMSInternalException"},
           {R"({"message":"m","__type":"com.amazonaws.kms#X"})", "com.amazonaws.kms#X"},
           {R"({"a":{"__type":"inner"},"b":[{"__type":"inner"}]})", ""},
           {R"({"a":{"__type":"inner"},"__type":"outer"})", "outer"},
           {R"({"__type":"early","rest":"cut o)", "early"},
           {R"({"__type":503})", ""},
           {R"({"__type":{"__type":"inner"}})", ""},
           {R"(["__type","x"])", ""},
           {"<html>", ""},
           {"", ""}}) {
    INFO(row.json);
    CHECK(json_member(row.json, "__type") == row.found);
  }
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

  const config::AnswerFields none;
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
  for (const Row& row :
       std::vector<Row>{{{CURLE_COULDNT_RESOLVE_HOST, 0, 0, 0}, "dns"},
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
