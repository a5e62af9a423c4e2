#pragma once

#include "core/rule.h"

namespace recoup::test {

// A version with the terms of AWS KMS (2022-11-29), made in code: core is tested without config.
inline core::Version kms_like() {
  using core::Ratio;
  core::Version version;
  version.effective = std::chrono::year(2022) / 11 / 29;
  version.source = "https://aws.amazon.com/kms/sla/";
  version.commitment = Ratio(99999, 100000);
  version.commitment_text = "99.999";
  version.time_zone = "UTC";
  version.formula = core::MeanOfIntervals{std::chrono::minutes(5)};
  version.error.statuses = {{500, 500}, {503, 503}};
  version.error.needs_request_id = "x-amzn-requestid";
  version.not_a_request = {"no-answer"};
  version.credits = {{Ratio(99999, 100000), Ratio(99, 100), Ratio(10, 100)},
                     {Ratio(99, 100), Ratio(95, 100), Ratio(25, 100)},
                     {Ratio(95, 100), std::nullopt, Ratio(1, 1)}};
  version.credit_base = "charges for the service in the Region and billing cycle";
  version.minimum_credit = core::Money{Ratio(1, 1), "USD"};
  version.claim = {
      "SLA Credit Request", core::Deadline{2, 1}, "every interval below 100%", {}, true};
  version.digest = "0000";
  return version;
}

}  // namespace recoup::test
