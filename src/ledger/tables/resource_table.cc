#include "ledger/tables/resource_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "ledger/tables/columns.h"

namespace recoup::ledger {

ResourceTable::ResourceTable(Connection& connection, JournalTable& journal)
    : journal_(journal),
      of_(connection, "SELECT kind, name, resource FROM source_resource WHERE agreement = $1"),
      put_(connection,
           "INSERT INTO source_resource (agreement, kind, name, resource) VALUES ($1, $2, $3, $4) "
           "ON CONFLICT (agreement, kind, name) DO UPDATE SET resource = excluded.resource"),
      span_(connection,
            "SELECT count(first), min(first), max(last) FROM ("
            "SELECT (SELECT min(minute) FROM tally WHERE series = id) AS first, "
            "(SELECT max(minute) FROM tally WHERE series = id) AS last FROM series "
            "WHERE agreement = $1 AND kind = $2 AND name = $3 UNION ALL "
            "SELECT (SELECT min(first_minute) FROM tally_day WHERE series = id), "
            "(SELECT max(last_minute) FROM tally_day WHERE series = id) FROM series "
            "WHERE agreement = $1 AND kind = $2 AND name = $3) AS spans"),
      by_series_(connection,
                 "SELECT series.id, source_resource.resource FROM series JOIN source_resource "
                 "ON source_resource.agreement = series.agreement "
                 "AND source_resource.kind = series.kind AND source_resource.name = series.name "
                 "WHERE series.agreement = $1") {}

ResourceTable::Named ResourceTable::of(const std::string& agreement) {
  Named named;
  Rows rows = of_.query(agreement);
  while (rows.next()) named[{series_kind(rows.text(0)), rows.string(1)}] = rows.string(2);
  return named;
}

bool ResourceTable::is_as_said(const std::map<std::string, Named>& agreements) {
  return std::all_of(agreements.begin(), agreements.end(), [&](const auto& one) {
    if (one.second.empty()) return true;
    const Named known = of(one.first);
    return std::all_of(one.second.begin(), one.second.end(), [&](const auto& said) {
      const auto found = known.find(said.first);
      return found != known.end() && found->second == said.second;
    });
  });
}

void ResourceTable::say(const std::map<std::string, Named>& agreements) {
  for (const auto& [agreement, named] : agreements) {
    const Named known = of(agreement);
    for (const auto& [source, resource] : named) {
      const auto found = known.find(source);
      if (found != known.end() && found->second == resource) continue;
      put_.run(agreement, to_text(source.kind), source.name, resource);
      note(agreement, source, resource);
    }
  }
}

// Where the source has no counts nothing changes.
void ResourceTable::note(const std::string& agreement, const record::LogName& source,
                         const std::string& resource) {
  core::Interval span;
  {
    Rows rows = span_.query(agreement, to_text(source.kind), source.name);
    if (!rows.next() || rows.integer(0) == 0) return;
    span = {minute(rows.integer(1)), minute(rows.integer(2)) + std::chrono::minutes(1)};
  }
  journal_.add(agreement, {0, record::JournalEntry::Kind::resource, span,
                           fmt::format("{} is of {}", source.name, resource)});
}

std::unordered_map<record::SeriesId, std::string> ResourceTable::by_series(
    const std::string& agreement) {
  std::unordered_map<record::SeriesId, std::string> all;
  Rows rows = by_series_.query(agreement);
  while (rows.next()) all.emplace(rows.integer(0), rows.string(1));
  return all;
}

}  // namespace recoup::ledger
