#pragma once

#include <map>
#include <memory>
#include <string>

#include "billing/bills/bill.h"
#include "billing/bills/selection.h"
#include "billing/charge_settings.h"
#include "core/agreement.h"
#include "core/credit.h"
#include "core/rule.h"

namespace recoup::billing {

// Charged is what of an agreement its charge follows from. All of it outlives this.
struct Charged {
  const core::Agreement& agreement;
  const core::Rule& rule;
  const ChargeSettings& charges;
};

// Which rows of the bill are the agreement's in the month, by its settings or by its contract. An
// error where the bill has a name for the service that nobody said.
core::Result<BillQuery> bill_query(const Charged& what, const BillSettings& settings,
                                   BillFormat format, core::Month month);

// Charges says what agreements cost: by the amount that the user stated for the month, else by the
// bill, else by the estimate from a price book. Sources that decide less are compared. Bills are
// read once, and again when their files have changed. For one thread at a time.
class Charges {
 public:
  // `progress` is called while bills are read.
  explicit Charges(documents::OnProgress progress = {}) : progress_(std::move(progress)) {}

  core::KnownCharge of(const Charged& what, core::Month month);

  // The bill that the settings name, as it is now.
  std::shared_ptr<const core::Result<Bill>> read(const BillSettings& settings);

 private:
  struct Reading {
    std::string fingerprint;  // of the files as they were
    std::shared_ptr<const core::Result<Bill>> bill;
  };

  core::KnownCharge from_bills(const Charged& what, core::Month month);

  documents::OnProgress progress_;
  std::map<std::string, Reading> readings_;  // by the patterns of their files
};

}  // namespace recoup::billing
