#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/assessment.h"
#include "core/judgement.h"
#include "core/money.h"
#include "core/time.h"
#include "record/seal.h"

namespace recoup::record {

// What the user, or the program for them, did about a claim.
enum class ClaimStep {
  written,    // its files were written
  submitted,  // it was sent to the provider
  confirmed,  // the provider said that the credit is due, and did not give it yet
  credited,   // the provider gave the credit, or a part of it
  refused,    // the provider gave none
  disputed,   // the user objected: nothing came, or less than was asked for
  settled,    // the user leaves it at what was given
  withdrawn,  // the user took it back: it can be claimed anew
  unmarked,   // the newest step that still counts was noted by mistake, and counts no more
};

std::string_view to_text(ClaimStep step);
core::Result<ClaimStep> parse_claim_step(std::string_view text);

// ClaimEvent is one step in the life of one month's claim.
struct ClaimEvent {
  std::string agreement;
  core::Month month{};
  core::Instant at;
  ClaimStep step = ClaimStep::written;
  std::string case_id = {};  // the provider's, or empty
  // Asked for, or given: all that the provider gave for the month up to then. Where it was said.
  std::optional<core::Money> amount = {};
  std::string note = {};    // the user's words, or empty
  std::string folder = {};  // where the claim was written, or empty
  int revision = 0;         // of the seal it rests on; 0 where there was none

  bool operator==(const ClaimEvent&) const = default;
};

enum class ClaimState {
  nothing,     // the month was measured, and there is nothing to claim
  unmeasured,  // no Request of the month is known: nobody can say whether there is
  claimable,   // the contract gives a credit, and nobody asked for it
  written,
  submitted,
  overdue,  // submitted, or to come by itself, and not there when the contract says that it is due
  credited,
  credited_in_part,  // less than was asked for
  refused,
  disputed,
  expired,  // the deadline passed, by its later reading, and nothing was submitted
};

std::string_view to_text(ClaimState state);  // for people: "nothing to claim"
std::string_view word_of(ClaimState state);  // for programs: "nothing"

// PaymentTerms is when a credit that was asked for is due, by the contract of the cycle.
struct PaymentTerms {
  core::Payment payment;
  core::Zone zone;
};

// ClaimGround is what a month's claim rests on.
struct ClaimGround {
  std::string agreement;
  core::Month month{};
  bool eligible = false;
  std::optional<core::Money> amount = {};
  std::optional<core::DeadlineDates> deadline = {};
  int revision = 0;  // of the seal; 0 where the cycle is not sealed
  bool measured = true;
  // Where the credit comes without a claim: until when.
  std::optional<core::CreditDue> due = {};
  // Nothing where the contract does not say when a credit comes that was asked for.
  std::optional<PaymentTerms> payment = {};
};

ClaimGround ground_of(const Seal& seal);
ClaimGround ground_of(const core::Judgement& judgement);

// How long before the safe deadline a claim that was not submitted is warned of.
inline constexpr std::chrono::days kClaimWarning{14};

// ClaimLife is where one month's claim stands.
struct ClaimLife {
  ClaimGround ground;
  ClaimState state = ClaimState::nothing;
  std::string case_id;                  // the newest that was said
  std::optional<core::Money> credited;  // what the provider gave, all in all
  // What was asked for: said when it was written or submitted, else what the ground gives now.
  std::optional<core::Money> asked = {};
  std::optional<core::Instant> submitted = {};   // when it was asked for
  std::optional<core::Instant> confirmed = {};   // when the provider said that it is due
  std::optional<core::Instant> credit_due = {};  // from when on a credit that is not there is late
  bool settled = false;                          // at what was given
  std::string why = {};                          // it was refused, in the words that were noted
  // Whole days until the safe deadline; 0 on its last day, negative behind it. Nothing where the
  // contract has none.
  std::optional<int> days_left;
  bool warn = false;  // claimable or written, and the safe deadline is near or behind

  // What part of the amount asked for was given, a fraction of 1; nothing where either is not
  // known, or they are of two currencies.
  std::optional<core::Ratio> credited_share() const;

  // Whether the charges were corrected since it was asked for, so that the amount would be another
  // one today.
  bool is_corrected() const;

  // Whether it waits for the provider: what is on later bills may be its credit.
  bool waits() const;
};

// Where the claim stands after its events, which come in the order of time. Those of other
// agreements and months are left out.
ClaimLife claim_life(const ClaimGround& ground, const std::vector<ClaimEvent>& events,
                     core::Instant now);

// One for each ground, and for each other month of the agreement with events; by month.
std::vector<ClaimLife> claim_lives(const std::vector<ClaimGround>& grounds,
                                   const std::vector<ClaimEvent>& events, core::Instant now);

// PastCycles is what became of an agreement's cycles that are over: their seals, and the claims
// that rest on these.
struct PastCycles {
  std::string agreement;
  std::string provider = {};
  std::uint64_t sealed = 0;       // cycles with a seal
  std::uint64_t revisions = 0;    // seals of these, their first ones among them
  std::vector<ClaimLife> claims;  // by month
};

// The folder that is proposed for a month's claim: one for each, so that none is in another's way.
std::string claim_folder(const std::string& agreement, core::Month month);

// Whether the step may follow; the error says which steps may. Whether there is one to unmark is
// last_step()'s to say.
core::Result<void> check_step(const ClaimLife& life, ClaimStep step);

// The newest of the month's steps that still counts; null where none does. It is one of `events`,
// which come in the order of time.
const ClaimEvent* last_step(const std::vector<ClaimEvent>& events, const std::string& agreement,
                            core::Month month);

}  // namespace recoup::record
