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
  a.indirect->counted = true;
  CHECK(
      report::asides(a).front() ==
      "Counted as Requests: 10 calls by other services on the account's behalf, 3 Errors. Without "
      "these the uptime would be 99.988425925925 %.");
}
