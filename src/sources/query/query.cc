#include "sources/query/query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/probe_keys.h"

namespace recoup::sources {
namespace {

std::int64_t seconds_of(core::Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

// An instant in the engine's SQL, whatever zone the engine shows times in.
std::string literal(QueryEngine engine, core::Instant at) {
  if (engine == QueryEngine::postgresql) return fmt::format("'{}'::timestamptz", core::to_text(at));
  return fmt::format("toDateTime({})", seconds_of(at));
}

// Both engines double a quote; ClickHouse reads a backslash, too, and PostgreSQL does not.
std::string quoted(QueryEngine engine, std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    if (c == '\\' && engine == QueryEngine::clickhouse) out += '\\';
    out += c;
  }
  return out + '\'';
}

std::string with_span(const Query& query, const std::string& text, const core::Interval& span) {
  return rules::filled(
      text, {{"from", literal(query.engine, span.begin)}, {"to", literal(query.engine, span.end)}});
}

}  // namespace

std::string_view to_text(QueryEngine engine) {
  return kQueryEngines.at(static_cast<std::size_t>(engine));
}

// The query is the inner one of another: a text of two statements is none then, nothing can be
// written by it, and times come as numbers, which no zone changes.
std::string counts_text(const Query& query, const core::Interval& span) {
  const std::string& p = query.prefix;
  switch (query.engine) {
    case QueryEngine::prometheus: return query.counts;
    case QueryEngine::clickhouse:
      return fmt::format(
          "SELECT toInt64({0}minute), toString({0}outcome), toString({0}count) FROM (\n{1}\n)", p,
          with_span(query, query.counts, span));
    case QueryEngine::postgresql:
      return fmt::format(
          "SELECT extract(epoch FROM q.{0}minute)::bigint, q.{0}outcome::text, q.{0}count::text "
          "FROM (\n{1}\n) AS q",
          p, with_span(query, query.counts, span));
  }
  return {};
}

std::string evidence_text(const Query& query, const core::Interval& span,
                          const std::vector<std::string>& outcomes, std::size_t most) {
  std::vector<std::string> names;
  for (const std::string& one : outcomes) names.push_back(quoted(query.engine, one));
  const std::string& p = query.prefix;
  const std::string inner = with_span(query, query.evidence, span);
  if (query.engine == QueryEngine::postgresql) {
    return fmt::format(
        "SELECT extract(epoch FROM q.{0}time)::text, q.{0}outcome::text, q.{0}request_id::text "
        "FROM (\n{1}\n) AS q WHERE q.{0}outcome::text IN ({2}) ORDER BY q.{0}time LIMIT {3}",
        p, inner, fmt::join(names, ", "), most);
  }
  return fmt::format(
      "SELECT toString(toFloat64({0}time)), toString({0}outcome), toString({0}request_id) "
      "FROM (\n{1}\n) WHERE toString({0}outcome) IN ({2}) ORDER BY {0}time LIMIT {3}",
      p, inner, fmt::join(names, ", "), most);
}

}  // namespace recoup::sources
