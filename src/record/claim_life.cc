#include "record/claim_life.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "core/assess.h"
#include "core/text.h"

namespace recoup::record {
namespace {

constexpr std::array<std::string_view, 9> kSteps{"written",  "submitted", "confirmed",
                                                 "credited", "refused",   "disputed",
                                                 "settled",  "withdrawn", "unmarked"};
constexpr std::array<std::string_view, 11> kStates{
    "nothing to claim", "not measured",     "claimable", "written",  "submitted", "overdue",
    "credited",         "credited in part", "refused",   "disputed", "expired"};
constexpr std::array<std::string_view, 11> kStateWords{
    "nothing",  "unmeasured",       "claimable", "written",  "submitted", "overdue",
    "credited", "credited_in_part", "refused",   "disputed", "expired"};

using Steps = std::vector<ClaimStep>;

// What was given may be enough after all.
Steps disputed_steps(const ClaimLife& life) {
  using enum ClaimStep;
  if (life.credited) return {written, confirmed, credited, refused, disputed, settled};
  return {written, confirmed, credited, refused, disputed, withdrawn};
}

// Which steps may follow each state. A claim may be submitted late, or by hand without its files;
// what was said of a case may be said again with another case, amount or note.
Steps following(const ClaimLife& life) {
  using enum ClaimStep;
  const ClaimState state = life.state;
  const bool unasked = state == ClaimState::claimable || state == ClaimState::overdue;
  // Nobody asks for a credit that comes by itself; that it did not come can be written about.
  if (life.ground.due && unasked && !life.submitted) return {submitted, credited, refused};
  switch (state) {
    case ClaimState::nothing:
    case ClaimState::unmeasured: return {};
    case ClaimState::claimable: return {written, submitted};
    case ClaimState::written: return {written, submitted, withdrawn};
    case ClaimState::submitted:
    case ClaimState::overdue:
      return {written, submitted, confirmed, credited, refused, disputed, withdrawn};
    case ClaimState::credited: return {written, credited, disputed};
    case ClaimState::credited_in_part: return {written, credited, disputed, settled};
    case ClaimState::refused: return {written, submitted, credited, refused, disputed};
    case ClaimState::disputed: return disputed_steps(life);
    case ClaimState::expired: return {written, submitted};
  }
  return {};
}

// The state after one step more, time and amounts aside; `claimable` stands for no step yet.
ClaimState after(ClaimState state, ClaimStep step) {
  const bool with_provider = state == ClaimState::submitted || state == ClaimState::credited ||
                             state == ClaimState::disputed;
  switch (step) {
    // Files that are written again do not take a case back.
    case ClaimStep::written: return with_provider ? state : ClaimState::written;
    case ClaimStep::submitted: return ClaimState::submitted;
    case ClaimStep::credited:
    case ClaimStep::settled: return ClaimState::credited;
    case ClaimStep::refused: return ClaimState::refused;
    case ClaimStep::disputed: return ClaimState::disputed;
    case ClaimStep::withdrawn: return ClaimState::claimable;
    case ClaimStep::confirmed:
    case ClaimStep::unmarked: break;
  }
  return state;
}

// A claim that is sent is another one than the last time; a case that is said later is not.
void begin_anew(ClaimLife& life) {
  life.submitted.reset();
  life.confirmed.reset();
  life.credited.reset();
}

// What the provider gave stays given when the files are written again, and when something else is
// said of it without an amount.
void apply(ClaimLife& life, const ClaimEvent& event) {
  const ClaimState before = std::exchange(life.state, after(life.state, event.step));
  if (!event.case_id.empty()) life.case_id = event.case_id;
  switch (event.step) {
    case ClaimStep::written:
      if (life.state == ClaimState::written) {
        begin_anew(life);
        life.asked = event.amount;
      }
      break;
    case ClaimStep::submitted:
      if (before != ClaimState::submitted) begin_anew(life);
      if (!life.submitted) life.submitted = event.at;
      if (event.amount) life.asked = event.amount;
      break;
    case ClaimStep::confirmed: life.confirmed = event.at; break;
    case ClaimStep::credited:
      if (event.amount) life.credited = event.amount;
      break;
    case ClaimStep::withdrawn:
      begin_anew(life);
      life.case_id = event.case_id;
      life.asked.reset();
      break;
    case ClaimStep::refused:
    case ClaimStep::disputed:
    case ClaimStep::settled:
    case ClaimStep::unmarked: break;
  }
  life.settled =
      event.step == ClaimStep::settled || (life.settled && event.step == ClaimStep::written);
  if (event.step == ClaimStep::refused) {
    life.why = event.note;
  } else if (life.state != ClaimState::disputed) {
    life.why.clear();
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

// A provider rounds to the smallest unit that it pays.
bool is_short(const core::Money& credited, const core::Money& asked) {
  const core::Ratio cent(1, 100);
  return credited.currency == asked.currency && asked.amount - credited.amount >= cent;
}

// From when on a credit that is not there is late; nothing where the contract does not say, or
// counts from what has not happened.
std::optional<core::Instant> credit_due(const ClaimLife& life) {
  if (const auto& due = life.ground.due) return life.submitted ? due->disputed : due->by;
  const auto& terms = life.ground.payment;
  if (!terms) return std::nullopt;
  const auto& from = terms->payment.confirmation ? life.confirmed : life.submitted;
  if (!from) return std::nullopt;
  return core::payment_due(terms->payment, *from, terms->zone);
}

// What time makes of a claim that is with the provider, or of a credit that comes by itself; and
// what the amounts make of one that was credited.
void settle_payment(ClaimLife& life, core::Instant now) {
  const bool by_itself = life.state == ClaimState::claimable && life.ground.due.has_value();
  if (!life.asked) life.asked = life.ground.amount;
  if (life.state == ClaimState::submitted || by_itself) {
    life.credit_due = credit_due(life);
    if (life.credit_due && now >= *life.credit_due) life.state = ClaimState::overdue;
  } else if (life.state == ClaimState::credited && !life.settled && life.credited && life.asked &&
             is_short(*life.credited, *life.asked)) {
    life.state = ClaimState::credited_in_part;
  }
}

// What time and the ground make of a claim that nobody submitted.
void settle(ClaimLife& life, core::Instant now) {
  const bool open = life.state == ClaimState::claimable || life.state == ClaimState::written;
  const auto& deadline = life.ground.deadline;
  if (deadline) {
    life.days_left =
        static_cast<int>(std::chrono::floor<std::chrono::days>(deadline->safe - now).count());
  }
  if (open && !life.ground.eligible) {
    life.state = life.ground.measured ? ClaimState::nothing : ClaimState::unmeasured;
    return;
  }
  settle_payment(life, now);
  if (!open || life.state == ClaimState::overdue) return;
  if (deadline && now >= deadline->literal) {
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
  if (state == ClaimState::credited || state == ClaimState::credited_in_part ||
      state == ClaimState::refused) {
    return "what was noted by mistake is taken back by recoup claims unmark";
  }
  return step == ClaimStep::credited || step == ClaimStep::refused ||
                 step == ClaimStep::confirmed || step == ClaimStep::disputed
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
      fmt::format("expected written, submitted, confirmed, credited, refused, disputed, settled "
                  "or withdrawn, got '{}'",
                  text)};
}

ClaimGround ground_of(const Seal& seal) {
  // Only measured intervals have Requests that count.
  return {seal.agreement, seal.month,    seal.eligible,    seal.amount,
          seal.deadline,  seal.revision, seal.requests > 0};
}

ClaimGround ground_of(const core::Judgement& judgement) {
  ClaimGround ground{judgement.agreement.id,
                     judgement.assessment.cycle.month,
                     judgement.credit.eligible,
                     judgement.credit.amount,
                     judgement.assessment.first_deadline(),
                     0,
                     judgement.assessment.is_measured(),
                     judgement.assessment.due};
  if (const auto& payment = judgement.version->claim.payment) {
    ground.payment = PaymentTerms{*payment, judgement.zone};
  }
  return ground;
}

std::optional<core::Ratio> ClaimLife::credited_share() const {
  if (!credited || !asked || credited->currency != asked->currency) return std::nullopt;
  if (asked->amount <= core::Ratio()) return std::nullopt;
  return credited->amount / asked->amount;
}

bool ClaimLife::is_corrected() const {
  if (!submitted || !asked || !ground.amount) return false;
  // What people are shown is cut to the cent.
  return core::to_text(*asked) != core::to_text(*ground.amount);
}

bool ClaimLife::waits() const {
  switch (state) {
    case ClaimState::submitted:
    case ClaimState::overdue:
    case ClaimState::credited_in_part:
    case ClaimState::disputed: return true;
    case ClaimState::claimable: return ground.due.has_value();
    case ClaimState::credited: return !credited.has_value();
    case ClaimState::nothing:
    case ClaimState::unmeasured:
    case ClaimState::written:
    case ClaimState::refused:
    case ClaimState::expired: break;
  }
  return false;
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
