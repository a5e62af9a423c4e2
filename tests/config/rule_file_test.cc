#include "config/rule_file.h"

#include <filesystem>

#include "config/builtin_rules.h"
#include "config/catalog.h"
#include "config/files.h"
#include "core/digest.h"
#include "support/catch.h"

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using namespace recoup;
using namespace recoup::config;
using core::Ratio;

namespace {

core::Rule kms() { return Catalog().find_rule("aws-kms")->rule; }

core::Date date(const char* text) { return *core::parse_date(text); }

struct ExpectedTier {
  const char* below;
  const char* at_least;
  const char* credit;
};

void check_tiers(const core::Version& version, const std::vector<ExpectedTier>& expected) {
  const auto percent = [](const char* text) { return *Ratio::parse(text) / Ratio::whole(100); };
  REQUIRE(version.credits.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    INFO("tier " << i);
    const core::Tier& tier = version.credits[i];
    CHECK(tier.below == percent(expected[i].below));
    CHECK(tier.credit == percent(expected[i].credit));
    REQUIRE(tier.at_least.has_value() == (expected[i].at_least != nullptr));
    if (tier.at_least) CHECK(*tier.at_least == percent(expected[i].at_least));
  }
}

}  // namespace

TEST_CASE("every rule file is built in, loads, and is named like its id") {
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(SOURCE_DIR) / "rules" / "sla")) {
    INFO(entry.path());
    ++files;
    const std::string text = *read_file(entry.path());
    const auto rule = parse_rule(text, entry.path().string());
    if (!rule) FAIL(rule.error().message);
    CHECK(rule->id == entry.path().stem());
    const auto builtin = Catalog().find_rule(rule->id);
    REQUIRE(builtin != nullptr);
    CHECK(builtin->rule.versions.front().digest == core::sha256_hex(text));
  }
  CHECK(files == 1);
  CHECK(builtin_rules().size() == files);
}

TEST_CASE("the KMS contract in force is the one of the day") {
  const core::Rule rule = kms();
  CHECK(rule.provider == "aws");
  CHECK(rule.scope == std::vector<std::string>{"account", "region"});
  REQUIRE(rule.versions.size() == 2);
  CHECK(rule.in_force(date("2019-01-15")) == nullptr);
  CHECK(rule.in_force(date("2019-01-16"))->commitment_text == "99.9");
  CHECK(rule.in_force(date("2022-11-28"))->commitment_text == "99.9");
  CHECK(rule.in_force(date("2022-11-29"))->commitment_text == "99.999");
}

TEST_CASE("the KMS contract of 2022 is complete and says what is published") {
  const core::Rule rule = kms();
  const core::Version& version = rule.versions[1];
  CHECK(version.effective == date("2022-11-29"));
  CHECK(version.status == core::Status::complete);
  CHECK(version.missing.empty());
  CHECK(version.source == "https://aws.amazon.com/kms/sla/");
  CHECK(version.commitment == Ratio(99999, 100000));
  CHECK(version.time_zone == "UTC");
  const auto& formula = std::get<core::MeanOfIntervals>(version.formula);
  CHECK(formula.interval == 5min);
  CHECK(formula.silent == core::Silent::available);
  CHECK(version.error.statuses == std::vector<int>{500, 503});
  CHECK(version.error.needs_request_id == "x-amzn-requestid");
  CHECK(version.not_a_request == std::vector<std::string>{"no-answer"});
  check_tiers(version,
              {{"99.999", "99.0", "10"}, {"99.0", "95.0", "25"}, {"95.0", nullptr, "100"}});
  CHECK(version.credit_base.find("region") != std::string::npos);
  CHECK(version.minimum_credit == core::Money{Ratio(1, 1), "USD"});
  CHECK(version.claim.subject == "SLA Credit Request");
  REQUIRE(version.claim.deadline.has_value());
  CHECK(version.claim.deadline->literal == 2);
  CHECK(version.claim.deadline->safe == 1);
  CHECK(version.claim.lists.find("5-minute interval") != std::string::npos);
  CHECK(version.claim.redact);
  REQUIRE(version.exclusions.size() == 6);
  const std::vector<std::string> clauses{"(i)", "(ii)", "(iii)", "(iv)", "(v)", "(vi)"};
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    CHECK(version.exclusions[i].clause == clauses[i]);
    CHECK_FALSE(version.exclusions[i].text.empty());
  }
}

TEST_CASE("the KMS contract of 2019 is partial and says what has not been read") {
  const core::Rule rule = kms();
  const core::Version& version = rule.versions[0];
  CHECK(version.effective == date("2019-01-16"));
  CHECK(version.status == core::Status::partial);
  CHECK(version.missing == std::vector<std::string>{"cycle", "formula", "error", "claim.subject",
                                                    "claim.deadline", "claim.lists", "exclusions"});
  CHECK(version.source == "https://aws.amazon.com/kms/sla/historical/");
  CHECK(version.commitment == Ratio(999, 1000));
  check_tiers(version, {{"99.9", "99.0", "10"}, {"99.0", nullptr, "25"}});
  CHECK(version.credit_base.find("region") == std::string::npos);
  CHECK(version.minimum_credit == core::Money{Ratio(1, 1), "USD"});
  CHECK(version.claim.subject.empty());
  CHECK_FALSE(version.claim.deadline.has_value());
  CHECK(version.exclusions.empty());
}

TEST_CASE("KMS has a probe template for each of four operations") {
  const auto file = Catalog().find_rule("aws-kms");
  const std::map<std::string, std::pair<std::string, std::vector<std::string>>> expected{
      {"generate-random", {"TrentService.GenerateRandom", {}}},
      {"describe-key", {"TrentService.DescribeKey", {"key"}}},
      {"encrypt", {"TrentService.Encrypt", {"key"}}},
      {"decrypt", {"TrentService.Decrypt", {"ciphertext"}}}};
  REQUIRE(file->probes.size() == expected.size());
  for (const auto& [name, probe] : file->probes) {
    INFO(name);
    REQUIRE(expected.contains(name));
    const auto& [target, needs] = expected.at(name);
    CHECK(probe.needs == needs);
    CHECK(probe.keys.url == "https://kms.{region}.amazonaws.com/");
    CHECK(probe.keys.method == "POST");
    REQUIRE(probe.keys.headers.size() == 2);
    CHECK(probe.keys.headers[0].name == "Content-Type");
    CHECK(probe.keys.headers[0].value == "application/x-amz-json-1.1");
    CHECK(probe.keys.headers[1].name == "X-Amz-Target");
    CHECK(probe.keys.headers[1].value == target);
    REQUIRE(probe.keys.sign.has_value());
    CHECK(probe.keys.sign->service == "kms");
    CHECK(probe.keys.sign->region.empty());
    CHECK(probe.keys.request_id_header == "x-amzn-requestid");
    CHECK(probe.keys.error_name_header == "x-amzn-errortype");
    CHECK(probe.keys.error_name_json == "__type");
  }
}
