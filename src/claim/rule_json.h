#pragma once

#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

#include "claim/verify/json_reader.h"
#include "core/rule.h"

// A contract's version in claim.json, written and read back.
namespace recoup::claim {

// By PartMonth, DeadlineFrom and Calendar.
inline constexpr std::array<const char*, 3> kPartMonths{"full", "used-time", "none"};
inline constexpr std::array<const char*, 5> kDeadlineFrom{"cycles", "cycle-end", "months",
                                                          "incident", "eligibility"};
inline constexpr std::array<const char*, 4> kCalendars{"month", "quarter", "purchase-day", "days"};

// All of the version that a claim shows or rests on, by the keys of a rule as far as it has them;
// without what is confidential.
nlohmann::ordered_json rule_json(const core::Rule& rule, const core::Version& version);

// What the keys that say where terms were read belong to, which is no term.
inline constexpr std::string_view kSource = "source";

// The term, as a partial version names those that it lacks, that such a key belongs to.
std::string_view term_of(std::string_view key);

// Reads back what rule_json() wrote: the document's "rule", and which terms the verdict says were
// missing or supplied. The one version of the rule is complete where none is missing.
core::Rule read_rule(JsonReader& in);

}  // namespace recoup::claim
