#include "judge/beside.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/assess.h"
#include "core/compare.h"
#include "core/text.h"
#include "sources/logs/format.h"
#include "sources/logs/sight.h"

namespace recoup::judge {
namespace {

using config::AgreementSettings;
using config::LogSettings;
using core::Result;
using record::SeriesKind;

// The log of the settings that the source is; null where it has none. A trail is one whatever its
// log is called.
const LogSettings* log_of(const AgreementSettings& settings, const record::SeenSource& source) {
  const auto is_it = [&](const LogSettings& log) {
    const bool is_trail = log.format == sources::kTrailFormat;
    return source.log.kind == SeriesKind::stream && source.log.name == sources::kTrailFormat
               ? is_trail
               : log.id == source.log.name && !is_trail;
  };
  const auto found = std::find_if(settings.logs.begin(), settings.logs.end(), is_it);
  return found == settings.logs.end() ? nullptr : &*found;
}

// "probe", "csm", or how the log is written; empty: nobody knows.
std::string kind_of(const record::SeenSource& source, const LogSettings* log) {
  if (source.log.kind == SeriesKind::probe) return "probe";
  if (source.log.kind == SeriesKind::sdk) return config::kSdkAttempts;
  if (!source.format.empty()) return source.format;
  if (log != nullptr) return log->format == sources::kAutoFormat ? std::string() : log->format;
  const bool is_trail = source.log.kind == SeriesKind::stream;
  return is_trail && source.log.name == sources::kTrailFormat ? sources::kTrailFormat : "";
}

// A source by what it is, and what the settings say of it.
struct Known {
  std::string kind;
  std::string name;
  std::set<std::string> vantages;
  bool compared = false;
  bool apart = false;

  std::string words() const { return fmt::format("the log {} ({})", name, kind); }
};

std::vector<Known> known_of(const AgreementSettings& settings,
                            const std::set<record::SeenSource>& sources) {
  std::vector<Known> all;
  std::map<std::pair<std::string, std::string>, std::size_t> places;  // of those with a vantage
  for (const record::SeenSource& source : sources) {
    const LogSettings* log = log_of(settings, source);
    Known known{kind_of(source, log),
                log == nullptr ? source.log.name : log->id,
                {},
                source.compared,
                log != nullptr && log->apart};
    // What differs by its vantage point alone is one source.
    if (source.vantage.empty()) {
      all.push_back(std::move(known));
      continue;
    }
    const auto [place, is_new] = places.try_emplace({known.kind, known.name}, all.size());
    if (is_new) all.push_back(std::move(known));
    all[place->second].vantages.insert(source.vantage);
  }
  return all;
}

std::vector<core::Source> sources_of(const std::vector<Known>& all) {
  std::map<std::string, core::Source> by_kind;
  std::map<std::string, std::set<std::string>> vantages;
  std::set<std::pair<std::string_view, std::string_view>> named;
  for (const Known& one : all) {
    core::Source& to = by_kind[one.kind];
    to.kind = one.kind;
    to.cannot_see = sources::sight_of(one.kind).cannot_see;
    to.estimated = to.estimated || (!one.compared && sources::sight_of(one.kind).estimates);
    if (named.emplace(one.kind, one.name).second) to.names.push_back(one.name);
    vantages[one.kind].insert(one.vantages.begin(), one.vantages.end());
  }
  std::vector<core::Source> sources;
  for (auto& [kind, source] : by_kind) {
    source.vantages.assign(vantages[kind].begin(), vantages[kind].end());
    sources.push_back(std::move(source));
  }
  return sources;
}

bool overlap(const Known& one, const Known& other) {
  if (sources::surely_see_the_same(one.kind, other.kind)) return true;
  return !one.apart && !other.apart && sources::see_the_same(one.kind, other.kind);
}

// Of the logs that are counted: probes are many, and what they send nobody else does.
std::vector<core::Overlap> overlaps_of(const std::vector<Known>& all) {
  std::vector<const Known*> logs;
  for (const Known& one : all) {
    if (!one.compared && one.kind != "probe") logs.push_back(&one);
  }
  std::vector<core::Overlap> overlaps;
  for (auto other = logs.begin(); other != logs.end(); ++other) {
    const auto one = std::find_if(logs.begin(), other,
                                  [&](const Known* before) { return overlap(*before, **other); });
    if (one != other) overlaps.push_back({(*one)->words(), (*other)->words()});
  }
  return overlaps;
}

// What a log cannot say of late answers, where those are Errors: that term is not measured by it.
std::string unmeasured_time(const std::string& kind, const std::string& time) {
  using Durations = sources::Format::Durations;
  const sources::Format* format = sources::find_format(kind);
  const Durations durations = format == nullptr ? Durations::no : format->durations;
  if (kind == "probe" || durations == Durations::all) return {};
  if (durations == Durations::some) {
    return fmt::format(
        "An answer after more than {} is an Error under this contract, which only lines that say "
        "how long a request took can show.",
        time);
  }
  return fmt::format(
      "An answer after more than {} is an Error under this contract, which {} does not measure: "
      "late "
      "answers to these Requests are not among the Errors.",
      time, kind.empty() ? "this source" : "a log of this kind");
}

void add_unmeasured_time(const core::ErrorRule& error, std::vector<core::Source>& sources) {
  if (!error.slower_than) return;
  for (core::Source& source : sources) {
    const std::string words = unmeasured_time(source.kind, core::to_text(*error.slower_than));
    if (!source.cannot_see.empty() && !words.empty()) source.cannot_see += ' ';
    source.cannot_see += words;
  }
}

// How the ledger may have the log: as files, as what goes on, as what SDKs report.
void add_names(const LogSettings& log, std::vector<record::LogName>& names) {
  const bool is_trail = log.format == sources::kTrailFormat;
  if (is_trail) names.push_back({SeriesKind::stream, sources::kTrailFormat});
  names.push_back({SeriesKind::file, log.id});
  names.push_back({SeriesKind::query, log.id});
  names.push_back({SeriesKind::sdk, log.id});
  if (log.id != sources::kTrailFormat) names.push_back({SeriesKind::stream, log.id});
}

}  // namespace

core::Counts& Beside::counts_of(const std::string& log) {
  return logs_.try_emplace(log, *version_, cycle_).first->second;
}

Result<void> Beside::add(ledger::TallyStore& ledger, const std::string& agreement,
                         const core::Interval& span) {
  const auto sources = ledger.sources(agreement, span);
  if (!sources) return sources.error();
  sources_.insert(sources->begin(), sources->end());
  const auto logs = ledger.compared(agreement, span);
  if (!logs) return logs.error();
  for (const record::LogTallies& one : *logs) {
    core::Counts& counts = counts_of(one.log);
    counts.add(one.tallies);
    if (auto few = counts.check_total(); !few) return few.error();
    counts.pack();
  }
  return {};
}

void Beside::put(const AgreementSettings& settings, const core::Zone& zone,
                 const std::vector<core::ExclusionWindow>& exclusions, core::Instant now,
                 core::Assessment& assessment) const {
  const std::vector<Known> known = known_of(settings, sources_);
  assessment.sources = sources_of(known);
  add_unmeasured_time(version_->error, assessment.sources);
  assessment.overlaps = overlaps_of(known);
  if (logs_.size() < 2) return;
  const auto by_itself = [&](const core::Counts& counts) {
    return core::assess(*version_, zone, assessment.cycle, counts, exclusions, now);
  };
  assessment.logged = by_itself(logs_.at("")).parts;
  for (const auto& [name, counts] : logs_) {
    if (name.empty()) continue;
    // What is kept of trails has the name of the format; the settings call the log by an id.
    const auto is_trail = [](const LogSettings& log) {
      return log.corroborates && log.format == sources::kTrailFormat;
    };
    const auto trail = name == sources::kTrailFormat
                           ? std::find_if(settings.logs.begin(), settings.logs.end(), is_trail)
                           : settings.logs.end();
    assessment.comparisons.push_back(core::compare(trail == settings.logs.end() ? name : trail->id,
                                                   assessment.logged, by_itself(counts)));
  }
}

namespace {

// Tells the ledger of which resource the probes and logs are that name one.
Result<void> note_resources(ledger::TallyStore& ledger, const config::Settings& settings) {
  std::map<std::string, std::map<record::LogName, std::string>> agreements;
  for (const AgreementSettings& agreement : settings.agreements) {
    std::map<record::LogName, std::string> named;
    for (const auto& probe : agreement.probes) {
      if (!probe.resource.empty()) named[{SeriesKind::probe, probe.id}] = probe.resource;
    }
    for (const LogSettings& log : agreement.logs) {
      if (log.resource.empty()) continue;
      std::vector<record::LogName> names;
      add_names(log, names);
      for (const record::LogName& name : names) named[name] = log.resource;
    }
    if (!named.empty()) agreements.emplace(agreement.agreement.id, std::move(named));
  }
  return ledger.name_resources(agreements);
}

}  // namespace

Result<void> note_compared(ledger::TallyStore& ledger, const config::Settings& settings) {
  std::map<std::string, std::vector<record::LogName>> logs;
  for (const AgreementSettings& agreement : settings.agreements) {
    auto& names = logs[agreement.agreement.id];
    for (const LogSettings& log : agreement.logs) {
      if (log.corroborates) add_names(log, names);
    }
    for (const config::QuerySettings& query : agreement.queries) {
      if (query.corroborates) names.push_back({SeriesKind::query, query.id});
    }
  }
  if (auto done = ledger.compare(logs); !done) return done;
  return note_resources(ledger, settings);
}

}  // namespace recoup::judge
