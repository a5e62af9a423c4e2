#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/ledger.h"

namespace recoup::test {

// FaultyLedger stands before a real ledger, which outlives it, and lets writes fail on demand.
class FaultyLedger final : public ledger::Ledger {
 public:
  explicit FaultyLedger(ledger::Ledger& ledger) : ledger_(ledger) {}

  // The next `count` writes fail, and nothing of them is kept.
  void fail_writes(int count) { failing_ = count; }

  // The next `count` writes are made, and reported as failed.
  void lie_about_writes(int count) { lying_ = count; }

  core::Result<void> write(const record::Batch& batch) override {
    const core::Error full{"could not write a batch to the ledger: database or disk is full"};
    if (failing_ > 0) {
      --failing_;
      return full;
    }
    auto written = ledger_.write(batch);
    if (lying_ == 0 || !written) return written;
    --lying_;
    return full;
  }

  // From here on the ledger is found moved, until it was saved `saves` times, the last one of which
  // succeeds.
  void move_away(int saves) { moved_ = saves; }

  bool is_new() const override { return ledger_.is_new(); }
  core::Result<void> become_writer(const record::Writer& writer) override {
    return ledger_.become_writer(writer);
  }
  core::Result<void> tend() override {
    if (moved_ == 0) return ledger_.tend();
    return core::Error{"could not write to the ledger: the file was deleted or moved away"};
  }
  core::Result<record::Saved> save() override {
    ++saves_;
    if (--moved_ > 0) return core::Error{"could not save the ledger: no space left on device"};
    return record::Saved{"/var/lib/recoup.db", false, "it was saved to /var/lib/recoup.db"};
  }
  core::Result<std::unique_ptr<ledger::Ledger>> beside() override { return ledger_.beside(); }
  core::Result<record::EvidenceCheck> check_evidence(const std::string& agreement) override {
    return ledger_.check_evidence(agreement);
  }

  // How often save() was called.
  int saves() const { return saves_; }

  core::Result<record::SeriesId> series(const record::SeriesKey& key) override {
    return ledger_.series(key);
  }
  core::Result<std::vector<record::SeriesId>> series(
      const std::vector<record::SeriesKey>& keys) override {
    return ledger_.series(keys);
  }
  core::Result<std::vector<record::OutcomeCount>> counts(record::SeriesId series,
                                                         core::Minute minute) override {
    return ledger_.counts(series, minute);
  }
  core::Result<std::optional<record::Accounted>> accounted(record::SeriesId series) override {
    return ledger_.accounted(series);
  }
  core::Result<std::optional<core::Minute>> newest_minute(record::SeriesId series) override {
    return ledger_.newest_minute(series);
  }
  core::Result<core::Tallies> tallies(const std::string& agreement,
                                      const core::Interval& span) override {
    return ledger_.tallies(agreement, span);
  }
  core::Result<void> evidence(const std::string& agreement, const core::Interval& span,
                              const std::function<void(const record::Evidence&)>& each) override {
    return ledger_.evidence(agreement, span, each);
  }
  core::Result<std::vector<record::Evidence>> evidence_page(const std::string& agreement,
                                                            const core::Interval& span,
                                                            std::uint64_t skip,
                                                            std::size_t most) override {
    return ledger_.evidence_page(agreement, span, skip, most);
  }
  core::Result<std::vector<record::SeriesState>> all_series(const std::string& agreement) override {
    return ledger_.all_series(agreement);
  }
  core::Result<std::vector<record::ImportedFile>> files(const std::string& agreement) override {
    return ledger_.files(agreement);
  }
  core::Result<std::uint64_t> last_import(const std::string& agreement) override {
    return ledger_.last_import(agreement);
  }
  core::Result<std::vector<record::LineRun>> line_runs(const std::string& agreement,
                                                       const core::Interval& span) override {
    return ledger_.line_runs(agreement, span);
  }
  core::Result<std::string> line_prints(std::int64_t run) override {
    return ledger_.line_prints(run);
  }
  using Ledger::import;
  core::Result<bool> import(const std::string& agreement, const std::string& log,
                            const record::ImportedFile& file, const record::Batch& content,
                            const std::string& replaces,
                            std::optional<std::uint64_t> compared_with) override {
    return ledger_.import(agreement, log, file, content, replaces, compared_with);
  }
  core::Result<void> exclude(const std::string& agreement,
                             const core::ExclusionWindow& window) override {
    return ledger_.exclude(agreement, window);
  }
  core::Result<bool> remove_exclusion(const std::string& agreement,
                                      const core::Interval& span) override {
    return ledger_.remove_exclusion(agreement, span);
  }
  core::Result<std::vector<core::ExclusionWindow>> exclusions(
      const std::string& agreement) override {
    return ledger_.exclusions(agreement);
  }
  core::Result<std::vector<record::ClockStep>> clock_steps(const core::Interval& span) override {
    return ledger_.clock_steps(span);
  }
  core::Result<std::vector<record::ChainHead>> chain(const std::string& agreement,
                                                     const core::Interval& span) override {
    return ledger_.chain(agreement, span);
  }
  core::Result<std::vector<record::ChainFault>> check_chain(
      const std::string& agreement, const std::vector<record::ChainHead>& sealed) override {
    return ledger_.check_chain(agreement, sealed);
  }
  core::Result<std::optional<core::Interval>> seen(const std::string& agreement) override {
    return ledger_.seen(agreement);
  }
  core::Result<std::optional<core::Instant>> seen_from(const std::string& agreement,
                                                       core::Instant from) override {
    return ledger_.seen_from(agreement, from);
  }
  core::Result<std::vector<record::JournalEntry>> journal(const std::string& agreement,
                                                          std::uint64_t after) override {
    return ledger_.journal(agreement, after);
  }
  core::Result<void> add_seal(const record::Seal& seal) override {
    if (failing_ == 0) return ledger_.add_seal(seal);
    --failing_;
    return core::Error{"could not write a seal to the ledger: database or disk is full"};
  }
  core::Result<void> note_sealed(const std::string& agreement, core::Month month,
                                 std::uint64_t journal) override {
    return ledger_.note_sealed(agreement, month, journal);
  }
  core::Result<std::vector<record::Seal>> seals(const std::string& agreement) override {
    return ledger_.seals(agreement);
  }
  core::Result<void> add_claim_event(const record::ClaimEvent& event) override {
    return ledger_.add_claim_event(event);
  }
  core::Result<std::vector<record::ClaimEvent>> claim_events(
      const std::string& agreement) override {
    return ledger_.claim_events(agreement);
  }
  core::Result<std::uint64_t> claim_events_end() override { return ledger_.claim_events_end(); }

 private:
  ledger::Ledger& ledger_;
  int failing_ = 0;
  int lying_ = 0;
  int moved_ = 0;
  int saves_ = 0;
};

}  // namespace recoup::test
