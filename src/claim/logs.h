#pragma once

#include <cstdint>
#include <vector>

#include "claim/claim.h"
#include "claim/out_file.h"
#include "core/result.h"

namespace recoup::claim {

// How many failed requests of each interval that intervals.log lists the evidence can show. Where a
// source brought counts alone, that is fewer than the interval's Errors.
struct Logged {
  std::vector<std::uint64_t> by_interval;  // one entry for each part of the assessment
  std::uint64_t total = 0;
  std::uint64_t missing = 0;  // Errors of those intervals without a record
};

// Reads the evidence once and counts what requests.log will hold. Fails where an interval has more
// failed requests than Errors were counted: then one of the two is wrong.
core::Result<Logged> count_logged(const Claim& claim, const ReadEvidence& evidence);

// Every interval that takes from the uptime, one a line, below a header that says what the columns
// are.
void write_intervals_log(const Claim& claim, const Logged& logged, OutFile& out);

// Every failed request of those intervals with a record, one a line, redacted. Fails if the
// evidence is no longer what count_logged() saw.
core::Result<void> write_requests_log(const Claim& claim, const Logged& logged,
                                      const ReadEvidence& evidence, OutFile& out);

}  // namespace recoup::claim
