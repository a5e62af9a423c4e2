#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sources/query/query.h"
#include "sources/query/rows.h"

namespace recoup::sources {

// How much of one answer is taken. More is an error: a query that does not group by minute and
// outcome gives a row a request.
inline constexpr std::uint64_t kMostQueryRows = 1'000'000;
inline constexpr std::uint64_t kMostQueryBytes = 256u << 20;

// What the engine counted in the span, which begins and ends with minutes. Errors are the engine's,
// in its words and without secrets, or say that it cannot be reached: what it said until then is
// dropped. Waits for it as long as the query's timeout, and no longer than until the stop.
core::Result<QueryCounts> ask_counts(const Query& query, const core::Interval& span,
                                     const StatusOf& status_of, const record::WorthARecord& worth,
                                     const std::stop_token& stop);

// Single requests of the span with one of the outcomes, by time, not more than `most`: what of
// them cannot be read is left out. None of an engine that knows none.
core::Result<std::vector<record::Evidence>> ask_evidence(
    const Query& query, const core::Interval& span, const std::vector<std::string>& outcomes,
    std::size_t most, const StatusOf& status_of, const std::stop_token& stop);

// Whether libpq takes these words, and they hold no password: those stand in PGPASSFILE, in
// ~/.pgpass or in a service file.
core::Result<void> check_connection(const std::string& words);

// --- what the engines are asked by --------------------------------------------------------------

// A row of texts; the columns are as many as were asked for.
using OnRow = std::function<void(const std::vector<std::string_view>& columns)>;

// Sends SQL and gives the rows of the answer as they come. NULL is "\N".
core::Result<void> ask_clickhouse(const Query& query, const std::string& sql, std::size_t columns,
                                  const OnRow& each, const std::stop_token& stop);
core::Result<void> ask_postgresql(const Query& query, const std::string& sql, std::size_t columns,
                                  const OnRow& each, const std::stop_token& stop);

// TabSeparated puts rows of that format together from an answer of ClickHouse's, piece by piece.
class TabSeparated {
 public:
  TabSeparated(std::size_t columns, const OnRow& each) : columns_(columns), each_(each) {}

  core::Result<void> take(std::string_view bytes);

  // Whether the answer ended with a line.
  core::Result<void> end() const;

 private:
  core::Result<void> row(std::string_view line);

  const std::size_t columns_;
  const OnRow& each_;
  std::string rest_;
  std::uint64_t rows_ = 0;
};

// The same of PromQL, minute by minute: what each label value's counters grew by, in whole numbers.
// What is left over of a minute goes on to the next one of the hour.
core::Result<void> ask_prometheus(const Query& query, const core::Interval& span, CountRows& rows,
                                  std::vector<core::Interval>& unmeasured,
                                  const std::stop_token& stop);

// What an answer to that says, the whole of it.
core::Result<void> read_matrix(const Query& query, const core::Interval& span, std::string body,
                               CountRows& rows, std::vector<core::Interval>& unmeasured);

// A POST whose answer is given piece by piece where its status is 200. Of another status the error
// says the body, as the engine's words.
using OnBytes = std::function<core::Result<void>(std::string_view bytes)>;
core::Result<void> post(const Query& query, const std::string& url, const std::string& type,
                        const std::string& body, const OnBytes& each, const std::stop_token& stop);

}  // namespace recoup::sources
