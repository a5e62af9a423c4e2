// Logs that are one JSON object a line: by the keys of those who write them, and by the user's.
#include "sources/log_reading.h"
#include "sources/logs/formats/json_keys.h"

using namespace recoup;
using core::to_text;
using sources::FormatOptions;
using test::LineByLine;

namespace {

FormatOptions fields(const std::vector<std::string>& said, const std::string& zone = {}) {
  FormatOptions options;
  for (const std::string& one : said) REQUIRE(sources::add_field(options, one).ok());
  if (!zone.empty()) REQUIRE(sources::set_time_zone(options, zone).ok());
  return options;
}

// A line of the conventional keys with that time, as JSON has it.
std::string at(const std::string& time) { return R"({"time":)" + time + R"(,"status":503})"; }

}  // namespace

TEST_CASE("a line of each known kind of JSON is a request with its evidence") {
  struct Row {
    const char* what;
    std::string line;
    const char* verdict;
    const char* detail;
    const char* request_id;
    const char* peer;
    int millis;
  };
  const Row rows[] = {
      {"nginx",
       R"({"time_iso8601":"2026-10-03T04:00:00+02:00","remote_addr":"192.0.2.1","request":"GET /a?b HTTP/1.1","status":"503","request_time":"0.250","upstream_addr":"10.0.0.1:443","upstream_http_x_amzn_requestid":"r-1","request_id":"own","http_user_agent":"curl/8"})",
       "1790992800 503", "GET /a", "r-1", "10.0.0.1:443", 250},
      {"nginx by its variables",
       R"({"msec":1790992800.251,"request_method":"POST","uri":"/a","status":503,"request_time":1.5})",
       "1790992800 503", "POST /a", "", "", 1500},
      {"Caddy",
       R"({"level":"error","ts":1790992800.25,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"192.0.2.1","proto":"HTTP/2.0","method":"GET","host":"h","uri":"/a?b","headers":{"User-Agent":["curl/8"],"Accept":["*/*"]},"tls":{"resumed":false}},"bytes_read":0,"duration":0.0335,"size":9,"status":503,"resp_headers":{"Server":["Caddy"],"X-Amzn-Requestid":["r-2"]}})",
       "1790992800 503", "GET /a", "r-2", "", 33},
      {"Traefik",
       R"({"ClientHost":"192.0.2.1","DownstreamStatus":503,"Duration":10002425284,"OriginStatus":500,"RequestMethod":"GET","RequestPath":"/a?b","ServiceAddr":"10.0.0.1:80","ServiceURL":{"Scheme":"http","Host":"h"},"StartLocal":"2026-10-03T04:00:00.1+02:00","StartUTC":"2026-10-03T02:00:00.123456789Z","origin_X-Amzn-Requestid":"r-3","level":"info","msg":"","time":"2026-10-03T02:00:10Z"})",
       "1790992800 503", "GET /a", "r-3", "10.0.0.1:80", 10002},
      {"Envoy",
       R"({"start_time":"2026-10-03T02:00:00.123Z","method":"GET","path":"/a?b","protocol":"HTTP/1.1","response_code":503,"response_flags":"UF","duration":31,"upstream_host":"10.0.0.1:443","request_id":"own","user_agent":"curl/8","authority":"h"})",
       "1790992800 503", "GET /a", "", "10.0.0.1:443", 31},
      {"Envoy in a container",
       R"(2026-10-03T02:00:00.123456789Z stdout F {"response_code":"503","start_time":"2026-10-03T02:00:00.123Z","method":null,"duration":"31"})",
       "1790992800 503", "", "", "", 31},
      {"Application Load Balancer",
       R"({"type":"h2","time":"2026-10-03T02:00:00.186641Z","elb":"app/lb/5","client:port":"192.0.2.1:99","target:port":"10.0.0.1:80","request_processing_time":"0.086","target_processing_time":"0.048","response_processing_time":"-1","elb_status_code":"503","target_status_code":"-","request_line":"GET https://h:443/a?b HTTP/2.0","user_agent":"curl/8","trace_id":"Root=1-58337262"})",
       "1790992800 503", "GET /a", "Root=1-58337262", "10.0.0.1:80", 134},
      {"S3",
       R"({"schema_version_id":"V_1_0","bucket_name":"b","request_time":"2026-10-03T02:00:00.123Z","remote_ip":null,"request_id":"3E57427F3EXAMPLE","operation":"REST.GET.OBJECT","key":"k","request_uri":"GET /b/k?x HTTP/1.1","http_status":503,"error_code":"SlowDown","total_time":70,"user_agent":"aws"})",
       "1790992800 503/SlowDown", "GET /b/k", "3E57427F3EXAMPLE", "", 70},
      {"CloudFront",
       R"j({"date":"2026-10-03","time":"02:00:00","x-edge-location":"FRA2","cs-method":"GET","cs-uri-stem":"/a","sc-status":"503","cs(User-Agent)":"curl","x-edge-request-id":"MRVM==","time-taken":"0.251"})j",
       "1790992800 503", "GET /a", "MRVM==", "", 251},
      {"CloudFront by its timestamp", R"j({"timestamp(ms)":"1790992800123","sc-status":"000"})j",
       "1790992800 other", "", "", "", 0},
      {"API Gateway",
       R"({"requestId":"r-4","ip":"192.0.2.1","requestTime":"03/Oct/2026:02:00:00 +0000","httpMethod":"GET","resourcePath":"/a","status":"503","responseLatency":"12"})",
       "1790992800 503", "GET /a", "r-4", "", 12},
      {"keys inside others",
       R"({"@timestamp":"2026-10-03T02:00:00Z","http":{"request":{"method":"GET"},"response":{"status_code":503}},"url":{"path":"/a"}})",
       "1790992800 503", "GET /a", "", "", 0},
      {"the same in one",
       R"({"@timestamp":"2026-10-03T02:00:00Z","http.request.method":"GET","http.response.status_code":503,"url.path":"/a"})",
       "1790992800 503", "GET /a", "", "", 0},
      {"pino",
       R"({"level":30,"time":1790992800123,"req":{"method":"GET","url":"/a?b"},"res":{"statusCode":503},"responseTime":7,"msg":"request completed"})",
       "1790992800 503", "GET /a", "", "", 7},
  };
  LineByLine json("json");
  for (const Row& row : rows) {
    INFO(row.what);
    CHECK(json.verdict(row.line) == row.verdict);
    CHECK(json.evidence().detail == row.detail);
    CHECK(json.evidence().request_id == row.request_id);
    CHECK(json.evidence().peer == row.peer);
    CHECK(json.evidence().duration == core::Millis(row.millis));
    CHECK(test::read_text_log(row.line, "auto").format == "json");
  }
}

TEST_CASE("times of JSON lines are written in many ways") {
  struct Row {
    const char* time;
    const char* at;
  };
  LineByLine json("json");
  for (const Row& row :
       {Row{R"("2026-10-03T02:00:00Z")", "2026-10-03T02:00:00Z"},
        Row{R"("2026-10-03T02:00:00.123456789Z")", "2026-10-03T02:00:00.123Z"},
        Row{R"("2026-10-03 04:00:00,5+0200")", "2026-10-03T02:00:00.500Z"},
        Row{R"("2026-10-03 04:00:00 +02:00")", "2026-10-03T02:00:00Z"},
        Row{R"("2026-10-02T20:00:00-06:00")", "2026-10-03T02:00:00Z"},
        Row{R"("2026-10-03T01:59:60Z")", "2026-10-03T02:00:00Z"},
        Row{R"("03/Oct/2026:04:00:00 +0200")", "2026-10-03T02:00:00Z"},
        Row{R"("03\/Oct\/2026:04:00:00 +0200")", "2026-10-03T02:00:00Z"},
        Row{R"("[03/Oct/2026:04:00:00 +0200]")", "2026-10-03T02:00:00Z"},
        Row{"1790992800", "2026-10-03T02:00:00Z"}, Row{R"("1790992800")", "2026-10-03T02:00:00Z"},
        Row{"1790992800.1239", "2026-10-03T02:00:00.123Z"},
        Row{R"("1790992800.5")", "2026-10-03T02:00:00.500Z"},
        Row{"1.7909928005e9", "2026-10-03T02:00:00.500Z"},
        Row{"17909928005E-1", "2026-10-03T02:00:00.500Z"},
        Row{"1790992800123", "2026-10-03T02:00:00.123Z"},
        Row{"1790992800123456", "2026-10-03T02:00:00.123Z"},
        Row{"1790992800123456789", "2026-10-03T02:00:00.123Z"}, Row{"0", "1970-01-01T00:00:00Z"}}) {
    INFO(row.time);
    CHECK(json.verdict(at(row.time)).ends_with(" 503"));
    CHECK(to_text(json.evidence().at) == row.at);
  }
}

TEST_CASE("a time without its offset needs the zone of the log") {
  LineByLine without("json");
  CHECK(without.verdict(at(R"("2026-10-03T04:00:00")")) == "malformed");
  CHECK(without.expected() ==
        "expected a time with its offset from UTC, or the zone of such times with --time-zone");
  LineByLine zurich("json", fields({}, "Europe/Zurich"));
  const auto when = [&](const std::string& time) {
    if (zurich.verdict(at('"' + time + '"')) == "malformed") return zurich.expected();
    return to_text(zurich.evidence().at);
  };
  CHECK(when("2026-10-03T04:00:00") == "2026-10-03T02:00:00Z");
  CHECK(when("2026-12-03 04:00:00.25") == "2026-12-03T03:00:00.250Z");
  CHECK(when("2026-10-03T04:00:00Z") == "2026-10-03T04:00:00Z");
  // The clocks show 02:30 twice in October, and never in March.
  CHECK(when("2026-10-25T01:59:59") == "2026-10-24T23:59:59Z");
  CHECK(when("2026-10-25T02:30:00") == "2026-10-25T00:30:00Z");
  CHECK(when("2026-10-25T03:00:00") == "2026-10-25T02:00:00Z");
  CHECK(when("2026-03-29T02:30:00") == "expected a time that the zone's clocks show");
  CHECK(when("2026-03-29T03:00:00") == "2026-03-29T01:00:00Z");
  LineByLine fixed("json", fields({}, "-03:30"));
  CHECK(fixed.verdict(at(R"("2026-10-02T22:30:00")")) == "1790992800 503");
}

TEST_CASE("the user's keys stand in place of those that are known") {
  const std::string line =
      R"({"when":"2026-10-03T02:00:00Z","time":"2001-01-01T00:00:00Z","answer":{"code":"503","status":200},"status":200,"trace.id":"r-5","verb":"PUT","what":"/a?b","took_us":1500,"who":"10.0.0.1","why":"SlowDown"})";
  LineByLine json("json",
                  fields({"time=when", "status=answer.code", "request_id=trace.id", "method=verb",
                          "path=what", "duration=took_us", "peer=who", "error=why"}));
  CHECK(json.verdict(line) == "1790992800 503/SlowDown");
  CHECK(json.evidence().detail == "PUT /a");
  CHECK(json.evidence().request_id == "r-5");
  CHECK(json.evidence().duration == core::Millis(1));
  CHECK(json.evidence().peer == "10.0.0.1");
  LineByLine some("json", fields({"time=when"}));
  CHECK(some.verdict(line) == "1790992800 200");
  LineByLine id("json", fields({"request_id=request_id"}));
  id.verdict(R"({"start_time":"2026-10-03T02:00:00Z","response_code":503,"request_id":"x"})");
  CHECK(id.evidence().request_id == "x");
  LineByLine request("json", fields({"request=line", "status=s"}));
  CHECK(request.verdict(R"({"time":0,"s":500,"line":"GET /x?y HTTP/1.1"})") == "0 500");
  CHECK(request.evidence().detail == "GET /x");
  LineByLine agent("json", fields({"agent=client.name"}));
  CHECK(agent.verdict(R"({"time":0,"status":500,"client":{"name":"recoup/1"}})") == "own");
}

TEST_CASE("requests of our own probes are told from others by JSON lines") {
  LineByLine json("json");
  for (
      const char* line :
      {R"j({"time":0,"status":200,"http_user_agent":"recoup/0.1.0 (+probe)"})j",
       R"({"time":0,"status":200,"user_agent":"recoup\/0.1.0"})",
       R"({"ts":0,"request":{"method":"GET","uri":"/","headers":{"User-Agent":["recoup/1"]}},"status":200})",
       R"({"StartUTC":"2026-10-03T02:00:00Z","DownstreamStatus":200,"request_User-Agent":"recoup/1"})",
       R"({"start_time":"2026-10-03T02:00:00Z","response_code":200,"user_agent":"recoup/1"})",
       R"j({"date":"2026-10-03","time":"02:00:00","sc-status":"200","cs(User-Agent)":"recoup/1%20x"})j"}) {
    INFO(line);
    CHECK(json.verdict(line) == "own");
  }
  CHECK(json.verdict(R"({"time":0,"status":200,"user_agent":"curl recoup/1"})") == "0 200");
}

TEST_CASE("what a server says beside its requests is no request, and not malformed") {
  LineByLine json("json");
  for (
      const char* line :
      {R"({"level":"info","ts":1790992800.2,"msg":"using config from file","file":"Caddyfile"})",
       R"(caddy  | {"level":"info","ts":1790992800.2,"logger":"http.log","msg":"server running"})",
       R"({"level":"error","ts":0,"logger":"http.log.error","msg":"dial tcp","request":{"method":"GET","uri":"/"},"status":502})",
       R"({"level":"info","ts":0,"logger":"admin.api","msg":"x","request":{"method":"GET","uri":"/"},"status":200})",
       R"({"severity":"INFO","message":"hello"})",
       R"({"schema_version_id":"V_1_0","request_time":"2026-10-03T02:00:00Z","operation":"BATCH.DELETE.OBJECT","http_status":204,"request_uri":"-"})",
       R"({"schema_version_id":"V_1_0","request_time":"2026-10-03T02:00:00Z","operation":"S3.EXPIRE.OBJECT","http_status":"-","request_uri":null})"}) {
    INFO(line);
    CHECK(json.verdict(line) == "skip");
  }
}

TEST_CASE("an answer that was never given is told from a status that is none") {
  LineByLine json("json");
  CHECK(json.verdict(R"({"start_time":"2026-10-03T02:00:00Z","response_code":0})") ==
        "1790992800 other");
  CHECK(json.verdict(R"({"time":0,"status":"000"})") == "0 other");
  CHECK(json.verdict(R"({"time":0,"status":000})") == "0 other");
  for (const char* status :
       {"0", "\"-\"", "\"\"", "20", "2000", "200.0", "true", "-200", "\"2 0\""}) {
    INFO(status);
    CHECK(json.verdict(R"({"time":0,"status":)" + std::string(status) + "}") == "malformed");
    CHECK(json.expected() == "expected a status of three digits");
  }
}

TEST_CASE("what is no line of JSON says what was expected") {
  LineByLine json("json");
  const auto expected = [&](const std::string& line) {
    INFO(line);
    CHECK(json.verdict(line) == "malformed");
    return json.expected();
  };
  const std::string object = "expected one JSON object, whole and to the line's end";
  const std::string whole = R"({"time":0,"status":200})";
  for (const std::string& line :
       {std::string("x"), std::string(10, '\0'), std::string("{"), std::string("}"), whole + whole,
        whole + "x", whole.substr(0, whole.size() - 1), "[" + whole + "]", whole.substr(1),
        std::string(R"({"time":0,"status":200)"), std::string(R"({"time":0 "status":200})"),
        std::string(R"({"time":0,"status":"200})"), std::string(R"({"time":0,"status":"200"x})"),
        std::string(5000, '{'), "{\"a\":" + std::string(5000, '[')}) {
    CHECK(expected(line) == object);
  }
  const std::string keys =
      "expected the keys of a request's time and status; name them with --field time=… and --field "
      "status=…";
  CHECK(expected("{}") == keys);
  CHECK(expected(R"({"status":200})") == keys);
  CHECK(expected(R"({"status":null,"time":0})") == keys);
  CHECK(expected(R"({"status":{"a":200},"time":0})") == keys);
  CHECK(expected(R"({"status":[],"time":0})") == keys);
  CHECK(expected(R"({"STATUS":200,"time":0})") == keys);
  const std::string time = "expected a time like 2026-10-03T02:00:00Z or 1790992800.25";
  for (const char* wrong : {"\"yesterday\"", "\"\"", "true", "-1", "\"2026-02-30T00:00:00Z\"",
                            "\"2026-10-03\"", "1.2.3", "1e", "1e99", "\"10/3/2026\"",
                            "99999999999999999999999", "\"2026-10-03T02:00:00+2\""}) {
    CHECK(expected(at(wrong)) == time);
  }
  LineByLine named("json", fields({"time=when", "status=code"}));
  CHECK(named.verdict(whole) == "malformed");
  CHECK(named.verdict(R"({"when":0,"code":500})") == "0 500");
}

TEST_CASE("bytes and escapes that JSON does not know lose no request") {
  LineByLine json("json");
  CHECK(json.verdict("{\"time\":0,\"status\":503,\"uri\":\"/\xff\xfe\x80\",\"x\":\"\xc3\"}") ==
        "0 503");
  CHECK(json.evidence().detail == "/___");
  CHECK(json.verdict("{\"time\":0,\"status\":503,\"uri\":\"/a\tb\"}") == "0 503");
  CHECK(json.verdict("{\"time\":0,\"status\":503,\"uri\":\"/" + std::string(1, '\0') + "\"}") ==
        "0 503");
  CHECK(json.verdict(R"({"time":0,"status":503,"uri":"\/\x16\x03"})") == "0 503");
  CHECK(json.evidence().detail == R"(/\x16\x03)");
  CHECK(json.verdict(R"({"time":0,"status":503,"uri":"\/a\"b\\c\td\u0041\u00e9\u20ac\uzz"})") ==
        "0 503");
  CHECK(json.evidence().detail == R"(/a"b\c\x09dA\xc3\xa9\xe2\x82\xac\uzz)");
  CHECK(json.verdict(R"({"a\"status":1,"time":0,"status":503,"b\\":2})") == "0 503");
  CHECK(json.verdict(R"({ "status" : 200 , "time" : 0 , "status" : 503 } )") == "0 503");
}

TEST_CASE("a long line of JSON is read like a short one, and one that is too long is malformed") {
  const std::string before = R"({"time":0,"x":")";
  const auto line = [&](std::size_t size) {
    return before + std::string(size, 'x') + R"(","status":503})";
  };
  const auto content = test::read_text_log(
      line(10) + "\n" + line(900'000) + "\n" + line(1) + "\n" + line(2'000'000) + "\n" + line(9),
      "json");
  CHECK(content.requests == 4);
  CHECK(content.malformed == 1);
}

TEST_CASE("JSON lines of unknown keys say that their keys are to be named") {
  const std::string log = R"({"when":0,"code":500})";
  const auto content = test::read_text_log(log, "auto");
  CHECK(content.format == "json");
  CHECK(content.malformed == 1);
  CHECK(test::read_text_log(log, "auto", fields({"time=when", "status=code"})).requests == 1);
}

TEST_CASE("a place is numbered once, by whatever way it is reached") {
  sources::JsonKeys keys;
  const auto a = keys.add("a.b.c");
  const auto b = keys.add("a.b");
  CHECK(keys.add("a.b.c") == a);
  CHECK(keys.add("a.b") == b);
  CHECK(a != b);
  const auto* in = keys.find(0, "a");
  REQUIRE(in != nullptr);
  CHECK(in->slot == sources::JsonKeys::kNone);
  const auto* inner = keys.find(in->node, "b");
  REQUIRE(inner != nullptr);
  CHECK(inner->slot == b);
  CHECK(keys.find(inner->node, "c")->slot == a);
  CHECK(keys.find(0, "a.b.c")->slot == a);
  CHECK(keys.find(0, "b") == nullptr);
  CHECK(keys.find(0, "") == nullptr);
  for (std::size_t i = 2; i < sources::JsonKeys::kMost; ++i) {
    CHECK(keys.add("key" + std::to_string(i)) == i);
  }
  CHECK(keys.add("one more") == sources::JsonKeys::kNone);
}
