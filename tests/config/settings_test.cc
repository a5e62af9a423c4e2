#include "config/settings.h"

#include <filesystem>

#include "config/worth.h"
#include "documents/files.h"
#include "sources/probe/signer.h"
#include "support/catch.h"
#include "support/places.h"
#include "support/temp_dir.h"

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using namespace recoup;
using namespace recoup::billing;
using namespace recoup::config;
using namespace recoup::documents;
using namespace recoup::rules;
using namespace recoup::sources::probe;
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

// A partial rule whose newest version asks for an answer within 10 s and for no request more often
// than every 32 s.
const std::string kPartialRule = R"(
schema   = 1
id       = "backed-off"
provider = "example"
service  = "Example Service"
scope    = ["account"]

[[version]]
effective  = 2020-01-01
status     = "partial"
missing    = ["cycle", "formula", "credits", "credit_base", "clauses", "claim.deadline", "claim.lists"]
source     = "https://example.com/sla/2020"
commitment = "99"
error      = { status = ["5xx"] }

[[version]]
effective  = 2021-01-01
status     = "partial"
missing    = ["cycle", "error", "credits", "credit_base", "minimum_credit", "clauses", "claim.subject", "claim.deadline", "claim.lists", "exclusions"]
source     = "https://example.com/sla/"
commitment = "99.9"
formula    = { family = "downtime-runs", error_rate_above = "10", at_least = "5m" }
error      = { status = ["5xx"], no_answer_within = "10s" }
shortest_period = "32s"
clauses    = [ { clause = "commitment", text = "at least 99.9%" } ]

[probe.hasty]
url     = "https://example.com/"
every   = "5s"
timeout = "5s"
)";

const std::string kTerms = R"(
  [agreement.terms]
  cycle          = { calendar = "month", time_zone = "America/Los_Angeles" }
  part_month     = "none"
  error          = { status = [500], name = ["InternalError"] }
  not_a_request  = ["4xx"]
  credits        = [ { below = "99.9", at_least = "99", percent = "10" }, { below = "99", percent = "50" } ]
  credit_base    = "fees of the month"
  minimum_credit = { more_than = "5", currency = "EUR" }
  clauses        = [
    { clause = "error",   text = "500 with Internal Error" },
    { clause = "formula", text = "minutes outside Downtime Periods" },
    { clause = "credits", text = "from 10% below 99.9%" },
  ]
  exclusions     = [ { clause = "iv", text = "quota" } ]
  claim.subject  = "Credit"
  claim.deadline = { days_after_eligibility = 30 }
  claim.lists    = "every Downtime Period"
  claim.needs    = ["the project id"]
)";

// Settings with one agreement under that partial rule.
core::Result<Settings> backed_off(const std::string& keys) {
  const TempDir folder;
  fs::create_directory(folder.path() / "mine");
  folder.write("mine/backed-off.toml", kPartialRule);
  return load_settings(folder.write("recoup.toml", R"(rules = "mine"
[[agreement]]
id      = "example"
sla     = "backed-off"
account = "project-1"
)" + keys),
                       {});
}

AgreementSettings backed_off_agreement(const std::string& keys) {
  const auto settings = backed_off(keys);
  if (!settings) FAIL(settings.error().message);
  return settings->agreements.at(0);
}

// What is wrong with that probe, without the name of the file.
std::string backed_off_complaint(const std::string& probe_keys) {
  const auto settings = backed_off("[[agreement.probe]]\nid = \"p\"\n" + probe_keys);
  if (settings) return "";
  const std::string& message = settings.error().message;
  return message.substr(message.find("recoup.toml"));
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
  headers    = { X-Region = "{region}", X-Api-Key = { env = "TOKEN" } }
  body       = '{"a":{}}'
  sign       = { service = "execute-api", region = "eu-west-1" }
  expect     = [200, 404]
  every      = "1m"
  timeout    = "2500ms"
  keep_alive = false
  request_id_header = "x-request-id"
  error_name_header = "x-error"
  error_name_json   = "error.details[0].reason"
  error_name_xml    = "Error.Code"

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
  CHECK(settings.ledger.shown() == "sqlite:/var/lib/recoup/recoup.db");
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

  REQUIRE(first.charges.stated.size() == 2);
  CHECK(first.charges.stated[0].month == *core::parse_month("2026-09"));
  CHECK(first.charges.stated[0].amount == core::Money{core::Ratio(1845005, 1000), "USD"});
  CHECK(first.charges.stated[0].note == "invoice 42");
  CHECK(first.charges.stated[1].note.empty());

  REQUIRE(first.probes.size() == 2);
  const ProbeSettings& own = first.probes[1];
  CHECK(own.id == "own");
  CHECK(own.url == "https://status.us-east-1.example.com/123456789012?deep=1");
  CHECK(own.method == "PUT");
  CHECK(header(own, "X-Region").value == "us-east-1");
  CHECK(header(own, "X-Api-Key").value.empty());
  CHECK(header(own, "X-Api-Key").secret.reveal() == "hunter2");
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
  CHECK(own.answer.error_name_xml == *parse_xml_path("Error.Code"));
  CHECK(own.answer.error_name_json == *parse_json_path("error.details[0].reason"));

  CHECK(settings.agreements[1].probes.empty());
  CHECK_FALSE(settings.agreements[1].agreement.practice);
  CHECK_FALSE(settings.agreements[1].time_zone.has_value());
}

TEST_CASE("settings that say little have defaults") {
  const Settings settings = parsed(kAgreement);
  CHECK(settings.ledger.shown() == "sqlite:recoup.db");
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
  CHECK(parsed(kAgreement, {}, path).ledger.shown() == "sqlite:/etc/recoup/recoup.db");
  CHECK(parsed("ledger = \"sqlite:a/b.db\"" + kAgreement, {}, path).ledger.shown() ==
        "sqlite:/etc/recoup/a/b.db");
  CHECK(parsed("ledger = \"sqlite:/c.db\"" + kAgreement, {}, path).ledger.shown() ==
        "sqlite:/c.db");
  CHECK(parsed("ledger = \"sqlite::memory:\"" + kAgreement, {}, path).ledger.shown() ==
        "sqlite::memory:");
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
  CHECK(random.answer.error_name_json == *parse_json_path("__type"));
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

  [agreement.probe.headers]
  X-Probe       = { file = "secrets/token" }
  Authorization = { file = "secrets/token", prefix = "Bearer " }
)");
  const auto settings = load_settings(path, {});
  if (!settings) FAIL(settings.error().message);
  const ProbeSettings& probe = settings->agreements[0].probes[0];
  CHECK(header(probe, "X-Probe").secret.reveal() == "hunter2");
  CHECK(header(probe, "Authorization").secret.reveal() == "Bearer hunter2");
}

TEST_CASE("no complaint shows a secret's value") {
  const std::string probe_text =
      kAgreement + "[[agreement.probe]]\nid = \"p\"\nurl = \"ftp://a/\"\n";
  const std::vector<std::string> wrong{
      "headers = { Authorization = { env = \"TOKEN\" } }\nevry = 5\n",
      "headers = { X-A = { env = \"TOKEN\" , x = 1 } }\n",
      "headers = { X-A = { env = \"TOKEN\", file = \"TOKEN\" } }\n",
      "headers = { X-A = { env = \"LINES\" } }\n",
      "headers = { X-A = { env = \"TOKEN\", prefix = \"a\\nb\" } }\n",
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

TEST_CASE("an agreement supplies the terms that its contract lacks and makes it complete") {
  const AgreementSettings agreement = backed_off_agreement(kTerms);
  REQUIRE(agreement.rule->versions.size() == 2);
  const core::Version& version = agreement.rule->versions[1];
  CHECK(version.status == core::Status::complete);
  CHECK(version.missing.empty());
  CHECK(version.supplied == std::vector<std::string>{"cycle", "error", "credits", "credit_base",
                                                     "minimum_credit", "clauses", "claim.subject",
                                                     "claim.deadline", "claim.lists",
                                                     "exclusions"});
  CHECK(version.time_zone == "America/Los_Angeles");
  CHECK(version.part_month == core::PartMonth::none);
  CHECK(version.error.statuses == std::vector<core::StatusRange>{{500, 500}});
  CHECK(version.error.names == std::vector<std::string>{"InternalError"});
  CHECK_FALSE(version.error.no_answer_within.has_value());
  CHECK(version.not_a_request == std::vector<std::string>{"4xx"});
  REQUIRE(version.credits.size() == 2);
  CHECK(version.credits[0].below == core::Ratio(999, 1000));
  CHECK(version.credit_base == "fees of the month");
  CHECK(version.minimum_credit == core::Money{core::Ratio(5, 1), "EUR"});
  CHECK(version.claim.subject == "Credit");
  REQUIRE(version.claim.deadline.has_value());
  CHECK(version.claim.deadline->from == core::DeadlineFrom::eligibility);
  CHECK(version.claim.lists == "every Downtime Period");
  CHECK(version.claim.needs == std::vector<std::string>{"the project id"});
  CHECK(version.exclusions.size() == 1);
  // What the contract states stays, and comes first.
  CHECK(std::get<core::DowntimeRuns>(version.formula).at_least == 5min);
  CHECK(version.shortest_period == 32s);
  REQUIRE(version.clauses.size() == 4);
  CHECK(version.clauses[0].name == "commitment");
  CHECK(version.clauses[3].name == "credits");
  // The older version is another text.
  CHECK(agreement.rule->versions[0].status == core::Status::partial);
  CHECK(agreement.rule->versions[0].supplied.empty());
}

TEST_CASE("that a contract asks for no minimum credit can be supplied") {
  const AgreementSettings agreement =
      backed_off_agreement("terms = { minimum_credit = \"none\" }\n");
  const core::Version& version = agreement.rule->versions[1];
  CHECK(version.supplied == std::vector<std::string>{"minimum_credit"});
  CHECK_FALSE(version.minimum_credit.has_value());
  const auto wrong = backed_off("terms = { minimum_credit = \"nothing\" }\n");
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().message.find("none") != std::string::npos);
}

TEST_CASE("an agreement that supplies a part of the missing terms is still partial") {
  const AgreementSettings agreement = backed_off_agreement(
      "terms = { credit_base = \"fees\", claim = { subject = \"Credit\" } }\n");
  const core::Version& version = agreement.rule->versions[1];
  CHECK(version.status == core::Status::partial);
  CHECK(version.supplied == std::vector<std::string>{"credit_base", "claim.subject"});
  CHECK(version.missing == std::vector<std::string>{"cycle", "error", "credits", "minimum_credit",
                                                    "clauses", "claim.deadline", "claim.lists",
                                                    "exclusions"});
  CHECK(version.error.no_answer_within == 10s);
}

TEST_CASE("terms hold for their own agreement alone") {
  const Settings settings = parsed(kAgreement + R"(
terms = { claim = { subject = "Credit" } }
[[agreement]]
id      = "other"
sla     = "aws-kms"
account = "123456789012"
region  = "us-east-1"
)");
  CHECK(settings.agreements[0].rule->versions[0].claim.subject == "Credit");
  CHECK(settings.agreements[1].rule->versions[0].claim.subject.empty());
}

TEST_CASE("terms for a contract that is complete are refused") {
  const TempDir folder;
  fs::create_directory(folder.path() / "mine");
  std::string rule = *read_file(fs::path(SOURCE_DIR) / "rules" / "sla" / "aws-kms.toml");
  const auto second = rule.find("[[version]]", rule.find("[[version]]") + 1);
  rule.erase(second, rule.find("[probe.generate-random]") - second);
  folder.write("mine/kms.toml", rule);
  const auto settings = load_settings(
      folder.write("recoup.toml", "rules = \"mine\"\n" + kAgreement +
                                      "[agreement.terms]\nclaim.subject = \"Credit\"\n"),
      {});
  REQUIRE_FALSE(settings.ok());
  const std::string& message = settings.error().message;
  CHECK(message.substr(message.find("recoup.toml")) ==
        "recoup.toml:8:1: error: expected no terms for a complete rule, got some\n"
        "    8 | [agreement.terms]\n"
        "      | ^^^^^^^^^^^^^^^^^\n"
        "help: aws-kms states all its terms");
}

TEST_CASE("an agreement may begin and end within a month") {
  const Settings settings = parsed(kAgreement +
                                   "since = 2026-10-03T02:00:00+02:00\n"
                                   "until = 2026-10-20T00:00:00Z\n");
  CHECK(settings.agreements[0].agreement.since == at("2026-10-03T00:00:00Z"));
  CHECK(settings.agreements[0].agreement.until == at("2026-10-20T00:00:00Z"));
  CHECK_FALSE(parsed(kAgreement).agreements[0].agreement.since.has_value());
  CHECK_FALSE(parsed(kAgreement).agreements[0].agreement.until.has_value());
}

TEST_CASE("a probe waits and is repeated as its contract in force counts") {
  const auto only = [](const std::string& keys) {
    return backed_off_agreement("[[agreement.probe]]\nid = \"p\"\n" + keys).probes.at(0);
  };
  const ProbeSettings plain = only("url = \"http://a/\"\n");
  CHECK(plain.timeout == 10s);
  CHECK(plain.every == 32s);
  const ProbeSettings own = only("use = \"hasty\"\nevery = \"1m\"\ntimeout = \"10000ms\"\n");
  CHECK(own.timeout == 10s);
  CHECK(own.every == 1min);
}

TEST_CASE("the usual period is kept where the contract allows a shorter one") {
  const TempDir folder;
  fs::create_directory(folder.path() / "mine");
  std::string rule = kPartialRule;
  rule.replace(rule.find("\"32s\""), 5, "\"1s\"");
  folder.write("mine/backed-off.toml", rule);
  const auto settings = load_settings(folder.write("recoup.toml", R"(rules = "mine"
[[agreement]]
id      = "example"
sla     = "backed-off"
account = "project-1"
probe   = [ { id = "p", url = "http://a/" } ]
)"),
                                      {});
  if (!settings) FAIL(settings.error().message);
  CHECK(settings->agreements[0].probes[0].every == 5s);
}

TEST_CASE("a probe that its contract would not count is refused") {
  CHECK(backed_off_complaint("url = \"http://a/\"\ntimeout = \"5s\"\n") ==
        "recoup.toml:9:11: error: expected the timeout of the contract, 10s, got '5s'\n"
        "    9 | timeout = \"5s\"\n"
        "      |           ^^^^\n"
        "help: a Request without an answer within 10s is an Error: a probe waits as long, and no "
        "longer");
  CHECK(backed_off_complaint("url = \"http://a/\"\nevery = \"31999ms\"\n") ==
        "recoup.toml:9:9: error: expected the shortest period of the contract, 32s, or more, got "
        "'31999ms'\n"
        "    9 | every = \"31999ms\"\n"
        "      |         ^^^^^^^^^\n"
        "help: requests that are repeated sooner do not count under this contract");
  // What a template says is complained about where it is used.
  CHECK(backed_off_complaint("use = \"hasty\"\nevery = \"1m\"\n") ==
        "recoup.toml:6:1: error: expected the timeout of the contract, 10s, got '5s'\n"
        "    6 | [[agreement.probe]]\n"
        "      | ^^^^^^^^^^^^^^^^^^^\n"
        "help: a Request without an answer within 10s is an Error: a probe waits as long, and no "
        "longer");
}

TEST_CASE("supplied terms decide how long a probe waits") {
  const AgreementSettings agreement = backed_off_agreement(
      "terms = { error = { no_answer_within = \"60s\" } }\n"
      "probe = [ { id = \"p\", url = \"http://a/\" } ]\n");
  CHECK(agreement.probes.at(0).timeout == 60s);
}

TEST_CASE("a probe that cannot learn the error name which its contract asks for is warned of") {
  const auto warnings = [](const std::string& keys) {
    return parsed(R"(
[[agreement]]
id      = "search"
sla     = "google-vertex-ai-search-commerce"
account = "project-1"
region  = "us-central1"
[[agreement.probe]]
id  = "p"
url = "https://example.com/"
)" + keys)
        .warnings;
  };
  CHECK(warnings("") ==
        "recoup.toml:7:1: warning: expected a key that says where the name of an error stands, got "
        "none: under google-vertex-ai-search-commerce an Error is called InternalError, and no "
        "answer to this probe counts as one\n"
        "    7 | [[agreement.probe]]\n"
        "      | ^^^^^^^^^^^^^^^^^^^\n"
        "help: add error_name_json = \"error.status\", error_name_xml = \"Error.Code\" or "
        "error_name_header = \"…\", by what an error of the provider looks like");
  CHECK(warnings("error_name_json = \"error.status\"\n").empty());
  CHECK(warnings("error_name_xml = \"Error.Code\"\n").empty());
  CHECK(warnings("error_name_header = \"x-error\"\n").empty());
}

TEST_CASE("a probe that looks for another request id than its contract is warned of") {
  const auto warnings = [](const std::string& keys) {
    return parsed(kAgreement + "[[agreement.probe]]\nid = \"p\"\nurl = \"https://x.example/\"\n" +
                  keys)
        .warnings;
  };
  CHECK(warnings("").empty());
  CHECK(warnings("request_id_header = \"X-Amzn-RequestId\"\n").empty());
  CHECK(warnings("request_id_header = \"x-request-id\"\n")
            .find("warning: expected the header x-amzn-requestid") != std::string::npos);
}

TEST_CASE("a bill's path that names no file is warned of, and may still come") {
  const TempDir folder;
  fs::create_directory(folder.path() / "bills");
  folder.write("bills/2026-10.csv", "");
  const auto warnings = [&](const std::string& path) {
    const auto settings = load_settings(
        folder.write("recoup.toml",
                     kAgreement + "[agreement.charges]\nbill = { path = " + path + " }\n"),
        {});
    if (!settings) FAIL(settings.error().message);
    CHECK(settings->agreements.at(0).charges.bills.size() == 1);
    return settings->warnings;
  };
  CHECK(warnings("\"bills/*.csv\"").empty());
  CHECK(warnings("[\"bills/2026-10.csv\"]").empty());
  CHECK(warnings("\"nope/*.csv\"")
            .find("expected the path of a bill, got 'nope/*.csv', which no "
                  "file has") != std::string::npos);
  CHECK(warnings("[\"bills/*.csv\", \"bills/*.gz\"]").find("'bills/*.gz'") != std::string::npos);
}

TEST_CASE("a warning is no error, and is not among the errors where there are some") {
  const std::string text = "[[agreement]]\nid = \"a\"\nsla = \"aws-kms\"\naccount = \"1234\"\n";
  CHECK(parsed(text + "region = \"us-east-1\"\n").warnings.find("warning: ") != std::string::npos);
  const auto wrong = parse_settings(text, "recoup.toml", {});
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().message.find("warning") == std::string::npos);
}

TEST_CASE("agreements of one contract, account and Region at one time are doubles") {
  const auto block = [](const std::string& id, const std::string& more) {
    return "[[agreement]]\nid = \"" + id + "\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n" +
           more;
  };
  const std::string here = "region = \"us-east-1\"\n";
  const Settings settings =
      parsed(block("a", here) + block("b", "region = \"eu-west-1\"\n") + block("c", here) +
             block("d", here + "practice = true\n") + block("e", here));
  REQUIRE(settings.doubles.size() == 2);
  CHECK(settings.doubles[0].first == "a");
  CHECK(settings.doubles[0].second == "c");
  CHECK(settings.doubles[0].complaint ==
        "recoup.toml:11:1: error: expected one agreement for aws-kms, 123456789012, us-east-1, got "
        "'c' and 'a' at recoup.toml:1:1\n"
        "   11 | [[agreement]]\n"
        "      | ^^^^^^^^^^^^^\n"
        "help: both would claim the credit of one charge: give the probes and logs of both to one "
        "of them");
  CHECK(settings.doubles[1].second == "e");
  CHECK(settings.twin_of("a") ==
        "the agreements a and c have the same contract, account and Region: both would claim the "
        "credit of one charge");
  CHECK(settings.twin_of("e") == settings.doubles[1].words());
  CHECK(settings.twin_of("b").empty());
  CHECK(settings.twin_of("d").empty());

  // One after the other, and where the contract holds for a part of an account, they are no
  // doubles.
  CHECK(parsed(block("a", here + "until = 2026-06-10T00:00:00Z\n") +
               block("b", here + "since = 2026-06-10T00:00:00Z\n"))
            .doubles.empty());
  CHECK(parsed("[[agreement]]\nid = \"a\"\nsla = \"temporal-cloud\"\naccount = \"1\"\n"
               "[[agreement]]\nid = \"b\"\nsla = \"temporal-cloud\"\naccount = \"1\"\n")
            .doubles.empty());
}

TEST_CASE("worth a record is what the contract of any agreement may call an Error") {
  const auto answered = [](int status, const char* name = "") {
    return core::Outcome(core::Answered{status, name});
  };
  const auto by_kms = worth_a_record(parsed(kAgreement));
  for (int again = 0; again < 2; ++again) {
    CHECK(by_kms(answered(500)));
    CHECK(by_kms(core::Answered{503, "", true}));
    CHECK_FALSE(by_kms(answered(404)));
    CHECK_FALSE(by_kms(answered(200)));
    CHECK_FALSE(by_kms(answered(400, "InternalError")));
  }
  // One contract calls 404 an Error, another one a name with whatever status.
  const auto by_all = worth_a_record(parsed(kAgreement + R"(
[[agreement]]
id      = "guides"
sla     = "stedi-public-guides"
account = "a"
)"));
  CHECK(by_all(answered(404)));
  CHECK_FALSE(by_all(answered(403)));
}

TEST_CASE("a probe that is to be signed by nobody known is told who there is") {
  const auto settings = parse_settings(kAgreement + R"([[agreement.probe]]
id   = "p"
url  = "https://example.com/"
sign = { by = "sigv5", service = "kms" }
)",
                                       "recoup.toml", {});
  REQUIRE_FALSE(settings.ok());
  const std::string& message = settings.error().message;
  CHECK(message.starts_with("recoup.toml:10:15: error: expected '"));
  CHECK(message.ends_with("help: did you mean 'sigv4'?"));
  const std::string first = message.substr(0, message.find('\n'));
  for (const std::string& name : signer_names()) {
    CHECK(first.find('\'' + name + '\'') != std::string::npos);
  }
}

TEST_CASE("lists of accounts and Regions are an agreement for each pair of them") {
  std::string accounts;
  std::string regions;
  for (int i = 0; i < 50; ++i) accounts += fmt::format("\"{:012}\", ", 100'000'000'000 + i);
  for (int i = 0; i < 15; ++i) regions += fmt::format("\"eu-test-{}\", ", i);
  const Settings settings = parsed(
      "[[agreement]]\nid = \"kms-{account}-{region}\"\nsla = \"aws-kms\"\n"
      "accounts = [" +
      accounts + "]\nregions = [" + regions + R"(]
since = 2026-01-01T00:00:00Z

  [[agreement.probe]]
  id  = "own"
  url = "https://kms.{region}.example/{account}"

  [[agreement.probe]]
  id     = "elsewhere"
  url    = "https://kms.{region}.example/"
  region = "us-east-1"

  [agreement.charges]
  stated = [ { month = "2026-10", amount = "1.00", currency = "USD" } ]

  [[agreement.exclusion]]
  from   = 2026-10-03T02:00:00Z
  to     = 2026-10-03T02:30:00Z
  reason = "ours"
)");
  REQUIRE(settings.agreements.size() == 50 * 15);
  std::set<std::string> ids;
  for (const AgreementSettings& one : settings.agreements) {
    const core::Agreement& agreement = one.agreement;
    ids.insert(agreement.id);
    CHECK(agreement.id == "kms-" + agreement.account + '-' + agreement.region);
    CHECK(one.pattern == "kms-{account}-{region}");
    REQUIRE(one.probes.size() == 2);
    CHECK(one.probes[0].url == "https://kms." + agreement.region + ".example/" + agreement.account);
    CHECK(one.probes[1].url == "https://kms.us-east-1.example/");
    CHECK(one.charges.stated.size() == 1);
    CHECK(agreement.exclusions.size() == 1);
    CHECK(agreement.since.has_value());
    CHECK(one.rule == settings.agreements.front().rule);
  }
  CHECK(ids.size() == settings.agreements.size());
  CHECK(settings.agreements[0].agreement.id == "kms-100000000000-eu-test-0");
  CHECK(settings.agreements[1].agreement.id == "kms-100000000000-eu-test-1");
  CHECK(settings.agreements[15].agreement.id == "kms-100000000001-eu-test-0");
  CHECK(settings.doubles.empty());
  CHECK(settings.find("kms-100000000049-eu-test-14") == &settings.agreements.back());
}

TEST_CASE("one list is enough, and an id may name what is not listed") {
  const auto ids = [](const std::string& keys) {
    std::vector<std::string> all;
    for (const auto& one : parsed("[[agreement]]\nsla = \"aws-kms\"\n" + keys).agreements) {
      all.push_back(one.agreement.id + (one.pattern.empty() ? "" : " of " + one.pattern));
    }
    return all;
  };
  using Ids = std::vector<std::string>;
  CHECK(ids("id = \"{region}.kms\"\naccount = \"123456789012\"\n"
            "regions = [\"us-east-1\", \"us-west-2\"]\n") ==
        Ids{"us-east-1.kms of {region}.kms", "us-west-2.kms of {region}.kms"});
  CHECK(ids("id = \"kms-{account}-{region}\"\naccounts = [\"123456789012\"]\n"
            "region = \"us-east-1\"\n") ==
        Ids{"kms-123456789012-us-east-1 of kms-{account}-{region}"});
  CHECK(ids("id = \"kms-{account}\"\naccount = \"123456789012\"\nregion = \"us-east-1\"\n") ==
        Ids{"kms-123456789012"});
}

TEST_CASE("the terms that a block supplies are those of each of its agreements") {
  const TempDir folder;
  fs::create_directory(folder.file("mine"));
  folder.write("mine/backed-off.toml", kPartialRule);
  const auto settings = load_settings(folder.write("recoup.toml", R"(rules = "mine"
[[agreement]]
id       = "a-{account}"
sla      = "backed-off"
accounts = ["one", "two"]
)" + kTerms),
                                      {});
  if (!settings) FAIL(settings.error().message);
  REQUIRE(settings->agreements.size() == 2);
  for (const AgreementSettings& one : settings->agreements) {
    CHECK_FALSE(one.rule->versions.back().supplied.empty());
  }
}

TEST_CASE("what is probably not meant in a block is warned of once, in a list at its place") {
  const Settings settings = parsed(R"(
[[agreement]]
id       = "kms-{account}-{region}"
sla      = "aws-kms"
accounts = ["123456789012", "1"]
regions  = ["us-east-1", "us-east-9"]
  [[agreement.probe]]
  id  = "own"
  url = "https://example.com/"
  request_id_header = "x-other"
)");
  std::size_t warnings = 0;
  const std::string& text = settings.warnings;
  for (auto at = text.find(": warning: "); at != std::string::npos;
       at = text.find(": warning: ", at + 1)) {
    ++warnings;
  }
  INFO(text);
  CHECK(warnings == 3);
}

TEST_CASE("an agreement whose contract sums the time of several names them all") {
  const std::string vaults =
      "[[agreement]]\nid = \"v\"\nsla = \"azure-cn-key-vault\"\naccount = \"a\"\n";
  const auto settings = parsed(vaults + "resources = [\"one\", \"two\"]\n");
  const core::Version& version = settings.agreements.at(0).rule->versions.back();
  CHECK(version.resources == std::vector<std::string>{"one", "two"});
  CHECK(version.times_counted() == 2);

  const auto complaint = [](const std::string& text) {
    const auto wrong = parse_settings(text, "recoup.toml", {{"HOSTNAME", "here"}});
    return wrong ? std::string() : wrong.error().message;
  };
  CHECK_THAT(complaint(vaults),
             Catch::Contains("expected the key 'resources', got none: azure-cn-key-vault sums the "
                             "time over all key vaults"));
  CHECK_THAT(complaint(vaults + "resources = [\"one\", \"one\"]\n"),
             Catch::Contains("expected each resource once, got one twice"));
  CHECK_THAT(complaint(kAgreement + "resources = [\"one\"]\n"),
             Catch::Contains("expected no 'resources' under aws-kms, got some"));
}

namespace {

// Settings under a contract of two plans, and what is complained about, without the file's name.
std::string complaint_of_plan(const std::string& keys) {
  const TempDir folder;
  fs::create_directory(folder.path() / "mine");
  folder.write("mine/planned.toml", R"(
schema   = 1
id       = "planned"
provider = "example"
service  = "Example Service"
scope    = ["account"]

[[version]]
effective  = 2020-01-01
status     = "partial"
missing    = ["cycle", "formula", "error", "credits", "credit_base", "clauses", "claim.deadline", "claim.lists"]
source     = "https://example.com/sla/2020"
plan.basic.commitment = "99"
plan.pro.commitment   = "99.9"
)");
  const auto settings = load_settings(
      folder.write("recoup.toml",
                   "rules = \"mine\"\n[[agreement]]\nid = \"a\"\naccount = \"1\"\n" + keys),
      {});
  if (settings) {
    const auto& one = settings->agreements.at(0);
    return one.rule->id + " " + one.rule->versions.at(0).commitment_text + " " + one.agreement.sla;
  }
  const std::string& message = settings.error().message;
  return message.substr(message.find("recoup.toml"));
}

}  // namespace

TEST_CASE("an agreement says which plan of a contract it has") {
  CHECK(complaint_of_plan("sla = \"planned\"\nplan = \"pro\"\n") == "planned/pro 99.9 planned/pro");
  CHECK(complaint_of_plan("sla = \"planned\"\n") ==
        "recoup.toml:5:7: error: expected a 'plan' beside 'planned', got none\n"
        "    5 | sla = \"planned\"\n"
        "      |       ^^^^^^^^^\n"
        "help: its plans are basic and pro");
  CHECK(complaint_of_plan("sla = \"planned\"\nplan = \"gold\"\n") ==
        "recoup.toml:6:8: error: expected a plan of planned, got 'gold'\n"
        "    6 | plan = \"gold\"\n"
        "      |        ^^^^^^\n"
        "help: its plans are basic and pro");
}

TEST_CASE("cycles that count from a day of the user's own have it") {
  const Settings settings = parsed(R"(
[[agreement]]
id      = "mail"
sla     = "tencent-email"
account = "100000000001"
cycle_start = 2026-01-17
)");
  const AgreementSettings& mail = settings.agreements.at(0);
  const auto zone = zone_of(mail, mail.rule->versions.front());
  REQUIRE(zone.ok());
  const core::Cycle cycle = core::cycle_of(std::chrono::year(2026) / 3, *zone);
  CHECK(core::to_text(cycle.span.begin) == "2026-03-17T00:00:00Z");
  CHECK(core::to_text(cycle.span.end) == "2026-04-17T00:00:00Z");
}

TEST_CASE("what was seen stays as it was written for as long as [keep] says") {
  CHECK(parsed(kAgreement).keep == KeepSettings{48h, 24h * 400});
  CHECK(parsed("[keep]\nminute_days = 7\n" + kAgreement).keep == KeepSettings{24h * 7, 24h * 400});
  CHECK(parsed("[keep]\nevidence_days = 1000\n" + kAgreement).keep ==
        KeepSettings{48h, 24h * 1000});
}
