#pragma once

#include <memory>
#include <string>

#include "ledger/address.h"
#include "ledger/sql/database.h"
#include "ledger/sql_ledger.h"

namespace recoup::test {

// FaultyLedger is a real ledger, all of whose writes can be let fail on demand.
class FaultyLedger final : public ledger::SqlLedger {
 public:
  explicit FaultyLedger(const std::string& url)
      : SqlLedger(ledger::Address::parse(url)->open(ledger::Missing::make)) {}

  // The next `count` writes fail, and nothing of them is kept.
  void fail_writes(int count) { failing_ = count; }

  // The next `count` writes are made, and reported as failed.
  void lie_about_writes(int count) { lying_ = count; }

  // From here on the ledger is found moved, until it was saved `saves` times, the last one of which
  // succeeds.
  void move_away(int saves) { moved_ = saves; }

  // How often save() was called.
  int saves() const { return saves_; }

  core::Result<void> write(const record::Batch& batch) override {
    if (fails()) return full("a batch");
    auto written = SqlLedger::write(batch);
    if (lying_ == 0 || !written) return written;
    --lying_;
    return full("a batch");
  }

  core::Result<void> add_seal(const record::Seal& seal) override {
    return fails() ? full("a seal") : SqlLedger::add_seal(seal);
  }

  core::Result<void> tend() override {
    if (moved_ == 0) return SqlLedger::tend();
    return core::Error{"could not write to the ledger: the file was deleted or moved away"};
  }

  core::Result<record::Saved> save() override {
    ++saves_;
    if (--moved_ > 0) return core::Error{"could not save the ledger: no space left on device"};
    return record::Saved{"/var/lib/recoup.db", false, "it was saved to /var/lib/recoup.db"};
  }

 private:
  bool fails() { return failing_ > 0 && failing_-- > 0; }

  static core::Error full(const std::string& what) {
    return {"could not write " + what + " to the ledger: database or disk is full"};
  }

  int failing_ = 0;
  int lying_ = 0;
  int moved_ = 0;
  int saves_ = 0;
};

}  // namespace recoup::test
