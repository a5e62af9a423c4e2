#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "config/settings.h"
#include "ledger/ledger.h"
#include "sources/query/rows.h"

namespace recoup::service {

// A span is asked for in parts of a day at most: what one answer holds is bounded, and a stop in
// between loses nothing.
inline constexpr core::Millis kQueryPart = std::chrono::hours(24);

// QueryPlace is where the asking of one query goes on.
struct QueryPlace {
  record::SeriesKey key;
  record::SeriesId series = 0;
  std::optional<core::Instant> watermark;  // up to where it was answered; nothing: never
};

// The series that the query is counted as, its number (it is added where it is new) and how far it
// is. One whose engine was exchanged goes on where the other one ended.
core::Result<QueryPlace> find_place(ledger::Ledger& ledger, const std::string& agreement,
                                    const config::QuerySettings& query);

// What is to be asked next, up to `now`, from whole minutes to whole minutes: what is new, with
// what late rows may have come for. Empty where nothing is.
core::Interval due_span(const config::QuerySettings& query, const core::Agreement& agreement,
                        const QueryPlace& place, core::Instant now);

// QueryAnswer is what an engine said of a span of a day at most.
struct QueryAnswer {
  core::Interval span;
  sources::QueryCounts counts;
};

// Asks the engine; the error is the engine's.
core::Result<QueryAnswer> ask_query(const config::AgreementSettings& agreement,
                                    const config::QuerySettings& query, const core::Interval& span,
                                    const record::WorthARecord& worth, const std::stop_token& stop);

// QueryWritten is what became of an answer.
struct QueryWritten {
  std::uint64_t requests = 0;      // in the answer
  std::uint64_t errors = 0;        // of these, by the contract's newest version
  std::uint64_t added = 0;         // Requests that were not counted before
  std::uint64_t changed = 0;       // minutes whose counts are others than before
  core::Interval touched;          // from the first to the last of these; empty: none changed
  bool is_late = false;            // some of that may be sealed
  std::uint64_t evidence = 0;      // records of single requests
  std::vector<core::Minute> told;  // minutes with a Request, in order
};

// Says in the ledger what the answer counts, minute by minute, in one transaction with the place up
// to which it was asked: where it says what is there already, only the place changes. Where minutes
// with failures changed, the engine is asked for their records first. That these are not to be had
// is told in `engine_error`, and nothing is written: a failure without its record would stay so.
// The error is the ledger's.
core::Result<QueryWritten> write_answer(ledger::Ledger& ledger,
                                        const config::AgreementSettings& agreement,
                                        const config::QuerySettings& query,
                                        const QueryAnswer& answer, QueryPlace& place,
                                        core::Instant now, const std::stop_token& stop,
                                        std::optional<core::Error>& engine_error);

}  // namespace recoup::service
