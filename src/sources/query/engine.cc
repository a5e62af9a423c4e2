#include "sources/query/engine.h"

namespace recoup::sources {
namespace {

core::Result<void> ask_sql(const Query& query, const std::string& sql, const OnRow& each,
                           const std::stop_token& stop) {
  constexpr std::size_t kColumns = 3;
  return query.engine == QueryEngine::postgresql ? ask_postgresql(query, sql, kColumns, each, stop)
                                                 : ask_clickhouse(query, sql, kColumns, each, stop);
}

}  // namespace

core::Result<QueryCounts> ask_counts(const Query& query, const core::Interval& span,
                                     const StatusOf& status_of, const record::WorthARecord& worth,
                                     const std::stop_token& stop) {
  CountRows rows(span, status_of, worth);
  std::vector<core::Interval> unmeasured;
  const OnRow each = [&rows](const std::vector<std::string_view>& row) {
    rows.add(row[0], row[1], row[2]);
  };
  const auto done = query.engine == QueryEngine::prometheus
                        ? ask_prometheus(query, span, rows, unmeasured, stop)
                        : ask_sql(query, counts_text(query, span), each, stop);
  if (!done) return done.error();
  QueryCounts counts = rows.take();
  counts.unmeasured = std::move(unmeasured);
  return counts;
}

core::Result<std::vector<record::Evidence>> ask_evidence(
    const Query& query, const core::Interval& span, const std::vector<std::string>& outcomes,
    std::size_t most, const StatusOf& status_of, const std::stop_token& stop) {
  std::vector<record::Evidence> all;
  if (query.evidence.empty() || outcomes.empty()) return all;
  const OnRow each = [&](const std::vector<std::string_view>& row) {
    auto one = evidence_of_row(row[0], row[1], row[2], status_of);
    if (one && one->at >= span.begin && one->at < span.end) all.push_back(*std::move(one));
  };
  const auto done = ask_sql(query, evidence_text(query, span, outcomes, most), each, stop);
  if (!done) return done.error();
  return all;
}

}  // namespace recoup::sources
