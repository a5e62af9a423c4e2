#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "core/ratio.h"
#include "core/result.h"
#include "core/rule.h"
#include "core/seal.h"
#include "core/time.h"

namespace recoup::claim {

// One line of intervals.log.
struct IntervalLine {
  core::Interval span;
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::uint64_t logged = 0;
  std::string availability;
};

// One line of requests.log, as far as it is checked.
struct RequestLine {
  core::Instant at;
  core::Instant interval;
  core::Outcome outcome;
};

// A line as an interval or a request; the error says what was expected, without the place.
core::Result<IntervalLine> parse_interval_line(std::string_view line);
core::Result<RequestLine> parse_request_line(std::string_view line);

// Calls `take` for every line of a text file that is no comment, with its number from 1. The
// error's `where` is "name" or "name:line".
core::Result<void> read_lines(const std::string& folder, const std::string& name,
                              const std::function<void(std::size_t, std::string_view)>& take);

// A small file whole.
core::Result<std::string> read_whole(const std::string& folder, const std::string& name);

// The SHA-256 of a file of any size.
core::Result<std::string> digest_of(const std::string& folder, const std::string& name);

// A tier as claim.json has it; fractions of 1.
struct StatedTier {
  core::Ratio below;
  std::optional<core::Ratio> at_least;
  core::Ratio credit;
  std::string percent;
};

struct StatedFile {
  std::string name;
  std::string sha256;
};

// What claim.json says, as far as it is checked.
struct Stated {
  std::string agreement;
  core::Month month{};
  std::string provider;
  std::string rule;  // its id
  core::Date version{};
  std::string rule_digest;
  // Formula, Errors and what is no Request; nothing else of it is read.
  core::Version terms;
  core::Interval cycle;
  std::uint64_t intervals = 0;
  std::uint64_t silent = 0;     // intervals
  std::uint64_t below_100 = 0;  // intervals
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::uint64_t errors_below_100 = 0;
  std::uint64_t without_record = 0;
  core::Ratio uptime;  // fraction of 1
  std::string uptime_percent;
  core::Ratio commitment;  // fraction of 1
  std::vector<StatedTier> tiers;
  std::string credit_percent;
  core::Ratio charges;
  std::string amount;
  std::string currency;
  bool eligible = false;
  std::optional<core::DeadlineDates> deadline;
  std::vector<std::string> exclusions;  // as a seal has them, by their text
  std::optional<core::Seal> seal;
  bool withheld = false;   // the seal's digest cannot be recomputed from what is shown of it
  std::string public_key;  // who signed SHA256SUMS; empty where nobody did
  std::vector<StatedFile> files;
};

// The error names the place in the file that was not as expected.
core::Result<Stated> parse_claim_json(const std::string& text);

}  // namespace recoup::claim
