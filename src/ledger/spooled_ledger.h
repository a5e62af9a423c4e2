#pragma once

#include <map>
#include <memory>
#include <string>

#include "ledger/spool.h"
#include "ledger/sql_ledger.h"

namespace recoup::ledger {

// SpooledLedger is a ledger whose database may be out of reach: what its writer gives it meanwhile
// waits in a spool beside the settings, and comes into the ledger in the order in which it was
// written. As long as anything waits, everything does, so that no older count takes the place of a
// newer one. Written again, a piece changes nothing: a process that ends between the ledger's
// commit and the spool's loses and doubles nothing.
class SpooledLedger final : public SqlLedger {
 public:
  // Throws Failure. The spool lies in the folder, and is opened when the object becomes the writer.
  SpooledLedger(std::unique_ptr<Database> database, std::string folder);

  // Brings what an earlier process left in the spool into the ledger first.
  core::Result<void> become_writer(const record::Writer& writer) override;
  core::Result<void> tend() override;
  Waiting waiting() override;

  core::Result<record::SeriesId> series(const record::SeriesKey& key) override;
  core::Result<std::vector<record::SeriesId>> series(
      const std::vector<record::SeriesKey>& keys) override;
  core::Result<void> write(const record::Batch& batch) override;
  core::Result<std::vector<core::OutcomeCount>> counts(record::SeriesId series,
                                                       core::Minute minute) override;

 private:
  core::Result<void> open_spool(const record::Writer& writer);
  core::Result<void> keep(const record::Batch& batch);

  // Brings pieces into the ledger until nothing waits, or so many.
  core::Result<void> drain(int pieces);
  core::Result<void> drain_piece();

  std::string folder_;
  std::unique_ptr<Spool> spool_;  // null before it is the writer
  std::map<record::SeriesId, record::SeriesKey> keys_;
  core::Error why_;  // something waits
  std::optional<core::Instant> came_;
};

}  // namespace recoup::ledger
