#include "report/otherwise_words.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"

namespace recoup::report {
namespace {

using core::Otherwise;

bool less_is_owed(const core::Judgement& judgement, const Otherwise& one) {
  return !one.measured || one.credit.share < judgement.credit.share ||
         (judgement.credit.eligible && !one.credit.eligible);
}

std::string credit_words(const core::Judgement& judgement, const Otherwise& one) {
  if (!one.measured) return "nothing would be measured";
  std::string text = fmt::format("the uptime would be {} %", core::percent_text(one.uptime));
  const bool same =
      one.tier == judgement.assessment.tier && one.credit.eligible == judgement.credit.eligible;
  if (same) return text + ", and the credit the same";
  if (!one.tier) return text + ", and there would be no credit";
  text += fmt::format(", and the credit {} % of the charges",
                      core::short_percent(judgement.version->credits[*one.tier].credit));
  if (one.credit.amount) text += ", " + core::to_text(*one.credit.amount);
  if (judgement.credit.eligible && !one.credit.eligible) text += ": none, " + one.credit.reason;
  return text;
}

}  // namespace

std::vector<std::string> otherwise_words(const core::Judgement& judgement) {
  std::vector<Otherwise> all = judgement.otherwise;
  std::stable_partition(all.begin(), all.end(),
                        [&](const Otherwise& one) { return less_is_owed(judgement, one); });
  std::vector<std::string> sentences;
  for (const Otherwise& one : all) {
    sentences.push_back(
        fmt::format("If {}, {}. Taken: {}.", one.what, credit_words(judgement, one), one.taken));
  }
  return sentences;
}

std::string discretion_words(const core::Judgement& judgement) {
  const auto more = [&](const Otherwise& one) {
    return one.of_no_answers && one.measured && one.credit.share > judgement.credit.share;
  };
  const auto& all = judgement.otherwise;
  if (std::none_of(all.begin(), all.end(), more)) return {};
  const auto& clauses = judgement.version->clauses;
  const auto clause = std::find_if(clauses.begin(), clauses.end(), [](const core::Clause& one) {
    return one.name == "discretion";
  });
  if (clause == clauses.end()) return {};
  return fmt::format(
      "Requests without an answer alone would change the credit. The contract leaves "
      "that to the provider ({}): ask for it, apart from this claim.",
      clause->text);
}

}  // namespace recoup::report
