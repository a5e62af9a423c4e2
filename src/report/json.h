#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/agreement.h"
#include "core/assessment.h"
#include "core/charge.h"
#include "core/credit.h"
#include "core/rule.h"
#include "core/time.h"
#include "record/claim_month.h"

namespace recoup::report {

// So many outcomes of answers that are not counted are listed; their sums are of all.
inline constexpr std::size_t kMostUncounted = 100;

// Verdict is what `recoup assess` shows of one agreement; nothing in it is owned.
struct Verdict {
  const core::Agreement* agreement;
  const core::Rule* rule;
  const core::Version* version;
  const core::Assessment* assessment;
  const core::Credit* credit;
  bool under = false;  // what-if: judged by another contract than the agreement's
};

// A JSON array with one object per verdict, as the design's §5.3 has it, indented by two; the
// object of one verdict alone. Where nothing was measured, the uptime, its bounds and whether the
// commitment was met are null.
std::string to_json(const std::vector<Verdict>& verdicts);
std::string to_json(const Verdict& verdict);

// A JSON array with one object for each month of a claim, indented by two.
std::string to_json(const std::vector<record::ClaimMonth>& months);

// What an agreement cost in a month, as `recoup charges --json` has it: a JSON object, indented by
// two.
std::string to_json(const std::string& agreement, core::Month month, const core::Charge& charge);

using Json = nlohmann::ordered_json;

// Parts of documents in JSON: what several have.

// {"numerator": "…", "denominator": "…"}: whole numbers of any size, as texts.
Json fraction_json(const core::Ratio& value);

// As text in RFC 3339; null where there is none.
Json instant_json(const std::optional<core::Instant>& at);

// The object of one verdict, as to_json() writes it.
Json verdict_json(const Verdict& verdict);

// Indented by two, with an end of line. Text of a user may not be UTF-8; what is not becomes
// U+FFFD.
std::string dump(const Json& json);

}  // namespace recoup::report
