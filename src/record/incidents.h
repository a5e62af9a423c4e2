#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/provider_incidents.h"

namespace recoup::record {

// ToldIncident is a provider's incident on its way into a ledger.
struct ToldIncident {
  core::ProviderIncident incident;
  std::vector<std::string> touched;  // the agreements whose journal notes it
};

// KeptIncident is what became of one: it was not known; what is known of it is other than before;
// or it is as it was.
struct KeptIncident {
  enum class Change { added, updated, same };

  core::ProviderIncident incident;  // as it is kept, with its number
  Change change = Change::added;
};

constexpr std::string_view to_text(KeptIncident::Change change) {
  switch (change) {
    case KeptIncident::Change::added: return "added";
    case KeptIncident::Change::updated: return "updated";
    case KeptIncident::Change::same: return "known";
  }
  return "";
}

}  // namespace recoup::record
