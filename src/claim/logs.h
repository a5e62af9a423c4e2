#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "claim/claim.h"
#include "claim/out_file.h"
#include "core/result.h"
#include "record/redact.h"

namespace recoup::claim {

// What is not shown as it was recorded: replaced in the claim, by kind, and before that, when it
// was recorded.
struct Redacted {
  record::Redactions by_kind;
  std::uint64_t earlier = 0;
};

// How many failed requests of each interval that intervals.log lists the evidence can show. Where a
// source brought counts alone, that is fewer than the interval's Errors.
struct Logged {
  // One entry for each part of the assessment; where the time of several resources is summed, for
  // each part of the first, then of the second, and so on.
  std::vector<std::uint64_t> by_interval;
  std::uint64_t total = 0;
  std::uint64_t missing = 0;     // Errors of those intervals without a record
  std::uint64_t without_id = 0;  // records without the provider's request id
  Redacted redacted;             // in the request log
};

// RequestRow is a failed request as the claim shows it: without what is confidential, and a "-" for
// what is not known.
struct RequestRow {
  core::Instant at;                       // when it was begun
  std::string status;                     // of the answer
  std::string error;                      // the provider's name for it, or why there was no answer
  std::string request_id;                 // the provider's
  std::chrono::milliseconds duration{0};  // 0 where it is not known
  std::string detail;                     // what was asked
  std::string resource = {};  // of several whose time is summed, by its name; else empty
};

// How many failed requests the page shows; the rest is in requests.log alone.
inline constexpr std::size_t kShownRequests = 500;

// Reads the evidence once and counts what requests.log will hold. Fails where an interval has more
// failed requests than Errors were counted: then one of the two is wrong.
core::Result<Logged> count_logged(const Claim& claim, const ReadEvidence& evidence);

// intervals.log: every interval that takes from the uptime, one a line, below a header that says
// what the columns are. A month has at most 5 MB of them.
std::string intervals_log_text(const Claim& claim, const Logged& logged);

// dispute.csv: the same intervals for a reader's own table, begin, end, requests, errors and the
// Availability, exact as a fraction of 1 and in percent, cut after 12 digits. With it a provider
// who finds another figure can say in which of them.
inline constexpr char kDispute[] = "dispute.csv";
std::string dispute_csv_text(const Claim& claim);

// What a support case takes in one file, read as the smaller of two readings of 5 MB; and how many
// files in one set. (AWS Support API, AddAttachmentsToSet.)
inline constexpr std::uint64_t kLargestAttachment = 5'000'000;
inline constexpr std::size_t kAttachmentsInSet = 3;

// Begins the next file of the request log, with the number from 1; the last one is finished then.
using NextPart = std::function<core::Result<OutFile*>(std::size_t part)>;

// "requests.log", "requests-2.log", ….
std::string requests_log_name(std::size_t part);

// What a file of the request log begins with.
std::string requests_log_header(const Claim& claim, const Logged& logged, std::size_t part);

// Every failed request of those intervals with a record, one a line, redacted, in files that a
// support case takes, each with the same header. What was redacted is counted in `logged`. Gives
// the first kShownRequests of them. Fails if the evidence is no longer what count_logged() saw.
core::Result<std::vector<RequestRow>> write_requests_logs(const Claim& claim, Logged& logged,
                                                          const ReadEvidence& evidence,
                                                          const NextPart& next);

}  // namespace recoup::claim
