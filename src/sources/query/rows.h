#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "core/time.h"
#include "record/evidence.h"

namespace recoup::sources {

// The status that goes with the name of an error in the provider's own record; 0: nobody knows.
using StatusOf = std::function<int(std::string_view error_name)>;

// MalformedRow is a row of an answer that is not what it should be.
struct MalformedRow {
  std::string expected;
  std::string got;  // as it may be shown
};

// Counted is what an engine said of a span, minute by minute.
struct QueryCounts {
  std::map<core::Minute, std::map<core::Outcome, std::uint64_t>> minutes;
  // As the engine wrote the outcomes that are worth a record, and the minutes that have some.
  std::set<std::string> worth_names;
  std::set<core::Minute> worth_minutes;
  std::uint64_t rows = 0;
  std::uint64_t malformed = 0;         // rows
  std::vector<MalformedRow> examples;  // the first of these
  // Times inside the span of which the engine itself knows nothing, in order.
  std::vector<core::Interval> unmeasured;
};

// CountRows takes the rows of an answer: minute, outcome and count, as text. A row whose minute and
// count can be read and whose outcome cannot counts as Requests of unknown outcome (core::Unread);
// another one is left out and listed.
class CountRows {
 public:
  // `worth`: which outcomes have a record, beside failures.
  CountRows(const core::Interval& span, StatusOf status_of, record::WorthARecord worth)
      : span_(span), status_of_(std::move(status_of)), worth_(std::move(worth)) {}

  // The minute in seconds since 1970, the outcome as core::parse_outcome reads it (or
  // "error/NAME", by the name of an error alone), and a whole number of Requests.
  void add(std::string_view minute, std::string_view outcome, std::string_view count);

  // The same of a count that is known already.
  void add(core::Minute minute, std::string_view outcome, std::uint64_t count);

  // A row that is no row at all.
  void malformed(std::string expected, std::string_view got);

  QueryCounts take() { return std::move(counts_); }

 private:
  core::Interval span_;
  StatusOf status_of_;
  record::WorthARecord worth_;
  QueryCounts counts_;
};

// An outcome as engines write it; the error of one that is our own alone ("missed/late").
core::Result<core::Outcome> outcome_of_row(std::string_view text, const StatusOf& status_of);

// The record of a row: time in seconds since 1970, perhaps with a fraction, outcome and request id.
// `tie` is told by these: a row that comes again is the same one.
core::Result<record::Evidence> evidence_of_row(std::string_view time, std::string_view outcome,
                                               std::string_view request_id,
                                               const StatusOf& status_of);

// What an engine says in its own words, for a log or a page: on one line, at most 300 characters,
// without secrets; `password` is taken out wherever it stands.
std::string engine_words(std::string_view text, std::string_view password = {});

}  // namespace recoup::sources
