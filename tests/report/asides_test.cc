#include "report/asides.h"

#include "support/catch.h"

using namespace recoup;

TEST_CASE("nothing stands beside an uptime that can be read as it is") {
  CHECK(report::asides({}).empty());
  CHECK(report::not_sent_words({}) == "request that was not sent");
}

TEST_CASE("what stands beside an uptime is a sentence each, with its figures whole") {
  core::Assessment a;
  a.indirect = core::IndirectCalls{10, 3, false, core::Ratio(8639, 8640)};
  a.totals.errors = 5;
  a.totals.reported_errors = 2;
  a.totals.unseen = 1;
  a.key_store = 1;
  a.unclassified = {{core::Answered{0, "AccessDenied"}, 7}, {core::Answered{0, "123456789012"}, 1}};
  const core::Instant at = *core::parse_instant("2026-10-03T02:00:00Z");
  a.unseen = {{{at, at + std::chrono::minutes(5)}, "StopLogging of a trail"}};
  CHECK(
      report::asides(a) ==
      std::vector<std::string>{
          "Not counted: 10 calls by other services on the account's behalf, 3 Errors. With these "
          "as Requests the uptime would be 99.988425925925 %.",
          "Reported by local processes, through AWS SDKs: 2 of 5 Errors.",
          "Left out: 1 call on keys in a custom key store.",
          "Errors by a name that no status is known for, counted as served: AccessDenied 7 times, "
          "**** 1 time.",
          "Not seen by the log, so that Requests may be missing: 2026-10-03T02:00:00Z to "
          "2026-10-03T02:05:00Z (StopLogging of a trail)."});
  CHECK(report::not_sent_words(a.totals) == "request that was not sent, or not seen,");
  a.totals.unread = 2;
  CHECK(report::not_sent_words(a.totals) ==
        "request that was not sent, or not seen, and every line of a log that could not be read");
  CHECK(report::asides(a).back() ==
        "Not counted: 2 lines of logs that could not be read and may be a Request each.");
  a.totals.refused = 1;
  CHECK(report::not_sent_words(a.totals) ==
        "request that was not sent, or not seen, and every refused request that was left out and "
        "every line of a log that could not be read");
  a.totals.refused = 0;
  a.totals.unseen = 0;
  CHECK(report::not_sent_words(a.totals) == "line of a log that could not be read");
  a.indirect->counted = true;
  CHECK(
      report::asides(a).front() ==
      "Counted as Requests: 10 calls by other services on the account's behalf, 3 Errors. Without "
      "these the uptime would be 99.988425925925 %.");
}

TEST_CASE("answers that refused what we sent stand beside the uptime, and what became of them") {
  core::Assessment a;
  a.refused = {1200, 1200, 0};
  const std::string own = "Refused for our own signature, clock or credentials: ";
  CHECK(report::asides(a) ==
        std::vector<std::string>{own + "1,200 answers, 1,200 counted as Requests that did not "
                                       "fail, by the contract's letter."});
  CHECK(report::claimed_asides(a) == report::asides(a));
  a.refused = {4, 1, 1};
  a.totals.refused = 1;
  CHECK(report::asides(a) ==
        std::vector<std::string>{own + "4 answers, 1 counted as Requests that did not fail, by the "
                                       "contract's letter, 1 left out, which that letter would "
                                       "make Errors, 2 no Requests."});
  CHECK(report::not_sent_words(a.totals) == "refused request that was left out");
}

TEST_CASE(
    "what another log says of the same Requests stands beside the uptime, and what it changes") {
  core::Assessment a;
  core::Comparison c;
  c.log = "trail";
  c.alike = 10;
  c.differing = 1;
  c.only_counted = 2;
  c.more_errors = 7;
  c.uptime = core::Ratio(99, 100);
  c.met = false;
  c.tier = 0;
  a.comparisons = {c};
  CHECK(report::asides(a) ==
        std::vector<std::string>{
            "Compared with the log trail, which is not counted: in 10 of 13 intervals with a "
            "Request in either, both saw as many Requests and as many Errors. It saw 7 Errors that "
            "the counted logs did not. By it alone the uptime would be 99.000000000000 %: the "
            "commitment would "
            "not be met."});
  a.met = false;
  a.tier = 1;
  CHECK(report::asides(a).front().ends_with(
      "99.000000000000 %: another Service Credit would be due."));
  a.tier = 0;
  CHECK(report::asides(a).front().ends_with("the uptime would be 99.000000000000 %."));
  a.comparisons = {{}};
  a.comparisons[0].log = "trail";
  CHECK(report::asides(a).front() ==
        "Compared with the log trail, which is not counted: neither it nor a log that is counted "
        "saw a Request.");
}

TEST_CASE("logs that count the same Requests are named, and what each source cannot see is said") {
  core::Assessment a;
  a.overlaps = {{"the log sdk (csm)", "the log cloudtrail (cloudtrail)"}};
  a.sources = {{"csm", {"sdk"}, "AWS SDKs report by UDP."}};
  CHECK(
      report::asides(a) ==
      std::vector<std::string>{
          "Counted twice where both saw them: Requests in the log sdk (csm) and in the log "
          "cloudtrail (cloudtrail), which see the same ones. Import each by its own --log, and "
          "name "
          "them in [[agreement.log]], one with corroborates = true: that one is compared instead.",
          "AWS SDKs report by UDP."});
}
