#include "service/vote_counter.h"

#include "judge/votes.h"

namespace recoup::service {
namespace {

using namespace std::chrono_literals;

constexpr auto kEvery = 1min;
constexpr auto kAMoment = 200ms;

}  // namespace

void VoteCounter::begin() { until_ = clock_.mono() + kAMoment; }

core::Result<std::optional<core::Votes>> VoteCounter::of(ledger::TallyStore& ledger,
                                                         const core::Judgement& judgement,
                                                         const core::VoteRule& rule,
                                                         core::Instant now) {
  const core::MonoTime begin = clock_.mono();
  const core::Month month = judgement.assessment.cycle.month;
  const auto [at, is_new] = counted_.try_emplace(judgement.agreement.id);
  Counted& counted = at->second;
  if (is_new || counted.month != month) counted = {std::nullopt, month, begin};
  if (begin < counted.next || begin >= until_) return counted.votes;
  counted.next = begin + kEvery;
  auto votes = judge::votes(ledger, judgement, rule, now);
  if (!votes) return votes.error();
  counted.votes = *std::move(votes);
  return counted.votes;
}

}  // namespace recoup::service
