#include "metrics/outcome_labels.h"

#include <algorithm>
#include <set>

namespace recoup::metrics {
namespace {

constexpr std::size_t kMostNamed = 50;

bool is_named(const core::Outcome& outcome) {
  const auto* answer = std::get_if<core::Answered>(&outcome);
  return answer != nullptr && !answer->error_name.empty();
}

// "503/SlowDown!unattributed" is "503!unattributed".
core::Outcome without_name(const core::Outcome& outcome) {
  auto answer = std::get<core::Answered>(outcome);
  answer.error_name.clear();
  return answer;
}

// The named outcomes that are shown by name: those that occurred most often.
std::set<core::Outcome> named_outcomes(const std::vector<core::OutcomeCount>& all) {
  std::vector<core::OutcomeCount> named;
  for (const core::OutcomeCount& each : all) {
    if (is_named(each.outcome)) named.push_back(each);
  }
  std::sort(named.begin(), named.end(), [](const auto& a, const auto& b) {
    return a.count != b.count ? a.count > b.count : a.outcome < b.outcome;
  });
  named.resize(std::min(named.size(), kMostNamed));
  std::set<core::Outcome> outcomes;
  for (const core::OutcomeCount& each : named) outcomes.insert(each.outcome);
  return outcomes;
}

}  // namespace

std::map<std::string, std::uint64_t> by_label(const std::vector<core::OutcomeCount>& outcomes) {
  std::map<std::string, std::uint64_t> labels{{"200", 0}, {"500", 0}, {"503", 0}};
  for (const core::NoAnswer reason : core::kNoAnswers) {
    labels[std::string(core::to_text(reason))] = 0;
  }
  const std::set<core::Outcome> named = named_outcomes(outcomes);
  for (const auto& [outcome, n] : outcomes) {
    const bool by_name = !is_named(outcome) || named.contains(outcome);
    labels[core::to_text(by_name ? outcome : without_name(outcome))] += n;
  }
  return labels;
}

}  // namespace recoup::metrics
