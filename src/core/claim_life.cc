#include "core/claim_life.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "core/snapshot.h"

namespace recoup::core {
namespace {

constexpr std::array<std::string_view, 5> kSteps{"written", "submitted", "credited", "refused",
                                                 "withdrawn"};
constexpr std::array<std::string_view, 7> kStates{
    "nothing to claim", "claimable", "written", "submitted", "credited", "refused", "expired"};

using Steps = std::vector<ClaimStep>;

// Which steps may follow each state. A claim may be submitted late, or by hand without its files;
// what was said of a case may be said again with another case, amount or note.
Steps following(ClaimState state) {
  using enum ClaimStep;
  switch (state) {
    case ClaimState::nothing: return {};
    case ClaimState::claimable: return {written, submitted};
    case ClaimState::written: return {written, submitted, withdrawn};
    case ClaimState::submitted: return {written, submitted, credited, refused, withdrawn};
    case ClaimState::credited: return {written, credited};
    case ClaimState::refused: return {written, submitted, credited, refused};
    case ClaimState::expired: return {written, submitted};
  }
  return {};
}

// The state after one step more, deadlines aside; `claimable` stands for no step yet.
ClaimState after(ClaimState state, ClaimStep step) {
  const bool with_provider = state == ClaimState::submitted || state == ClaimState::credited;
  switch (step) {
    // Files that are written again do not take a case back.
    case ClaimStep::written: return with_provider ? state : ClaimState::written;
    case ClaimStep::submitted: return ClaimState::submitted;
    case ClaimStep::credited: return ClaimState::credited;
    case ClaimStep::refused: return ClaimState::refused;
    case ClaimStep::withdrawn: return ClaimState::claimable;
  }
  return state;
}

void apply(ClaimLife& life, const ClaimEvent& event) {
  life.state = after(life.state, event.step);
  if (event.step == ClaimStep::withdrawn) life.case_id.clear();
  if (!event.case_id.empty()) life.case_id = event.case_id;
  life.credited = event.step == ClaimStep::credited ? event.amount : std::nullopt;
}

// What time and the ground make of a claim that nobody submitted.
void settle(ClaimLife& life, Instant now) {
  const bool open = life.state == ClaimState::claimable || life.state == ClaimState::written;
  const auto& deadline = life.ground.deadline;
  if (deadline) {
    life.days_left =
        static_cast<int>(std::chrono::floor<std::chrono::days>(deadline->safe - now).count());
  }
  if (!open) return;
  if (!life.ground.eligible) {
    life.state = ClaimState::nothing;
  } else if (deadline && now >= deadline->literal) {
    life.state = ClaimState::expired;
  } else {
    life.warn = deadline && now >= deadline->safe - kClaimWarning;
  }
}

std::string listed(const Steps& steps) {
  std::string text;
  for (const ClaimStep step : steps) {
    if (!text.empty()) text += step == steps.back() ? " or " : ", ";
    text += to_text(step);
  }
  return text;
}

}  // namespace

std::string_view to_text(ClaimStep step) { return kSteps[static_cast<std::size_t>(step)]; }
std::string_view to_text(ClaimState state) { return kStates[static_cast<std::size_t>(state)]; }

Result<ClaimStep> parse_claim_step(std::string_view text) {
  const auto at = std::find(kSteps.begin(), kSteps.end(), text);
  if (at != kSteps.end()) return static_cast<ClaimStep>(at - kSteps.begin());
  return Error{
      fmt::format("expected written, submitted, credited, refused or withdrawn, got '{}'", text)};
}

ClaimGround ground_of(const Seal& seal) {
  return {seal.agreement, seal.month, seal.eligible, seal.amount, seal.deadline, seal.revision};
}

ClaimGround ground_of(const Standing& standing) {
  return {standing.agreement.id, standing.assessment.cycle.month, standing.credit.eligible,
          standing.credit.amount, standing.assessment.deadline};
}

ClaimLife claim_life(const ClaimGround& ground, const std::vector<ClaimEvent>& events,
                     Instant now) {
  ClaimLife life;
  life.ground = ground;
  life.state = ClaimState::claimable;
  for (const ClaimEvent& event : events) {
    if (event.agreement == ground.agreement && event.month == ground.month) apply(life, event);
  }
  settle(life, now);
  return life;
}

std::vector<ClaimLife> claim_lives(const std::vector<ClaimGround>& grounds,
                                   const std::vector<ClaimEvent>& events, Instant now) {
  std::map<std::pair<Month, std::string>, ClaimGround> months;
  for (const ClaimGround& ground : grounds) months[{ground.month, ground.agreement}] = ground;
  for (const ClaimEvent& event : events) {
    months.try_emplace({event.month, event.agreement}, ClaimGround{event.agreement, event.month});
  }
  std::vector<ClaimLife> lives;
  for (const auto& [at, ground] : months) lives.push_back(claim_life(ground, events, now));
  return lives;
}

Result<void> check_step(const ClaimLife& life, ClaimStep step) {
  const Steps possible = following(life.state);
  if (std::find(possible.begin(), possible.end(), step) != possible.end()) return {};
  const std::string where = fmt::format("{} {}", life.ground.agreement, to_text(life.ground.month));
  if (possible.empty()) {
    return Error{fmt::format("expected a month with something to claim, got one of which nothing "
                             "can be {}",
                             to_text(step)),
                 where};
  }
  return Error{fmt::format("expected {} for a claim that is {}, got {}", listed(possible),
                           to_text(life.state), to_text(step)),
               where,
               step == ClaimStep::credited || step == ClaimStep::refused
                   ? "mark it as submitted first, with the case's id"
                   : ""};
}

}  // namespace recoup::core
