#include "metrics/exporter.h"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "core/assess.h"
#include "support/catch.h"
#include "support/contracts.h"
#include "support/missing.h"
#include "support/temp_dir.h"

using namespace recoup;
using recoup::test::TempDir;

namespace {

// A snapshot of one agreement on 3 October 2026, 10:07, with two intervals below 100 %.
struct World {
  core::Rule rule{"aws-kms", "aws", "AWS Key Management Service", {"account", "region"}, {}};
  core::Cycle cycle = core::cycle_of(std::chrono::year(2026) / 10, core::Zone::utc());
  core::Tallies tallies;
  report::Snapshot snapshot;
  std::string id = "kms";

  World() { rule.versions.push_back(test::kms_like()); }

  core::Instant at(int interval) const {
    return cycle.span.begin + interval * std::chrono::minutes(5);
  }

  void assess() {
    auto judgement = std::make_shared<core::Judgement>();
    judgement->agreement = {id, "aws-kms", "123456789012", "us-east-1", true, {}};
    judgement->rule = std::make_shared<const core::Rule>(rule);
    judgement->version = core::version_of(judgement->rule, judgement->rule->versions.front());
    judgement->assessment =
        core::assess(rule.versions.front(), core::Zone::utc(), cycle, tallies, {}, snapshot.at);
    judgement->credit = core::credit(rule.versions.front(), judgement->assessment,
                                     core::Charge{{core::Ratio(1845, 1), "USD"}, "stated", ""});
    snapshot.judgements.push_back(std::move(judgement));
  }
};

// Two months of the agreement that are over: one credited, one that can be claimed.
record::PastCycles past() {
  record::PastCycles past{"kms", "aws", 3, 4, {}};
  record::ClaimLife credited;
  credited.ground.month = std::chrono::year(2026) / 8;
  credited.ground.amount = core::Money{core::Ratio(12, 1), "USD"};
  credited.ground.deadline = core::DeadlineDates{};
  credited.state = record::ClaimState::credited;
  record::ClaimLife open;
  open.ground.month = std::chrono::year(2026) / 9;
  open.ground.amount = core::Money{core::Ratio(369, 2), "USD"};
  open.ground.deadline = {*core::parse_instant("2026-11-01T00:00:00Z"),
                          *core::parse_instant("2026-12-01T00:00:00Z")};
  open.state = record::ClaimState::claimable;
  record::ClaimLife none;
  none.ground.month = std::chrono::year(2026) / 7;
  past.claims = {none, credited, open};
  return past;
}

World full() {
  World world;
  world.snapshot.at = world.at(697) + std::chrono::minutes(2);
  world.snapshot.ready = true;
  world.snapshot.settings =
      report::SettingsState{*core::parse_instant("2026-11-01T00:00:00Z"), 2, 1,
                            "recoup.toml:1:1: error: …", world.snapshot.at};
  world.tallies.add(core::minute_of(world.at(600)), core::Answered{200}, 45);
  world.tallies.add(core::minute_of(world.at(600)), core::Answered{503}, 15);
  world.tallies.add(core::minute_of(world.at(696)), core::Answered{200}, 2);
  world.tallies.add(core::minute_of(world.at(696)), core::Answered{500}, 1);
  world.tallies.add(core::minute_of(world.at(696)), core::Missed{core::NotSent::late}, 3);
  record::ProbeCounts probe;
  probe.agreement = "kms";
  probe.probe = "random";
  probe.due = 75;
  probe.missed = {3, 0, 2, 0, 60, 7};
  probe.outcomes = {{core::Answered{200}, 47},
                    {core::Answered{503, "KMSInternalException"}, 15},
                    {core::Answered{500}, 1},
                    {core::Answered{503, "", true}, 1},
                    {core::Failed{core::NoAnswer::timeout}, 1},
                    {*core::parse_outcome("403/SignatureDoesNotMatch!refused"), 4},
                    {*core::parse_outcome("401!refused"), 1}};
  probe.duration.add(std::chrono::microseconds(1500));
  probe.duration.add(std::chrono::milliseconds(84));
  probe.duration.add(std::chrono::seconds(11));
  world.snapshot.probes.push_back(probe);
  world.snapshot.lateness.add(std::chrono::microseconds(10));
  world.snapshot.ledger_errors = {{"write", 2}};
  world.snapshot.unwritable = "database or disk is full";
  world.snapshot.evidence_dropped = 7;
  world.snapshot.clock_steps = 1;
  world.snapshot.credentials = {
      {"sigv4", "prod", false, core::Instant(std::chrono::seconds(1796083200))},
      {"tc3", "", true, {}}};
  world.snapshot.plans = {{"kms", 518400, core::Money{core::Ratio(3, 2), "USD"}, 100000},
                          {"other", 30}};
  world.snapshot.suspended = std::chrono::hours(1);
  world.snapshot.clock_jumped = core::Millis(1500);
  world.snapshot.past = {past()};
  world.assess();
  return world;
}

// The value of the one sample that begins with `series`, as text.
std::string value_of(const std::string& text, const std::string& series) {
  std::istringstream lines(text);
  std::string found = "absent";
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(series + ' ')) {
      CHECK(found == "absent");
      found = line.substr(series.size() + 1);
    }
  }
  return found;
}

std::string promtool_says(const std::string& text) {
  TempDir temp;
  temp.write("metrics", text);
  const std::string command =
      "promtool check metrics < '" + temp.file("metrics") + "' > '" + temp.file("out") + "' 2>&1";
  const int status = std::system(command.c_str());
  std::ifstream file(temp.file("out"));
  std::ostringstream said;
  said << file.rdbuf();
  return said.str() + (status == 0 ? "" : " failed");
}

}  // namespace

TEST_CASE("each metric has its name, labels and value") {
  const std::string text = metrics::to_text(full().snapshot, "1.2.3");
  const std::vector<std::pair<std::string, std::string>> samples{
      {R"(recoup_probes_due_total{agreement="kms",probe="random"})", "75"},
      {R"(recoup_probe_requests_per_month{agreement="kms"})", "518400"},
      {R"(recoup_probe_requests_per_month{agreement="other"})", "30"},
      {R"(recoup_probe_cost_per_month{agreement="kms",currency="USD"})", "1.5"},
      {R"(recoup_probe_requests_max{agreement="kms"})", "100000"},
      {R"(recoup_probes_missed_total{agreement="kms",probe="random",reason="budget"})", "0"},
      {R"(recoup_probes_missed_total{agreement="kms",probe="random",reason="late"})", "3"},
      {R"(recoup_probes_missed_total{agreement="kms",probe="random",reason="overrun"})", "0"},
      {R"(recoup_probes_missed_total{agreement="kms",probe="random",reason="resources"})", "2"},
      {R"(recoup_probes_missed_total{agreement="kms",probe="random",reason="stopped"})", "0"},
      {R"(recoup_probes_missed_total{agreement="kms",probe="random",reason="suspended"})", "60"},
      {R"(recoup_probes_missed_total{agreement="kms",probe="random",reason="clock"})", "7"},
      {R"(recoup_requests_total{agreement="kms",probe="random",outcome="200"})", "47"},
      {R"(recoup_requests_total{agreement="kms",probe="random",outcome="500"})", "1"},
      {R"(recoup_requests_total{agreement="kms",probe="random",outcome="503"})", "0"},
      {R"(recoup_requests_total{agreement="kms",probe="random",outcome="503/KMSInternalException"})",
       "15"},
      {R"(recoup_requests_total{agreement="kms",probe="random",outcome="503!unattributed"})", "1"},
      {R"(recoup_requests_total{agreement="kms",probe="random",outcome="timeout"})", "1"},
      {R"(recoup_requests_total{agreement="kms",probe="random",outcome="dns"})", "0"},
      {R"(recoup_requests_total{agreement="kms",probe="random",outcome="connect"})", "0"},
      {R"(recoup_requests_total{agreement="kms",probe="random",outcome="tls"})", "0"},
      {R"(recoup_requests_total{agreement="kms",probe="random",outcome="reset"})", "0"},
      {R"(recoup_requests_total{agreement="kms",probe="random",outcome="other"})", "0"},
      {R"(recoup_requests_total{agreement="kms",probe="random",outcome="401!refused"})", "1"},
      {R"(recoup_requests_refused_total{agreement="kms",probe="random"})", "5"},
      {R"(recoup_errors_total{agreement="kms"})", "16"},
      {R"(recoup_request_duration_seconds_bucket{agreement="kms",probe="random",le="0.001"})", "0"},
      {R"(recoup_request_duration_seconds_bucket{agreement="kms",probe="random",le="0.002"})", "1"},
      {R"(recoup_request_duration_seconds_bucket{agreement="kms",probe="random",le="0.1"})", "2"},
      {R"(recoup_request_duration_seconds_bucket{agreement="kms",probe="random",le="10"})", "2"},
      {R"(recoup_request_duration_seconds_bucket{agreement="kms",probe="random",le="+Inf"})", "3"},
      {R"(recoup_request_duration_seconds_count{agreement="kms",probe="random"})", "3"},
      {R"(recoup_request_duration_seconds_sum{agreement="kms",probe="random"})", "11.0855"},
      {R"(recoup_schedule_lateness_seconds_bucket{le="0.001"})", "1"},
      {R"(recoup_uncounted_failures{agreement="kms",reason="status"})", "0"},
      {R"(recoup_uncounted_failures{agreement="kms",reason="error_name"})", "0"},
      {R"(recoup_uncounted_failures{agreement="kms",reason="unattributed"})", "0"},
      {R"(recoup_uncounted_failures{agreement="kms",reason="not_a_request"})", "0"},
      {R"(recoup_intervals{agreement="kms",state="ahead"})", "8230"},
      {R"(recoup_intervals{agreement="kms",state="measured"})", "2"},
      {R"(recoup_intervals{agreement="kms",state="silent"})", "696"},
      {R"(recoup_intervals{agreement="kms",state="excluded"})", "0"},
      {R"(recoup_service_credit_amount{agreement="kms",currency="USD"})", "184.5"},
      {R"(recoup_credit_eligible{agreement="kms"})", "0"},
      {R"(recoup_breach_certain{agreement="kms"})", "1"},
      {R"(recoup_claim_deadline_timestamp_seconds{agreement="kms",reading="safe"})", "1796083200"},
      {R"(recoup_claim_deadline_timestamp_seconds{agreement="kms",reading="literal"})",
       "1798761600"},
      {R"(recoup_billing_cycle_start_timestamp_seconds{agreement="kms"})", "1790812800"},
      {R"(recoup_billing_cycle_end_timestamp_seconds{agreement="kms"})", "1793491200"},
      {R"(recoup_claims{agreement="kms",state="claimable"})", "1"},
      {R"(recoup_claims{agreement="kms",state="written"})", "0"},
      {R"(recoup_claims{agreement="kms",state="submitted"})", "0"},
      {R"(recoup_claims{agreement="kms",state="credited"})", "1"},
      {R"(recoup_claims{agreement="kms",state="refused"})", "0"},
      {R"(recoup_claims{agreement="kms",state="expired"})", "0"},
      {R"(recoup_claims{agreement="kms",state="nothing to claim"})", "absent"},
      {R"(recoup_open_claim_deadline_timestamp_seconds{agreement="kms",month="2026-09"})",
       "1793491200"},
      {R"(recoup_open_claim_deadline_timestamp_seconds{agreement="kms",month="2026-08"})",
       "absent"},
      {R"(recoup_open_claim_amount{agreement="kms",month="2026-09",currency="USD"})", "184.5"},
      {R"(recoup_open_claim_amount{agreement="kms",month="2026-08",currency="USD"})", "absent"},
      {R"(recoup_sealed_cycles{agreement="kms"})", "3"},
      {R"(recoup_seal_revisions{agreement="kms"})", "4"},
      {R"(recoup_ledger_errors_total{operation="write"})", "2"},
      {R"(recoup_config_last_reload_successful)", "0"},
      {R"(recoup_config_last_reload_success_timestamp_seconds)", "1793491200"},
      {R"(recoup_config_reloads_total{result="taken"})", "2"},
      {R"(recoup_config_reloads_total{result="refused"})", "1"},
      {R"(recoup_ledger_writable)", "0"},
      {R"(recoup_credentials_ready{signer="sigv4",profile="prod"})", "0"},
      {R"(recoup_credentials_ready{signer="tc3",profile=""})", "1"},
      {R"(recoup_credentials_end_timestamp_seconds{signer="sigv4",profile="prod"})", "1796083200"},
      {R"(recoup_credentials_end_timestamp_seconds{signer="tc3",profile=""})", "absent"},
      {R"(recoup_evidence_dropped_total)", "7"},
      {R"(recoup_clock_steps_total)", "1"},
      {R"(recoup_unmeasured_seconds_total{reason="suspended"})", "3600"},
      {R"(recoup_unmeasured_seconds_total{reason="clock"})", "1.5"},
      {R"(recoup_agreement_info{agreement="kms",sla="aws-kms",version="2022-11-29",cloud_region="us-east-1",practice="true"})",
       "1"},
      {R"(recoup_build_info{version="1.2.3"})", "1"},
  };
  for (const auto& [series, value] : samples) {
    INFO(series);
    CHECK(value_of(text, series) == value);
  }
}

TEST_CASE("a ratio is at most one step of a double away from the exact value") {
  const std::string text = metrics::to_text(full().snapshot, "1");
  const core::Ratio loss = core::Ratio(15, 60) + core::Ratio(1, 3);
  const core::Ratio all(8928, 1);
  const std::vector<std::pair<std::string, core::Ratio>> samples{
      {"recoup_interval_availability_ratio", core::Ratio(2, 3)},
      {"recoup_monthly_uptime_ratio", (all - loss) / all},
      {"recoup_monthly_uptime_lower_bound_ratio",
       (all - core::Ratio(1, 4) - core::Ratio(4, 6)) / all},
      {"recoup_monthly_uptime_upper_bound_ratio",
       (all - core::Ratio(1, 4) - core::Ratio(1, 6)) / all},
      {"recoup_service_commitment_ratio", core::Ratio(99999, 100000)},
      {"recoup_unavailability_budget_remaining_ratio",
       core::Ratio(1, 1) - loss / all * core::Ratio(100000, 1)},
      {"recoup_service_credit_ratio", core::Ratio(1, 10)},
  };
  for (const auto& [name, exact] : samples) {
    INFO(name);
    const double shown = std::strtod(value_of(text, name + "{agreement=\"kms\"}").c_str(), nullptr);
    const double nearest = exact.to_double();
    CHECK(shown >= std::nextafter(nearest, -1e9));
    CHECK(shown <= std::nextafter(nearest, 1e9));
  }
}

TEST_CASE("answers of 5xx that are no Errors are counted by the reason why they are not") {
  World world;
  world.snapshot.at = world.at(697);
  world.rule.versions.front().error.names = {"InternalError"};
  world.rule.versions.front().not_a_request.emplace_back("507");
  for (const auto& [outcome, n] :
       std::vector<std::pair<core::Answered, std::uint64_t>>{{{500, "InternalError"}, 1},
                                                             {{502}, 9},
                                                             {{500}, 240},
                                                             {{503, "SlowDown"}, 2},
                                                             {{500, "InternalError", true}, 4},
                                                             {{507}, 3}}) {
    world.tallies.add(core::minute_of(world.at(600)), outcome, n);
  }
  world.assess();
  const std::string text = metrics::to_text(world.snapshot, "1.2.3");
  for (const auto& [reason, n] : std::vector<std::pair<std::string, std::string>>{
           {"status", "9"}, {"error_name", "242"}, {"unattributed", "4"}, {"not_a_request", "3"}}) {
    INFO(reason);
    CHECK(value_of(text,
                   "recoup_uncounted_failures{agreement=\"kms\",reason=\"" + reason + "\"}") == n);
  }
}

TEST_CASE("promtool has nothing to say about a full page and an empty one") {
  if (!recoup::test::have_program("promtool")) return;
  CHECK(promtool_says(metrics::to_text(full().snapshot, "1.2.3")) == "");
  CHECK(promtool_says(metrics::to_text(report::Snapshot(), "1.2.3")) == "");
  CHECK(promtool_says("a{b=\"c\"} 1\n") != "");
}

TEST_CASE("nothing is left of what is not in the snapshot, and no sample has a timestamp") {
  World world = full();
  world.snapshot.probes.clear();
  world.snapshot.judgements.clear();
  world.snapshot.past.clear();
  world.snapshot.plans.clear();
  const std::string text = metrics::to_text(world.snapshot, "1");
  CHECK(text.find("kms") == std::string::npos);
  CHECK(text.find("recoup_requests_total") == std::string::npos);
  std::istringstream lines(metrics::to_text(full().snapshot, "1"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    INFO(line);
    CHECK(std::count(line.begin(), line.end(), ' ') == 1);
  }
}

TEST_CASE("label values are escaped") {
  World world = full();
  world.id = "a\"b\\c\nd";
  world.assess();
  const std::string text = metrics::to_text(world.snapshot, "1");
  CHECK(text.find(R"(recoup_monthly_uptime_ratio{agreement="a\"b\\c\nd"} )") != std::string::npos);
}

TEST_CASE("before any interval is over there is no last Availability") {
  World world;
  world.snapshot.at = world.at(0) + std::chrono::minutes(4);
  world.assess();
  CHECK(metrics::to_text(world.snapshot, "1").find("recoup_interval_availability_ratio") ==
        std::string::npos);
  world.snapshot.at = world.at(1);
  CHECK(value_of(metrics::to_text(world.snapshot, "1"),
                 "recoup_interval_availability_ratio{agreement=\"kms\"}") == "1");
  world.snapshot.at = world.cycle.span.end + std::chrono::hours(1);
  CHECK(value_of(metrics::to_text(world.snapshot, "1"),
                 "recoup_interval_availability_ratio{agreement=\"kms\"}") == "1");
}

TEST_CASE("a breach is not certain while its interval is open") {
  World world;
  world.tallies.add(core::minute_of(world.at(600)), core::Answered{500}, 1);
  const auto certain = [&](core::Instant now) {
    world.snapshot.judgements.clear();
    world.snapshot.at = now;
    world.assess();
    return value_of(metrics::to_text(world.snapshot, "1"),
                    "recoup_breach_certain{agreement=\"kms\"}");
  };
  CHECK(certain(world.at(600) + std::chrono::seconds(12)) == "0");
  CHECK(certain(world.at(601)) == "0");
  CHECK(certain(world.at(601) + std::chrono::seconds(150)) == "1");
}

TEST_CASE("a ratio of Requests that is below the commitment may still recover") {
  World world = full();
  world.snapshot.judgements.clear();
  world.rule.versions.front().formula = core::RequestRatio{};
  world.assess();
  const std::string text = metrics::to_text(world.snapshot, "1");
  CHECK(value_of(text, "recoup_breach_certain{agreement=\"kms\"}") == "0");
  // 16 of 63 Requests failed, where 1 of 100,000 may.
  const core::Ratio left = core::Ratio(1, 1) - core::Ratio(16, 63) * core::Ratio(100000, 1);
  const std::string shown =
      value_of(text, "recoup_unavailability_budget_remaining_ratio{agreement=\"kms\"}");
  const double nearest = left.to_double();
  CHECK(std::strtod(shown.c_str(), nullptr) >= std::nextafter(nearest, -1e9));
  CHECK(std::strtod(shown.c_str(), nullptr) <= std::nextafter(nearest, 1e9));
}

TEST_CASE("of more than 50 named outcomes of a probe the rarest are told apart by status alone") {
  World world = full();
  record::ProbeCounts& probe = world.snapshot.probes.front();
  probe.outcomes = {{core::Answered{503}, 5}, {core::Answered{200}, 1}};
  for (int i = 0; i < 60; ++i) {
    const std::uint64_t count = i < 10 ? 2 : 7;
    probe.outcomes.push_back({core::Answered{503, "Name" + std::to_string(100 + i)}, count});
  }
  probe.outcomes.push_back({core::Answered{503, "Rare", true}, 1});
  const std::string text = metrics::to_text(world.snapshot, "1");
  const std::string series = R"(recoup_requests_total{agreement="kms",probe="random",outcome=")";
  CHECK(value_of(text, series + "503/Name100\"}") == "absent");
  CHECK(value_of(text, series + "503/Name109\"}") == "absent");
  CHECK(value_of(text, series + "503/Name110\"}") == "7");
  CHECK(value_of(text, series + "503/Name159\"}") == "7");
  CHECK(value_of(text, series + "503\"}") == "25");
  CHECK(value_of(text, series + "503!unattributed\"}") == "1");
  CHECK(value_of(text, R"(recoup_errors_total{agreement="kms"})") == "375");
}

TEST_CASE("what SDKs reported has series where they report to the service, from 0 on") {
  World world = full();
  CHECK(metrics::to_text(world.snapshot, "1").find("recoup_sdk") == std::string::npos);
  record::SdkCounts& sdk = world.snapshot.sdk.emplace();
  sdk.logs.push_back({"kms", "sdk", {{core::Answered{200}, 5}, {core::Answered{500, "K"}, 2}}, 3});
  sdk.attempts = 7;
  sdk.dropped = 4;
  sdk.uncounted_subjects.push_back({"S3", "eu-west-1", 9});
  const std::string text = metrics::to_text(world.snapshot, "1");
  CHECK(value_of(text, R"(recoup_sdk_datagrams_total{kind="attempt"})") == "7");
  CHECK(value_of(text, R"(recoup_sdk_datagrams_total{kind="malformed"})") == "0");
  CHECK(value_of(text, "recoup_sdk_datagrams_dropped_total") == "4");
  const std::string attempts = R"(recoup_sdk_attempts_total{agreement="kms",log="sdk",outcome=")";
  CHECK(value_of(text, attempts + "200\"}") == "5");
  CHECK(value_of(text, attempts + "500/K\"}") == "2");
  CHECK(value_of(text, attempts + "503\"}") == "0");
  CHECK(value_of(text, attempts + "timeout\"}") == "0");
  CHECK(value_of(text, R"(recoup_sdk_attempts_missing_total{agreement="kms",log="sdk"})") == "3");
  CHECK(value_of(text,
                 "recoup_sdk_attempts_uncounted_total{service=\"S3\","
                 "cloud_region=\"eu-west-1\"}") == "9");
}

TEST_CASE("what is not known has no series") {
  World world = full();
  auto judgement = std::make_shared<core::Judgement>(*world.snapshot.judgements.front());
  judgement->credit.amount.reset();
  judgement->assessment.deadline.reset();
  world.rule.versions.front().commitment = core::Ratio(1, 1);
  judgement->rule = std::make_shared<const core::Rule>(world.rule);
  judgement->version = core::version_of(judgement->rule, judgement->rule->versions.front());
  world.snapshot.judgements = {judgement};
  const std::string text = metrics::to_text(world.snapshot, "1");
  CHECK(text.find("recoup_service_credit_amount") == std::string::npos);
  CHECK(text.find("recoup_claim_deadline") == std::string::npos);
  CHECK(text.find("recoup_unavailability_budget") == std::string::npos);
}

TEST_CASE("a claim that was submitted, or is written, has the series of its state alone") {
  World world = full();
  record::ClaimLife& life = world.snapshot.past[0].claims[2];
  const std::string of = R"({agreement="kms",month="2026-09",currency="USD"})";
  life.state = record::ClaimState::written;
  CHECK(value_of(metrics::to_text(world.snapshot, "1"), "recoup_open_claim_amount" + of) ==
        "184.5");
  life.ground.amount.reset();
  life.ground.deadline.reset();
  CHECK(metrics::to_text(world.snapshot, "1").find("recoup_open_claim") == std::string::npos);
  life.state = record::ClaimState::submitted;
  const std::string text = metrics::to_text(world.snapshot, "1");
  CHECK(text.find("recoup_open_claim") == std::string::npos);
  CHECK(value_of(text, R"(recoup_claims{agreement="kms",state="submitted"})") == "1");
  CHECK(value_of(text, R"(recoup_claims{agreement="kms",state="claimable"})") == "0");
}

TEST_CASE("a credit that is awaited has its due date, and one that was given its share") {
  World world = full();
  record::ClaimLife& life = world.snapshot.past[0].claims[2];
  const std::string of = R"({agreement="kms",month="2026-09"})";
  CHECK(value_of(metrics::to_text(world.snapshot, "1"),
                 "recoup_claim_credit_due_timestamp_seconds" + of) == "absent");
  life.state = record::ClaimState::overdue;
  life.credit_due = *core::parse_instant("2026-11-01T00:00:00Z");
  std::string text = metrics::to_text(world.snapshot, "1");
  CHECK(value_of(text, "recoup_claim_credit_due_timestamp_seconds" + of) == "1793491200");
  CHECK(value_of(text, R"(recoup_claims{agreement="kms",state="overdue"})") == "1");
  CHECK(value_of(text, "recoup_claim_credited_ratio" + of) == "absent");
  life.state = record::ClaimState::credited_in_part;
  life.asked = core::Money{core::Ratio(200, 1), "USD"};
  life.credited = core::Money{core::Ratio(120, 1), "USD"};
  text = metrics::to_text(world.snapshot, "1");
  CHECK(value_of(text, "recoup_claim_credited_ratio" + of) == "0.6");
  CHECK(value_of(text, R"(recoup_claims{agreement="kms",state="credited_in_part"})") == "1");
}

TEST_CASE("what became of notices is counted where somebody is to be told") {
  World world = full();
  CHECK(metrics::to_text(world.snapshot, "1").find("recoup_notices") == std::string::npos);
  world.snapshot.notices = report::NoticeCounts{3, 2, 1, "https://hooks.example.com", "refused"};
  const std::string text = metrics::to_text(world.snapshot, "1");
  CHECK(value_of(text, R"(recoup_notices_total{result="accepted"})") == "3");
  CHECK(value_of(text, R"(recoup_notices_total{result="failed"})") == "2");
  CHECK(value_of(text, "recoup_notices_waiting") == "1");
  CHECK(text.find("hooks.example.com") == std::string::npos);
}

TEST_CASE("a probe whose agreement was not assessed yet has its Errors at 0") {
  World world = full();
  world.snapshot.judgements.clear();
  CHECK(value_of(metrics::to_text(world.snapshot, "1"), "recoup_errors_total{agreement=\"kms\"}") ==
        "0");
}

namespace {

report::Snapshot many_probes(std::size_t probes) {
  World world = full();
  report::Snapshot snapshot = world.snapshot;
  snapshot.judgements.clear();
  snapshot.probes.assign(probes, snapshot.probes.front());
  for (std::size_t i = 0; i < probes; ++i) snapshot.probes[i].probe = "probe-" + std::to_string(i);
  return snapshot;
}

std::ptrdiff_t lines_of(std::size_t probes) {
  const std::string text = metrics::to_text(many_probes(probes), "1");
  return std::count(text.begin(), text.end(), '\n');
}

}  // namespace

TEST_CASE("each of 30,000 probes has the same number of series") {
  const std::ptrdiff_t each = lines_of(2) - lines_of(1);
  CHECK(each >= 32);
  CHECK(lines_of(30'000) == lines_of(1) + 29'999 * each);
}

TEST_CASE("how the ledger is kept small has metrics, also when it is not") {
  World world;
  CHECK(metrics::to_text(world.snapshot, "1").find("recoup_ledger_folded") == std::string::npos);
  world.snapshot.upkeep = record::UpkeepCounts{{30, 43'200, 360}, 7, 1, "disk full"};
  const auto text = metrics::to_text(world.snapshot, "1");
  CHECK(value_of(text, "recoup_ledger_folded_rows") == "30");
  CHECK(value_of(text, "recoup_ledger_folded_counts") == "43200");
  CHECK(value_of(text, "recoup_ledger_folded_bytes") == "360");
  CHECK(value_of(text, "recoup_ledger_evidence_removed") == "7");
  CHECK(value_of(text, "recoup_ledger_upkeep_successful") == "0");
  CHECK(value_of(text, "recoup_ledger_upkeep_failures_total") == "1");
}

TEST_CASE("what a third party signed of the time, and what waits for it, has metrics") {
  World world;
  CHECK(metrics::to_text(world.snapshot, "1").find("recoup_timestamps") == std::string::npos);
  record::StampCounts stamps;
  stamps.agreements = {{"kms", *core::parse_instant("2026-10-03T12:00:00Z"), {}, 2, 1}};
  stamps.tokens = 9;
  stamps.failures["server"] = 4;
  world.snapshot.stamps = stamps;
  const auto text = metrics::to_text(world.snapshot, "1");
  const std::string of = R"({agreement="kms"})";
  CHECK(value_of(text, "recoup_timestamps_waiting" + of) == "2");
  CHECK(value_of(text, "recoup_timestamps_until_timestamp_seconds" + of) == "1791028800");
  CHECK(value_of(text, "recoup_timestamps_changed_total" + of) == "1");
  CHECK(value_of(text, "recoup_timestamps_tokens_total") == "9");
  CHECK(value_of(text, R"(recoup_timestamps_failures_total{reason="server"})") == "4");
  CHECK(value_of(text, R"(recoup_timestamps_failures_total{reason="token"})") == "0");
}

TEST_CASE("a log that is followed says whether it is silent, and what became of its lines") {
  World world;
  CHECK(metrics::to_text(world.snapshot, "1").find("recoup_log") == std::string::npos);
  record::FollowedLog log;
  log.agreement = "kms";
  log.log = "web";
  log.files = 3;
  log.requests = 7;
  log.malformed = 2;
  log.newest = *core::parse_instant("2026-10-03T12:00:00Z");
  log.problem_files = 1;
  world.snapshot.logs = {log};
  const auto text = metrics::to_text(world.snapshot, "1");
  const std::string of = R"({agreement="kms",log="web"})";
  CHECK(value_of(text, "recoup_log_silent" + of) == "0");
  CHECK(value_of(text, "recoup_log_files" + of) == "3");
  CHECK(value_of(text, "recoup_log_problem_files" + of) == "1");
  CHECK(value_of(text, "recoup_log_newest_record_timestamp_seconds" + of) == "1791028800");
  CHECK(value_of(text, R"(recoup_log_records_total{agreement="kms",log="web",kind="counted"})") ==
        "7");
  CHECK(value_of(text, R"(recoup_log_records_total{agreement="kms",log="web",kind="malformed"})") ==
        "2");
  world.snapshot.logs[0].silent_since = log.newest;
  CHECK(value_of(metrics::to_text(world.snapshot, "1"), "recoup_log_silent" + of) == "1");
}
