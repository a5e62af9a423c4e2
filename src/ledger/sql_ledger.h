#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ledger/ledger.h"
#include "ledger/sql/database.h"
#include "ledger/tables/tables.h"

namespace recoup::ledger {

// SqlLedger is a ledger in a database of whichever kind: the tables over the port (sql/database.h),
// each call a transaction of its own, each failure an Error in words.
class SqlLedger : public Ledger {
 public:
  // Throws Failure.
  explicit SqlLedger(std::unique_ptr<Database> database);

  bool is_new() const override { return database_->is_new(); }
  core::Result<void> become_writer(const record::Writer& writer) override;
  core::Result<void> tend() override;
  core::Result<record::Saved> save() override;
  core::Result<bool> leads(const record::Writer& writer) override;
  core::Result<std::vector<record::Holder>> holders() override;
  core::Result<std::unique_ptr<Ledger>> beside() override;

  core::Result<record::SeriesId> series(const record::SeriesKey& key) override;
  core::Result<std::vector<record::SeriesId>> series(
      const std::vector<record::SeriesKey>& keys) override;
  core::Result<std::vector<record::SeriesState>> all_series(const std::string& agreement) override;
  core::Result<void> write(const record::Batch& batch) override;
  core::Result<std::vector<core::OutcomeCount>> counts(record::SeriesId series,
                                                       core::Minute minute) override;
  core::Result<std::optional<record::Checkpoint>> checkpoint(record::SeriesId series) override;
  core::Result<std::optional<core::Minute>> newest_minute(record::SeriesId series) override;
  core::Result<core::Tallies> tallies(const std::string& agreement,
                                      const core::Interval& span) override;
  core::Result<void> compare(
      const std::map<std::string, std::vector<record::LogName>>& logs) override;
  core::Result<void> name_resources(
      const std::map<std::string, std::map<record::LogName, std::string>>& agreements) override;
  core::Result<std::vector<record::SeenSource>> sources(const std::string& agreement,
                                                        const core::Interval& span) override;
  core::Result<std::vector<record::LogTallies>> compared(const std::string& agreement,
                                                         const core::Interval& span) override;
  core::Result<std::vector<record::SourceTallies>> tallies_by_source(
      const std::string& agreement, const core::Interval& span) override;
  core::Result<std::vector<std::pair<std::string, core::Gap>>> probe_gaps(
      const std::string& agreement, const core::Interval& span) override;
  core::Result<std::vector<record::SourceTallies>> probed_elsewhere(
      const std::string& agreement, const core::Interval& span) override;
  core::Result<std::vector<record::ClockStep>> clock_steps(const core::Interval& span) override;
  core::Result<std::optional<core::Interval>> seen(const std::string& agreement) override;
  core::Result<std::optional<core::Instant>> seen_from(const std::string& agreement,
                                                       core::Instant from) override;

  core::Result<void> evidence(const std::string& agreement, const core::Interval& span,
                              const std::function<void(const record::Evidence&)>& each) override;
  core::Result<std::vector<record::Evidence>> evidence_page(const std::string& agreement,
                                                            const core::Interval& span,
                                                            std::uint64_t skip,
                                                            std::size_t most) override;
  core::Result<std::vector<record::ChainHead>> chain(const std::string& agreement,
                                                     const core::Interval& span) override;
  core::Result<std::vector<record::ChainFault>> check_chain(
      const std::string& agreement, const std::vector<record::ChainHead>& sealed) override;
  core::Result<record::EvidenceCheck> check_evidence(const std::string& agreement) override;

  core::Result<std::vector<record::ImportedFile>> files(const std::string& agreement) override;
  core::Result<std::vector<record::ImportedFile>> files_of_size(const std::string& agreement,
                                                                std::uint64_t bytes) override;
  core::Result<std::vector<record::ImportedFile>> files_alike(const std::string& agreement,
                                                              const std::string& digest,
                                                              std::uint64_t records,
                                                              std::uint64_t identity) override;
  core::Result<std::vector<record::ImportedFile>> short_files(const std::string& agreement,
                                                              std::uint64_t below) override;
  core::Result<std::uint64_t> last_import(const std::string& agreement) override;
  core::Result<std::vector<record::LineRun>> line_runs(const std::string& agreement,
                                                       const core::Interval& span) override;
  core::Result<std::string> line_prints(std::int64_t run) override;
  core::Result<void> line_keys(const std::string& agreement, const std::string& format,
                               core::Instant hour, const std::string& except,
                               const std::function<void(std::string_view)>& each) override;
  using FileStore::import;
  core::Result<bool> import(const std::string& agreement, const std::string& log,
                            const record::ImportedFile& file, const record::Pieces& content,
                            const std::string& replaces,
                            std::optional<std::uint64_t> compared_with) override;
  core::Result<std::vector<record::TrailAdded>> import_trail(
      const std::vector<record::TrailFile>& files) override;
  core::Result<std::optional<core::Interval>> remove_file(const std::string& agreement,
                                                          const std::string& digest) override;

  core::Result<std::vector<record::FollowedFile>> followed(const std::string& reader) override;
  core::Result<std::vector<std::int64_t>> note_followed(
      const std::vector<record::FollowedFile>& files,
      const std::vector<std::int64_t>& gone) override;
  core::Result<std::optional<std::int64_t>> grow(const record::FileGrowth& growth,
                                                 const record::Pieces& content,
                                                 std::uint64_t compared_with) override;
  core::Result<std::vector<core::Unseen>> silence(const record::SeriesKey& series) override;
  core::Result<core::Interval> note_silence(const record::Silence& silence) override;

  core::Result<void> keep_digests(const record::DigestEvidence& evidence) override;
  core::Result<record::DigestEvidence> digests(const std::string& agreement,
                                               const core::Interval& span,
                                               core::Millis late) override;

  core::Result<std::vector<record::KeptIncident>> keep_incidents(
      const std::vector<record::ToldIncident>& incidents) override;
  core::Result<std::optional<core::ProviderIncident>> remove_incident(
      std::uint64_t number, const std::vector<std::string>& touched) override;
  core::Result<std::vector<core::ProviderIncident>> incidents(const core::Interval& span) override;
  core::Result<void> add_stamp(const record::Stamp& stamp) override;
  core::Result<std::vector<record::Stamp>> stamps(const std::string& agreement,
                                                  core::Instant from) override;

  core::Result<void> exclude(const std::string& agreement,
                             const core::ExclusionWindow& window) override;
  core::Result<bool> remove_exclusion(const std::string& agreement,
                                      const core::Interval& span) override;
  core::Result<std::vector<core::ExclusionWindow>> exclusions(
      const std::string& agreement) override;

  core::Result<std::vector<record::JournalEntry>> journal(const std::string& agreement,
                                                          std::uint64_t after) override;
  core::Result<std::map<std::string, std::uint64_t>> journal_news(std::uint64_t after) override;

  core::Result<void> add_seal(const record::Seal& seal) override;
  core::Result<void> note_sealed(const std::string& agreement, core::Month month,
                                 std::uint64_t journal) override;
  core::Result<std::vector<record::Seal>> seals(const std::string& agreement) override;

  core::Result<void> add_claim_event(const record::ClaimEvent& event) override;
  core::Result<std::vector<record::ClaimEvent>> claim_events(const std::string& agreement) override;
  core::Result<std::uint64_t> claim_events_end() override;

  core::Result<record::FoldTurn> fold(const record::FoldOrder& order) override;
  core::Result<record::Folded> folded() override;
  core::Result<record::EvidenceTurn> remove_evidence(const record::EvidenceOrder& order) override;
  core::Result<std::vector<record::RemovedEvidence>> removed_evidence(
      const std::string& agreement) override;
  core::Result<bool> give_back() override;

  core::Result<std::vector<std::string>> told() override;
  core::Result<void> note_told(const std::string& name, core::Instant at) override;

 protected:
  // Writes what waited elsewhere, and notes in the journal that it came late.
  core::Result<void> write_late(const record::Batch& batch);

  const Database& database() const { return *database_; }

 private:
  // Unsettled is what was written and may still be lost by less than the loss of the tables: as
  // much of it as memory may be used for, to be written again.
  class Unsettled {
   public:
    void add(const record::Batch& batch);
    void clear();

    // Whether all of it was there to be written, and was.
    bool write_to(Connection& connection) const;

   private:
    std::vector<record::Batch> batches_;
    std::size_t records_ = 0;  // and counts of minutes, in them
    bool is_all_ = true;       // else there were too many
  };

  template <typename Work>
  using Done = core::Result<std::invoke_result_t<Work, Tables&>>;

  // Does the work; what goes wrong in it becomes the Error of `task` ("write a batch").
  template <typename Work>
  Done<Work> attempt(std::string_view task, Work work);

  // The same, of one instant.
  template <typename Work>
  Done<Work> read(std::string_view task, Work work);

  // The same, all or nothing, where others find what is written; once more if it lost against
  // another writer.
  template <typename Work>
  Done<Work> change(std::string_view task, Work work);

  void prepare();

  std::unique_ptr<Database> database_;
  std::unique_ptr<Tables> tables_;  // null where they are to be prepared anew
  Unsettled unsettled_;
  bool is_writer_ = false;
};

}  // namespace recoup::ledger
