#include "ledger/tables/tables.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/ensure.h"

namespace recoup::ledger {
namespace {

using core::Instant;
using core::Interval;

// A record is the same one under whichever name of a log its file is read: an agreement has one
// trail.
constexpr const char* kTrail = "cloudtrail";

// FileContent puts the pieces of one file into its series, and adds up what they touch.
class FileContent {
 public:
  // `grows`: the counts are added to those that it has.
  FileContent(Tables& at, record::SeriesId series, bool grows = false)
      : at_(at), series_(series), grows_(grows) {
    at_.evidence.begin();
  }

  void put(const record::Batch& piece) {
    for (const record::SeriesMinute& row : piece.minutes) {
      const Instant minute = row.minute;
      touched_ = joined(touched_, {minute, minute + std::chrono::minutes(1)});
      for (const core::OutcomeCount& one : row.counts) add_up(one.count);
      if (grows_) {
        raise(row);
      } else {
        at_.tallies.put(series_, row);
      }
    }
    for (const record::SeriesEvidence& row : piece.evidence) {
      touched_ = joined(touched_, {row.evidence.at, row.evidence.at + core::Millis(1)});
    }
    at_.evidence.put(series_, piece.evidence);
    for (const record::SeriesUnseen& row : piece.unseen) {
      touched_ = joined(touched_, row.unseen.span);
      at_.tallies.put(record::SeriesUnseen{series_, row.unseen});
    }
  }

  // When all pieces were put. Only a file that alone counts an eight millionth of what counts may
  // add up to can make them too many: only then are they added up.
  void finish(const std::string& agreement) {
    at_.evidence.end();
    if (counted_ == kLarge) at_.tallies.check_total(agreement);
  }

  // The time from the first to the last minute or record.
  const Interval& touched() const { return touched_; }

 private:
  static constexpr std::uint64_t kLarge = core::kMostCounted >> 23;

  void raise(const record::SeriesMinute& row) {
    for (const core::OutcomeCount& one : row.counts) {
      at_.tallies.change(series_, row.minute.time_since_epoch().count(),
                         at_.outcomes.id(one.outcome), static_cast<std::int64_t>(one.count));
    }
  }

  void add_up(std::uint64_t count) {
    counted_ = count > kLarge ? kLarge : std::min(kLarge, counted_ + count);
  }

  Tables& at_;
  record::SeriesId series_;
  bool grows_;
  Interval touched_;
  std::uint64_t counted_ = 0;  // kLarge at most
};

}  // namespace

Tables::Tables(Connection& to)
    : connection(to),
      outcomes(to),
      journal(to),
      resources(to, journal),
      series(to),
      folds(to),
      tallies(to, outcomes, resources, folds),
      removed(to),
      evidence(to, outcomes, resources, folds, removed),
      files(to, evidence, folds),
      followed(to),
      events(to, {outcomes, series, tallies, evidence}),
      compared(to, outcomes, journal, resources),
      exclusions(to, journal),
      seals(to),
      claims(to),
      digests(to),
      incidents(to, journal),
      told(to),
      stamps(to) {}

void Tables::put(const record::Batch& batch) {
  for (const record::SeriesMinute& row : batch.minutes) tallies.put(row.series, row);
  evidence.begin();
  evidence.put(batch.evidence);
  evidence.end();
  for (const record::Checkpoint& row : batch.checkpoints) tallies.put(row);
  for (const record::SeriesGap& row : batch.gaps) tallies.put(row);
  journal.add_gaps(batch.gaps);
  for (const record::SeriesUnseen& row : batch.unseen) tallies.put(row);
  journal.add_unseen(batch.unseen);
  for (const record::ClockStep& step : batch.clock_steps) tallies.put(step);
  for (const record::Correction& one : batch.corrections) {
    journal.add(one.agreement, {0, record::JournalEntry::Kind::query, one.span, one.source});
  }
}

bool Tables::import(const std::string& agreement, const std::string& log,
                    const record::ImportedFile& file, const record::Pieces& pieces,
                    const std::string& replaces, std::optional<std::uint64_t> compared_with) {
  RECOUP_ENSURE(!file.digest.empty());
  if (file.digest != replaces && files.has(agreement, file.digest)) return false;
  if (compared_with && files.last_import(agreement) != *compared_with) return false;
  Interval replaced;
  if (!replaces.empty()) replaced = files.remove(agreement, replaces);
  const record::SeriesId id = series.id({agreement, file.kind, log, file.digest});
  files.add(id, agreement, log, file);
  FileContent content(*this, id);
  const auto put = pieces([&](const record::Batch& piece) { content.put(piece); });
  if (!put) throw Failure(put.error());
  content.finish(agreement);
  journal.add(agreement, {0, record::JournalEntry::Kind::file, joined(content.touched(), replaced),
                          file.name, replaces});
  return true;
}

std::optional<std::int64_t> Tables::grow(const record::FileGrowth& growth,
                                         const record::Pieces& pieces,
                                         std::uint64_t compared_with) {
  const record::ImportedFile& file = growth.file;
  if (files.last_import(growth.agreement) != compared_with) return std::nullopt;
  const bool has_something = growth.new_records + file.malformed + file.own > 0;
  if (has_something) {
    const record::SeriesId id =
        series.id({growth.agreement, record::SeriesKind::file, growth.log, file.digest});
    files.grow(id, growth);
    FileContent content(*this, id, true);
    const auto put = pieces([&](const record::Batch& piece) { content.put(piece); });
    if (!put) throw Failure(put.error());
    content.finish(growth.agreement);
    followed.count_growth(growth.agreement);
    if (growth.is_late && !content.touched().empty()) {
      journal.add(growth.agreement,
                  {0, record::JournalEntry::Kind::file, content.touched(), file.name, ""});
    }
  }
  if (growth.silence) note_silence(*growth.silence);
  return followed.put(growth.state);
}

core::Interval Tables::note_silence(const record::Silence& silence) {
  const record::SeriesId id = series.id(silence.series);
  const std::vector<core::Unseen> before = tallies.unseen(id);
  Interval changed;
  const auto differs = [](const std::vector<core::Unseen>& among) {
    return [&among](const core::Unseen& one) {
      return std::find(among.begin(), among.end(), one) == among.end();
    };
  };
  for (const core::Unseen& one : before) {
    if (differs(silence.times)(one)) changed = joined(changed, one.span);
  }
  for (const core::Unseen& one : silence.times) {
    if (differs(before)(one)) changed = joined(changed, one.span);
  }
  if (changed.empty()) return {};
  tallies.replace_unseen(id, silence.times);
  journal.add(silence.series.agreement,
              {0, record::JournalEntry::Kind::gap, changed, silence.series.name});
  return changed;
}

std::vector<record::TrailAdded> Tables::import_trail(
    const std::vector<record::TrailFile>& trail_files) {
  std::vector<record::TrailAdded> all;
  std::map<EventTable::Trail, Instant> heard;
  std::set<std::string> touched;
  events.begin();
  evidence.begin();
  for (const record::TrailFile& one : trail_files) {
    record::TrailAdded& added = all.emplace_back();
    if (const auto read = files.read_of(one.agreement, one.file.digest)) {
      added.duplicates = one.events.events.size();
      added.read_only = *read;
      continue;
    }
    const EventTable::Trail trail{one.agreement, kTrail};
    const std::int64_t file = files.add(events.series_of(trail), one.agreement, one.log, one.file);
    added = events.add(trail, file, one.events);
    if (!added.is_new) {
      files.forget(file);
      continue;
    }
    files.note(file, added.counted, added.duplicates);
    touched.insert(one.agreement);
    Instant& last = heard.try_emplace(trail, one.events.heard).first->second;
    last = std::max(last, one.events.heard);
    journal.add(one.agreement,
                {0, record::JournalEntry::Kind::file, one.file.span, one.file.name, ""});
  }
  evidence.end();
  for (const auto& [trail, last] : heard) note_unseen(trail, last);
  for (const std::string& agreement : touched) tallies.check_total(agreement);
  return all;
}

void Tables::note_unseen(const EventTable::Trail& trail, Instant heard) {
  const Interval changed = events.note_unseen(trail, heard);
  if (!changed.empty()) {
    journal.add(trail.agreement, {0, record::JournalEntry::Kind::gap, changed, trail.log});
  }
}

std::optional<Interval> Tables::remove_file(const std::string& agreement,
                                            const std::string& digest) {
  if (!files.has(agreement, digest)) return std::nullopt;
  Interval span;
  if (const auto of_trail = files.of_trail(agreement, digest)) {
    const EventTable::Trail trail{agreement, kTrail};
    events.begin();
    evidence.begin();
    span = events.remove(trail, of_trail->id, of_trail->span);
    evidence.end();
    files.forget(of_trail->id);
    note_unseen(trail, {});
  } else {
    span = files.remove(agreement, digest);
  }
  journal.add(agreement, {0, record::JournalEntry::Kind::file_removed, span, "", digest});
  return span;
}

}  // namespace recoup::ledger
