#pragma once

#include <memory>
#include <vector>

#include "core/agreement.h"
#include "core/assessment.h"
#include "core/credit.h"
#include "core/otherwise.h"
#include "core/provider_incidents.h"
#include "core/robustness.h"
#include "core/rule.h"
#include "core/zone.h"

namespace recoup::core {

// Judgement is where one agreement stands in one billing cycle: by which version of its contract it
// was judged, what was measured, and what that gives. It is the one judged value: all outputs show
// it, it is sealed, and claimed by. It owns all that it is made of, and takes some kilobytes, and
// as much again for each other reading.
struct Judgement {
  Agreement agreement;
  std::shared_ptr<const Rule> rule;
  std::shared_ptr<const Version> version;  // of the rule
  Assessment assessment;                   // of the cycle
  Credit credit;                           // with the charge
  Zone zone = Zone::utc();                 // of the cycle
  // The same by the other versions that the cycle can be read by (Rule::other_readings).
  std::vector<Judgement> other_readings = {};
  // Where the whole month was judged from a ledger: by other readings, and without its sources.
  std::vector<Otherwise> otherwise = {};
  Robustness robustness = {};
  // What the provider itself told of troubles in the cycle: nothing above rests on it.
  SeenIncidents incidents = {};
};

// A version of a rule; it lives as long as the rule does.
inline std::shared_ptr<const Version> version_of(const std::shared_ptr<const Rule>& rule,
                                                 const Version& version) {
  return {rule, &version};
}

}  // namespace recoup::core
