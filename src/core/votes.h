#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ratio.h"
#include "core/rule.h"
#include "core/tally.h"
#include "core/time.h"
#include "core/vote_rule.h"

// From how many vantage points a loss was seen. The contract's figure counts every Request from all
// of them, and no vote changes it: votes tell whom to wake, and what a claim can say of where the
// fault lay.
namespace recoup::core {

// What the probes of one vantage point saw.
struct SeenFrom {
  std::string vantage;
  Tallies tallies;         // of the agreement, with the gaps of its probes
  Tallies elsewhere = {};  // of other agreements in the same time, as far as anybody looked
  std::vector<Interval> shown_twice = {};  // by its clock, which was set back
};

// Why a vantage point has no vote on an interval.
enum class Abstains {
  sent_nothing,  // it sent no request
  clock,         // its clock was set or stood still: what it saw may be of another time
  egress,        // nothing answered it, and others were answered: its own way out was down
};

// What became of an interval with an Error.
enum class Vote {
  agreed,     // as many as are needed saw an Error
  outvoted,   // fewer did, and as many could have
  undecided,  // fewer had a vote than are needed
};

// Votes is what a cycle's intervals with Errors come to.
struct Votes {
  // The cycle from one vantage point.
  struct From {
    std::string vantage;
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;
    std::uint64_t saw = 0;             // intervals in which it saw an Error, and had a vote
    std::uint64_t abstained = 0;       // intervals with Errors on which it had none
    std::uint64_t clock = 0;           // of these: for its clock
    std::uint64_t egress = 0;          // and for its way out
    std::optional<Ratio> uptime = {};  // by what it saw alone; fraction of 1

    bool operator==(const From&) const = default;
  };

  VoteRule rule;
  std::vector<From> vantages;  // by name
  std::uint64_t agreed = 0;
  std::uint64_t outvoted = 0;
  std::uint64_t undecided = 0;
  std::optional<Vote> newest = {};  // on the newest interval with an Error

  std::uint64_t lost() const { return agreed + outvoted + undecided; }

  // Whether there is anybody to agree with.
  bool is_of_several() const { return vantages.size() > 1; }

  bool operator==(const Votes&) const = default;
};

// The intervals of the cycle that have an Error, and in which a vantage point sent requests and was
// answered none: of these it is worth to know what was answered elsewhere.
std::vector<Interval> unheard_intervals(const Version& version, const Interval& cycle,
                                        const std::vector<SeenFrom>& seen);

// The votes on the intervals of the cycle that have an Error. The vantage points have different
// names.
Votes votes_on(const Version& version, const Interval& cycle, const std::vector<SeenFrom>& seen,
               const VoteRule& rule);

}  // namespace recoup::core
