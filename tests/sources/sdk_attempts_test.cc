#include "sources/sdk/attempts.h"

#include <thread>

#include "support/catch.h"
#include "support/sdk_datagrams.h"

using namespace std::chrono_literals;
using namespace recoup;
using namespace recoup::sources::sdk;
using record::SeriesKind;
using test::sdk_attempt;
using test::sdk_call;

namespace {

core::Instant at(const std::string& time) {
  return *core::parse_instant("2026-10-03T" + time + "Z");
}

std::string day(const std::string& time) { return "2026-10-03T" + time + "Z"; }

CountedLog log_of(const std::string& agreement, const std::vector<std::string>& clients = {},
                  const std::string& region = "us-east-1") {
  return {{agreement, SeriesKind::sdk, "sdk", "here"}, {"KMS"}, region, clients};
}

// Counting is attempts of these logs, whose series are 1, 2, … in their order.
struct Counting {
  Attempts attempts;
  std::map<record::SeriesKey, record::SeriesId> ids;

  explicit Counting(const std::vector<CountedLog>& logs, record::WorthARecord worth = {}) {
    exchange(logs, std::move(worth));
  }

  void exchange(const std::vector<CountedLog>& logs, record::WorthARecord worth = {}) {
    attempts.watch(logs);
    for (const sources::Counted& one : attempts.series()) {
      if (one.resumed) continue;
      const auto id = static_cast<record::SeriesId>(ids.size() + 1);
      attempts.resume(one.key, {ids.emplace(one.key, id).first->second, {}, {}});
    }
    attempts.exchange(logs, std::move(worth));
  }

  void add(const std::vector<std::string>& datagrams, const std::string& now,
           std::uint64_t dropped = 0) {
    Datagrams::Arrived arrived;
    arrived.datagrams.assign(datagrams.begin(), datagrams.end());
    arrived.dropped = dropped;
    attempts.add(arrived, at(now));
  }

  record::Batch take() {
    return *attempts.take([](record::SeriesId, core::Minute) {
      return core::Result(std::vector<core::OutcomeCount>());
    });
  }
};

// "1 12:00 200 x 2": series, minute, outcome and count of each.
std::vector<std::string> lines(const record::Batch& batch) {
  std::vector<std::string> all;
  for (const auto& minute : batch.minutes) {
    for (const auto& [outcome, count] : minute.counts) {
      all.push_back(fmt::format("{} {} {} x {}", minute.series,
                                core::to_text(core::Instant(minute.minute)).substr(11, 5),
                                core::to_text(outcome), count));
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("attempts are counted in the minute in which they began") {
  Counting counting({log_of("kms")});
  counting.add({sdk_attempt(day("12:00:59.999"), 200), sdk_attempt(day("12:01:00"), 503),
                sdk_attempt(day("12:01:30"), 0, R"(,"SdkException":"ReadTimeoutError")"),
                sdk_attempt(day("12:00:10"), 200)},
               "12:02:00");
  CHECK(lines(counting.take()) ==
        Lines{"1 12:00 200 x 2", "1 12:01 503 x 1", "1 12:01 timeout x 1"});
  // A minute is always given whole.
  counting.add({sdk_attempt(day("12:01:59"), 503)}, "12:02:01");
  CHECK(lines(counting.take()) == Lines{"1 12:01 503 x 2", "1 12:01 timeout x 1"});
}

TEST_CASE("an attempt that did not go well has a record with its request id") {
  const auto worth = [](const core::Outcome& outcome) { return core::to_text(outcome) == "400"; };
  Counting counting({log_of("kms")}, worth);
  counting.add({sdk_attempt(day("12:00:00.250"), 500,
                            R"(,"XAmznRequestId":"req-1","AwsException":"KMSInternalException",)"
                            R"("AttemptLatency":45,"AccessKey":"AKIAIOSFODNN7EXAMPLE")"),
                sdk_attempt(day("12:00:01"), 200), sdk_attempt(day("12:00:02"), 404),
                sdk_attempt(day("12:00:03"), 400), sdk_attempt(day("12:00:04"), 0)},
               "12:00:05");
  const record::Batch batch = counting.take();
  REQUIRE(batch.evidence.size() == 3);
  const record::Evidence& first = batch.evidence[0].evidence;
  CHECK(batch.evidence[0].series == 1);
  CHECK(first.at == at("12:00:00.250"));
  CHECK(core::to_text(first.outcome) == "500/KMSInternalException");
  CHECK(first.request_id == "req-1");
  CHECK(first.duration == 45ms);
  CHECK(first.detail == "Decrypt");
  CHECK(first.peer.empty());
  CHECK(core::to_text(batch.evidence[1].evidence.outcome) == "400");
  CHECK(core::to_text(batch.evidence[2].evidence.outcome) == "other");
}

TEST_CASE("agreements count by Region, and by client where they name some") {
  Counting counting(
      {log_of("one", {"app1", "app2"}), log_of("two", {"app3"}), log_of("there", {}, "eu-west-1")});
  std::string elsewhere = sdk_attempt(day("12:00:00"), 200, "", "app9");
  elsewhere.replace(elsewhere.find("us-east-1"), 9, "eu-west-1");
  counting.add({sdk_attempt(day("12:00:00"), 200, "", "app2"),
                sdk_attempt(day("12:00:00"), 500, "", "app3"), elsewhere},
               "12:00:01");
  CHECK(lines(counting.take()) == Lines{"1 12:00 200 x 1", "2 12:00 500 x 1", "3 12:00 200 x 1"});
}

TEST_CASE("attempts that no agreement counts are shown by service and Region") {
  Counting counting({log_of("one", {"app1"})});
  std::string other = sdk_attempt(day("12:00:00"), 200, "", "app1");
  other.replace(other.find("KMS"), 3, "S3\\n\\u001b");
  counting.add({sdk_attempt(day("12:00:00"), 500, "", "app2"),
                sdk_attempt(day("12:00:00"), 200, "", ""), other},
               "12:00:01");
  CHECK(counting.take().empty());
  const record::SdkCounts counts = counting.attempts.counts();
  CHECK(counts.attempts == 0);
  CHECK(counts.uncounted == 3);
  REQUIRE(counts.uncounted_subjects.size() == 2);
  CHECK(counts.uncounted_subjects[0].service == "KMS");
  CHECK(counts.uncounted_subjects[0].region == "us-east-1");
  CHECK(counts.uncounted_subjects[0].attempts == 2);
  CHECK(counts.uncounted_subjects[1].service == "S3??");
}

TEST_CASE("services that processes make up are told apart up to a number") {
  Counting counting({log_of("one")});
  for (int i = 0; i < 1000; ++i) {
    std::string other = sdk_attempt(day("12:00:00"), 200);
    other.replace(other.find("KMS"), 3, "S" + std::to_string(i));
    counting.add({other}, "12:00:01");
  }
  const record::SdkCounts counts = counting.attempts.counts();
  CHECK(counts.uncounted == 1000);
  REQUIRE(counts.uncounted_subjects.size() == 51);
  CHECK(counts.uncounted_subjects[0].service.empty());
  CHECK(counts.uncounted_subjects[0].attempts == 950);
}

TEST_CASE(
    "an attempt of a day ago, or of a time ahead, is counted as untimely and as nothing else") {
  Counting counting({log_of("kms")});
  counting.add({sdk_attempt("2026-10-02T11:59:59Z", 500), sdk_attempt("2026-10-02T12:00:00Z", 500),
                sdk_attempt(day("12:05:00"), 200), sdk_attempt(day("12:05:01"), 200)},
               "12:00:00");
  const record::Batch batch = counting.take();
  CHECK(lines(batch) == Lines{"1 12:00 500 x 1", "1 12:05 200 x 1"});
  CHECK(batch.evidence.size() == 1);
  CHECK(counting.attempts.counts().untimely == 2);
}

TEST_CASE("every datagram is counted as what it is") {
  Counting counting({log_of("kms")});
  counting.add(
      {sdk_attempt(day("12:00:00"), 200), sdk_attempt(day("12:00:00"), 503),
       sdk_call(day("12:00:00"), 2), R"({"Type":"Heartbeat"})", "{", "AKIAIOSFODNN7EXAMPLE"},
      "12:00:01", 7);
  const record::SdkCounts counts = counting.attempts.counts();
  CHECK(counts.attempts == 2);
  CHECK(counts.calls == 1);
  CHECK(counts.others == 1);
  CHECK(counts.malformed == 2);
  CHECK(counts.dropped == 7);
  CHECK(counts.examples ==
        std::vector<std::string>{"expected a JSON object, in a datagram of 1 bytes",
                                 "expected a JSON object, in a datagram of 20 bytes"});
  REQUIRE(counts.logs.size() == 1);
  CHECK(counts.logs[0].agreement == "kms");
  CHECK(counts.logs[0].log == "sdk");
  REQUIRE(counts.logs[0].outcomes.size() == 2);
  CHECK(counts.logs[0].outcomes[1].count == 1);
}

TEST_CASE("the time in which datagrams were dropped was not seen by any log, and is told once") {
  Counting counting({log_of("one"), log_of("there", {}, "eu-west-1")});
  counting.add({}, "12:03:10");
  counting.add({}, "12:03:59", 4);
  counting.add({}, "12:03:59.500", 2);
  counting.add({}, "12:05:00", 1);
  const record::Batch batch = counting.take();
  std::vector<std::string> spans;
  for (const auto& [series, unseen] : batch.unseen) {
    spans.push_back(fmt::format("{} {} {}", series, core::to_text(unseen.span.begin).substr(11, 5),
                                core::to_text(unseen.span.end).substr(11, 5)));
    CHECK(unseen.why == "datagrams of AWS SDKs were dropped by the system");
  }
  CHECK(spans == Lines{"1 12:02 12:04", "2 12:02 12:04", "1 12:04 12:06", "2 12:04 12:06"});
  CHECK(counting.take().unseen.empty());
}

TEST_CASE("attempts that calls counted and that did not arrive are told of their log") {
  Counting counting({log_of("kms")});
  counting.add({}, "11:58:00");
  counting.add({sdk_call(day("12:01:00"), 3), sdk_attempt(day("12:01:00"), 200),
                sdk_call(day("12:01:00"), 1, "quiet")},
               "12:01:01");
  counting.add({}, "12:12:00");
  const record::SdkCounts counts = counting.attempts.counts();
  CHECK(counts.logs.at(0).missing == 3);
  REQUIRE(counts.losses.size() == 2);
  CHECK(counts.losses[0].agreement == "kms");
  CHECK(counts.losses[0].log == "sdk");
  CHECK(counts.losses[0].client == "app");
  CHECK(counts.losses[0].attempts == 2);
  CHECK(counts.losses[1].client == "quiet");
  // The interval says so, once, whoever of the clients it was.
  const record::Batch batch = counting.take();
  REQUIRE(batch.unseen.size() == 1);
  CHECK(batch.unseen[0].series == 1);
  CHECK(batch.unseen[0].unseen.span == core::Interval{at("12:00:00"), at("12:05:00")});
  CHECK(batch.unseen[0].unseen.why ==
        "fewer attempts of AWS SDKs arrived than their calls counted");
}

TEST_CASE("other settings count from the next attempt on, and lose none of those before") {
  Counting counting({log_of("one"), log_of("gone", {}, "eu-west-1")});
  counting.add({sdk_attempt(day("12:00:00"), 200)}, "12:00:01");
  counting.exchange({log_of("one", {"app1"}), log_of("new", {"app2"})});
  counting.add(
      {sdk_attempt(day("12:00:01"), 200, "", "app1"), sdk_attempt(day("12:00:01"), 200, "", "app2"),
       sdk_attempt(day("12:00:01"), 200, "", "app3")},
      "12:00:02");
  CHECK(lines(counting.take()) == Lines{"1 12:00 200 x 2", "3 12:00 200 x 1"});
  CHECK(counting.attempts.series().size() == 2);
  CHECK(counting.attempts.counts().uncounted == 1);
}

TEST_CASE("logs that were watched and never counted for are forgotten") {
  Counting counting({log_of("one")});
  counting.attempts.watch({log_of("one"), log_of("new", {}, "eu-west-1")});
  CHECK(counting.attempts.series().size() == 2);
  counting.attempts.forget_new();
  CHECK(counting.take().empty());
  CHECK(counting.attempts.series().size() == 1);
  counting.add({sdk_attempt(day("12:00:00"), 200)}, "12:00:01");
  CHECK(lines(counting.take()) == Lines{"1 12:00 200 x 1"});
}

TEST_CASE("records that find no room are counted, and their attempts too") {
  Attempts attempts(2);
  const CountedLog log = log_of("kms");
  attempts.watch({log});
  attempts.resume(log.key, {1, {}, {}});
  attempts.exchange({log}, {});
  const std::string failed = sdk_attempt(day("12:00:00"), 500);
  attempts.add({{failed, failed, failed}, 0, 0}, at("12:00:01"));
  CHECK(attempts.evidence_dropped() == 1);
  CHECK(attempts.waiting().counts == 3);
  CHECK(attempts.waiting().evidence == 2);
}

TEST_CASE("listening takes what arrives, and what is there when it is stopped") {
  test::SimWorld sim(at("12:00:00"));
  test::SimDatagrams datagrams(sim);
  Counting counting({log_of("kms")});
  auto thread = sim.start(
      "sdk", [&](const std::stop_token& stop) { listen(datagrams, counting.attempts, sim, stop); });
  datagrams.send(sdk_attempt(day("12:00:00"), 200));
  sim.pass(1s);
  CHECK(counting.attempts.counts().attempts == 1);
  datagrams.send(sdk_attempt(day("12:00:01"), 200));
  thread->request_stop();
  thread->join();
  CHECK(counting.attempts.counts().attempts == 2);
}
