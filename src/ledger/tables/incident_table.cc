#include "ledger/tables/incident_table.h"

#include <utility>

#include "ledger/tables/columns.h"

namespace recoup::ledger {
namespace {

using core::ProviderIncident;
using record::KeptIncident;

// NULL reads as 0, which is an instant too: one that nobody tells of by a machine's clock.
std::optional<core::Instant> instant_or_none(std::int64_t ms) {
  return ms == 0 ? std::nullopt : std::optional(instant(ms));
}

std::int64_t number_or_none(const std::optional<core::Instant>& at) { return at ? number(*at) : 0; }

ProviderIncident incident_of(const Rows& rows) {
  ProviderIncident one;
  one.number = rows.count(0);
  one.provider = rows.string(1);
  one.id = rows.string(2);
  one.begin = instant(rows.integer(3));
  one.end = instant_or_none(rows.integer(4));
  one.announced = instant_or_none(rows.integer(5));
  one.updated = instant_or_none(rows.integer(6));
  one.title = rows.string(7);
  one.url = rows.string(8);
  one.source = rows.string(9);
  return one;
}

}  // namespace

IncidentTable::IncidentTable(Connection& connection, JournalTable& journal)
    : journal_(journal),
      put_(connection,
           "INSERT INTO incident (provider, given_id, begin_ms, end_ms, announced_ms, updated_ms, "
           "title, url, source, until_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
           "RETURNING id"),
      renew_(connection,
             "UPDATE incident SET begin_ms = $1, end_ms = $2, announced_ms = $3, updated_ms = $4, "
             "title = $5, url = $6, source = $7, until_ms = $8 WHERE id = $9"),
      put_word_(connection,
                "INSERT INTO incident_word (incident, kind, place, word) VALUES ($1, $2, $3, $4)"),
      known_(connection,
             "SELECT id, provider, given_id, begin_ms, end_ms, announced_ms, updated_ms, title, "
             "url, source FROM incident WHERE provider = $1 AND given_id = $2"),
      numbered_(connection,
                "SELECT id, provider, given_id, begin_ms, end_ms, announced_ms, updated_ms, title, "
                "url, source FROM incident WHERE id = $1"),
      words_(connection,
             "SELECT kind, word FROM incident_word WHERE incident = $1 ORDER BY kind, place"),
      forget_words_(connection, "DELETE FROM incident_word WHERE incident = $1"),
      remove_(connection, "DELETE FROM incident WHERE id = $1"),
      find_(connection,
            "SELECT id, provider, given_id, begin_ms, end_ms, announced_ms, updated_ms, title, "
            "url, source FROM incident WHERE begin_ms < $1 AND until_ms > $2 "
            "ORDER BY begin_ms, id") {}

std::vector<KeptIncident> IncidentTable::put(const std::vector<record::ToldIncident>& told) {
  std::vector<KeptIncident> all;
  for (const record::ToldIncident& one : told) {
    all.push_back(put_one(one.incident));
    if (all.back().change == KeptIncident::Change::same) continue;
    const ProviderIncident& kept = all.back().incident;
    for (const std::string& agreement : one.touched) {
      journal_.add(agreement, {0, record::JournalEntry::Kind::incident, kept.span(), kept.title});
    }
  }
  return all;
}

KeptIncident IncidentTable::put_one(const ProviderIncident& told) {
  auto before = known(told);
  if (!before) {
    KeptIncident kept{told};
    {
      Rows added = put_.query(told.provider, told.id, number(told.begin), number_or_none(told.end),
                              number_or_none(told.announced), number_or_none(told.updated),
                              told.title, told.url, told.source, number(told.span().end));
      added.next();
      kept.incident.number = added.count(0);
      added.next();
    }
    write(kept.incident);
    return kept;
  }
  KeptIncident kept{core::merged(*before, told), KeptIncident::Change::updated};
  ProviderIncident same = kept.incident;
  same.source = before->source;  // another copy of the file tells nothing new
  if (same == *before) return {*std::move(before), KeptIncident::Change::same};
  const ProviderIncident& now = kept.incident;
  renew_.run(number(now.begin), number_or_none(now.end), number_or_none(now.announced),
             number_or_none(now.updated), now.title, now.url, now.source, number(now.span().end),
             now.number);
  forget_words_.run(now.number);
  write(now);
  return kept;
}

std::optional<ProviderIncident> IncidentTable::remove(std::uint64_t number,
                                                      const std::vector<std::string>& touched) {
  std::optional<ProviderIncident> found;
  {
    Rows rows = numbered_.query(number);
    if (!rows.next()) return std::nullopt;
    found = incident_of(rows);
  }
  read_words(*found);
  forget_words_.run(number);
  remove_.run(number);
  for (const std::string& agreement : touched) {
    journal_.add(agreement,
                 {0, record::JournalEntry::Kind::incident_removed, found->span(), found->title});
  }
  return found;
}

std::vector<ProviderIncident> IncidentTable::find(const core::Interval& span) {
  std::vector<ProviderIncident> all;
  {
    Rows rows = find_.query(number(span.end), number(span.begin));
    while (rows.next()) all.push_back(incident_of(rows));
  }
  for (ProviderIncident& one : all) read_words(one);
  return all;
}

std::optional<ProviderIncident> IncidentTable::known(const ProviderIncident& told) {
  std::optional<ProviderIncident> found;
  {
    Rows rows = known_.query(told.provider, told.id);
    if (rows.next()) found = incident_of(rows);
  }
  if (found) read_words(*found);
  return found;
}

void IncidentTable::write(const ProviderIncident& incident) {
  const auto put = [&](std::string_view kind, const std::vector<std::string>& words) {
    std::int64_t place = 0;
    for (const std::string& word : words) put_word_.run(incident.number, kind, place++, word);
  };
  put("service", incident.services);
  put("region", incident.regions);
  put("agreement", incident.agreements);
}

void IncidentTable::read_words(ProviderIncident& incident) {
  Rows rows = words_.query(incident.number);
  while (rows.next()) {
    const std::string_view kind = rows.text(0);
    auto& words = kind == "service"  ? incident.services
                  : kind == "region" ? incident.regions
                                     : incident.agreements;
    words.push_back(rows.string(1));
  }
}

}  // namespace recoup::ledger
