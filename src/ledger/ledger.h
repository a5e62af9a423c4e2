#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/agreement.h"
#include "core/provider_incidents.h"
#include "record/claim_life.h"
#include "record/digest_files/digest_evidence.h"
#include "record/followed.h"
#include "record/incidents.h"
#include "record/records.h"
#include "record/roles.h"
#include "record/seal.h"
#include "record/stamp.h"
#include "record/trail.h"
#include "record/upkeep.h"

// A ledger by its roles: who needs one of them is given that one alone. Durable: what a call
// acknowledged is there after a crash at any later instant. One object is used by one thread at a
// time.
namespace recoup::ledger {

// TallyStore keeps what was counted, minute by minute, and what was not: up to when series are
// accounted for, gaps, and steps of the clock.
class TallyStore {
 public:
  // The id of the series; adds it when it is new.
  virtual core::Result<record::SeriesId> series(const record::SeriesKey& key) = 0;

  // The ids of many series, in their order; adds the new ones in one transaction.
  virtual core::Result<std::vector<record::SeriesId>> series(
      const std::vector<record::SeriesKey>& keys) = 0;

  // All series of the agreement, by kind, name and part.
  virtual core::Result<std::vector<record::SeriesState>> all_series(
      const std::string& agreement) = 0;

  // Writes all of the batch or nothing, durably, in one transaction. Evidence that is there already
  // stays as it is; a gap takes the place of one of the same series and begin, unless that is
  // longer.
  virtual core::Result<void> write(const record::Batch& batch) = 0;

  // The stored tally of one series and minute; empty where there is none.
  virtual core::Result<std::vector<core::OutcomeCount>> counts(record::SeriesId series,
                                                               core::Minute minute) = 0;

  // Up to where everything of the series is here; nothing for a new one. As it was written last:
  // the watermark follows a wall clock that is set back.
  virtual core::Result<std::optional<record::Checkpoint>> checkpoint(record::SeriesId series) = 0;

  // The newest minute of which the series has a tally; nothing where it has none.
  virtual core::Result<std::optional<core::Minute>> newest_minute(record::SeriesId series) = 0;

  // What all series of the agreement that are counted saw in [begin, end), and the gaps that
  // overlap it, cut to it (core::Gap::cut_to): the tallies of adjoining spans add up. An error
  // where the counts are too many to be added (core::Tallies::check_total).
  virtual core::Result<core::Tallies> tallies(const std::string& agreement,
                                              const core::Interval& span) = 0;

  // Says which logs of these agreements are compared with the others and not counted, those alone:
  // what they hold stays out of tallies() and evidence(), whenever it was written. Of agreements
  // that are not named nothing changes.
  virtual core::Result<void> compare(
      const std::map<std::string, std::vector<record::LogName>>& logs) = 0;

  // Says of which resource these sources of these agreements are, where a contract sums the time of
  // several: their counts and evidence name it from here on, whenever they were written. Of sources
  // that are not named nothing changes.
  virtual core::Result<void> name_resources(
      const std::map<std::string, std::map<record::LogName, std::string>>& agreements) = 0;

  // The probes and logs of the agreement with counts in [begin, end), by kind, name, format and
  // vantage point.
  virtual core::Result<std::vector<record::SeenSource>> sources(const std::string& agreement,
                                                                const core::Interval& span) = 0;

  // What each log saw in [begin, end) that is compared, by name, after what the counted ones saw
  // together; empty where none is compared.
  virtual core::Result<std::vector<record::LogTallies>> compared(const std::string& agreement,
                                                                 const core::Interval& span) = 0;

  // What tallies() gives, gaps and times that were not seen apart, source by source: by kind, name
  // and vantage point.
  virtual core::Result<std::vector<record::SourceTallies>> tallies_by_source(
      const std::string& agreement, const core::Interval& span) = 0;

  // The gaps of the agreement's probes that overlap [begin, end), cut to it, with their vantage
  // points.
  virtual core::Result<std::vector<std::pair<std::string, core::Gap>>> probe_gaps(
      const std::string& agreement, const core::Interval& span) = 0;

  // What probes of all other agreements came to in [begin, end), by vantage point.
  virtual core::Result<std::vector<record::SourceTallies>> probed_elsewhere(
      const std::string& agreement, const core::Interval& span) = 0;

  // All steps of the wall clock found in [begin, end).
  virtual core::Result<std::vector<record::ClockStep>> clock_steps(const core::Interval& span) = 0;

  // From the first to the last thing that was seen or missed for the agreement; nothing where there
  // is none.
  virtual core::Result<std::optional<core::Interval>> seen(const std::string& agreement) = 0;

  // The earliest minute at the instant or later in which something was seen or missed for the
  // agreement; of a gap that reaches beyond the instant, the instant. Nothing where there is none.
  virtual core::Result<std::optional<core::Instant>> seen_from(const std::string& agreement,
                                                               core::Instant from) = 0;

 protected:
  ~TallyStore() = default;
};

// EvidenceStore gives the records of single requests, and checks them: against the chains through
// them, and against the counts.
class EvidenceStore {
 public:
  // Calls `each` for all evidence of the agreement's counted series in [begin, end), by time, then
  // series and tie.
  // `each` may not use the ledger.
  virtual core::Result<void> evidence(const std::string& agreement, const core::Interval& span,
                                      const std::function<void(const record::Evidence&)>& each) = 0;

  // Not more than `most` of the same records, in the same order, after the first `skip` of them.
  virtual core::Result<std::vector<record::Evidence>> evidence_page(const std::string& agreement,
                                                                    const core::Interval& span,
                                                                    std::uint64_t skip,
                                                                    std::size_t most) = 0;

  // How far the chains of the agreement's series reach, of those with evidence in [begin, end).
  virtual core::Result<std::vector<record::ChainHead>> chain(const std::string& agreement,
                                                             const core::Interval& span) = 0;

  // Recomputes the chains of all the agreement's series from the evidence that is there, and looks
  // whether they still go through the heads that were sealed. One fault a series at most.
  virtual core::Result<std::vector<record::ChainFault>> check_chain(
      const std::string& agreement, const std::vector<record::ChainHead>& sealed) = 0;

  // Sets what was counted against what was recorded, over all minutes of the agreement.
  virtual core::Result<record::EvidenceCheck> check_evidence(const std::string& agreement) = 0;

 protected:
  ~EvidenceStore() = default;
};

// FileStore keeps which log files were read, and what is to be found of their lines later.
class FileStore {
 public:
  // The files read for the agreement, from all its log sources, oldest first.
  virtual core::Result<std::vector<record::ImportedFile>> files(const std::string& agreement) = 0;

  // Of these files, those that are as long as they lie, packed where they are packed; that have the
  // digest, or so many records of that identity; and of fewer records than that. What they cost
  // does not grow with the files that were read, but for those found.
  virtual core::Result<std::vector<record::ImportedFile>> files_of_size(
      const std::string& agreement, std::uint64_t bytes) = 0;
  virtual core::Result<std::vector<record::ImportedFile>> files_alike(const std::string& agreement,
                                                                      const std::string& digest,
                                                                      std::uint64_t records,
                                                                      std::uint64_t identity) = 0;
  virtual core::Result<std::vector<record::ImportedFile>> short_files(const std::string& agreement,
                                                                      std::uint64_t below) = 0;

  // A number that another import for the agreement changes, and what a file that is followed has
  // gained: what a file is compared with holds for as long as it stays.
  virtual core::Result<std::uint64_t> last_import(const std::string& agreement) = 0;

  // The runs of lines of the agreement's files that have a minute in [begin, end), oldest first,
  // without their prints.
  virtual core::Result<std::vector<record::LineRun>> line_runs(const std::string& agreement,
                                                               const core::Interval& span) = 0;

  // The prints of all lines of a run.
  virtual core::Result<std::string> line_prints(std::int64_t run) = 0;

  // Calls `each` with the keys (record::HourKeys) of that hour, file by file, of the agreement's
  // files of the format, but for the file with the digest `except`. `each` may not use the ledger.
  virtual core::Result<void> line_keys(const std::string& agreement, const std::string& format,
                                       core::Instant hour, const std::string& except,
                                       const std::function<void(std::string_view)>& each) = 0;

  // Puts one file's whole content in the ledger, in one transaction and in the memory of one piece:
  // its series (ImportedFile::kind, part = digest), and the minutes and evidence of the pieces,
  // whose series ids are set here. All of it or nothing, whatever goes wrong. Removes first what
  // the file `replaces` (a digest, or empty), of which it is a longer copy; that it is not there is
  // an error. Does nothing, and says so with false, if the agreement has the file already, from
  // whichever log source, or if last_import() is no longer `compared_with`: then another import may
  // have brought some of its lines.
  virtual core::Result<bool> import(const std::string& agreement, const std::string& log,
                                    const record::ImportedFile& file, const record::Pieces& content,
                                    const std::string& replaces,
                                    std::optional<std::uint64_t> compared_with) = 0;

  // The same of content that is one piece; without `compared_with` it was compared with nothing.
  core::Result<bool> import(const std::string& agreement, const std::string& log,
                            const record::ImportedFile& file, const record::Batch& content,
                            const std::string& replaces,
                            std::optional<std::uint64_t> compared_with = std::nullopt) {
    const record::Pieces one = [&](const auto& take) {
      take(content);
      return core::Result<void>();
    };
    return import(agreement, log, file, one, replaces, compared_with);
  }

  // Puts files of trails in the ledger, each as one agreement's, all of them in one transaction:
  // their events are counted once, whichever files have them. What the agreement has as a whole
  // already changes nothing and leaves no trace. What became of each, in their order.
  virtual core::Result<std::vector<record::TrailAdded>> import_trail(
      const std::vector<record::TrailFile>& files) = 0;

  // Takes a file of the agreement back, with all that it alone brought, in one transaction: the
  // time in which that changed something; nothing where there is no such file.
  virtual core::Result<std::optional<core::Interval>> remove_file(const std::string& agreement,
                                                                  const std::string& digest) = 0;

 protected:
  ~FileStore() = default;
};

// FollowStore keeps how far files were read that are followed, and what they bring.
class FollowStore {
 public:
  // The files that are read on that behalf, by number.
  virtual core::Result<std::vector<record::FollowedFile>> followed(const std::string& reader) = 0;

  // Keeps where the reading of these files goes on, in one transaction, and forgets those of the
  // numbers in `gone`; gives the numbers of `files` back, in their order.
  virtual core::Result<std::vector<std::int64_t>> note_followed(
      const std::vector<record::FollowedFile>& files, const std::vector<std::int64_t>& gone) = 0;

  // Adds what a file has gained to its series (kind file, part = the name), and keeps where it goes
  // on, in one transaction: the minutes of the pieces are added to what is there. The number of the
  // file's state; nothing, and nothing was changed, if last_import() is no longer `compared_with`.
  // Without a record, a malformed line or one of our own the state alone is kept.
  virtual core::Result<std::optional<std::int64_t>> grow(const record::FileGrowth& growth,
                                                         const record::Pieces& content,
                                                         std::uint64_t compared_with) = 0;

  // The times of which a followed log said nothing, and keeping others in their place: the time
  // that changed, which the journal has then.
  virtual core::Result<std::vector<core::Unseen>> silence(const record::SeriesKey& series) = 0;
  virtual core::Result<core::Interval> note_silence(const record::Silence& silence) = 0;

 protected:
  ~FollowStore() = default;
};

// DigestStore keeps what proves that files of a trail are as they were signed.
class DigestStore {
 public:
  // Keeps digests that verify, the keys, and what they say of files, in one transaction. What is
  // known of the same digest or file gives way.
  virtual core::Result<void> keep_digests(const record::DigestEvidence& evidence) = 0;

  // The digests whose time overlaps [begin, end + late), all keys, and the agreement's files of
  // trails that have something in [begin, end), with what digests said of each.
  virtual core::Result<record::DigestEvidence> digests(const std::string& agreement,
                                                       const core::Interval& span,
                                                       core::Millis late) = 0;

 protected:
  ~DigestStore() = default;
};

// Incidents keeps what providers told of their own troubles. No figure rests on it.
class Incidents {
 public:
  // Keeps incidents, all in one transaction. One of the same provider and id is brought up to date
  // (core::merged), and keeps its number. What became of each, in their order; what changed is in
  // the journals of the agreements that it touches.
  virtual core::Result<std::vector<record::KeptIncident>> keep_incidents(
      const std::vector<record::ToldIncident>& incidents) = 0;

  // Takes the incident of that number away, which no other will have again, and notes that in the
  // journals of the agreements; nothing where there is none.
  virtual core::Result<std::optional<core::ProviderIncident>> remove_incident(
      std::uint64_t number, const std::vector<std::string>& touched) = 0;

  // Those whose time overlaps [begin, end), of all providers, by begin, then number.
  virtual core::Result<std::vector<core::ProviderIncident>> incidents(
      const core::Interval& span) = 0;

 protected:
  ~Incidents() = default;
};

// StampStore keeps what a third party signed the time of.
class StampStore {
 public:
  // Keeps a stamp for ever, behind the agreement's newest one, whose token's digest its document
  // must name: an error where it does not.
  virtual core::Result<void> add_stamp(const record::Stamp& stamp) = 0;

  // The agreement's stamps in the order in which they were added: from the first one that ends
  // after `from` on, and where none does, the newest.
  virtual core::Result<std::vector<record::Stamp>> stamps(const std::string& agreement,
                                                          core::Instant from) = 0;

 protected:
  ~StampStore() = default;
};

// Exclusions keeps the times that the user takes out of the measurement.
class Exclusions {
 public:
  // Keeps a time that the user takes out of the measurement. One of the same begin and end takes
  // its place; others may overlap it. Its span is not empty.
  virtual core::Result<void> exclude(const std::string& agreement,
                                     const core::ExclusionWindow& window) = 0;

  // Takes the exclusion of exactly this begin and end back; whether there was one.
  virtual core::Result<bool> remove_exclusion(const std::string& agreement,
                                              const core::Interval& span) = 0;

  // All exclusions of the agreement, by begin, then end.
  virtual core::Result<std::vector<core::ExclusionWindow>> exclusions(
      const std::string& agreement) = 0;

 protected:
  ~Exclusions() = default;
};

// Journal tells what may have changed a time that is over: files, exclusions, gaps.
class Journal {
 public:
  // The agreement's entries that are newer than the one with the id `after`, oldest first; 0 is
  // before all.
  virtual core::Result<std::vector<record::JournalEntry>> journal(const std::string& agreement,
                                                                  std::uint64_t after) = 0;

  // The agreements that have entries newer than the one with the id `after`, each with the id of
  // its newest: a cheap way to ask what others wrote.
  virtual core::Result<std::map<std::string, std::uint64_t>> journal_news(std::uint64_t after) = 0;

 protected:
  ~Journal() = default;
};

// Seals keeps what was found of months that are over, revision by revision: none ever changes.
class Seals {
 public:
  // Keeps a seal for ever: its revision must be the next one of its month, and name the digest of
  // the one before.
  virtual core::Result<void> add_seal(const record::Seal& seal) = 0;

  // Notes that everything up to this entry of the journal is in the month's newest seal, or changed
  // nothing of it.
  virtual core::Result<void> note_sealed(const std::string& agreement, core::Month month,
                                         std::uint64_t journal) = 0;

  // All seals of the agreement, by month, then revision; their `journal` is what was noted last.
  virtual core::Result<std::vector<record::Seal>> seals(const std::string& agreement) = 0;

 protected:
  ~Seals() = default;
};

// ClaimEvents keeps the lives of claims, step by step.
class ClaimEvents {
 public:
  // Keeps a step in the life of a claim. Whether it may follow is record::check_step's to say.
  virtual core::Result<void> add_claim_event(const record::ClaimEvent& event) = 0;

  // All steps for the agreement, by time, then in the order they were added.
  virtual core::Result<std::vector<record::ClaimEvent>> claim_events(
      const std::string& agreement) = 0;

  // The number of the newest step of any claim; 0 where there is none. It grows with each step: a
  // cheap way to ask whether anything happened.
  virtual core::Result<std::uint64_t> claim_events_end() = 0;

 protected:
  ~ClaimEvents() = default;
};

// Upkeep keeps a ledger small. Counts stay for good; evidence stays as long as it is told to.
class Upkeep {
 public:
  // Folds some of what was counted, in one transaction: each series' day becomes one value. What is
  // written later into such a day is as if it never had been folded, and the day is found again.
  // No question to the ledger has another answer for it.
  virtual core::Result<record::FoldTurn> fold(const record::FoldOrder& order) = 0;

  // What is folded.
  virtual core::Result<record::Folded> folded() = 0;

  // Removes some evidence for good, in one transaction: of each chain its begin, as far as all of
  // it is earlier than the order says. Of each chain it is kept how far that went, and where the
  // rest begins.
  virtual core::Result<record::EvidenceTurn> remove_evidence(
      const record::EvidenceOrder& order) = 0;

  // What was removed of the agreement's evidence, by kind, name and part; nothing of what lies in
  // files that were taken back since.
  virtual core::Result<std::vector<record::RemovedEvidence>> removed_evidence(
      const std::string& agreement) = 0;

  // Gives room back to the machine that nothing stands in, where there is much of it: some, which
  // takes a moment; whether there is more. Of a database that looks after that itself, or was not
  // made so, none.
  virtual core::Result<bool> give_back() = 0;

 protected:
  ~Upkeep() = default;
};

// Notices keeps what people were told, so that nothing is told again after a restart.
class Notices {
 public:
  // The names of all that was told, in order.
  virtual core::Result<std::vector<std::string>> told() = 0;

  // Notes that it was told then; a name that was told before stays as it is.
  virtual core::Result<void> note_told(const std::string& name, core::Instant at) = 0;

 protected:
  ~Notices() = default;
};

// Waiting is what was acknowledged and is not in the ledger yet, because its database cannot be
// reached: it is durable elsewhere.
struct Waiting {
  std::string what;  // in words, and why; empty where nothing waits
  // From when the oldest is of what came into the ledger since this was asked last.
  std::optional<core::Instant> came;
};

// Ledger is all of it in one place: what was seen, what the user excluded from it, the seals of
// cycles that are over, the lives of claims, and what people were told. Several processes may read
// one ledger while one service writes it.
class Ledger : public TallyStore,
               public EvidenceStore,
               public FileStore,
               public FollowStore,
               public DigestStore,
               public Incidents,
               public StampStore,
               public Exclusions,
               public Journal,
               public Seals,
               public ClaimEvents,
               public Upkeep,
               public Notices {
 public:
  virtual ~Ledger() = default;

  // Whether opening it made it.
  virtual bool is_new() const = 0;

  // Makes this object the only one, of all processes, that records for the writer's vantage, for as
  // long as it lives. The error names who does so already. This object ends after all others of its
  // process on the same ledger.
  virtual core::Result<void> become_writer(const record::Writer& writer) = 0;

  // For the writer to call every second or so. An error if the ledger was moved, deleted, replaced
  // or cut short since it was opened: what is written would be lost, and nothing is written until
  // save() has brought what there is to safety. Now and then carries over what was written from the
  // write-ahead log, so that the file alone is nearly all.
  virtual core::Result<void> tend() = 0;

  // Brings all that is in the ledger to safety after tend() found a fault, and goes on there: in a
  // new file in the old place, where that is free or holds nothing else, or beside it. Takes as
  // long as copying the ledger does. On an error everything is as before. The writer's alone.
  virtual core::Result<record::Saved> save() = 0;

  // What waits elsewhere; only ever something for the writer of a ledger that can be out of reach.
  virtual Waiting waiting() { return {}; }

  // Whether this process is the one judge that seals, tells and has times signed, of all that have
  // the ledger: to be asked at least each ten seconds. Another one is within a minute of the last
  // time.
  virtual core::Result<bool> leads(const record::Writer& writer) = 0;

  // Who is the judge, and who records for each vantage, by name: they, or the last who were.
  virtual core::Result<std::vector<record::Holder>> holders() = 0;

  // Another way to the same ledger, for another thread; it follows to where the ledger is saved.
  // Null where there can be none, as for a ledger in memory.
  virtual core::Result<std::unique_ptr<Ledger>> beside() = 0;
};

}  // namespace recoup::ledger
