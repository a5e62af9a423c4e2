#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/money.h"
#include "core/ratio.h"
#include "core/time.h"

namespace recoup::core {

// What an interval in which no Request was made counts as.
enum class Silent { available };

// The mean of the Availabilities of all intervals of the cycle (AWS KMS SLA, "Monthly Uptime
// Percentage"). The grid begins with the cycle.
struct MeanOfIntervals {
  std::chrono::minutes interval;  // divides a day
  Silent silent = Silent::available;
};

// The families of formula; one function each in formula.h.
using Formula = std::variant<MeanOfIntervals>;

// ErrorRule says which answers are Errors.
struct ErrorRule {
  std::vector<int> statuses;
  // The header that proves that the provider itself answered; empty where none is needed. A probe's
  // answer without it is unattributed.
  std::string needs_request_id;
};

// A Service Credit for a Monthly Uptime Percentage in [at_least, below); fractions of 1.
struct Tier {
  Ratio below;
  std::optional<Ratio> at_least;  // the lowest tier has none
  Ratio credit;                   // of the charges
};

// Until when a claim must have been received, in whole cycles after the incident's. Where the text
// can be read twice, `safe` is the earlier reading.
struct Deadline {
  int literal = 0;
  int safe = 0;
};

// What the contract wants in a claim.
struct ClaimTerms {
  std::string subject;
  std::optional<Deadline> deadline;
  std::string lists;  // which intervals it must list, in words
  bool redact = true;
};

// One clause that takes time out of the measurement, with the contract's own numbering.
struct Exclusion {
  std::string clause;
  std::string text;
};

enum class Status { complete, partial };

// Version is one dated text of a contract as data.
struct Version {
  Date effective;
  Status status = Status::complete;
  std::vector<std::string> missing;  // terms a partial version lacks
  std::string source;                // where the words were read
  Ratio commitment;                  // fraction of 1
  std::string commitment_text;       // as the rule writes it, in percent: "99.999"
  std::string time_zone;             // of the billing cycle; the cycle is a calendar month in it
  Formula formula;
  ErrorRule error;
  // Outcomes that are no Requests under this contract: "no-answer", a reason ("timeout"), a status
  // ("429") or a status and a name ("503/SlowDown").
  std::vector<std::string> not_a_request;
  std::vector<Tier> credits;  // from the highest uptime down, without overlap or gap
  std::string credit_base;
  std::optional<Money> minimum_credit;  // a credit must be more than this
  ClaimTerms claim;
  std::vector<Exclusion> exclusions;
  std::string digest;  // SHA-256 of the rule's text
};

// Rule is one provider's contract in all its versions.
struct Rule {
  std::string id;
  std::string provider;
  std::string service;
  std::vector<std::string> scope;  // what one agreement is: "account", "region"
  std::vector<Version> versions;   // by date, oldest first; not empty

  // The version in force on that day: the newest that is effective by then. Nothing before the
  // oldest.
  const Version* in_force(Date day) const;
};

}  // namespace recoup::core
