#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "record/secret.h"
#include "rules/probe_keys.h"
#include "rules/probe_tls.h"

// Counts by minute and outcome that another engine already has: it is asked, and its rows never
// leave it.
namespace recoup::sources {

// The engines that can be asked.
enum class QueryEngine {
  clickhouse,  // over HTTP, from 18.16 on
  prometheus,  // and what speaks its HTTP API
  postgresql,  // and what speaks its protocol
};
inline constexpr std::array<std::string_view, 3> kQueryEngines{"clickhouse", "prometheus",
                                                               "postgresql"};

// As it stands in settings and as the part of its series: "clickhouse".
std::string_view to_text(QueryEngine engine);

// Query is what one engine is asked, again and again.
struct Query {
  QueryEngine engine = QueryEngine::clickhouse;

  // Over HTTP: where, without a login, and as whom; empty: as nobody.
  std::string url;
  std::string user;
  record::Secret password;
  std::vector<rules::Header> headers;
  std::string database;                        // of ClickHouse; empty: the user's own
  std::shared_ptr<const rules::ProbeTls> tls;  // whom to believe, and who asks; null: as usual

  // Of PostgreSQL: libpq's words, without a password.
  std::string connection;

  // The query for counts: of SQL with "{from}" and "{to}" in the places of a half-open span; of
  // Prometheus an instant vector whose label says the outcome.
  std::string counts;
  // The query for single requests, likewise; empty: there is none.
  std::string evidence;
  // What its columns are called before "minute", "outcome", "count", "time" and "request_id".
  std::string prefix;
  std::string label;  // of Prometheus

  core::Millis timeout{30'000};  // of one answer
};

// The query for the counts of a span in the engine's own language, as it is sent.
std::string counts_text(const Query& query, const core::Interval& span);

// The query for not more than `most` single requests of the span with one of these outcomes, by
// time; as the engine wrote the outcomes.
std::string evidence_text(const Query& query, const core::Interval& span,
                          const std::vector<std::string>& outcomes, std::size_t most);

}  // namespace recoup::sources
