#include <sstream>

#include "metrics/exporter.h"
#include "metrics/probe_text.h"
#include "support/catch.h"

using namespace recoup;
using std::chrono::milliseconds;

namespace {

bool has_line(const std::string& text, const std::string& line) {
  return ('\n' + text).find('\n' + line + '\n') != std::string::npos;
}

report::Snapshot snapshot() {
  report::Snapshot snapshot;
  record::ProbeCounts probe, other;
  probe.agreement = other.agreement = "kms";
  probe.probe = "p";
  other.probe = "q";
  probe.outcomes = {{core::Answered{200}, 5},
                    {core::Answered{404}, 2},
                    {core::Answered{503, "Slow"}, 3},
                    {core::Answered{500}, 1},
                    {core::Failed{core::NoAnswer::dns}, 4}};
  probe.phases = {milliseconds(250), {}, {}, {}, milliseconds(1500), {}};
  probe.checks = {{"body", 10, 3, "the body lacks the text"}, {"within", 10, 1, ""}};
  snapshot.probes = {probe, other};
  record::PhaseHistograms phases{"kms"};
  phases.phases[0].add(milliseconds(250));
  snapshot.phases = {phases};
  return snapshot;
}

}  // namespace

TEST_CASE(
    "the time of requests has a sum for each phase and probe, and a histogram for each "
    "agreement") {
  const std::string text = metrics::to_text(snapshot(), "1");
  CHECK(has_line(
      text,
      R"(recoup_request_phase_seconds_total{agreement="kms",probe="p",phase="resolve"} 0.25)"));
  CHECK(has_line(
      text, R"(recoup_request_phase_seconds_total{agreement="kms",probe="p",phase="wait"} 1.5)"));
  CHECK(has_line(text,
                 R"(recoup_request_phase_seconds_total{agreement="kms",probe="q",phase="tls"} 0)"));
  CHECK(
      has_line(text, R"(recoup_phase_duration_seconds_sum{agreement="kms",phase="resolve"} 0.25)"));
  CHECK(has_line(text, R"(recoup_phase_duration_seconds_count{agreement="kms",phase="tls"} 0)"));
}

TEST_CASE("targets of a list have series of their own while they fail") {
  report::Snapshot some = snapshot();
  const std::string none = metrics::to_text(some, "1");
  CHECK(none.find("recoup_target_failing{") == std::string::npos);
  CHECK(has_line(none, "recoup_failing_targets_not_shown 0"));
  some.failing.shown = {{"kms", "list", "a.example.com", 12, 3, true, core::Answered{503}},
                        {"kms", "list", "b.example.com", 9, 1, false, core::Answered{500}}};
  some.failing.not_shown = 7;
  const std::string text = metrics::to_text(some, "1");
  const std::string a = R"({agreement="kms",probe="list",target="a.example.com"} )";
  const std::string b = R"({agreement="kms",probe="list",target="b.example.com"} )";
  CHECK(has_line(text, "recoup_target_failing" + a + "1"));
  CHECK(has_line(text, "recoup_target_failing" + b + "0"));
  CHECK(has_line(text, "recoup_target_requests" + a + "12"));
  CHECK(has_line(text, "recoup_target_failures" + a + "3"));
  CHECK(has_line(text, "recoup_failing_targets_not_shown 7"));
}

TEST_CASE("reasons are a closed set, there from the start") {
  const std::string text = metrics::to_text(snapshot(), "1");
  for (const auto& [reason, n] : std::vector<std::pair<std::string, int>>{{"4xx", 2},
                                                                          {"5xx", 4},
                                                                          {"dns", 4},
                                                                          {"connect", 0},
                                                                          {"connect-timeout", 0},
                                                                          {"tls", 0},
                                                                          {"timeout", 0},
                                                                          {"reset", 0},
                                                                          {"other", 0}}) {
    INFO(reason);
    CHECK(has_line(text,
                   fmt::format(R"(recoup_request_failures_total{{agreement="kms",reason="{}"}} {})",
                               reason, n)));
  }
}

TEST_CASE("checks are counted, and those that fail now are 1") {
  const std::string text = metrics::to_text(snapshot(), "1");
  CHECK(has_line(text, R"(recoup_checks_total{agreement="kms",probe="p",check="body"} 10)"));
  CHECK(has_line(text, R"(recoup_checks_failed_total{agreement="kms",probe="p",check="body"} 3)"));
  CHECK(has_line(text, R"(recoup_check_failed{agreement="kms",probe="p",check="body"} 1)"));
  CHECK(has_line(text, R"(recoup_check_failed{agreement="kms",probe="p",check="within"} 0)"));
}

TEST_CASE("one result is told by blackbox_exporter's names") {
  record::ProbeResult result;
  result.outcome = core::Failed{core::NoAnswer::timeout};
  result.duration = milliseconds(1750);
  result.phases = {milliseconds(250), {}, {}, milliseconds(500), milliseconds(1000), {}};
  std::string text = metrics::probe_text(result, true);
  CHECK(has_line(text, "probe_success 0"));
  CHECK(has_line(text, "probe_http_status_code 0"));
  CHECK(has_line(text, "probe_failed_due_to_regex 0"));
  CHECK(has_line(text, "probe_dns_lookup_time_seconds 0.25"));
  CHECK(has_line(text, "probe_duration_seconds 1.75"));
  CHECK(has_line(text, R"(probe_http_duration_seconds{phase="processing"} 1.5)"));
  CHECK(text.find("probe_ssl") == std::string::npos);

  result.outcome = core::Answered{200};
  result.expected = true;
  result.tls = true;
  result.http_version = 11;
  record::TlsSeen server;
  server.version = "TLSv1.2";
  server.earliest_end = core::Instant(std::chrono::seconds(1800000000));
  result.server = std::make_shared<const record::TlsSeen>(server);
  text = metrics::probe_text(result, false);
  CHECK(has_line(text, "probe_success 1"));
  CHECK(has_line(text, "probe_http_ssl 1"));
  CHECK(has_line(text, "probe_http_version 1.1"));
  CHECK(has_line(text, "probe_ssl_earliest_cert_expiry 1800000000"));
  CHECK(has_line(text, R"(probe_tls_version_info{version="TLS 1.2"} 1)"));

  // A check that fails is no success, and one of the body has a name there.
  result.checks = {{"within", "it took too long"}};
  CHECK(has_line(metrics::probe_text(result, true), "probe_success 0"));
  CHECK(has_line(metrics::probe_text(result, true), "probe_failed_due_to_regex 0"));
  result.checks.push_back({"json a", "nothing stands there"});
  CHECK(has_line(metrics::probe_text(result, true), "probe_failed_due_to_regex 1"));
}
