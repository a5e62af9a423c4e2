#include "metrics/exporter.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/figures.h"
#include "metrics/exposition.h"
#include "metrics/log_metrics.h"
#include "metrics/outcome_labels.h"
#include "metrics/sdk_metrics.h"
#include "metrics/service_metrics.h"
#include "metrics/stamp_metrics.h"
#include "metrics/why_metrics.h"

namespace recoup::metrics {
namespace {

using core::Judgement;
using core::NotSent;
using core::Ratio;
using record::ClaimLife;
using record::ProbeCounts;
using report::Snapshot;

// --- the probes, since the service started -----------------------------------------------------

void probes_due(Exposition& out, const Snapshot& snapshot) {
  out.counter("recoup_probes_due_total", "Probes that were due: sent or missed.");
  for (const ProbeCounts& probe : snapshot.probes) {
    out.add({{"agreement", probe.agreement}, {"probe", probe.probe}}, count(probe.due));
  }
  out.counter(
      "recoup_probes_missed_total",
      "Probes that were due and not sent, not waited for, or sent in vain for our own fault, "
      "by reason.");
  for (const ProbeCounts& probe : snapshot.probes) {
    for (const NotSent reason : core::kNotSents) {
      out.add({{"agreement", probe.agreement},
               {"probe", probe.probe},
               {"reason", core::to_text(reason)}},
              count(probe.missed[static_cast<std::size_t>(reason)]));
    }
  }
}

// What the probes of an agreement are to send, and may.
void plans(Exposition& out, const Snapshot& snapshot) {
  out.gauge("recoup_probe_requests_per_month",
            "Requests that the probes of an agreement send in 30 days where nothing stops them.");
  for (const report::ProbePlan& plan : snapshot.plans) {
    out.add({{"agreement", plan.agreement}}, count(plan.requests));
  }
  out.gauge("recoup_probe_cost_per_month",
            "What these cost by published prices, of contracts with a price book.");
  for (const report::ProbePlan& plan : snapshot.plans) {
    if (!plan.cost) continue;
    out.add({{"agreement", plan.agreement}, {"currency", plan.cost->currency}},
            plan.cost->amount.to_double());
  }
  out.gauge("recoup_probe_requests_max",
            "The most that the probes of an agreement send in a billing cycle "
            "(max_requests_per_month).");
  for (const report::ProbePlan& plan : snapshot.plans) {
    if (plan.most) out.add({{"agreement", plan.agreement}}, count(*plan.most));
  }
}

void requests(Exposition& out, const Snapshot& snapshot) {
  out.counter("recoup_requests_total", "Requests that probes sent, by what they came to.");
  for (const ProbeCounts& probe : snapshot.probes) {
    for (const auto& [outcome, n] : by_label(probe.outcomes)) {
      out.add({{"agreement", probe.agreement}, {"probe", probe.probe}, {"outcome", outcome}},
              count(n));
    }
  }
  out.histogram("recoup_request_duration_seconds",
                "Time from the start of an answered request to its last byte.");
  for (const ProbeCounts& probe : snapshot.probes) {
    out.add({{"agreement", probe.agreement}, {"probe", probe.probe}}, probe.duration);
  }
}

// Such a request is no Error, and says nothing of the service behind the door.
void refused(Exposition& out, const Snapshot& snapshot) {
  out.counter("recoup_requests_refused_total",
              "Requests that probes sent and the provider refused for our own signature, clock or "
              "credentials; of recoup_requests_total.");
  for (const ProbeCounts& probe : snapshot.probes) {
    std::uint64_t n = 0;
    for (const auto& [outcome, times] : probe.outcomes) {
      const auto* answer = std::get_if<core::Answered>(&outcome);
      if (answer != nullptr && answer->refused) n += times;
    }
    out.add({{"agreement", probe.agreement}, {"probe", probe.probe}}, count(n));
  }
}

void errors(Exposition& out, const Snapshot& snapshot) {
  std::map<std::string_view, const core::Version*> versions;
  std::map<std::string_view, std::uint64_t> errors;
  for (const auto& judgement : snapshot.judgements) {
    versions[judgement->agreement.id] = judgement->version.get();
    errors[judgement->agreement.id] = 0;
  }
  for (const auto& [agreement, version] : snapshot.versions) versions[agreement] = version.get();
  for (const ProbeCounts& probe : snapshot.probes) {
    const auto version = versions.find(probe.agreement);
    // Before its first assessment no contract is known to judge by: 0 until then.
    errors[probe.agreement] +=
        version == versions.end() ? 0 : core::errors_among(*version->second, probe.outcomes);
  }
  out.counter("recoup_errors_total",
              "Requests of probes that failed with an Error in the words of the contract.");
  for (const auto& [agreement, n] : errors) out.add({{"agreement", agreement}}, count(n));
}

// --- the agreements, in their running billing cycle --------------------------------------------

// One gauge with one value for each agreement that `value` knows one for.
template <typename Value>
void each(Exposition& out, const Snapshot& snapshot, const char* name, const char* help,
          Value value) {
  out.gauge(name, help);
  for (const auto& judgement : snapshot.judgements) {
    const std::optional<double> known = value(*judgement);
    if (known) out.add({{"agreement", judgement->agreement.id}}, *known);
  }
}

std::optional<double> as_double(const std::optional<Ratio>& value) {
  return value ? std::optional(value->to_double()) : std::nullopt;
}

void uptime(Exposition& out, const Snapshot& snapshot) {
  each(out, snapshot, "recoup_interval_availability_ratio",
       "Availability of the last interval that is over; 1 where no Request was made.",
       [&](const Judgement& s) {
         return as_double(core::last_availability(s.assessment, snapshot.at));
       });
  each(out, snapshot, "recoup_monthly_uptime_ratio",
       "Monthly Uptime Percentage as a ratio, if the rest of the billing cycle is perfect; how "
       "much of "
       "it was measured is in recoup_intervals.",
       [](const Judgement& s) { return s.assessment.uptime.to_double(); });
  each(out, snapshot, "recoup_monthly_uptime_lower_bound_ratio",
       "Monthly uptime if every probe that was missed had met an Error.",
       [](const Judgement& s) { return s.assessment.lower.to_double(); });
  each(out, snapshot, "recoup_monthly_uptime_upper_bound_ratio",
       "Monthly uptime if every probe that was missed had been served.",
       [](const Judgement& s) { return s.assessment.upper.to_double(); });
  each(out, snapshot, "recoup_service_commitment_ratio", "What the contract promises.",
       [](const Judgement& s) { return s.version->commitment.to_double(); });
  each(out, snapshot, "recoup_unavailability_budget_remaining_ratio",
       "Part of the allowed loss of the billing cycle that is left; negative when overspent.",
       [](const Judgement& s) { return as_double(core::budget_left(s.assessment, *s.version)); });
  each(
      out, snapshot, "recoup_breach_certain",
      "Whether the commitment is missed whatever the rest of the billing cycle brings, by what was "
      "read of the intervals that are over.",
      [](const Judgement& s) { return s.assessment.breach_certain ? 1.0 : 0.0; });
}

void intervals(Exposition& out, const Snapshot& snapshot) {
  out.gauge("recoup_intervals", "Intervals of the billing cycle by what is known of them.");
  for (const auto& judgement : snapshot.judgements) {
    const core::Totals& totals = judgement->assessment.totals;
    const std::array<std::pair<const char*, std::uint64_t>, 4> states{
        {{"ahead", totals.ahead},
         {"excluded", totals.excluded},
         {"measured", totals.measured},
         {"silent", totals.silent}}};
    for (const auto& [state, n] : states) {
      out.add({{"agreement", judgement->agreement.id}, {"state", state}}, count(n));
    }
  }
}

void uncounted(Exposition& out, const Snapshot& snapshot) {
  out.gauge("recoup_uncounted_failures",
            "Answers of 5xx in the billing cycle that are not counted as Errors, by reason.");
  for (const auto& judgement : snapshot.judgements) {
    for (std::size_t i = 0; i < core::kUncounteds; ++i) {
      out.add({{"agreement", judgement->agreement.id},
               {"reason", core::to_text(static_cast<core::Uncounted>(i))}},
              count(judgement->assessment.uncounted.reasons[i]));
    }
  }
}

void credit(Exposition& out, const Snapshot& snapshot) {
  each(out, snapshot, "recoup_service_credit_ratio",
       "Part of the charges that the contract credits for the uptime as it stands.",
       [](const Judgement& s) { return s.credit.share.to_double(); });
  out.gauge("recoup_service_credit_amount",
            "Service Credit for the uptime as it stands, in units of the currency.");
  for (const auto& judgement : snapshot.judgements) {
    if (!judgement->credit.amount) continue;
    out.add(
        {{"agreement", judgement->agreement.id}, {"currency", judgement->credit.amount->currency}},
        judgement->credit.amount->amount.to_double());
  }
  each(out, snapshot, "recoup_credit_eligible",
       "Whether the contract gives the credit, as far as is known.",
       [](const Judgement& s) { return s.credit.eligible ? 1.0 : 0.0; });
}

void dates(Exposition& out, const Snapshot& snapshot) {
  out.gauge("recoup_claim_deadline_timestamp_seconds",
            "Until when a claim must have been received, by the safe and the literal reading.");
  for (const auto& judgement : snapshot.judgements) {
    const auto deadline = judgement->assessment.first_deadline();
    if (!deadline) continue;
    const std::string& id = judgement->agreement.id;
    out.add({{"agreement", id}, {"reading", "safe"}}, seconds(deadline->safe));
    out.add({{"agreement", id}, {"reading", "literal"}}, seconds(deadline->literal));
  }
  each(out, snapshot, "recoup_billing_cycle_start_timestamp_seconds",
       "When the running billing cycle began.",
       [](const Judgement& s) { return seconds(s.assessment.cycle.span.begin); });
  each(out, snapshot, "recoup_billing_cycle_end_timestamp_seconds",
       "When the running billing cycle ends.",
       [](const Judgement& s) { return seconds(s.assessment.cycle.span.end); });
}

// --- the agreements' cycles that are over ------------------------------------------------------

// From how many vantage points what was lost was seen: of agreements that are probed from several.
void votes(Exposition& out, const Snapshot& snapshot) {
  std::vector<std::pair<std::string, const core::Votes*>> all;
  for (const auto& judgement : snapshot.judgements) {
    if (judgement->robustness.votes) {
      all.emplace_back(judgement->agreement.id, &*judgement->robustness.votes);
    }
  }
  if (all.empty()) return;
  out.gauge("recoup_lost_intervals",
            "Intervals with Errors, by whether enough vantage points saw one: agreed, outvoted, or "
            "undecided where too few could tell. No figure rests on it.");
  for (const auto& [id, one] : all) {
    out.add({{"agreement", id}, {"vote", "agreed"}}, count(one->agreed));
    out.add({{"agreement", id}, {"vote", "outvoted"}}, count(one->outvoted));
    out.add({{"agreement", id}, {"vote", "undecided"}}, count(one->undecided));
  }
  out.gauge("recoup_vantage_uptime_ratio",
            "Monthly Uptime Percentage as a ratio, by what one vantage point saw alone.");
  for (const auto& [id, one] : all) {
    for (const core::Votes::From& from : one->vantages) {
      if (from.uptime) {
        out.add({{"agreement", id}, {"vantage", from.vantage}}, from.uptime->to_double());
      }
    }
  }
  out.gauge("recoup_vantage_errors", "Errors in the billing cycle that one vantage point saw.");
  for (const auto& [id, one] : all) {
    for (const core::Votes::From& from : one->vantages) {
      out.add({{"agreement", id}, {"vantage", from.vantage}}, count(from.errors));
    }
  }
  out.gauge("recoup_vantage_abstained_intervals",
            "Intervals with Errors on which a vantage point has no vote, by reason.");
  for (const auto& [id, one] : all) {
    for (const core::Votes::From& from : one->vantages) {
      const std::uint64_t rest = from.abstained - from.clock - from.egress;
      for (const auto& [reason, n] :
           {std::pair("clock", from.clock), {"egress", from.egress}, {"sent_nothing", rest}}) {
        out.add({{"agreement", id}, {"vantage", from.vantage}, {"reason", reason}}, count(n));
      }
    }
  }
}

constexpr std::array kClaimStates{
    record::ClaimState::claimable, record::ClaimState::written,
    record::ClaimState::submitted, record::ClaimState::overdue,
    record::ClaimState::credited,  record::ClaimState::credited_in_part,
    record::ClaimState::refused,   record::ClaimState::disputed,
    record::ClaimState::expired};

void claims(Exposition& out, const Snapshot& snapshot) {
  out.gauge("recoup_claims", "Sealed billing cycles with a Service Credit, by what became of it.");
  for (const record::PastCycles& past : snapshot.past) {
    for (const record::ClaimState state : kClaimStates) {
      const auto n = std::count_if(past.claims.begin(), past.claims.end(),
                                   [&](const ClaimLife& life) { return life.state == state; });
      out.add({{"agreement", past.agreement}, {"state", record::word_of(state)}},
              count(static_cast<std::uint64_t>(n)));
    }
  }
}

// Calls `each` for the claims that still can be submitted, with their agreement and month.
template <typename Each>
void each_open_claim(const Snapshot& snapshot, Each each) {
  for (const record::PastCycles& past : snapshot.past) {
    for (const ClaimLife& life : past.claims) {
      const bool open =
          life.state == record::ClaimState::claimable || life.state == record::ClaimState::written;
      if (open) each(past.agreement, core::to_text(life.ground.month), life);
    }
  }
}

void open_claims(Exposition& out, const Snapshot& snapshot) {
  out.gauge("recoup_open_claim_deadline_timestamp_seconds",
            "Until when a claim that was not submitted must be received, by the safe reading.");
  each_open_claim(snapshot, [&](const auto& agreement, const auto& month, const ClaimLife& life) {
    if (!life.ground.deadline) return;
    out.add({{"agreement", agreement}, {"month", month}}, seconds(life.ground.deadline->safe));
  });
  out.gauge("recoup_open_claim_amount",
            "Service Credit that was not claimed yet, in units of the currency.");
  each_open_claim(snapshot, [&](const auto& agreement, const auto& month, const ClaimLife& life) {
    const auto& amount = life.ground.amount;
    if (!amount) return;
    out.add({{"agreement", agreement}, {"month", month}, {"currency", amount->currency}},
            amount->amount.to_double());
  });
}

void due_credits(Exposition& out, const Snapshot& snapshot) {
  out.gauge("recoup_claim_credit_due_timestamp_seconds",
            "From when on a Service Credit that is not there is late, by its contract.");
  for (const record::PastCycles& past : snapshot.past) {
    for (const ClaimLife& life : past.claims) {
      if (!life.credit_due) continue;
      out.add({{"agreement", past.agreement}, {"month", core::to_text(life.ground.month)}},
              seconds(*life.credit_due));
    }
  }
  out.gauge("recoup_claim_credited_ratio",
            "What part of the amount that was asked for the provider gave.");
  for (const record::PastCycles& past : snapshot.past) {
    for (const ClaimLife& life : past.claims) {
      const auto share = life.credited_share();
      if (!share) continue;
      out.add({{"agreement", past.agreement}, {"month", core::to_text(life.ground.month)}},
              share->to_double());
    }
  }
}

void seals(Exposition& out, const Snapshot& snapshot) {
  out.gauge("recoup_sealed_cycles", "Billing cycles that are over and sealed.");
  for (const record::PastCycles& past : snapshot.past) {
    out.add({{"agreement", past.agreement}}, count(past.sealed));
  }
  out.gauge("recoup_seal_revisions",
            "Seals of these cycles: one each, and one more for each later correction.");
  for (const record::PastCycles& past : snapshot.past) {
    out.add({{"agreement", past.agreement}}, count(past.revisions));
  }
}

void agreement_info(Exposition& out, const Snapshot& snapshot) {
  out.gauge("recoup_agreement_info", "What an agreement is; always 1.");
  for (const auto& judgement : snapshot.judgements) {
    const core::Agreement& agreement = judgement->agreement;
    out.add({{"agreement", agreement.id},
             {"sla", agreement.sla},
             {"version", core::to_text(judgement->version->date())},
             {"cloud_region", agreement.region},
             {"practice", agreement.practice ? "true" : "false"}},
            1);
  }
}

}  // namespace

const char kContentType[] = "text/plain; version=0.0.4; charset=utf-8";

std::string to_text(const Snapshot& snapshot, const std::string& version) {
  Exposition out;
  probes_due(out, snapshot);
  plans(out, snapshot);
  requests(out, snapshot);
  refused(out, snapshot);
  add_why(out, snapshot);
  errors(out, snapshot);
  uptime(out, snapshot);
  intervals(out, snapshot);
  votes(out, snapshot);
  uncounted(out, snapshot);
  credit(out, snapshot);
  dates(out, snapshot);
  claims(out, snapshot);
  open_claims(out, snapshot);
  due_credits(out, snapshot);
  seals(out, snapshot);
  agreement_info(out, snapshot);
  if (snapshot.sdk) add_sdk(out, *snapshot.sdk);
  add_logs(out, snapshot.logs);
  if (snapshot.stamps) add_stamps(out, *snapshot.stamps);
  add_service(out, snapshot, version);
  add_roles(out, snapshot);
  if (snapshot.settings) add_settings(out, *snapshot.settings);
  add_credentials(out, snapshot.credentials);
  if (snapshot.notices) add_notices(out, *snapshot.notices);
  if (snapshot.upkeep) add_upkeep(out, *snapshot.upkeep);
  add_web(out, snapshot.web);
  if (snapshot.process) add_process(out, *snapshot.process);
  return out.finish();
}

}  // namespace recoup::metrics
