#include "report/json.h"
#include "report/judgement_json.h"

#include <nlohmann/json.hpp>

#include "claim/month.h"
#include "support/catch.h"

using namespace recoup;
using recoup::test::ClaimWorld;

namespace {

std::string json_of(const ClaimWorld& world) {
  return report::indented(report::Json::array({report::judgement_json(world.claim())})) + '\n';
}

}  // namespace

TEST_CASE("a verdict is written in the documented shape and order") {
  ClaimWorld world;
  world.fail({600, 60, 12, 12});
  CHECK(json_of(world) == R"([
  {
    "agreement": "kms-us-east-1",
    "sla": "aws-kms",
    "version": "2022-11-29",
    "effective": "2022-11-29",
    "read": null,
    "family": "mean-of-intervals",
    "missing_terms": [],
    "supplied_terms": [],
    "month": "2026-10",
    "cycle": {
      "begin": "2026-10-01T00:00:00Z",
      "end": "2026-11-01T00:00:00Z",
      "complete": true,
      "in_part": false
    },
    "intervals": {
      "total": 8928,
      "measured": 8928,
      "silent": 0,
      "excluded": 0,
      "ahead": 0,
      "below_100": 1,
      "length": "5m"
    },
    "requests": 535680,
    "errors": 12,
    "not_requests": 0,
    "unattributed": 0,
    "uncounted_failures": {
      "total": 0,
      "reasons": {
        "status": 0,
        "error_name": 0,
        "unattributed": 0,
        "not_a_request": 0
      },
      "outcomes": []
    },
    "probes_missed": 0,
    "probes": {
      "due": 0,
      "sent": 0,
      "missed": {
        "late": 0,
        "overrun": 0,
        "resources": 0,
        "stopped": 0,
        "suspended": 0,
        "clock": 0,
        "credentials": 0,
        "budget": 0,
        "refused": 0
      }
    },
    "monthly_uptime": {
      "percent": "99.997759856630",
      "numerator": "44639",
      "denominator": "44640"
    },
    "bounds": {
      "lower": "99.997759856630",
      "upper": "99.997759856630"
    },
    "budget": {
      "intervals_left": "-0.110720000000",
      "breach_certain": true
    },
    "exclusions": [],
    "commitment": "99.999",
    "met": false,
    "credit": {
      "percent": "10",
      "eligible": true,
      "reason": "the Monthly Uptime Percentage is below 99.999 %: 10 % of the charges",
      "charges": {
        "amount": "1845.00",
        "currency": "USD",
        "from": "bill"
      },
      "amount": "184.50"
    },
    "deadline": {
      "safe": "2026-12-01T00:00:00Z",
      "literal": "2027-01-01T00:00:00Z"
    },
    "resolution": {
      "smallest_loss": "0.000186678614",
      "breach_rests_on": {
        "requests": 12,
        "intervals": 1
      }
    }
  }
]
)");
}

TEST_CASE("what is not known is null") {
  ClaimWorld world(0);
  world.charge.reset();
  world.rule.versions[0].claim.deadline.reset();
  const std::string json = json_of(world);
  CHECK(json.find("\"charges\": null,\n      \"amount\": null") != std::string::npos);
  CHECK(json.find("\"deadline\": null") != std::string::npos);
  CHECK(json.find("\"smallest_loss\": null") != std::string::npos);
}

TEST_CASE("practice data is marked, and other data is not") {
  ClaimWorld world;
  CHECK(json_of(world).find("practice") == std::string::npos);
  world.agreement.practice = true;
  CHECK(json_of(world).find("\"practice\": true") != std::string::npos);
}

TEST_CASE("a running cycle shows what is ahead, what is left and that nothing is certain") {
  ClaimWorld world(0);
  world.now = world.begin_of(600);
  const std::string json = json_of(world);
  CHECK(json.find("\"silent\": 600,\n      \"excluded\": 0,\n      \"ahead\": 8328,") !=
        std::string::npos);
  CHECK(json.find("\"intervals_left\": \"0.089280000000\",\n      \"breach_certain\": false") !=
        std::string::npos);
}

TEST_CASE("each exclusion stands with its reason, redacted, and the uptime without it") {
  ClaimWorld world;
  world.fail({600, 60, 60, 0});
  world.agreement.exclusions = {
      {{world.begin_of(600), world.begin_of(601)}, "we disabled alias/payroll"},
      {{world.begin_of(9000), world.begin_of(9001)}, "another month"}};
  CHECK(json_of(world).find(R"("exclusions": [
      {
        "from": "2026-10-03T02:00:00Z",
        "to": "2026-10-03T02:05:00Z",
        "reason": "we disabled ****",
        "uptime_without": "99.988799283154"
      }
    ])") != std::string::npos);
}

TEST_CASE("terms that a rule lacks and terms that the user supplied are listed") {
  ClaimWorld world;
  world.version().missing = {"claim.deadline"};
  world.version().supplied = {"credits"};
  const std::string json = json_of(world);
  CHECK(json.find("\"missing_terms\": [\n      \"claim.deadline\"\n    ]") != std::string::npos);
  CHECK(json.find("\"supplied_terms\": [\n      \"credits\"\n    ]") != std::string::npos);
}

TEST_CASE("a breach rests on the Errors of the intervals that are lost, and on no others") {
  ClaimWorld world =
      ClaimWorld::with(core::DowntimeRuns{core::Ratio(1, 10), std::chrono::minutes(2), 0}, 20);
  world.fail({100, 20, 5, 0});
  world.fail({101, 20, 6, 0});
  world.fail({200, 20, 20, 0});
  const std::string json = json_of(world);
  CHECK(json.find("\"errors\": 31") != std::string::npos);
  CHECK(json.find("\"requests\": 11,\n        \"intervals\": 2") != std::string::npos);
}

TEST_CASE("bytes that are no UTF-8 do not end the program") {
  ClaimWorld world;
  world.agreement.id = "a\xff";
  CHECK(json_of(world).find("a\xEF\xBF\xBD") != std::string::npos);
}
