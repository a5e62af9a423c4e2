#include "cli/incident_rows.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/terminal.h"
#include "cli/text_table.h"
#include "core/text.h"
#include "judge/provider_incidents.h"
#include "report/incident_words.h"

namespace recoup::cli {
namespace {

using core::ProviderIncident;

// Longer than any time that is told of.
constexpr core::Interval kAlways{core::Instant(), core::kOpenEnd};

// As it will be once it is kept: the user's word of earlier holds.
ProviderIncident as_kept(const std::vector<ProviderIncident>& known, const ProviderIncident& told) {
  const auto before = std::find_if(known.begin(), known.end(), [&](const ProviderIncident& one) {
    return one.provider == told.provider && one.id == told.id;
  });
  return before == known.end() ? told : core::merged(*before, told);
}

std::string agreements_cell(const IncidentRow& row) {
  if (!row.touched.empty()) return core::listed(row.touched);
  if (row.perhaps.empty()) return "none";
  return fmt::format("perhaps {}", core::listed(row.perhaps, "or"));
}

std::string instant_cell(const std::optional<core::Instant>& at) {
  return at ? core::to_text(*at) : "not known";
}

}  // namespace

IncidentRow incident_row(const config::Settings& settings, ProviderIncident incident) {
  IncidentRow row{std::move(incident), {}, {}};
  for (const config::AgreementSettings& one : settings.agreements) {
    switch (judge::touch_of(row.incident, one.agreement, *one.rule)) {
      case judge::Touch::yes: row.touched.push_back(one.agreement.id); break;
      case judge::Touch::perhaps: row.perhaps.push_back(one.agreement.id); break;
      case judge::Touch::no: break;
    }
  }
  return row;
}

core::Result<std::vector<IncidentRow>> all_incident_rows(const config::Settings& settings,
                                                         ledger::Incidents& ledger) {
  auto all = ledger.incidents(kAlways);
  if (!all) return all.error();
  std::vector<IncidentRow> rows;
  for (ProviderIncident& one : *all) rows.push_back(incident_row(settings, std::move(one)));
  return rows;
}

core::Result<std::vector<IncidentRow>> keep_incidents(
    const config::Settings& settings, ledger::Incidents& ledger,
    const std::vector<ProviderIncident>& incidents) {
  const auto known = ledger.incidents(kAlways);
  if (!known) return known.error();
  std::vector<record::ToldIncident> told;
  for (const ProviderIncident& one : incidents) {
    told.push_back({one, incident_row(settings, as_kept(*known, one)).touched});
  }
  auto kept = ledger.keep_incidents(told);
  if (!kept) return kept.error();
  std::vector<IncidentRow> rows;
  for (record::KeptIncident& one : *kept) {
    rows.push_back(incident_row(settings, std::move(one.incident)));
    rows.back().change = record::to_text(one.change);
  }
  return rows;
}

void print_incident_rows(const std::vector<IncidentRow>& rows) {
  TextTable table({Column("ID").right(), Column("WHAT BECAME OF IT").goes(5),
                   Column("AGREEMENTS").cut_to(12), Column("PROVIDER").goes(4),
                   Column("SERVICE").cut_to(8).goes(3), Column("REGIONS").cut_to(8).goes(2),
                   "BEGIN", Column("END").goes(1), Column("FIRST WORD").goes(6),
                   Column("TITLE").broken_to(20)});
  bool has_perhaps = false;
  bool has_none = false;
  for (const IncidentRow& row : rows) {
    const ProviderIncident& one = row.incident;
    has_none = has_none || (row.touched.empty() && row.perhaps.empty());
    has_perhaps = has_perhaps || (row.touched.empty() && !row.perhaps.empty());
    table.add({std::to_string(one.number), row.change, agreements_cell(row), one.provider,
               core::listed(one.services), core::listed(one.regions), core::to_text(one.begin),
               instant_cell(one.end), instant_cell(one.announced), one.title});
  }
  if (!rows.empty()) table.print();
  if (has_perhaps) {
    say(prose(
        "perhaps: provider and service are an agreement's, and which Regions are meant one of both "
        "does not say; give --agreement ID with the same file to say that it is touched"));
  }
  if (has_none) {
    say(prose(
        "none: no agreement has that provider, service and Region, as far as can be told; where "
        "one is touched all the same, give --agreement ID with the same file"));
  }
}

report::Json incident_rows_json(const std::vector<IncidentRow>& rows) {
  report::Json list = report::Json::array();
  for (const IncidentRow& row : rows) {
    report::Json json = report::incident_json(row.incident);
    json["agreements"] = row.touched;
    json["perhaps"] = row.perhaps;
    if (!row.change.empty()) json["change"] = row.change;
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace recoup::cli
