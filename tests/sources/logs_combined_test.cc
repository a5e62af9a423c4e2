#include "sources/logs/formats/combined.h"

#include "sources/log_reading.h"
#include "sources/logs/formats/lines.h"

namespace {

using recoup::core::to_text;
using recoup::sources::is_blank;
using recoup::sources::parse_combined;

const std::string kHead = "192.0.2.1 - - [10/Oct/2026:13:55:36 +0000]";
const std::string kPlain = kHead + " \"GET / HTTP/1.1\" 200 12";

}  // namespace

TEST_CASE("a line of an access log gives its instant, its status and its request") {
  struct Row {
    const char* what;
    std::string line;
    const char* at;
    int status;
    const char* request;
  };
  const std::string get = " \"GET / HTTP/1.1\" 503 -";
  const Row rows[] = {
      {"common", kPlain, "2026-10-10T13:55:36Z", 200, "GET / HTTP/1.1"},
      {"combined", kPlain + " \"-\" \"curl/8\"", "2026-10-10T13:55:36Z", 200, "GET / HTTP/1.1"},
      {"more after it", kPlain + "\t0.5 x=\"", "2026-10-10T13:55:36Z", 200, "GET / HTTP/1.1"},
      {"virtual host", "h.example:443 " + kPlain, "2026-10-10T13:55:36Z", 200, "GET / HTTP/1.1"},
      {"wrapped in quotes", '"' + kPlain + '"', "2026-10-10T13:55:36Z", 200, "GET / HTTP/1.1"},
      {"user with spaces", "h - a b [10/Oct/2026:13:55:36 +0000]" + get, "2026-10-10T13:55:36Z",
       503, "GET / HTTP/1.1"},
      {"bracket before the time", "h - [x] [10/Oct/2026:13:55:36 +0000]" + get,
       "2026-10-10T13:55:36Z", 503, "GET / HTTP/1.1"},
      {"east", "h - - [01/Jan/2026:01:00:00 +0330]" + get, "2025-12-31T21:30:00Z", 503,
       "GET / HTTP/1.1"},
      {"west", "h - - [31/Dec/2025:20:30:00 -0330]" + get, "2026-01-01T00:00:00Z", 503,
       "GET / HTTP/1.1"},
      {"leap second", "h - - [31/Dec/2016:23:59:60 +0000]" + get, "2017-01-01T00:00:00Z", 503,
       "GET / HTTP/1.1"},
      {"leap day", "h - - [29/Feb/2024:12:00:00 +0000]" + get, "2024-02-29T12:00:00Z", 503,
       "GET / HTTP/1.1"},
      {"escaped quote", kHead + R"( "GET /\" 500 1" 404 7)", "2026-10-10T13:55:36Z", 404,
       R"(GET /\" 500 1)"},
      {"escaped backslash", kHead + R"( "GET /\\" 404 7)", "2026-10-10T13:55:36Z", 404,
       R"(GET /\\)"},
      {"bare quote", kHead + R"( "GET /"x" 404 7)", "2026-10-10T13:55:36Z", 404, R"(GET /"x)"},
      {"bare backslash at the end", kHead + R"( "GET /\" 404 7)", "2026-10-10T13:55:36Z", 404,
       R"(GET /\)"},
      {"no request", kHead + R"( "" 408 0)", "2026-10-10T13:55:36Z", 408, ""},
      {"no answer", kHead + R"( "-" 000 0)", "2026-10-10T13:55:36Z", 0, "-"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const auto line = parse_combined(row.line);
    REQUIRE(line.has_value());
    CHECK(to_text(line->at) == row.at);
    CHECK(line->status == row.status);
    CHECK(line->request == row.request);
    CHECK_FALSE(line->is_own);
  }
}

TEST_CASE("what is no line of an access log is malformed") {
  const std::string get = " \"GET / HTTP/1.1\" 200 12";
  for (const std::string& line : {std::string(),
                                  std::string("\0\0\0", 3),
                                  std::string("["),
                                  std::string(400, '['),
                                  kHead,
                                  kHead + " ",
                                  kHead + " \"",
                                  kHead + " \"GET /",
                                  "- [10/Oct/2026:13:55:36 +0000]" + get,
                                  "a - - [10/Oct/2026:13:55:36]" + get,
                                  "a - - [10/Okt/2026:13:55:36 +0000]" + get,
                                  "a - - [31/Sep/2026:13:55:36 +0000]" + get,
                                  "a - - [29/Feb/2026:13:55:36 +0000]" + get,
                                  "a - - [00/Oct/2026:13:55:36 +0000]" + get,
                                  "a - - [10/Oct/2026:24:00:00 +0000]" + get,
                                  "a - - [10/Oct/2026:13:60:36 +0000]" + get,
                                  "a - - [10/Oct/2026:13:55:61 +0000]" + get,
                                  "a - - [10/Oct/0000:13:55:36 +0000]" + get,
                                  "a - - [10/Oct/2026:13:55:36 0000]" + get,
                                  kHead + " GET / 200 12",
                                  kHead + "  \"GET /\" 200 12",
                                  kHead + " \"GET /\" 20 12",
                                  kHead + " \"GET /\" 2000 12",
                                  kHead + " \"GET /\" 200",
                                  kHead + " \"GET /\" 200 ",
                                  kHead + " \"GET /\" 200 x",
                                  kHead + " \"GET /\" 200 12x",
                                  kHead + " \"GET /\" 200 -1",
                                  kHead + " \"GET /\"  200 12",
                                  kHead + " \"GET /\" - 12"}) {
    INFO(line);
    CHECK_FALSE(parse_combined(line).has_value());
  }
}

TEST_CASE("a request is our own when its User-Agent begins with our name, and only then") {
  const auto own = [](const std::string& rest) { return parse_combined(kPlain + rest)->is_own; };
  CHECK(own(R"x( "-" "recoup/0.1.0 (+probe)")x"));
  CHECK(own(R"( "http://a/\"b" "recoup/1")"));
  CHECK_FALSE(own(R"( "recoup/1" "curl/8")"));
  CHECK_FALSE(own(R"( "-" "curl/8 recoup/1")"));
  CHECK_FALSE(own(R"( "-" "recoupling/1")"));
  CHECK_FALSE(own(R"( "-")"));
  CHECK_FALSE(own(" \"-"));
  CHECK_FALSE(own(" \""));
  CHECK_FALSE(own(""));
  CHECK_FALSE(parse_combined(kHead + R"( "GET /x HTTP/1.1" 200 1 "-" "-" "recoup/1")")->is_own);
}

TEST_CASE("the field of a number is a word, or what stands in quotes or brackets") {
  const auto field = [](const std::string& line, std::size_t number) {
    const auto parsed = parse_combined(line);
    REQUIRE(parsed.has_value());
    return std::string(numbered_field(*parsed, number));
  };
  const std::string line = kPlain + R"x( "http://a/\"b c\"" "curl/8 (x)" "id 1" id-2 [id 3] - "")x";
  const std::vector<std::string> expected{"192.0.2.1",
                                          "",
                                          "",
                                          "",
                                          "GET / HTTP/1.1",
                                          "",
                                          "",
                                          R"(http://a/\"b c\")",
                                          "curl/8 (x)",
                                          "id 1",
                                          "id-2",
                                          "id 3",
                                          "",
                                          "",
                                          ""};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    INFO(i + 1);
    CHECK(field(line, i + 1) == expected[i]);
  }
  CHECK(field("h.example:443 " + line, 12) == "id-2");
  CHECK(field('"' + line + '"', 11) == "id-2");
  CHECK(field('"' + kPlain + " last\"", 8) == "last");
  CHECK(field(kPlain + " \"not closed", 8) == "\"not");
  CHECK(field(kPlain + " [not closed", 8) == "[not");
  CHECK(field(kHead + R"( "GET /"x y" 503 7 "-" "-" id)", 10) == "id");
}

TEST_CASE("the id of the server behind is kept where its field is named") {
  recoup::sources::FormatOptions options;
  options.request_id = 10;
  recoup::test::LineByLine lines("combined", options);
  CHECK(lines.verdict(kHead + R"( "GET /a?b HTTP/1.1" 503 7 "-" "curl/8" "req-1")") ==
        "1791640536 503");
  CHECK(lines.evidence().request_id == "req-1");
  CHECK(lines.evidence().detail == "GET /a");
  lines.verdict(kHead + R"( "GET /a HTTP/1.1" 503 7 "-" "curl/8")");
  CHECK(lines.evidence().request_id.empty());
  recoup::test::LineByLine without("combined");
  without.verdict(kHead + R"( "GET /a HTTP/1.1" 503 7 "-" "curl/8" "req-1")");
  CHECK(without.evidence().request_id.empty());
}

TEST_CASE("a line of white space alone is blank") {
  CHECK(is_blank(""));
  CHECK(is_blank(" \t\r\v\f\x1c\x1f\x85\xa0"));
  CHECK_FALSE(is_blank(" x"));
  CHECK_FALSE(is_blank(std::string("\0", 1)));
}
