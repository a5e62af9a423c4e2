// What `recoup rules check` says of a rule that is correct: terms, numbers, tiers and scenarios
// that its author should look at again.

#include "rules/lint.h"

#include <filesystem>

#include "documents/files.h"
#include "rules/catalog.h"
#include "rules/rule_file.h"
#include "rules/source_reader.h"
#include "support/catch.h"
#include "support/places.h"
#include "support/temp_dir.h"

using namespace recoup;

namespace {

// A complete rule that nothing is to be said of; `from` is replaced by `to` in it.
std::string rule_with(const std::string& from = {}, const std::string& to = {}) {
  std::string text = R"(schema   = 1
id       = "example"
provider = "example"
service  = "Example Service"
scope    = ["account"]

[[version]]
effective  = 2022-11-29
status     = "complete"
source     = "https://example.com/sla/"
sources.read = 2026-11-26
commitment = "99.9"
cycle      = { calendar = "month", time_zone = "UTC" }
formula    = { family = "ratio" }
error      = { status = ["5xx"] }
credits    = [
  { below = "99.9", at_least = "99", percent = "10" },
  { below = "99",                    percent = "25" },
]
credit_base    = "charges of the service"
minimum_credit = { more_than = "1.00", currency = "USD" }
claim = { deadline = { days_after_cycle = 30 }, lists = "all" }
clauses = [
  { clause = "commitment", text = "at least 99.90%" },
  { clause = "error",      text = "5xx" },
  { clause = "formula",    text = "served by all" },
  { clause = "credits",    text = "10% below 99.9%, 25.0% below 99%" },
  { clause = "minimum",    text = "more than one dollar" },
  { clause = "deadline",   text = "30 days" },
]
)";
  if (from.empty()) return text;
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

rules::CheckedRule checked(const std::string& text, const rules::Scenarios* scenarios = nullptr) {
  return rules::check_rule(text, "example.toml", scenarios);
}

// That the one thing to be said is this, at that line, and that the rule can be used.
void check_one(const rules::CheckedRule& rule, int line, const std::string& message,
               const std::string& help) {
  INFO(rule.words);
  CHECK(rule.rule.has_value());
  REQUIRE(rule.findings.size() == 1);
  CHECK(rule.findings[0].warning);
  CHECK(rule.findings[0].at.line == line);
  CHECK(rule.findings[0].message == message);
  CHECK_THAT(rule.findings[0].help, Catch::Contains(help));
  CHECK_THAT(rule.words, Catch::Contains("example.toml:" + std::to_string(line) + ":"));
  CHECK_THAT(rule.words, Catch::Contains(": warning: " + message));
  CHECK_THAT(rule.words, Catch::Contains("help: "));
}

}  // namespace

TEST_CASE("of a rule whose numbers have clauses and dated sources nothing is said") {
  const auto rule = checked(rule_with());
  INFO(rule.words);
  CHECK(rule.findings.empty());
  CHECK(rule.words.empty());
  REQUIRE(rule.rule);
  CHECK(rule.rule->id == "example");
}

TEST_CASE("missing terms are named") {
  check_one(checked(rule_with("status     = \"complete\"",
                              "status = \"partial\"\nmissing = [\"claim.lists\", \"exclusions\"]")),
            10, "expected all terms of the contract, got a text that lacks claim.lists, exclusions",
            "[agreement.terms]");
}

TEST_CASE("numbers of a source without a day are named, but for those with a source of their own") {
  check_one(checked(rule_with("sources.read = 2026-11-26\n", "")), 10,
            "expected the day on which it was read, got none for commitment, formula, error, "
            "credits, minimum_credit and claim.deadline",
            "sources.read = DATE");
  check_one(checked(rule_with("sources.read = 2026-11-26\n",
                              "sources.commitment = { at = \"a\", read = \"2026-11\" }\n"
                              "sources.formula = { at = \"a\", read = 2026-11-01 }\n"
                              "sources.error = { at = \"a\", read = 2026-11-01 }\n"
                              "sources.credits = { at = \"a\", read = 2026-11-01 }\n"
                              "sources.claim.deadline = { at = \"a\", read = 2026-11-01 }\n")),
            10, "expected the day on which it was read, got none for minimum_credit",
            "sources.read = DATE");
}

TEST_CASE("a text that bears the day it was read needs no other one") {
  std::string text = rule_with("sources.read = 2026-11-26\n", "");
  text.replace(text.find("effective  ="), 12, "read =");
  CHECK(checked(text).findings.empty());
}

TEST_CASE("a tier that gives no more than the one above is pointed at") {
  std::string text = rule_with("percent = \"25\"", "percent = \"10\"");
  text.replace(text.find("25.0%"), 5, "10%");
  check_one(checked(text), 18, "expected more than the 10 of the tier above, got '10'",
            "more for less uptime");
}

TEST_CASE(
    "a clause that has another number than its term is pointed at, and so is a term without") {
  check_one(checked(rule_with("25.0% below 99%", "20% below 98%")), 27,
            "expected the numbers of the terms, got none that is 99 or 25", "one of both is wrong");
  check_one(checked(rule_with("at least 99.90%", "three nines")), 24,
            "expected the numbers of the terms, got none that is 99.9", "one of both is wrong");
  check_one(
      checked(rule_with("  { clause = \"minimum\",    text = \"more than one dollar\" },\n", "")),
      21, "expected a clause named 'minimum' for this number, got none", "clause = \"minimum\"");
  check_one(checked(rule_with("  { clause = \"deadline\",   text = \"30 days\" },\n", "")), 22,
            "expected a clause named 'deadline' for this number, got none",
            "clause = \"deadline\"");
}

TEST_CASE("errors are said alone") {
  const auto rule = checked(rule_with("at_least = \"99\"", "at_least = \"98\""));
  CHECK_FALSE(rule.rule.has_value());
  REQUIRE(rule.findings.size() == 1);
  CHECK_FALSE(rule.findings[0].warning);
  CHECK_THAT(rule.words, Catch::Contains("example.toml:18:13: error: "));
  CHECK_THAT(rule.words, Catch::Contains("overlap: two tiers hold 98"));
  CHECK_FALSE(checked("schema = ").rule.has_value());
}

TEST_CASE("a clause of a complete version without a scenario is pointed at") {
  rules::Scenarios scenarios{
      "months", {{"example@2022-11-29", {"commitment", "error", "formula", "credits", "minimum"}}}};
  check_one(checked(rule_with(), &scenarios), 29,
            "expected a scenario of the clause 'deadline', got none",
            "clause = \"deadline\" in months/example-2022-11-29.toml");
  scenarios.clauses.clear();
  CHECK(checked(rule_with(), &scenarios).findings.size() == 6);
  const auto partial = checked(
      rule_with("status     = \"complete\"", "status = \"partial\"\nmissing = [\"exclusions\"]"),
      &scenarios);
  CHECK(partial.findings.size() == 1);  // what is missing
}

TEST_CASE("scenarios are read from a folder, and what is none is an error") {
  const test::TempDir dir;
  const auto read = [&] { return rules::read_scenarios(dir.path().string()); };
  (void)dir.write("a.toml",
                  "rule = \"example\"\nversion = \"2022-11-29\"\n[[month]]\nclause = \"error\"\n"
                  "tallies = []\n[[month]]\nclause = \"formula\"\n");
  (void)dir.write("b.toml",
                  "rule = \"example\"\nversion = 2022-11-29\n[[month]]\nclause = \"credits\"\n");
  (void)dir.write("README.md", "not one");
  auto scenarios = read();
  REQUIRE(scenarios.ok());
  CHECK(scenarios->clauses == std::map<std::string, std::set<std::string>>{
                                  {"example@2022-11-29", {"credits", "error", "formula"}}});
  (void)dir.write("c.toml", "rule = \"example\"\n");
  scenarios = read();
  REQUIRE_FALSE(scenarios.ok());
  CHECK_THAT(scenarios.error().message, Catch::Contains("expected the key 'version', got none"));
  CHECK_FALSE(rules::read_scenarios(dir.file("none")).ok());
}

TEST_CASE(
    "in the catalog no percentage lacks its clause, no number its day, no clause its scenario") {
  const auto scenarios = rules::read_scenarios(TESTS_DIR "/scenarios");
  REQUIRE(scenarios.ok());
  for (const auto& entry : std::filesystem::directory_iterator(SOURCE_DIR "/rules/sla")) {
    const std::string text = *documents::read_file(entry.path());
    const auto rule = rules::check_rule(text, entry.path().filename().string(), &*scenarios);
    INFO(rule.words);
    for (const documents::Complaint& finding : rule.findings) {
      CHECK_THAT(finding.message, !Catch::Contains("expected the numbers of the terms"));
      CHECK_THAT(finding.message, !Catch::Contains("expected a scenario"));
      CHECK_THAT(finding.message, !Catch::Contains("of the tier above"));
      CHECK_THAT(finding.message, !Catch::Contains("expected the day on which it was read"));
    }
  }
}

TEST_CASE("terms have the source that the version names for them, and the day") {
  const auto version = [](const std::string& sources) {
    const auto rule = rules::parse_rule(rule_with("sources.read = 2026-11-26\n", sources), "x");
    if (!rule) FAIL(rule.error().message);
    return rule->versions.front();
  };
  const auto none = version("");
  CHECK(none.source_read.empty());
  CHECK(none.sources.empty());
  const auto some = version(
      "sources.read = \"2026-11\"\nsources.credits = \"https://example.com/credits/\"\n"
      "sources.claim.deadline = { at = \"a letter\", read = 2026-11-02, note = \"by fax\" }\n");
  CHECK(some.source_read == "2026-11");
  REQUIRE(some.sources.size() == 2);
  CHECK(some.sources.at("credits").at == "https://example.com/credits/");
  CHECK(some.sources.at("credits").read == "2026-11");
  CHECK(some.sources.at("claim.deadline").read == "2026-11-02");
  CHECK(some.sources.at("claim.deadline").note == "by fax");
}

TEST_CASE("the KMS rule says where the percentages that one copy lacks were read") {
  const rules::Catalog catalog;
  const auto& version = catalog.find_rule("aws-kms")->rule.versions.back();
  CHECK(version.source_read == "2026-11");
  const auto& credits = version.sources.at("credits");
  CHECK(credits.at == "https://aws.amazon.com/kms/sla/");
  CHECK(credits.read == "2026-11");
  CHECK_THAT(credits.note, Catch::Contains("lacks the 10 and the 25"));
}
