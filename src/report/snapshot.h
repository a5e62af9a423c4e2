#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/judgement.h"
#include "record/claim_life.h"
#include "record/failing_target.h"
#include "record/follow_counts.h"
#include "record/last_answer.h"
#include "record/probe_counts.h"
#include "record/roles.h"
#include "record/sdk_counts.h"
#include "record/stamp_counts.h"
#include "record/upkeep.h"
#include "report/settings_state.h"

namespace recoup::report {

// ProcessUsage is what the service takes of its machine, as the system says it.
struct ProcessUsage {
  std::chrono::nanoseconds cpu{0};   // of processor time, since it started
  std::uint64_t resident_bytes = 0;  // of memory
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_files = 0;
  std::uint64_t most_files = 0;  // that it may open
  core::Instant started;
};

// WebUsage is what the service's own server did since it started.
struct WebUsage {
  std::uint64_t connections = 0;          // open now
  std::uint64_t closed_early = 0;         // by a limit
  std::map<int, std::uint64_t> requests;  // by the status of the answer
};

// CredentialState is what is known of what probes are signed with; no secret.
struct CredentialState {
  std::string signer;                      // "sigv4"
  std::string profile;                     // the agreement's; empty: it names none
  bool ready = false;                      // requests can be signed
  std::optional<core::Instant> ends = {};  // nothing: never, or it is not known
};

// ProbePlan is what an agreement's probes would send in a month of 30 days, and may.
struct ProbePlan {
  std::string agreement;
  std::uint64_t requests = 0;
  std::optional<core::Money> cost = {};    // of these by published prices; nothing: none are known
  std::optional<std::uint64_t> most = {};  // that may be sent in a billing cycle
};

// NoticeCounts is what became of what the service has to tell, since it started.
struct NoticeCounts {
  std::uint64_t accepted = 0;
  std::uint64_t failed = 0;   // tries
  std::uint64_t waiting = 0;  // that were not accepted yet
  std::string target;         // who is told, without a secret
  std::string problem;        // why the last try failed; empty: it did not
};

// Snapshot is everything the outputs of the running service show, as of one instant.
struct Snapshot {
  core::Instant at;
  record::Role role = record::Role::all;  // of the process
  std::string vantage;                    // that it records for; empty: for none
  bool leads = true;                      // it seals, tells and has times signed, and no other does
  std::vector<record::Holder> holders;    // who does that, and who records; of a ledger for several
  bool ready = false;                     // the first assessment of every agreement was made
  std::vector<std::shared_ptr<const core::Judgement>>
      judgements;  // the running cycle, by agreement
  // By which contracts a prober, which has no judgements, tells Errors from other outcomes.
  std::map<std::string, std::shared_ptr<const core::Version>> versions;
  std::vector<record::PastCycles> past;  // by agreement, when it is known
  std::vector<record::ProbeCounts> probes;
  record::FailingTargets failing;                      // targets of lists
  std::vector<record::LastAnswer> answers;             // the newest of each probe, by agreement
  std::vector<ProbePlan> plans;                        // of agreements with probes
  std::vector<record::PhaseHistograms> phases;         // of their requests, by agreement
  record::Histogram lateness;                          // how late probes were sent
  std::map<std::string, std::uint64_t> ledger_errors;  // by operation
  std::string unwritable;  // why nothing can be written to the ledger; empty: it can
  std::uint64_t evidence_dropped =
      0;  // records for which there was no room before they were written
  std::uint64_t clock_steps = 0;
  // Wall time that passed while the service ran and that nobody measured.
  core::Millis suspended{0};     // with the machine
  core::Millis clock_jumped{0};  // the wall clock was set forward, or a virtual machine was paused
  std::optional<record::SdkCounts> sdk;        // where SDKs report to the service
  std::vector<record::FollowedLog> logs;       // that are followed, by agreement and id
  std::vector<CredentialState> credentials;    // by signer and profile
  std::optional<record::StampCounts> stamps;   // where a third party signs the time
  std::optional<record::UpkeepCounts> upkeep;  // where the ledger is kept small beside
  std::optional<ProcessUsage> process;         // where the system says so
  WebUsage web;
  std::optional<SettingsState> settings;  // of a service, which can go over to others
  std::optional<NoticeCounts> notices;    // where the settings name somebody to tell
  bool mask_accounts = false;             // whether pages show the end of an account alone
};

}  // namespace recoup::report
