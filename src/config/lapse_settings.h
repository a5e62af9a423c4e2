#pragma once

#include "config/catalog.h"
#include "config/document.h"
#include "config/settings.h"

namespace recoup::config {

// Reads [[agreement.expiry]] and [[agreement.overdue]] and takes their times out of the
// measurement: what an expired instance or an overdue account causes is the customer's own. What
// follows when comes from the price book of the agreement's contract.
void read_lapses(const Table& table, const Catalog& catalog, AgreementSettings& out);

}  // namespace recoup::config
