#include "report/overview.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/figures.h"

namespace recoup::report {
namespace {

using core::Judgement;
using core::Ratio;
using record::ClaimLife;

constexpr std::array<std::string_view, kStates> kWords{"certain", "below", "silent", "met"};

// Rank puts the worst first: what is broken, what lost something, what nobody knows, the rest.
struct Rank {
  int group;
  core::Ratio used;  // of the budget
};

Rank rank_of(const core::Judgement& judgement) {
  core::Ratio used = core::budget_used(judgement.assessment, *judgement.version);
  if (!judgement.assessment.met) return {0, std::move(used)};
  if (used > core::Ratio()) return {1, std::move(used)};
  return {state_of(judgement) == State::silent ? 2 : 3, {}};
}

}  // namespace

State state_of(const Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  if (!a.met) return a.breach_certain ? State::certain : State::below;
  return !a.is_measured() ? State::silent : State::met;
}

std::string_view word_of(State state) { return kWords[static_cast<std::size_t>(state)]; }

std::optional<core::Instant> measured_until(const core::Assessment& assessment, core::Instant now) {
  std::optional<std::size_t> last;
  for (const core::IntervalRun& run : assessment.parts.runs()) {
    if (run.part.requests > 0) last = run.end() - 1;
  }
  if (!last) return std::nullopt;
  return std::min(now, assessment.interval_at(*last).end);
}

bool is_open(const record::ClaimLife& life) {
  return life.state == record::ClaimState::claimable || life.state == record::ClaimState::written;
}

std::vector<Ranked> ranked(const Snapshot& snapshot) {
  std::map<std::string_view, std::vector<const ClaimLife*>> open;
  for (const record::PastCycles& past : snapshot.past) {
    for (const ClaimLife& life : past.claims) {
      if (is_open(life)) open[past.agreement].push_back(&life);
    }
  }
  std::vector<std::pair<Rank, Ranked>> by_rank;
  for (const auto& judgement : snapshot.judgements) {
    const auto found = open.find(judgement->agreement.id);
    by_rank.push_back(
        {rank_of(*judgement),
         {judgement, found == open.end() ? std::vector<const ClaimLife*>() : found->second}});
  }
  std::sort(by_rank.begin(), by_rank.end(), [](const auto& a, const auto& b) {
    if (a.first.group != b.first.group) return a.first.group < b.first.group;
    if (a.first.used != b.first.used) return a.first.used > b.first.used;
    return a.second.judgement->agreement.id < b.second.judgement->agreement.id;
  });
  std::vector<Ranked> all;
  for (auto& [rank, one] : by_rank) all.push_back(std::move(one));
  return all;
}

}  // namespace recoup::report
