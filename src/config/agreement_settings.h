#pragma once

#include "config/catalog.h"
#include "config/document.h"
#include "config/probe_keys.h"
#include "config/settings.h"

namespace recoup::config {

// What an [[agreement]] is read with.
struct AgreementContext {
  const Catalog& catalog;
  Secrets secrets;
};

// Reads an [[agreement]] with its terms, probes, exclusions and charges. Without a known rule the
// probes that use a template are left out.
AgreementSettings read_agreement(const Table& table, const AgreementContext& context);

}  // namespace recoup::config
