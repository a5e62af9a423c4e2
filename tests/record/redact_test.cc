#include "record/redact.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "record/secret_names.h"
#include "support/catch.h"
#include "support/secrets.h"

using recoup::record::redact;
using recoup::record::Redactions;
using recoup::test::kPlants;
using recoup::test::Plant;

TEST_CASE("each kind of secret is replaced, wherever it stands") {
  for (const Plant& plant : kPlants) {
    INFO(plant.kind);
    CHECK(redact(plant.text) == plant.shown);
    CHECK(redact("before " + plant.text) == "before " + plant.shown);
    CHECK(redact(plant.text + " after") == plant.shown + " after");
    CHECK(redact("one " + plant.text + "\ntwo") == "one " + plant.shown + "\ntwo");
    CHECK(redact("(" + plant.text + ")") == "(" + plant.shown + ")");
    CHECK(redact(plant.text + " " + plant.text) == plant.shown + " " + plant.shown);
  }
}

TEST_CASE("a secret inside JSON and inside JSON in JSON is replaced, and the JSON stays whole") {
  for (const Plant& plant : kPlants) {
    INFO(plant.kind);
    CHECK(redact("{\"x\":\"" + plant.text + "\",\"y\":1}") ==
          "{\"x\":\"" + plant.shown + "\",\"y\":1}");
    CHECK(redact("{\\\"x\\\":\\\"" + plant.text + "\\\"}") ==
          "{\\\"x\\\":\\\"" + plant.shown + "\\\"}");
    CHECK(redact("line\\n" + plant.text + "\\") == "line\\n" + plant.shown + "\\");
    CHECK(redact("x\\u003d" + plant.text + "\"") == "x\\u003d" + plant.shown + "\"");
  }
}

TEST_CASE("a secret in a URL's query is replaced") {
  for (const Plant& plant : kPlants) {
    if (plant.text.find(' ') != std::string::npos) continue;
    INFO(plant.kind);
    CHECK(redact("GET https://kms.example/?q=" + plant.text + "&n=1") ==
          "GET https://kms.example/?q=" + plant.shown + "&n=1");
    CHECK(redact("/?q%3D" + plant.text + "&n=1") == "/?q%3D" + plant.shown + "&n=1");
  }
}

TEST_CASE("the value after a secret's name is replaced whole") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"secretAccessKey":"a\/b\"c","x":1})", R"({"secretAccessKey":"****","x":1})"},
      {R"({\"sessionToken\": \"a\/b\",\"x\":1})", R"({\"sessionToken\": \"****\",\"x\":1})"},
      {"password = 'a b c' x", "password = '****' x"},
      {"token=abc;x=1", "token=****;x=1"},
      {"Authorization: AWS4-HMAC-SHA256 Credential=AKIA/2/x, Signature=ab\nHost: x",
       "Authorization: ****\nHost: x"},
      {"Cookie: a=1; b=2", "Cookie: ****"},
      {R"("authorization": "Basic YTpi", "x")", R"("authorization": "****", "x")"},
      {"Proxy-Authorization: Basic YTpi", "Proxy-Authorization: ****"},
      {R"({"password": 12345, "x": 1})", R"({"password": ****, "x": 1})"},
      {"GET /q?a=b&access_token=x%2Fy&c=d HTTP/1.1", "GET /q?a=b&access_token=****&c=d HTTP/1.1"},
      {R"({"secretKey":"never closed)", R"({"secretKey":"****)"},
  };
  for (const auto& [text, shown] : cases) {
    INFO(text);
    CHECK(redact(text) == shown);
  }
}

TEST_CASE("user and password of a URL are replaced, and its host stays") {
  CHECK(redact("https://svc:hunter2pw@host/x") == "https://****@host/x");
  CHECK(redact("GET http://:pw@[::1]:80/ HTTP/1.1") == "GET http://****@[****]:80/ HTTP/1.1");
  CHECK(redact("postgresql://me:p@ss@db/recoup") == "postgresql://****@db/recoup");
  CHECK(redact("/go?to=https%3A%2F%2Fsvc%3Apw%40host%2Fx&a=b@c") ==
        "/go?to=https%3A%2F%2F****%40host%2Fx&a=b@c");
  CHECK(redact("https://ghp0token@github.example") == "https://****@github.example");
  CHECK(redact("https://a/b@c") == "https://a/b@c");
  CHECK(redact("https://host:443/ @home") == "https://host:443/ @home");
}

TEST_CASE("what lets somebody in is found apart from what only says who and where") {
  using recoup::record::secret_parts;
  using recoup::record::without_secrets;
  const std::string url = "https://10.0.0.1:8443/123456789012?token=abc&mail=jane@example.com";
  CHECK(without_secrets(url) ==
        "https://10.0.0.1:8443/123456789012?token=****&mail=jane@example.com");
  REQUIRE(secret_parts(url).size() == 1);
  CHECK(url.substr(secret_parts(url)[0].begin, 3) == "abc");
  CHECK(without_secrets("nothing here") == "nothing here");
}

TEST_CASE("what a complaint about the settings hides by its name, a claim hides too") {
  using recoup::record::may_name_secret;
  using recoup::record::names_secret;
  for (const char* name :
       {"Authorization", "X-Auth-Token", "client_secret", "db_password", "passwd", "PassPhrase",
        "aws_credential", "Set-Cookie", "signature", "api-key", "AWSAccessKeyId", "accountkey",
        "private_key", "Ocp-Apim-Subscription-Key", "sig", "pwd", "SharedAccessKey"}) {
    INFO(name);
    CHECK(names_secret(name));
    CHECK(may_name_secret(name));
    CHECK(redact(std::string(name) + "=hunter") == std::string(name) + "=****");
  }
  CHECK(may_name_secret("token_of_staging"));
  for (const char* name :
       {"design", "assigned", "key", "keys", "monkey", "google-secret-manager"}) {
    INFO(name);
    CHECK_FALSE(names_secret(name));
  }
}

TEST_CASE("characters that turn the direction of a text are shown as what they are") {
  CHECK(redact("a\u202Eb\u2066c\u061cd\u200fe\u2028") ==
        "a\\u202eb\\u2066c\\u061cd\\u200fe\\u2028");
  CHECK(redact("gr\u00fc\u00df\u20ac \u05d0\u05d1") == "gr\u00fc\u00df\u20ac \u05d0\u05d1");
}

TEST_CASE("an account id is found between letters, hyphens and underscores") {
  CHECK(redact("logs-123456789012-us-east-1") == "logs-****-us-east-1");
  CHECK(redact("logs123456789012") == "logs****");
  CHECK(redact("a_123456789012_b") == "a_****_b");
  CHECK(redact("%3A123456789012%3A") == "%3A****%3A");
}

TEST_CASE("an address is found beside its port, its zone and its prefix length") {
  CHECK(redact("10.0.0.1:443") == "****:443");
  CHECK(redact("10.0.0.0/8.") == "****/8.");
  CHECK(redact("[2001:db8::1]:443") == "[****]:443");
  CHECK(redact("fe80::1%eth0") == "****%eth0");
  CHECK(redact("addr:2001:db8::1.") == "addr:****.");
  CHECK(redact("2001:db8::1.443") == "****.443");
}

TEST_CASE("the mask does not tell how long the secret was") {
  CHECK(redact("a@example.com") == redact("somebody.with.a.long.name@example.com"));
  CHECK(redact("1.1.1.1") == redact("203.0.113.255"));
}

TEST_CASE("what was replaced is counted by kind, and what is masked already is not") {
  Redactions counts;
  redact(
      "203.0.113.7 jane@example.com {\"userName\":\"jane\"} 10.0.0.1 AKIAIOSFODNN7EXAMPLE "
      "123456789012 password=****",
      &counts);
  CHECK(counts == Redactions{{"IPv4 address", 2},
                             {"e-mail address", 1},
                             {"name of a principal", 1},
                             {"access key id", 1},
                             {"account id", 1}});
}

TEST_CASE("other text stays as it is") {
  for (const char* text : {"",
                           "POST /",
                           "GET /v1/orders/17?page=2&sort=asc HTTP/1.1",
                           "TrentService.GenerateRandom",
                           "2026-10-03T02:00:00.250Z",
                           "12:34:56",
                           "503/SlowDown",
                           "12345678901",
                           "1234567890123",
                           "warn: low",
                           "arn: empty",
                           "std::string x::1",
                           "express@4.17.1",
                           "root@localhost",
                           "256.1.1.1",
                           "1.2.3",
                           "10.0.0.1234",
                           "aa:bb:cc:dd:ee:ff",
                           "alias/",
                           "Bearer token",
                           "356a192b7913b04c54574d18c28d46e6395428ab",
                           "1234abcd-12ab-34cd-56ef-1234567890a",
                           "1234abcd-12ab-34cd-56ef-1234567890abc",
                           "/Api/v2/Customers/Orders/Lines/Products/Prices/Taxes/42/All",

                           "AKIA",
                           "tokens: 5",
                           "größer als 5 €",
                           "user@",
                           "@example.com",
                           "::",
                           "a\\nb"}) {
    INFO(text);
    CHECK(redact(text) == text);
  }
}

TEST_CASE("redacting what was redacted changes nothing") {
  for (const Plant& plant : kPlants) {
    INFO(plant.kind);
    const std::string once = redact("x " + plant.text + " y");
    CHECK(redact(once) == once);
  }
}

TEST_CASE("bytes that are no text pass through") {
  const std::string bytes("\x00\xff\x80%\\\\u12%4", 11);
  CHECK(redact(bytes) == bytes);
}

TEST_CASE("hostile text is redacted in linear time") {
  constexpr std::size_t kBytes = 1 << 20;
  for (const char* piece :
       {"a",      "1",      ":",       "a@",   "%4",  "\\u",  "1.",    "arn:",     "alias/",
        "token ", "token=", "Bearer ", "-",    "1-",  "A/",   "::1:",  "mrk-",     "\"",
        "eyJ",    "%3d",    "\\",      "abc ", "://", "://a", "://a@", "%3a%2f%2f"}) {
    std::string text;
    while (text.size() < kBytes) text += piece;
    INFO(piece);
    // In quadratic time this would run into the test's time limit.
    CHECK(redact(text).size() <= 5 * text.size());
  }
}
