#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/assessment.h"
#include "core/tally.h"

namespace recoup::core {

// What outputs show of an Assessment and are not to compute themselves. All are exact, and
// fractions of 1 where nothing else is said.

// The part of the Requests, Errors among them, that failed with an Error, and its rest, the
// Availability. Nothing where no Request was made: what silence counts as is the contract's to say.
std::optional<Ratio> error_rate(std::uint64_t requests, std::uint64_t errors);
std::optional<Ratio> availability(std::uint64_t requests, std::uint64_t errors);
std::optional<Ratio> availability(const IntervalPart& part);

// The error rate in millionths, cut; 0 where no Request was made. To order by: exact sums of many
// rates have thousands of digits.
std::uint64_t error_millionths(std::uint64_t requests, std::uint64_t errors);

// That of the newest interval that is over at the instant; 1 where it was not measured. Nothing
// where none is over yet.
std::optional<Ratio> last_availability(const Assessment& assessment, Instant at);

// How many of the requests the contract version counts as Errors.
std::uint64_t errors_among(const Version& version, std::span<const OutcomeCount> counts);

// What the cycle lost of its uptime, and what it may lose before the Service Commitment is missed.
Ratio loss(const Assessment& assessment);
Ratio allowed_loss(const Version& version);

// Intervals of the cycle with Requests that count, as a part of all of them: how much of the uptime
// was measured. Nothing of a cycle without intervals.
std::optional<Ratio> measured_share(const Assessment& assessment);

// `part` of `whole`; nothing where the whole is 0.
std::optional<Ratio> share_of(const Ratio& part, const Ratio& whole);

// What the intervals that begin in the span take from the uptime.
Ratio loss_in(const Interval& span, const Formula& formula, const Assessment& assessment);

// How much of the allowed loss is lost: above 1 when it is overspent. Where none is allowed, any
// loss is more than every share of what is.
Ratio budget_used(const Assessment& assessment, const Version& version);

// How much of it is left, below 0 when it is overspent; nothing where none is allowed.
// Assessment::budget_left is the same in intervals, or in Requests: those cancel out against the
// allowed loss in the same unit.
std::optional<Ratio> budget_left(const Assessment& assessment, const Version& version);

// What the uptime is made of by the contract's formula: (all − lost) / all. Intervals; Requests for
// a ratio of Requests. In a mean, `lost` is the sum of Errors / Requests over the intervals.
struct UptimeTerms {
  Ratio all;
  Ratio lost;
};
UptimeTerms uptime_terms(const Formula& formula, const Assessment& assessment);

}  // namespace recoup::core
