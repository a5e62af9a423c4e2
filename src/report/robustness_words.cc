#include "report/robustness_words.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"
#include "record/redact.h"
#include "report/votes_words.h"

namespace recoup::report {
namespace {

using core::Strike;

std::size_t count_of(const core::Robustness& robustness, Strike::Kind kind) {
  const auto is_it = [&](const Strike& strike) { return strike.kind == kind; };
  return static_cast<std::size_t>(
      std::count_if(robustness.strikes.begin(), robustness.strikes.end(), is_it));
}

std::string without_words(const core::Judgement& judgement, const Strike& strike) {
  const std::string name = record::redact(strike.name);
  if (!strike.measured) return fmt::format("All that is known of the cycle comes from {}.", name);
  const std::string credit =
      strike.share > core::Ratio()
          ? fmt::format("the credit {} % of the charges", core::short_percent(strike.share))
          : std::string("there would be no credit");
  return fmt::format("Without {} the uptime would be {} %, and {}{}.", name,
                     core::percent_text(strike.uptime), credit,
                     strike.share == judgement.credit.share ? " all the same" : "");
}

}  // namespace

std::vector<std::string> robustness_words(const core::Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  const core::Robustness& robustness = judgement.robustness;
  std::vector<std::string> votes;
  if (robustness.votes) votes = votes_words(*robustness.votes);
  if (robustness.strikes.empty()) return votes;
  std::vector<std::string> all{fmt::format("The tier rests on {} in {}.",
                                           core::counted(a.totals.errors_below_100, "Error"),
                                           core::counted(a.totals.below_100, "interval"))};
  if (std::string robust = robust_words(judgement); !robust.empty()) {
    all.push_back(std::move(robust));
    all.insert(all.end(), votes.begin(), votes.end());
    return all;
  }
  std::vector<Strike> strikes = robustness.strikes;
  std::stable_partition(strikes.begin(), strikes.end(), [&](const Strike& strike) {
    return !strike.keeps(judgement.credit.share);
  });
  for (const Strike& strike : strikes) all.push_back(without_words(judgement, strike));
  if (robustness.not_struck > 0) {
    all.push_back(fmt::format("Not struck: {} with fewer Errors.",
                              core::counted(robustness.not_struck, "source")));
  }
  all.insert(all.end(), votes.begin(), votes.end());
  return all;
}

std::string robust_words(const core::Judgement& judgement) {
  const core::Robustness& robustness = judgement.robustness;
  if (!robustness.keeps(judgement.credit.share)) return {};
  std::vector<std::string> parts{fmt::format(
      "any one of its {}", core::counted(count_of(robustness, Strike::Kind::source), "source"))};
  if (const std::size_t vantages = count_of(robustness, Strike::Kind::vantage); vantages > 0) {
    parts.push_back(fmt::format("any one of its {}", core::counted(vantages, "vantage point")));
  }
  if (count_of(robustness, Strike::Kind::probes) > 0) parts.emplace_back("all probes");
  if (count_of(robustness, Strike::Kind::outside) > 0) {
    parts.emplace_back("all that was lost outside the provider's own incidents");
  }
  return fmt::format("Without {}, as much is owed.", core::listed(parts, "or"));
}

}  // namespace recoup::report
