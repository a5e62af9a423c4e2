#pragma once

#include <optional>

#include "config/rule_file.h"
#include "config/settings.h"

namespace recoup::config {

// What an [[agreement.probe]] is read with.
struct ProbeContext {
  const RuleFile* rule;  // nullptr where the agreement's rule is not known
  const core::Agreement& agreement;
  const Secrets& secrets;
};

// Reads an [[agreement.probe]]: the template it uses with the user's own keys over it, placeholders
// filled in. Nothing where it cannot be sent; the reason is a complaint.
std::optional<ProbeSettings> read_probe(const Table& table, const ProbeContext& context);

}  // namespace recoup::config
