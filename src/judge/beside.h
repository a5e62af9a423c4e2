#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/assessment.h"
#include "core/counts.h"
#include "ledger/ledger.h"

namespace recoup::judge {

// Beside is what stands beside the figures of a cycle: which sources its counts came from, and what
// logs saw that are compared and not counted. It is gathered span by span, as counts are.
class Beside {
 public:
  // The version outlives it.
  Beside(const core::Version& version, const core::Interval& cycle)
      : version_(&version), cycle_(cycle) {}

  // Adds what the ledger has of the agreement in the span, which adjoins the one before.
  core::Result<void> add(ledger::TallyStore& ledger, const std::string& agreement,
                         const core::Interval& span);

  // Sets in the assessment of the cycle what is the judge's to say: its sources, which of them
  // overlap, and comparisons.
  void put(const config::AgreementSettings& settings, const core::Zone& zone,
           const std::vector<core::ExclusionWindow>& exclusions, core::Instant now,
           core::Assessment& assessment) const;

 private:
  core::Counts& counts_of(const std::string& log);

  const core::Version* version_;
  core::Interval cycle_;
  std::set<record::SeenSource> sources_;
  std::map<std::string, core::Counts> logs_;  // those compared; of an empty name, those counted
};

// Tells the ledger which logs of the settings are compared and not counted, and of which resource
// each source is that names one. What they hold already goes with them.
core::Result<void> note_compared(ledger::TallyStore& ledger, const config::Settings& settings);

}  // namespace recoup::judge
