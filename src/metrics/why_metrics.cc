#include "metrics/why_metrics.h"

#include <array>
#include <map>

namespace recoup::metrics {
namespace {

using record::ProbeCounts;

// The reasons are few, and always the same: what a provider calls its errors is in
// recoup_requests_total.
constexpr std::string_view kClientError = "4xx";
constexpr std::string_view kServerError = "5xx";

std::string_view failure_reason(const core::Outcome& outcome) {
  if (const auto* failed = std::get_if<core::Failed>(&outcome))
    return core::to_text(failed->reason);
  const auto* answer = std::get_if<core::Answered>(&outcome);
  if (answer == nullptr || answer->status < 400) return {};
  return answer->status < 500 ? kClientError : kServerError;
}

double seconds_of(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

void phases(Exposition& out, const report::Snapshot& snapshot) {
  out.counter("recoup_request_phase_seconds_total",
              "Time that requests of probes spent in each phase; they add up to all of it.");
  for (const ProbeCounts& probe : snapshot.probes) {
    for (const record::Phase phase : record::kPhases) {
      out.add({{"agreement", probe.agreement},
               {"probe", probe.probe},
               {"phase", record::to_text(phase)}},
              seconds_of(probe.phases[static_cast<std::size_t>(phase)]));
    }
  }
  out.histogram("recoup_phase_duration_seconds",
                "How long a phase took, of the requests that went through it.");
  for (const record::PhaseHistograms& one : snapshot.phases) {
    for (const record::Phase phase : record::kPhases) {
      out.add({{"agreement", one.agreement}, {"phase", record::to_text(phase)}},
              one.phases[static_cast<std::size_t>(phase)]);
    }
  }
}

void failures(Exposition& out, const report::Snapshot& snapshot) {
  std::map<std::string_view, std::map<std::string_view, std::uint64_t>> counts;
  for (const ProbeCounts& probe : snapshot.probes) {
    auto& reasons = counts[probe.agreement];
    if (reasons.empty()) {
      reasons[kClientError] = reasons[kServerError] = 0;
      for (const core::NoAnswer reason : core::kNoAnswers) reasons[core::to_text(reason)] = 0;
    }
    for (const auto& [outcome, n] : probe.outcomes) {
      const std::string_view reason = failure_reason(outcome);
      if (!reason.empty()) reasons[reason] += n;
    }
  }
  out.counter("recoup_request_failures_total",
              "Requests of probes without an answer, or with one of 400 and above, by reason; "
              "whether a contract calls them Errors is in recoup_errors_total.");
  for (const auto& [agreement, reasons] : counts) {
    for (const auto& [reason, n] : reasons) {
      out.add({{"agreement", agreement}, {"reason", reason}}, count(n));
    }
  }
}

// A list of targets is one series; those of it that fail have some of their own, while they do.
void failing_targets(Exposition& out, const report::Snapshot& snapshot) {
  const record::FailingTargets& failing = snapshot.failing;
  const auto each = [&](auto value) {
    for (const record::FailingTarget& one : failing.shown) {
      out.add({{"agreement", one.agreement}, {"probe", one.probe}, {"target", one.target}},
              value(one));
    }
  };
  out.gauge("recoup_target_failing",
            "Whether the last request to a target of a list went otherwise than its probe expects; "
            "shown from its first failure until ten in a row went well.");
  each([](const record::FailingTarget& one) { return one.last_failed ? 1.0 : 0.0; });
  out.gauge("recoup_target_requests",
            "Requests to it that ended since it began to fail; of recoup_requests_total.");
  each([](const record::FailingTarget& one) { return count(one.requests); });
  out.gauge("recoup_target_failures", "Those of them that went otherwise than its probe expects.");
  each([](const record::FailingTarget& one) { return count(one.failed); });
  out.gauge("recoup_failing_targets_not_shown",
            "Targets of lists that fail and have no series of their own, since 1,000 have.");
  out.add({}, count(failing.not_shown));
}

// One sample for each check that a probe has.
template <typename Value>
void each_check(Exposition& out, const report::Snapshot& snapshot, Value value) {
  for (const ProbeCounts& probe : snapshot.probes) {
    for (const record::CheckCounts& check : probe.checks) {
      out.add({{"agreement", probe.agreement}, {"probe", probe.probe}, {"check", check.check}},
              value(check));
    }
  }
}

void checks(Exposition& out, const report::Snapshot& snapshot) {
  out.counter("recoup_checks_total", "Checks beside the contract that were made.");
  each_check(out, snapshot, [](const auto& check) { return count(check.made); });
  out.counter("recoup_checks_failed_total",
              "Checks beside the contract that failed; no Error is made of one.");
  each_check(out, snapshot, [](const auto& check) { return count(check.failed); });
  out.gauge("recoup_check_failed", "Whether the check failed when it was last made.");
  each_check(out, snapshot, [](const auto& check) { return check.why.empty() ? 0.0 : 1.0; });
}

}  // namespace

void add_why(Exposition& out, const report::Snapshot& snapshot) {
  phases(out, snapshot);
  failures(out, snapshot);
  failing_targets(out, snapshot);
  checks(out, snapshot);
}

}  // namespace recoup::metrics
