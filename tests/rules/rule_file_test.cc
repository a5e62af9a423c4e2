#include "rules/rule_file.h"

#include <algorithm>
#include <filesystem>

#include "documents/files.h"
#include "record/digest.h"
#include "rules/builtin_rules.h"
#include "rules/catalog.h"
#include "support/catch.h"
#include "support/places.h"

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using namespace recoup;
using namespace recoup::rules;
using namespace recoup::documents;
using namespace recoup::rules;
using core::Ratio;

namespace {

core::Rule kms() { return Catalog().find_rule("aws-kms")->rule; }

core::Date date(const char* text) { return *core::parse_date(text); }

// The version of a rule that states little; `keys` are lines of its own, `claim` of its claim.
core::Version version_with(const std::string& keys, const std::string& claim = {}) {
  const std::string text = R"(
schema   = 1
id       = "example"
provider = "example"
service  = "Example Service"
scope    = []
[[version]]
effective  = 2022-11-29
status     = "partial"
missing    = ["cycle", "formula", "error", "credits", "credit_base", "clauses", "claim.deadline", "claim.lists"]
source     = "https://example.com/sla/"
commitment = "99.9"
)" + keys + "\n[version.claim]\n" +
                           claim;
  const auto rule = parse_rule(text, "example.toml");
  if (!rule) FAIL(rule.error().message);
  return rule->versions.at(0);
}

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
    const std::vector<std::string> plans = Catalog().plans_of(rule->id);
    const auto builtin =
        Catalog().find_rule(plans.empty() ? rule->id : rule->id + '/' + plans.front());
    REQUIRE(builtin != nullptr);
    CHECK(builtin->rule.versions.front().digest == record::sha256_hex(text));
  }
  CHECK(files >= 30);
  CHECK(builtin_rules().size() == files);
}

TEST_CASE("the KMS contract in force is the one of the month's first day") {
  const core::Rule rule = kms();
  CHECK(rule.provider == "aws");
  CHECK(rule.scope == std::vector<std::string>{"account", "region"});
  REQUIRE(rule.versions.size() == 2);
  CHECK(rule.in_force(2019y / 1) == nullptr);
  CHECK(rule.in_force(2019y / 2)->commitment_text == "99.9");
  CHECK(rule.in_force(2022y / 11)->commitment_text == "99.9");
  CHECK(rule.in_force(2022y / 12)->commitment_text == "99.999");
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
  CHECK(version.error.statuses == std::vector<core::StatusRange>{{500, 500}, {503, 503}});
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
  CHECK(version.claim.deadline->from == core::DeadlineFrom::cycles);
  CHECK(version.claim.lists.find("5-minute interval") != std::string::npos);
  CHECK(version.claim.redact);
  REQUIRE(version.exclusions.size() == 6);
  const std::vector<std::string> exclusions{"(i)", "(ii)", "(iii)", "(iv)", "(v)", "(vi)"};
  for (std::size_t i = 0; i < exclusions.size(); ++i) {
    CHECK(version.exclusions[i].name == exclusions[i]);
    CHECK_FALSE(version.exclusions[i].text.empty());
  }
  std::vector<std::string> clauses;
  for (const core::Clause& clause : version.clauses) {
    clauses.push_back(clause.name);
    CHECK_FALSE(clause.text.empty());
  }
  CHECK(clauses == std::vector<std::string>{"commitment", "credits", "minimum", "deadline",
                                            "payment", "request", "error", "availability", "silent",
                                            "formula", "discretion"});
}

TEST_CASE("the KMS contract of 2019 is partial and says what has not been read") {
  const core::Rule rule = kms();
  const core::Version& version = rule.versions[0];
  CHECK(version.effective == date("2019-01-16"));
  CHECK(version.status == core::Status::partial);
  CHECK(version.missing == std::vector<std::string>{"cycle", "formula", "error", "clauses",
                                                    "claim.subject", "claim.deadline",
                                                    "claim.lists", "exclusions"});
  CHECK(version.supplied.empty());
  CHECK(version.source == "https://aws.amazon.com/kms/sla/historical/");
  CHECK(version.commitment == Ratio(999, 1000));
  check_tiers(version, {{"99.9", "99.0", "10"}, {"99.0", nullptr, "25"}});
  CHECK(version.credit_base.find("region") == std::string::npos);
  CHECK(version.minimum_credit == core::Money{Ratio(1, 1), "USD"});
  CHECK(version.claim.subject.empty());
  CHECK_FALSE(version.claim.deadline.has_value());
  CHECK(version.exclusions.empty());
}

TEST_CASE("other services with a simple request have a template, signed as theirs are") {
  struct Row {
    const char* rule;
    const char* probe;
    const char* signer;  // empty: by a token of the user's
    std::vector<std::string> needs;
  };
  for (const Row& row : std::vector<Row>{
           {"tencent-kms", "service-status", "tc3", {}},
           {"google-kms-direct", "encrypt", "google", {"project", "key_ring", "key"}},
           {"yandex-kms", "encrypt", "", {"key"}},
           {"azure-cn-key-vault", "get-key", "", {"vault", "key"}},
           {"aws-s3-standard", "get-object", "sigv4", {"bucket", "object"}},
           {"aws-s3-infrequent-access", "get-object", "sigv4", {"bucket", "object"}}}) {
    INFO(row.rule);
    const auto file = Catalog().find_rule(row.rule);
    REQUIRE(file != nullptr);
    REQUIRE(file->probes.contains(row.probe));
    const ProbeTemplate& probe = file->probes.at(row.probe);
    CHECK(probe.needs == row.needs);
    CHECK(probe.keys.sign.has_value() == !std::string(row.signer).empty());
    if (probe.keys.sign) {
      const std::string by = probe.keys.sign->by.empty() ? "sigv4" : probe.keys.sign->by;
      CHECK(by == row.signer);
    }
    // Where the contract knows an Error by its name, the template says where that stands.
    const bool named = !file->rule.versions.back().error.names.empty();
    CHECK((!named || probe.keys.error_name_json || probe.keys.error_name_xml));
  }
  CHECK(
      Catalog().find_rule("tencent-kms")->probes.at("service-status").keys.error_at_every_status ==
      true);
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
    CHECK(probe.keys.error_name_json == *parse_json_path("__type"));
  }
}

TEST_CASE("each family of formula is read with its own keys") {
  const auto formula = [](const std::string& keys) {
    return version_with("formula = { family = " + keys + " }").formula;
  };
  const auto mean = std::get<core::MeanOfIntervals>(
      formula(R"("mean-of-intervals", interval = "10m", silent = "left-out")"));
  CHECK(mean.interval == 10min);
  CHECK(mean.silent == core::Silent::left_out);

  const auto runs = std::get<core::DowntimeRuns>(formula(
      R"("downtime-runs", error_rate_above = "10", at_least = "5m", minimum_requests = 2000)"));
  CHECK(runs.more_than == Ratio(1, 10));
  CHECK(runs.at_least == 5min);
  CHECK(runs.minimum_requests == 2000);
  // A run of minutes need not divide a day.
  const auto few = std::get<core::DowntimeRuns>(
      formula(R"("downtime-runs", error_rate_above = "0.05", at_least = "7m")"));
  CHECK(few.more_than == Ratio(5, 10000));
  CHECK(few.at_least == 7min);
  CHECK(few.minimum_requests == 0);

  const auto windows = std::get<core::BadWindows>(
      formula(R"("bad-windows", window = "5m", error_rate_above = "0")"));
  CHECK(windows.window == 5min);
  CHECK(windows.more_than == Ratio(0, 1));

  CHECK(std::get<core::AllFailed>(formula(R"("all-failed", interval = "1m")")).interval == 1min);
  CHECK(
      std::get<core::AllFailed>(formula(R"("all-failed", interval = "1m", minimum_requests = 100)"))
          .minimum_requests == 100);
  CHECK(std::get<core::RequestRatio>(formula(R"("ratio", repeats_within = "5m")")).repeats == 5min);
  CHECK(std::get<core::RequestRatio>(formula(R"("ratio")")).repeats == 0min);
}

TEST_CASE("an Error has statuses, names, a time to answer, or several of them") {
  const auto error = [](const std::string& keys) { return version_with("error = " + keys).error; };
  const core::ErrorRule all = error(
      R"({ status = [429, "5xx"], name = ["InternalError", "ODPS-0010000"], no_answer_within = "10s", needs_request_id = "x-id" })");
  CHECK(all.statuses == std::vector<core::StatusRange>{{429, 429}, {500, 599}});
  CHECK(all.names == std::vector<std::string>{"InternalError", "ODPS-0010000"});
  CHECK(all.no_answer_within == 10s);
  CHECK(all.needs_request_id == "x-id");

  // What the assumed error of a partial version says is gone where the rule has its own.
  const core::ErrorRule by_name = error(R"({ name = ["InternalError"] })");
  CHECK(by_name.statuses.empty());
  CHECK_FALSE(by_name.no_answer_within.has_value());
  CHECK(by_name.needs_request_id.empty());
  CHECK(error(R"({ no_answer_within = "1m" })").no_answer_within == 60s);
}

TEST_CASE("an Error has any status but a few, another name, or no answer for a reason") {
  const auto error = [](const std::string& keys) { return version_with("error = " + keys).error; };
  const core::ErrorRule any =
      error(R"({ any_status_but = ["2xx", 304], no_answer = ["dns", "other"] })");
  CHECK(any.statuses.empty());
  CHECK(any.all_but == std::vector<core::StatusRange>{{200, 299}, {304, 304}});
  CHECK(any.no_answer == std::vector<core::NoAnswer>{core::NoAnswer::dns, core::NoAnswer::other});
  const core::ErrorRule named = error(R"({ status = ["5xx"], or_name = ["-1", "Internal*"] })");
  CHECK(named.or_names == std::vector<std::string>{"-1", "Internal*"});
  CHECK(error(R"({ no_answer = ["connect"] })").no_answer.size() == 1);
}

TEST_CASE("a version says what is summed, left out, counted, capped, and credited by itself") {
  const core::Version plain = version_with("");
  CHECK(plain.excluded == core::Excluded::available);
  CHECK(plain.summed_over.empty());
  CHECK_FALSE(plain.cap);
  CHECK_FALSE(plain.claim.not_before);
  CHECK_FALSE(plain.claim.automatic);

  const core::Version version =
      version_with(R"(
formula = { family = "bad-windows", window = "5m", error_rate_above = "0.05", at_least = "10m" }
excluded = "left-out"
summed_over = "key vaults"
error = { status = ["5xx"] }
operations = ["Encrypt", "Decrypt"]
credit_base = "the fee"
cap = { percent = "50" })",
                   "automatic = { within_days = 30, disputed_days = 60 }");
  CHECK(std::get<core::BadWindows>(version.formula).at_least == 10min);
  CHECK(version.excluded == core::Excluded::left_out);
  CHECK(version.summed_over == "key vaults");
  CHECK(version.operations == std::vector<std::string>{"Encrypt", "Decrypt"});
  CHECK(version.cap->share == Ratio(1, 2));
  CHECK(version.claim.automatic->within_days == 30);
  CHECK(version.claim.automatic->disputed_days == 60);

  const core::Version dated = version_with(R"(cap = { amount = "100.50", currency = "EUR" })",
                                           "not_before = { business_days_after_cycle = 5 }");
  CHECK(dated.cap->amount == core::Money{Ratio(201, 2), "EUR"});
  CHECK(dated.claim.not_before->count == 5);
  CHECK(dated.claim.not_before->business_days);
  CHECK_FALSE(
      version_with("", "not_before = { days_after_cycle = 7 }").claim.not_before->business_days);
}

TEST_CASE("cycles are calendar months, quarters, from the day of purchase, or so many days") {
  const auto cycle = [](const std::string& kind) {
    return version_with("cycle = { calendar = " + kind + ", time_zone = \"+08:00\" }");
  };
  CHECK(version_with("").calendar == core::Calendar::month);
  CHECK(cycle(R"("month")").calendar == core::Calendar::month);
  CHECK(cycle(R"("quarter")").calendar == core::Calendar::quarter);
  CHECK(cycle(R"("purchase-day")").calendar == core::Calendar::purchase_day);
  CHECK(cycle(R"("days", days = 30)").calendar == core::Calendar::days);
  CHECK(cycle(R"("days", days = 30)").cycle_days == 30);
}

TEST_CASE("late answers are Errors after the contract's time") {
  const core::ErrorRule error =
      version_with(R"(error = { status = ["5xx"], slower_than = "2500ms" })").error;
  CHECK(error.slower_than == core::Millis(2500));
  CHECK(version_with(R"(error = { slower_than = "10s" })").error.slower_than == 10s);
  CHECK_FALSE(version_with("").error.slower_than);
}

TEST_CASE("a claim of two steps says what the first one is, and until when") {
  const auto claim = version_with("", R"(notice = { within = "24h", how = "a support ticket" })");
  REQUIRE(claim.claim.notice);
  CHECK(claim.claim.notice->within == 24h);
  CHECK(claim.claim.notice->how == "a support ticket");
}

namespace {

// A contract of two plans whose second text is the same for both.
const std::string kPlans = R"(schema   = 1
id       = "example"
provider = "example"
service  = "Example Service"
scope    = ["account"]

[[version]]
effective  = 2022-11-29
status     = "complete"
source     = "https://example.com/sla/"
cycle      = { calendar = "month", time_zone = "UTC" }
formula    = { family = "ratio" }
error      = { status = ["5xx"] }
credit_base    = "charges of the plan"
claim = { deadline = { days_after_cycle = 30 }, lists = "all" }
clauses = [
  { clause = "error",   text = "5xx" },
  { clause = "formula", text = "served by all" },
]

  [version.plan.basic]
  commitment = "99"
  credits    = [ { below = "99", percent = "10" } ]
  clauses    = [ { clause = "commitment", text = "99%" }, { clause = "credits", text = "10%" } ]

  [version.plan.pro]
  commitment = "99.95"
  formula    = { family = "all-failed", interval = "1m" }
  credits    = [ { below = "99.95", percent = "25" } ]
  clauses    = [ { clause = "commitment", text = "99.95%" }, { clause = "credits", text = "25%" } ]

[[version]]
effective  = 2024-01-01
status     = "partial"
missing    = ["credits", "cycle", "formula", "error", "credit_base", "clauses", "claim.deadline", "claim.lists"]
source     = "https://example.com/sla/"
commitment = "99.9"

[probe.ping]
url = "https://example.com/"
)";

}  // namespace

TEST_CASE("a contract that makes several commitments is a rule for each plan") {
  const auto file = rules::parse_rule_file(kPlans, "example.toml");
  if (!file) FAIL(file.error().message);
  const auto rules = rules::by_plan(*file);
  REQUIRE(rules.size() == 2);
  CHECK(rules[0].rule.id == "example/basic");
  CHECK(rules[1].rule.id == "example/pro");
  CHECK(rules::contract_id("example/pro") == "example");
  CHECK(rules::contract_id("aws-kms") == "aws-kms");
  REQUIRE(rules[1].rule.versions.size() == 2);
  const core::Version& basic = rules[0].rule.versions[0];
  const core::Version& pro = rules[1].rule.versions[0];
  CHECK(basic.commitment_text == "99");
  CHECK(std::holds_alternative<core::RequestRatio>(basic.formula));
  CHECK(pro.commitment_text == "99.95");
  CHECK(std::holds_alternative<core::AllFailed>(pro.formula));
  CHECK(pro.credits[0].credit == Ratio(1, 4));
  CHECK(pro.credit_base == "charges of the plan");
  CHECK(pro.clauses.size() == 4);
  CHECK(pro.digest == record::sha256_hex(kPlans));
  CHECK(rules[0].rule.versions[1].commitment_text == "99.9");
  CHECK(rules[0].probes.contains("ping"));

  Catalog catalog;
  CHECK(catalog.add(*file));
  CHECK_FALSE(catalog.add(*file));
  CHECK(catalog.plans_of("example") == std::vector<std::string>{"basic", "pro"});
  CHECK(catalog.plans_of("aws-kms").empty());
  CHECK(catalog.find_rule("example") == nullptr);
  const auto none = rules::find_contract(catalog, "example@2022-11-29", std::nullopt);
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().message == "expected a plan of example, got none");
  CHECK(none.error().help == "there are: example/basic, example/pro");
  const auto found = rules::find_contract(catalog, "example/pro@2022-11-29", std::nullopt);
  REQUIRE(found.ok());
  CHECK(found->version->commitment_text == "99.95");
}

TEST_CASE("outcomes that are no Requests are named by reason, status, class or name") {
  const std::vector<std::string> entries{"no-answer", "timeout", "429", "4xx", "503/SlowDown"};
  CHECK(version_with(R"(not_a_request = ["no-answer", "timeout", "429", "4xx", "503/SlowDown"])")
            .not_a_request == entries);
}

TEST_CASE("a month in part counts in full, by its used time, or not at all") {
  CHECK(version_with("").part_month == core::PartMonth::full);
  CHECK(version_with("part_month = \"full\"").part_month == core::PartMonth::full);
  CHECK(version_with("part_month = \"used-time\"").part_month == core::PartMonth::used_time);
  CHECK(version_with("part_month = \"none\"").part_month == core::PartMonth::none);
}

TEST_CASE("the shortest period of a back-off clause is read") {
  CHECK_FALSE(version_with("").shortest_period.has_value());
  CHECK(version_with("shortest_period = \"32s\"").shortest_period == 32s);
}

TEST_CASE("a deadline is counted from what its key says") {
  struct Case {
    const char* text;
    int literal;
    int safe;
    core::DeadlineFrom from;
  };
  for (const Case& c :
       {Case{"end_of_cycle_after = 2, safe = 1", 2, 1, core::DeadlineFrom::cycles},
        Case{"days_after_cycle = 30", 30, 30, core::DeadlineFrom::cycle_end},
        Case{"months_after_cycle = 2", 2, 2, core::DeadlineFrom::months},
        Case{"days_after_incident = 5", 5, 5, core::DeadlineFrom::incident},
        Case{"days_after_eligibility = 60", 60, 60, core::DeadlineFrom::eligibility}}) {
    INFO(c.text);
    const auto deadline =
        version_with("", "deadline = { " + std::string(c.text) + " }").claim.deadline;
    REQUIRE(deadline.has_value());
    CHECK(deadline->literal == c.literal);
    CHECK(deadline->safe == c.safe);
    CHECK(deadline->from == c.from);
  }
}

TEST_CASE("a claim says what else it must hold") {
  const core::ClaimTerms claim =
      version_with("", "needs = [\"the affected API ids\"]\nredact = false").claim;
  CHECK(claim.needs == std::vector<std::string>{"the affected API ids"});
  CHECK_FALSE(claim.redact);
  CHECK(claim.subject.empty());
}

TEST_CASE("a partial version measures by what is assumed where its words are not known") {
  const core::Version version = version_with("");
  CHECK(version.status == core::Status::partial);
  CHECK(version.time_zone == "UTC");
  const auto& formula = std::get<core::MeanOfIntervals>(version.formula);
  CHECK(formula.interval == 5min);
  CHECK(formula.silent == core::Silent::available);
  CHECK(version.error.statuses == std::vector<core::StatusRange>{{500, 599}});
  CHECK(version.error.names.empty());
}

TEST_CASE("a contract that asks for no subject and has no minimum is complete") {
  std::string text = *read_file(fs::path(SOURCE_DIR) / "rules" / "sla" / "aws-kms.toml");
  for (const std::string line : {"  subject  = \"SLA Credit Request\"\n", "minimum_credit = "}) {
    const auto at = text.find(line);
    REQUIRE(at != std::string::npos);
    text.erase(at, text.find('\n', at) + 1 - at);
  }
  const auto rule = parse_rule(text, "aws-kms.toml");
  if (!rule) FAIL(rule.error().message);
  CHECK(rule->versions[1].status == core::Status::complete);
  CHECK(rule->versions[1].claim.subject.empty());
  CHECK_FALSE(rule->versions[1].minimum_credit.has_value());
}

TEST_CASE("the example in the grammar's description is a complete rule") {
  const std::string page = *read_file(fs::path(SOURCE_DIR) / "rules" / "README.md");
  const std::string opening = "```toml\n";
  const auto begin = page.find(opening) + opening.size();
  const auto rule = parse_rule(page.substr(begin, page.find("```", begin) - begin), "README.md");
  if (!rule) FAIL(rule.error().message);
  CHECK(rule->id == "example-api");
  CHECK(rule->versions.at(0).status == core::Status::complete);
}
