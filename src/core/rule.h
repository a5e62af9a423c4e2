#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/money.h"
#include "core/outcome.h"
#include "core/ratio.h"
#include "core/time.h"
#include "core/zone.h"

namespace recoup::core {

// What an interval in which no Request was made counts as.
enum class Silent {
  available,  // 100 %
  left_out,   // nothing: it is not one of the intervals
};

// What becomes of an interval that an exclusion touches.
enum class Excluded {
  available,  // it counts as 100 % available
  left_out,   // it is none of those that the uptime is divided by
};

// The mean of the Availabilities of all intervals of the cycle (AWS KMS SLA, "Monthly Uptime
// Percentage"; Amazon S3 and Alibaba Cloud say the same as 100 % minus the mean error rate). The
// grid begins with the cycle.
struct MeanOfIntervals {
  std::chrono::minutes interval;  // divides a day
  Silent silent = Silent::available;
};

// The share of the cycle's minutes outside Downtime Periods. A Downtime Period is a run of at least
// `at_least` consecutive minutes, each with an error rate of more than `more_than`, and together
// with at least `minimum_requests` Requests; a shorter one is none (Google Cloud).
struct DowntimeRuns {
  Ratio more_than;  // strictly; fraction of 1
  std::chrono::minutes at_least;
  std::uint64_t minimum_requests = 0;
};

// The share of the cycle outside bad windows: fixed windows with an error rate of more than
// `more_than` are unavailable as a whole (Alibaba Cloud MaxCompute), but for those that together
// with the bad ones next to them last less than `at_least` (Tencent Cloud CDN: twice in a row).
struct BadWindows {
  std::chrono::minutes window;  // divides a day
  Ratio more_than;              // strictly; fraction of 1
  std::chrono::minutes at_least{0};
};

// The share of the cycle outside intervals in which Requests were made and every one failed with an
// Error (Alibaba Cloud Intelligent Creation Workshop), of at least `minimum_requests` (Tencent
// Cloud Machine Translation: of 100 in the minute).
struct AllFailed {
  std::chrono::minutes interval;  // divides a day
  std::uint64_t minimum_requests = 0;
};

// The share of the cycle's Requests that did not fail with an Error. An Error that repeats one of
// the same outcome within `repeats` after its first is neither an Error nor a Request; 0: all count
// (Azure transactions). Decided by the minute, the grain of a tally.
struct RequestRatio {
  std::chrono::minutes repeats{0};
};

// The families of formula; one function each in formula.h.
using Formula = std::variant<MeanOfIntervals, DowntimeRuns, BadWindows, AllFailed, RequestRatio>;

// How a cycle counts in which the service was not used from its begin to its end.
enum class PartMonth {
  full,       // like any other; also where a contract is silent
  used_time,  // the time it was used is the cycle
  none,       // it is no cycle: there is no claim
};

// A set of HTTP statuses: one, or a whole class.
struct StatusRange {
  int first = 0;
  int last = 0;  // included

  bool contains(int status) const { return first <= status && status <= last; }
  bool operator==(const StatusRange&) const = default;
};

// "500", "5xx".
std::string to_text(const StatusRange& range);

// ErrorRule says which outcomes are Errors.
struct ErrorRule {
  std::vector<StatusRange> statuses;  // empty: names alone decide
  // The provider's names for errors. With statuses, an Error has one of both; alone, the name
  // decides; empty, the status does. A name that ends in '*' stands for all that begin so.
  std::vector<std::string> names;
  // A Request that got no answer within this time is an Error: a probe's timeout. Nothing: it is
  // not.
  std::optional<std::chrono::seconds> no_answer_within;
  // The header that proves that the provider itself answered; empty where none is needed. A probe's
  // answer without it is unattributed.
  std::string needs_request_id;
  // Every status but these is one of an Error: "anything but a Success Code".
  std::vector<StatusRange> all_but = {};
  // An answer with one of these names is an Error whatever its status, and whatever the above says.
  std::vector<std::string> or_names = {};
  // A Request without an answer for one of these reasons is an Error.
  std::vector<NoAnswer> no_answer = {};
  // An answer that came later than that is an Error whatever it said. Nothing: it is none.
  std::optional<Millis> slower_than = {};

  bool asks_for_status() const { return !statuses.empty() || !all_but.empty(); }
  bool has_status(int status) const;
};

// Whether such an entry stands for the name.
bool is_name_of(std::string_view entry, std::string_view name);

// The statuses of Errors: "500 or 503", "any status but 2xx"; empty where none is asked for.
std::string status_words(const ErrorRule& rule);

// What makes an Error beside a status, "the error -1", "an answer after more than 10s" or
// "no answer (connect, tls)", each by itself
// enough; a Request that was not answered in time is not among them.
std::vector<std::string> other_error_words(const ErrorRule& rule);

// A Service Credit for a Monthly Uptime Percentage in [at_least, below); fractions of 1.
struct Tier {
  Ratio below;
  std::optional<Ratio> at_least;  // the lowest tier has none
  Ratio credit;                   // of the charges; 0 where the contract gives none there
};

// What the time for a claim is counted from.
enum class DeadlineFrom {
  cycles,       // ends with a later cycle: `literal` or `safe` cycles after the incident's
  cycle_end,    // days after the end of the incident's cycle
  months,       // months after the end of the incident's cycle
  incident,     // days after the incident: the first one by the safe reading, the last by the other
  eligibility,  // days after one becomes eligible: the first incident, or the end of the cycle
};

// Until when a claim must have been received. Where the text can be read twice, `safe` is the
// earlier reading; both are counts of what `from` says.
struct Deadline {
  int literal = 0;
  int safe = 0;
  DeadlineFrom from = DeadlineFrom::cycles;
};

// What a contract asks for before the claim: to tell the provider of the incident. From the first
// incident on by the safe reading, from the last one by the other.
struct Notice {
  Millis within{};
  std::string how;  // "a support ticket"
};

// Before when a contract takes no claim.
struct NotBefore {
  int count = 0;
  // Monday to Friday, of the month after the cycle's: whose holidays count no contract says. Or
  // days after the end of the cycle.
  bool business_days = false;
};

// A credit that the provider computes and gives by itself.
struct AutomaticCredit {
  int within_days = 0;               // of the end of the cycle
  std::optional<int> disputed_days;  // in a dispute
};

// Until when a credit is given that was asked for. AWS: "within one billing cycle following the
// month in which the credit request occurred", or "in which your request is confirmed by us".
struct Payment {
  int count = 0;
  bool cycles = false;        // whole ones after the cycle that it counts from; else days
  bool confirmation = false;  // counted from the provider's confirmation; else from the request
};

// What the contract wants in a claim.
struct ClaimTerms {
  std::string subject;
  std::optional<Deadline> deadline;
  std::string lists;               // which intervals it must list, in words
  std::vector<std::string> needs;  // what else it must hold and only the user knows: "API ids"
  bool redact = true;
  std::optional<NotBefore> not_before = {};
  std::optional<AutomaticCredit> automatic = {};  // then there is no claim to write
  std::optional<Payment> payment = {};
  std::optional<Notice> notice = {};  // the first of two steps
};

// The most that a contract credits for one cycle: a share of the charges, or an amount.
struct Cap {
  std::optional<Ratio> share = {};
  std::optional<Money> amount = {};
};

// One clause of the contract, in short. An exclusion's name is the contract's own numbering, like
// "(iii)"; another clause's is a word that scenarios name it by, like "availability".
struct Clause {
  std::string name;
  std::string text;
};

enum class Status { complete, partial };

// What an answer counts as that refused our own signature, clock or credentials.
enum class RefusedAs {
  contract,  // what the contract makes of its status, but left out where that is an Error
  served,    // a Request that did not fail
  left_out,
};

// Which text holds for a cycle within which a new one comes into force, by the new one's words.
enum class Changeover {
  not_stated,  // it does not say: the text of the first day, and the new one is another reading
  running,     // the new one, for the whole of that cycle
  next,        // the older one: the new one holds from the next cycle on
};

// Where one term was read, if not where the version's other ones were.
struct TermSource {
  std::string at;    // an address, or whose copy it is
  std::string read;  // when: "2026-11-26", or the month where no day was noted, "2026-11"
  std::string note;  // what is to be known of the copies of it; may be empty
};

// Version is one text of a contract as data. It has one of both dates, or both.
struct Version {
  std::optional<Date> effective;  // since when it is in force; nothing: that is not known
  std::optional<Date> read;       // of a text without a date: the day it was read
  Changeover changeover = Changeover::not_stated;
  Status status = Status::complete;
  std::vector<std::string> missing;   // terms a partial version lacks
  std::vector<std::string> supplied;  // terms it lacked and the user supplied
  std::string source;                 // where the words were read
  std::string source_read;            // and when, as in TermSource; empty: that was not noted
  std::map<std::string, TermSource> sources;  // by term, of those that were read elsewhere
  Ratio commitment;                           // fraction of 1
  std::string commitment_text;                // as the rule writes it, in percent: "99.999"
  std::string time_zone;                      // of the billing cycle
  // Its kind. The day on which one begins is the agreement's own.
  Calendar calendar = Calendar::month;
  int cycle_days = 0;  // Calendar::days
  Formula formula;
  Excluded excluded = Excluded::available;
  // Of what the downtime and the time it is divided by are sums, in the contract's word: "key
  // vaults". Empty: the contract knows one.
  std::string summed_over;
  PartMonth part_month = PartMonth::full;
  ErrorRule error;
  // Outcomes that are no Requests under this contract: "no-answer", a reason ("timeout"), a status
  // ("429"), a class ("4xx"), or a status and a name ("503/SlowDown").
  std::vector<std::string> not_a_request;
  // The only operations of the API that count; empty: all do. What a source counts is the user's to
  // choose: an outcome does not say which operation it was.
  std::vector<std::string> operations;
  // The shortest period of a probe whose repeated requests count (Google's Back-off Requirements:
  // 32 seconds always conform); nothing: any period.
  std::optional<Millis> shortest_period;
  std::vector<Tier> credits;  // from the highest uptime down, without overlap or gap
  std::string credit_base;
  std::optional<Money> minimum_credit;  // a credit must be more than this
  std::optional<Cap> cap;
  ClaimTerms claim;
  std::vector<Clause> exclusions;  // what takes time out of the measurement
  std::vector<Clause> clauses;     // what the figure and the credit rest on
  std::string digest;              // SHA-256 of the rule's text
  // The user's word, not the contract's: calls that other services of the provider made on behalf
  // of the account are Requests too.
  bool count_indirect = false;
  // How to read what no contract speaks of: another value is another reading (otherwise.h).
  RefusedAs refused_as = RefusedAs::contract;
  // The user's word as well: the names of all that it is summed over, of which one is watched.
  std::vector<std::string> resources;

  // The date that names it: the day it was read where that stands, else since when it is in force.
  Date date() const { return read ? *read : effective.value_or(Date{}); }

  // The length of the intervals that it is judged by.
  std::chrono::minutes interval() const;

  // How many times each interval counts in what the uptime is divided by.
  std::uint64_t times_counted() const;
};

// Rule is one provider's contract in all its versions.
struct Rule {
  std::string id;
  std::string provider;
  std::string service;
  std::vector<std::string> scope;  // what one agreement is: "account", "region", "resource" (a
                                   // part of these: a cluster, an endpoint)
  std::vector<Version> versions;   // in the order of in_order(); not empty
  // What AWS SDKs call the services whose every call is a Request, where they report their attempts
  // ("KMS"), and how CloudTrail names these ("kms.amazonaws.com"). Empty: not known, or others.
  std::vector<std::string> sdk_services = {};
  std::vector<std::string> event_sources = {};
  // The kind of instance that it is for, as price books call it ("dedicated"); empty: any.
  std::string instance = {};

  // The version that a cycle is judged by: the one in force on its first day, but for a Changeover
  // that says otherwise. A text whose first day is not known is taken to have been in force ever
  // since the version before it was, or was read; without one before it, always. Nothing where all
  // came into force later.
  const Version* in_force(Month month) const;
  // The same of a cycle that is no calendar month, by its first and its last day.
  const Version* in_force(Date first, Date last) const;

  // The other versions by which the same cycle can be read: those that come into force within it
  // without a word on which holds, and where first days are not known, those that may have been in
  // force. None in nearly all cycles.
  std::vector<const Version*> other_readings(Month month) const;
  std::vector<const Version*> other_readings(Date first, Date last) const;

  // The version of that date().
  const Version* find_version(Date date) const;
};

// Sorts versions as they came into force, the oldest first; where that is not known, as they were
// read.
void in_order(std::vector<Version>& versions);

}  // namespace recoup::core
