#include "record/claim_life.h"
#include "core/text.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

namespace recoup::record {
namespace {

constexpr std::array<std::string_view, 6> kSteps{"written", "submitted", "credited",
                                                 "refused", "withdrawn", "unmarked"};
constexpr std::array<std::string_view, 8> kStates{"nothing to claim", "not measured", "claimable",
                                                  "written",          "submitted",    "credited",
                                                  "refused",          "expired"};
constexpr std::array<std::string_view, 8> kStateWords{
    "nothing", "unmeasured", "claimable", "written", "submitted", "credited", "refused", "expired"};

using Steps = std::vector<ClaimStep>;

// Which steps may follow each state. A claim may be submitted late, or by hand without its files;
// what was said of a case may be said again with another case, amount or note.
Steps following(const ClaimLife& life) {
  using enum ClaimStep;
  const ClaimState state = life.state;
  // Nobody asks for a credit that comes by itself; that it did not come can be written about.
  if (life.ground.due && state == ClaimState::claimable) return {submitted, credited, refused};
  switch (state) {
    case ClaimState::nothing:
    case ClaimState::unmeasured: return {};
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
    case ClaimStep::unmarked: break;
  }
  return state;
}

// What the provider gave stays given when the files are written again, and when something else is
// said of it without an amount.
void apply(ClaimLife& life, const ClaimEvent& event) {
  life.state = after(life.state, event.step);
  if (event.step == ClaimStep::withdrawn) life.case_id.clear();
  if (!event.case_id.empty()) life.case_id = event.case_id;
  if (life.state != ClaimState::credited) {
    life.credited.reset();
  } else if (event.step == ClaimStep::credited && event.amount) {
    life.credited = event.amount;
  }
}

// The month's steps that still count, oldest first: each one that was unmarked took back the newest
// before it.
std::vector<const ClaimEvent*> counting_steps(const std::vector<ClaimEvent>& events,
                                              const std::string& agreement, core::Month month) {
  std::vector<const ClaimEvent*> steps;
  for (const ClaimEvent& event : events) {
    if (event.agreement != agreement || event.month != month) continue;
    if (event.step != ClaimStep::unmarked) {
      steps.push_back(&event);
    } else if (!steps.empty()) {
      steps.pop_back();
    }
  }
  return steps;
}

// What time and the ground make of a claim that nobody submitted.
void settle(ClaimLife& life, core::Instant now) {
  const bool open = life.state == ClaimState::claimable || life.state == ClaimState::written;
  const auto& deadline = life.ground.deadline;
  if (deadline) {
    life.days_left =
        static_cast<int>(std::chrono::floor<std::chrono::days>(deadline->safe - now).count());
  }
  if (!open) return;
  if (!life.ground.eligible) {
    life.state = life.ground.measured ? ClaimState::nothing : ClaimState::unmeasured;
  } else if (deadline && now >= deadline->literal) {
    life.state = ClaimState::expired;
  } else {
    life.warn = deadline && now >= deadline->safe - kClaimWarning;
  }
}

std::string listed(const Steps& steps) {
  std::vector<std::string> names;
  for (const ClaimStep step : steps) names.emplace_back(to_text(step));
  return core::listed(names, "or");
}

std::string help_on(ClaimState state, ClaimStep step) {
  if (state == ClaimState::credited || state == ClaimState::refused) {
    return "what was noted by mistake is taken back by recoup claims unmark";
  }
  return step == ClaimStep::credited || step == ClaimStep::refused
             ? "mark it as submitted first, with the case's id"
             : "";
}

}  // namespace

std::string_view to_text(ClaimStep step) { return kSteps[static_cast<std::size_t>(step)]; }
std::string_view to_text(ClaimState state) { return kStates[static_cast<std::size_t>(state)]; }
std::string_view word_of(ClaimState state) { return kStateWords[static_cast<std::size_t>(state)]; }

core::Result<ClaimStep> parse_claim_step(std::string_view text) {
  const auto at = std::find(kSteps.begin(), kSteps.end(), text);
  if (at != kSteps.end()) return static_cast<ClaimStep>(at - kSteps.begin());
  return core::Error{
      fmt::format("expected written, submitted, credited, refused or withdrawn, got '{}'", text)};
}

ClaimGround ground_of(const Seal& seal) {
  // Only measured intervals have Requests that count.
  return {seal.agreement, seal.month,    seal.eligible,    seal.amount,
          seal.deadline,  seal.revision, seal.requests > 0};
}

ClaimGround ground_of(const core::Judgement& judgement) {
  return {judgement.agreement.id,
          judgement.assessment.cycle.month,
          judgement.credit.eligible,
          judgement.credit.amount,
          judgement.assessment.first_deadline(),
          0,
          judgement.assessment.is_measured(),
          judgement.assessment.due};
}

ClaimLife claim_life(const ClaimGround& ground, const std::vector<ClaimEvent>& events,
                     core::Instant now) {
  ClaimLife life;
  life.ground = ground;
  life.state = ClaimState::claimable;
  for (const ClaimEvent* event : counting_steps(events, ground.agreement, ground.month)) {
    apply(life, *event);
  }
  settle(life, now);
  return life;
}

std::vector<ClaimLife> claim_lives(const std::vector<ClaimGround>& grounds,
                                   const std::vector<ClaimEvent>& events, core::Instant now) {
  std::map<std::pair<core::Month, std::string>, ClaimGround> months;
  for (const ClaimGround& ground : grounds) months[{ground.month, ground.agreement}] = ground;
  for (const ClaimEvent& event : events) {
    months.try_emplace({event.month, event.agreement}, ClaimGround{event.agreement, event.month});
  }
  std::vector<ClaimLife> lives;
  for (const auto& [at, ground] : months) lives.push_back(claim_life(ground, events, now));
  return lives;
}

core::Result<void> check_step(const ClaimLife& life, ClaimStep step) {
  const Steps possible = following(life);
  if (std::find(possible.begin(), possible.end(), step) != possible.end()) return {};
  const std::string where =
      fmt::format("{} {}", life.ground.agreement, core::to_text(life.ground.month));
  if (possible.empty()) {
    return core::Error{fmt::format("expected a month with something to claim, got one {}",
                                   life.state == ClaimState::unmeasured
                                       ? "that was not measured"
                                       : fmt::format("of which nothing can be {}", to_text(step))),
                       where};
  }
  return core::Error{fmt::format("expected {} for a claim that is {}, got {}", listed(possible),
                                 to_text(life.state), to_text(step)),
                     where, help_on(life.state, step)};
}

std::string claim_folder(const std::string& agreement, core::Month month) {
  return fmt::format("claim-{}-{}", agreement, core::to_text(month));
}

const ClaimEvent* last_step(const std::vector<ClaimEvent>& events, const std::string& agreement,
                            core::Month month) {
  const auto steps = counting_steps(events, agreement, month);
  return steps.empty() ? nullptr : steps.back();
}

}  // namespace recoup::record
