#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "claim/logs.h"
#include "core/agreement.h"
#include "core/assessment.h"
#include "core/charge.h"
#include "core/judgement.h"
#include "core/outcome.h"
#include "core/ratio.h"
#include "core/result.h"
#include "core/rule.h"
#include "core/time.h"
#include "record/seal.h"

namespace recoup::claim {

// One line of intervals.log.
struct IntervalLine {
  core::Interval span;
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::uint64_t logged = 0;
  std::string availability;
  std::string resource;  // empty where the time of one counts
};

// One line of requests.log.
struct RequestLine {
  RequestRow shown;
  core::Instant interval;
  core::Outcome outcome;
};

// A line as an interval or a request; the error says what was expected, without the place.
// `by_resource`: whether the last column of an interval, and of a request the one before the
// details, is a resource's name.
core::Result<IntervalLine> parse_interval_line(std::string_view line, bool by_resource);
core::Result<RequestLine> parse_request_line(std::string_view line, bool by_resource);

// Calls `take` for every line of a text file that is no comment, with its number from 1. The
// error's `where` is "name" or "name:line".
core::Result<void> read_lines(const std::string& folder, const std::string& name,
                              const std::function<void(std::size_t, std::string_view)>& take);

// A small file whole.
core::Result<std::string> read_whole(const std::string& folder, const std::string& name);

// The SHA-256 of a file of any size.
core::Result<std::string> digest_of(const std::string& folder, const std::string& name);

struct StatedFile {
  std::string name;
  std::string sha256;
};

// What claim.json says.
struct Stated {
  int form = 0;               // of the claim: kOldestForm to kClaimForm
  core::Agreement agreement;  // with the exclusions that touch the cycle
  core::Rule contract;        // with the one version that was applied
  core::Instant issued;       // when it was written
  std::string zone;           // of the billing cycle, by its name
  core::Month month{};
  core::Interval cycle;
  core::ByResource counts;    // of each interval, without its state
  std::uint64_t unnamed = 0;  // Requests of sources that name no resource
  core::ProbesDue probes;
  core::UncountedFailures uncounted;  // without reasons and clauses of the single outcomes
  std::vector<core::Unseen> unseen;
  std::uint64_t key_store = 0;
  core::RefusedAnswers refused;
  std::vector<core::OutcomeCount> unclassified;
  std::vector<core::Source> sources;
  std::vector<core::Overlap> overlaps;
  std::vector<core::Comparison> comparisons;  // by their sums
  core::Robustness robustness;
  std::vector<core::ProviderIncident> incidents;
  std::uint64_t intervals = 0;
  std::uint64_t silent = 0;     // intervals
  std::uint64_t excluded = 0;   // intervals
  std::uint64_t below_100 = 0;  // intervals
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::uint64_t errors_below_100 = 0;
  std::uint64_t without_record = 0;
  std::map<std::string, std::uint64_t> redacted;  // in the request log, by kind
  core::Ratio uptime;                             // fraction of 1
  std::string uptime_percent;
  std::string credit_percent;
  core::Charge charge;
  bool charge_withheld = false;  // the seal's digest of it cannot be recomputed from what is shown
  std::string amount;            // of the credit, in the charge's currency
  bool eligible = false;
  bool breach_certain = false;  // false also where the cycle had only just ended
  std::optional<core::DeadlineDates> deadline;
  std::optional<core::DeadlineDates> notice;
  std::optional<record::Seal> seal;
  bool withheld = false;  // the seal's digest cannot be recomputed from what is shown of it
  std::optional<core::Instant> late_until;  // where there is no seal
  std::string public_key;                   // who signed SHA256SUMS; empty where nobody did
  bool digests = false;                     // whether it speaks of CloudTrail's
  bool timestamps = false;                  // whether it speaks of tokens of the time
  std::vector<core::Interval> missing;      // days without one
  std::vector<core::Interval> changed;      // days that changed after they were signed
  std::vector<StatedFile> files;

  const core::Version& terms() const { return contract.versions.front(); }
};

class JsonReader;

// The provider's own incidents that claim.json has.
std::vector<core::ProviderIncident> read_incidents(JsonReader& in);

// Sets what was lost, by the judgement made again, against these, and strikes what lies outside.
void see_incidents_again(const Stated& stated, core::Instant now, core::Judgement& judgement);

// The error names the place in the file that was not as expected.
core::Result<Stated> parse_claim_json(const std::string& text);

}  // namespace recoup::claim
