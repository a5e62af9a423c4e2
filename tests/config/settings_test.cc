#include "config/settings.h"

#include <filesystem>

#include "config/files.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using namespace recoup;
using namespace recoup::config;
using recoup::test::TempDir;

namespace {

const std::string kAgreement = R"(
[[agreement]]
id      = "kms"
sla     = "aws-kms"
account = "123456789012"
region  = "us-east-1"
)";

Settings parsed(const std::string& text, const Environment& environment = {{"HOSTNAME", "here"}},
                const std::string& path = "recoup.toml") {
  auto settings = parse_settings(text, path, environment);
  if (!settings) FAIL(settings.error().message);
  return std::move(*settings);
}

ProbeSettings probe(const std::string& keys, const Environment& environment = {}) {
  const Settings settings =
      parsed(kAgreement + "[[agreement.probe]]\nid = \"p\"\n" + keys, environment);
  REQUIRE(settings.agreements.at(0).probes.size() == 1);
  return settings.agreements[0].probes[0];
}

const Header& header(const ProbeSettings& from, const std::string& name) {
  for (const Header& h : from.headers) {
    if (h.name == name) return h;
  }
  FAIL("no header " << name);
  throw 0;
}

core::Instant at(const char* text) { return *core::parse_instant(text); }

}  // namespace

TEST_CASE("settings that say everything are read in full") {
  const Settings settings = parsed(R"(
ledger  = "sqlite:/var/lib/recoup/recoup.db"
listen  = "[::1]:9500"
vantage = "office-berlin"

[[agreement]]
id        = "kms-us-east-1"
sla       = "aws-kms"
account   = "123456789012"
region    = "us-east-1"
time_zone = "Europe/Zurich"
practice  = true

  [[agreement.probe]]
  id  = "generate-random"
  use = "generate-random"

  [[agreement.probe]]
  id         = "own"
  url        = "https://status.{region}.example.com/{account}?deep=1"
  method     = "PUT"
  headers    = { X-Region = "{region}", Authorization = { env = "TOKEN" } }
  body       = '{"a":{}}'
  sign       = { service = "execute-api", region = "eu-west-1" }
  expect     = [200, 404]
  every      = "1m"
  timeout    = "2500ms"
  keep_alive = false
  request_id_header = "x-request-id"
  error_name_header = "x-error"
  error_name_json   = "code"

  [[agreement.exclusion]]
  from   = 2026-10-03T02:00:00Z
  to     = 2026-10-03T04:30:00.250+02:00
  reason = "we disabled the key ourselves"

  [agreement.charges]
  stated = [
    { month = "2026-09", amount = "1845.005", currency = "USD", note = "invoice 42" },
    { month = "2026-10", amount = "0", currency = "USD" },
  ]

[[agreement]]
id      = "kms-imports-only"
sla     = "aws-kms"
account = "123456789012"
region  = "eu-central-1"
)",
                                   {{"TOKEN", "hunter2"}});
  CHECK(settings.file == "recoup.toml");
  CHECK(settings.ledger == "sqlite:/var/lib/recoup/recoup.db");
  CHECK(settings.listen.host == "::1");
  CHECK(settings.listen.port == 9500);
  CHECK(settings.vantage == "office-berlin");
  REQUIRE(settings.agreements.size() == 2);

  const AgreementSettings& first = settings.agreements[0];
  CHECK(settings.find("kms-us-east-1") == &first);
  CHECK(settings.find("nothing") == nullptr);
  CHECK(first.agreement.id == "kms-us-east-1");
  CHECK(first.agreement.sla == "aws-kms");
  CHECK(first.agreement.account == "123456789012");
  CHECK(first.agreement.region == "us-east-1");
  CHECK(first.agreement.practice);
  CHECK(first.time_zone == "Europe/Zurich");
  REQUIRE(first.rule != nullptr);
  CHECK(first.rule->id == "aws-kms");
  REQUIRE(first.agreement.exclusions.size() == 1);
  CHECK(first.agreement.exclusions[0].span ==
        core::Interval{at("2026-10-03T02:00:00Z"), at("2026-10-03T02:30:00.250Z")});
  CHECK(first.agreement.exclusions[0].reason == "we disabled the key ourselves");

  REQUIRE(first.charges.size() == 2);
  CHECK(first.charges[0].month == *core::parse_month("2026-09"));
  CHECK(first.charges[0].amount == core::Money{core::Ratio(1845005, 1000), "USD"});
  CHECK(first.charges[0].note == "invoice 42");
  CHECK(first.charges[1].note.empty());

  REQUIRE(first.probes.size() == 2);
  const ProbeSettings& own = first.probes[1];
  CHECK(own.id == "own");
  CHECK(own.url == "https://status.us-east-1.example.com/123456789012?deep=1");
  CHECK(own.method == "PUT");
  CHECK(header(own, "X-Region").value == "us-east-1");
  CHECK(header(own, "Authorization").value.empty());
  CHECK(header(own, "Authorization").secret.reveal() == "hunter2");
  CHECK(own.body == R"({"a":{}})");
  REQUIRE(own.sign.has_value());
  CHECK(own.sign->service == "execute-api");
  CHECK(own.sign->region == "eu-west-1");
  CHECK(own.expect == std::vector<int>{200, 404});
  CHECK(own.every == 1min);
  CHECK(own.timeout == 2500ms);
  CHECK_FALSE(own.keep_alive);
  CHECK(own.answer.request_id_header == "x-request-id");
  CHECK(own.answer.error_name_header == "x-error");
  CHECK(own.answer.error_name_json == "code");

  CHECK(settings.agreements[1].probes.empty());
  CHECK_FALSE(settings.agreements[1].agreement.practice);
  CHECK_FALSE(settings.agreements[1].time_zone.has_value());
}

TEST_CASE("settings that say little have defaults") {
  const Settings settings = parsed(kAgreement);
  CHECK(settings.ledger == "sqlite:recoup.db");
  CHECK(settings.listen.host == "127.0.0.1");
  CHECK(settings.listen.port == 9464);
  CHECK(settings.vantage == "here");
  CHECK_FALSE(parsed(kAgreement, {}).vantage.empty());
}

TEST_CASE("a listen address without a host means all of them") {
  CHECK(parsed("listen = \":0\"" + kAgreement).listen.host == "0.0.0.0");
  CHECK(parsed("listen = \":0\"" + kAgreement).listen.port == 0);
  CHECK(parsed("listen = \"probe.example.com:80\"" + kAgreement).listen.host ==
        "probe.example.com");
}

TEST_CASE("a relative ledger lies beside the settings") {
  const std::string path = "/etc/recoup/recoup.toml";
  CHECK(parsed(kAgreement, {}, path).ledger == "sqlite:/etc/recoup/recoup.db");
  CHECK(parsed("ledger = \"sqlite:a/b.db\"" + kAgreement, {}, path).ledger ==
        "sqlite:/etc/recoup/a/b.db");
  CHECK(parsed("ledger = \"sqlite:/c.db\"" + kAgreement, {}, path).ledger == "sqlite:/c.db");
  CHECK(parsed("ledger = \"sqlite::memory:\"" + kAgreement, {}, path).ledger == "sqlite::memory:");
}

TEST_CASE("a template is filled with the agreement's region and signs for it") {
  const ProbeSettings random = probe("use = \"generate-random\"\n");
  CHECK(random.id == "p");
  CHECK(random.url == "https://kms.us-east-1.amazonaws.com/");
  CHECK(random.method == "POST");
  CHECK(random.body == R"({"NumberOfBytes":32})");
  CHECK(header(random, "X-Amz-Target").value == "TrentService.GenerateRandom");
  REQUIRE(random.sign.has_value());
  CHECK(random.sign->service == "kms");
  CHECK(random.sign->region == "us-east-1");
  CHECK(random.answer.request_id_header == "x-amzn-requestid");
  CHECK(random.answer.error_name_header == "x-amzn-errortype");
  CHECK(random.answer.error_name_json == "__type");
  CHECK(random.every == 5s);
  CHECK(random.timeout == 10s);
  CHECK(random.keep_alive);
  CHECK(random.expect.empty());
}

TEST_CASE("a template's own placeholders are filled by with") {
  const ProbeSettings encrypt = probe("use = \"encrypt\"\nwith = { key = \"alias/{region}\" }\n");
  CHECK(encrypt.body == R"({"KeyId":"alias/{region}","Plaintext":"cmVjb3Vw"})");
}

TEST_CASE("the user's keys come before the template's") {
  const ProbeSettings own = probe(R"(
use     = "generate-random"
url     = "http://127.0.0.1:8080/{region}"
headers = { x-amz-target = "Other", X-More = "yes" }
region  = "eu-west-1"
every   = "1s"
sign    = "other"
)");
  CHECK(own.url == "http://127.0.0.1:8080/eu-west-1");
  CHECK(own.headers.size() == 3);
  CHECK(header(own, "x-amz-target").value == "Other");
  CHECK(header(own, "Content-Type").value == "application/x-amz-json-1.1");
  CHECK(own.sign->service == "other");
  CHECK(own.sign->region == "eu-west-1");
  CHECK(own.every == 1s);
  CHECK(own.body == R"({"NumberOfBytes":32})");
}

TEST_CASE("a probe looks for the request id that its rule needs") {
  CHECK(probe("url = \"http://a/\"\n").answer.request_id_header == "x-amzn-requestid");
  CHECK(probe("url = \"http://a/\"\nrequest_id_header = \"x-id\"\n").answer.request_id_header ==
        "x-id");
}

TEST_CASE("a header that looks secret is kept as a secret") {
  const ProbeSettings own = probe("url = \"http://a/\"\nheaders = { X-Api-Key = \"hunter2\" }\n");
  CHECK(header(own, "X-Api-Key").value.empty());
  CHECK(header(own, "X-Api-Key").secret.reveal() == "hunter2");
}

TEST_CASE("a header's value is read from a file beside the settings") {
  const TempDir folder;
  fs::create_directory(folder.path() / "secrets");
  folder.write("secrets/token", "hunter2\n");
  const std::string path = folder.write("recoup.toml", kAgreement + R"(
[[agreement.probe]]
id      = "p"
url     = "http://127.0.0.1/"
headers = { X-Probe = { file = "secrets/token" } }
)");
  const auto settings = load_settings(path, {});
  if (!settings) FAIL(settings.error().message);
  CHECK(settings->agreements[0].probes[0].headers[0].secret.reveal() == "hunter2");
}

TEST_CASE("no complaint shows a secret's value") {
  const std::string probe_text =
      kAgreement + "[[agreement.probe]]\nid = \"p\"\nurl = \"ftp://a/\"\n";
  const std::vector<std::string> wrong{
      "headers = { Authorization = { env = \"TOKEN\" } }\nevry = 5\n",
      "headers = { X-A = { env = \"TOKEN\" , x = 1 } }\n",
      "headers = { X-A = { env = \"TOKEN\", file = \"TOKEN\" } }\n",
      "headers = { X-A = { env = \"LINES\" } }\n",
      "headers = { Authorization = [\"hunter2\"] }\n",
      "token = \"hunter2\"\n",
      "token = hunter2\n",
      "url = \"https://me:hunter2@a/\"\n",
  };
  for (const std::string& text : wrong) {
    INFO(text);
    const auto settings = parse_settings(probe_text + text, "recoup.toml",
                                         {{"TOKEN", "hunter2"}, {"LINES", "hunter2\nhunter2"}});
    REQUIRE_FALSE(settings.ok());
    CHECK(settings.error().message.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("a zone is the agreement's own, else the contract's") {
  const Settings plain = parsed(kAgreement);
  const core::Version& version = plain.agreements[0].rule->versions.back();
  CHECK(zone_of(plain.agreements[0], version)->name() == "UTC");
  const Settings zoned = parsed(kAgreement + "time_zone = \"+05:30\"\n");
  CHECK(zone_of(zoned.agreements[0], version)->name() == "+05:30");
}

TEST_CASE("the user's own rule comes before the built-in one of its id") {
  const TempDir folder;
  fs::create_directory(folder.path() / "mine");
  std::string rule = *read_file(fs::path(SOURCE_DIR) / "rules" / "sla" / "aws-kms.toml");
  rule.replace(rule.find("AWS Key Management Service\""), 3, "Our");
  folder.write("mine/kms.toml", rule);
  folder.write("mine/notes.txt", "no rule");
  const std::string path = folder.write("recoup.toml", "rules = \"mine\"\n" + kAgreement);
  const auto settings = load_settings(path, {});
  if (!settings) FAIL(settings.error().message);
  CHECK(settings->agreements[0].rule->service == "Our Key Management Service");

  folder.write("mine/second.toml", rule);
  const auto twice = load_settings(path, {});
  REQUIRE_FALSE(twice.ok());
  CHECK(twice.error().message.find("expected one rule with the id 'aws-kms', got a second in") !=
        std::string::npos);
}

TEST_CASE("a mistake in the user's own rule is shown in that file") {
  const TempDir folder;
  fs::create_directory(folder.path() / "mine");
  const std::string rule = folder.write("mine/own.toml", "schema = 1\nid = \"Own\"\n");
  const auto settings =
      load_settings(folder.write("recoup.toml", "rules = \"mine\"\n" + kAgreement), {});
  REQUIRE_FALSE(settings.ok());
  CHECK(settings.error().message.find(rule + ":2:6: error: expected a name of") !=
        std::string::npos);
  CHECK(settings.error().message.find("recoup.toml:") == std::string::npos);
}

TEST_CASE("settings that cannot be read are named") {
  const TempDir folder;
  const std::string path = folder.file("recoup.toml");
  const auto absent = load_settings(path, {});
  REQUIRE_FALSE(absent.ok());
  CHECK(absent.error().message == path + ":1:1: error: expected a readable file, got '" + path +
                                      "'\nhelp: no such file or directory");
  const auto a_folder = load_settings(folder.path().string(), {});
  REQUIRE_FALSE(a_folder.ok());
  CHECK(a_folder.error().message.find("help: is a directory") != std::string::npos);
}
