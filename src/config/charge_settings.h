#pragma once

#include <filesystem>

#include "config/catalog.h"
#include "config/document.h"
#include "config/settings.h"

namespace recoup::config {

// What [agreement.charges] is read with.
struct ChargeContext {
  const Catalog& catalog;
  const std::filesystem::path& folder;  // of relative paths
  const std::string& sla;               // the agreement's contract
};

// Reads [agreement.charges]: stated amounts, bills, a price book.
ChargeSettings read_charges(const Value& value, const ChargeContext& context);

}  // namespace recoup::config
