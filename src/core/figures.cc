#include "core/figures.h"

#include "core/classify.h"
#include "core/weights.h"

namespace recoup::core {

std::optional<Ratio> error_rate(std::uint64_t requests, std::uint64_t errors) {
  return share_of(Ratio::whole(errors), Ratio::whole(requests));
}

std::uint64_t error_millionths(std::uint64_t requests, std::uint64_t errors) {
  __extension__ using Wide = unsigned __int128;
  constexpr Wide kMillion = 1'000'000;
  return requests == 0 ? 0 : static_cast<std::uint64_t>(errors * kMillion / requests);
}

std::optional<Ratio> availability(std::uint64_t requests, std::uint64_t errors) {
  return share_of(Ratio::whole(requests - errors), Ratio::whole(requests));
}

std::optional<Ratio> availability(const IntervalPart& part) {
  return availability(part.requests, part.errors);
}

std::optional<Ratio> last_availability(const Assessment& a, Instant at) {
  if (a.parts.empty() || at < a.cycle.span.begin + a.interval) return std::nullopt;
  const auto over = at >= a.cycle.span.end
                        ? a.parts.size()
                        : static_cast<std::size_t>((at - a.cycle.span.begin) / a.interval);
  const IntervalPart part = a.parts[over - 1];
  return part.state == IntervalState::measured ? availability(part) : Ratio(1, 1);
}

std::uint64_t errors_among(const Version& version, std::span<const OutcomeCount> counts) {
  std::uint64_t errors = 0;
  for (const auto& [outcome, count] : counts) {
    if (classify(version, outcome).verdict == Verdict::error) errors += count;
  }
  return errors;
}

Ratio loss(const Assessment& a) { return Ratio(1, 1) - a.uptime; }

Ratio allowed_loss(const Version& version) { return Ratio(1, 1) - version.commitment; }

std::optional<Ratio> measured_share(const Assessment& assessment) {
  const Totals& t = assessment.totals;
  return share_of(Ratio::whole(t.measured),
                  Ratio::whole(t.measured + t.silent + t.excluded + t.ahead));
}

std::optional<Ratio> share_of(const Ratio& part, const Ratio& whole) {
  if (whole == Ratio()) return std::nullopt;
  return part / whole;
}

Ratio loss_in(const Interval& span, const Formula& formula, const Assessment& a) {
  const Weights weights(formula, a);
  Weights::Sum sum(weights);
  for (const auto& [i, part] : a.parts) {
    if (span.contains(a.interval_at(i).begin)) sum.add(part, part.errors);
  }
  return sum.total();
}

Ratio budget_used(const Assessment& a, const Version& version) {
  const Ratio lost = loss(a);
  const auto used = share_of(lost, allowed_loss(version));
  if (used) return *used;
  return lost == Ratio() ? Ratio() : Ratio(1'000'000'000, 1) + lost;
}

std::optional<Ratio> budget_left(const Assessment& a, const Version& version) {
  return share_of(a.uptime - version.commitment, allowed_loss(version));
}

UptimeTerms uptime_terms(const Formula& formula, const Assessment& a) {
  if (std::holds_alternative<RequestRatio>(formula))
    return {Ratio::whole(a.totals.requests), Ratio::whole(a.totals.errors)};
  const Ratio all = Ratio::whole(a.counted);
  if (!std::holds_alternative<MeanOfIntervals>(formula))
    return {all, Ratio::whole(a.totals.below_100)};
  return {all, all - all * a.uptime};
}

}  // namespace recoup::core
