#include "claim/json.h"

#include "claim/month.h"
#include "support/catch.h"

using namespace recoup;
using recoup::test::ClaimWorld;

namespace {

std::string json_of(const ClaimWorld& world) {
  const claim::Claim claim = world.claim();
  return claim::to_json(
      {{&claim.agreement, claim.rule, claim.version, &claim.assessment, &claim.credit}});
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
    "month": "2026-10",
    "cycle": {
      "begin": "2026-10-01T00:00:00Z",
      "end": "2026-11-01T00:00:00Z",
      "complete": true
    },
    "intervals": {
      "total": 8928,
      "measured": 8928,
      "silent": 0,
      "excluded": 0,
      "below_100": 1
    },
    "requests": 535680,
    "errors": 12,
    "not_requests": 0,
    "unattributed": 0,
    "probes_missed": 0,
    "monthly_uptime": {
      "percent": "99.997759856630",
      "numerator": "44639",
      "denominator": "44640"
    },
    "bounds": {
      "lower": "99.997759856630",
      "upper": "99.997759856630"
    },
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

TEST_CASE("no verdicts are an empty list") { CHECK(claim::to_json({}) == "[]\n"); }

TEST_CASE("bytes that are no UTF-8 do not end the program") {
  ClaimWorld world;
  world.agreement.id = "a\xff";
  CHECK(json_of(world).find("a\xEF\xBF\xBD") != std::string::npos);
}
