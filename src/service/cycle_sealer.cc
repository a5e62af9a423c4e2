#include "service/cycle_sealer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "core/text.h"
#include "judge/cycles.h"
#include "judge/judge.h"
#include "report/words.h"

namespace recoup::service {
namespace {

using core::Instant;
using core::Result;
using record::ClaimLife;
using record::Seal;
using namespace std::chrono_literals;

constexpr auto kLookEvery = 1min;  // for what is new in the journal, and for claims
constexpr auto kMoment = 200ms;    // how long a turn goes on to the next month

core::Date day_of(Instant at) { return core::Date(std::chrono::floor<std::chrono::days>(at)); }

void log_seal(const Seal& seal) {
  const std::string month = core::to_text(seal.month);
  if (seal.revision == 1) {
    spdlog::info("{} {}: sealed, {}, digest {}", seal.agreement, month,
                 judge::is_unmeasured(seal)
                     ? "not measured"
                     : fmt::format("uptime {} % by {} Requests", core::percent_text(seal.uptime),
                                   seal.requests),
                 seal.digest);
    return;
  }
  spdlog::warn("{} {}: sealed again as revision {}: {}; digest {}", seal.agreement, month,
               seal.revision, fmt::join(seal.changes, "; "), seal.digest);
}

std::string until_words(Instant deadline, Instant now) {
  if (now >= deadline) return "is over";
  const auto days = std::chrono::floor<std::chrono::days>(deadline - now).count();
  if (days == 0) return "ends within a day";
  return fmt::format("ends in {} day{}", days, days == 1 ? "" : "s");
}

// What months_to_seal() names and the contract has no version for stays unsealed.
std::vector<judge::MonthToSeal> with_a_version(const config::AgreementSettings& settings,
                                               const std::vector<judge::MonthToSeal>& months,
                                               bool tell) {
  std::vector<judge::MonthToSeal> judged;
  std::optional<core::Error> error;
  for (const judge::MonthToSeal& one : months) {
    const auto terms = judge::cycle_terms(settings, one.month);
    if (terms) {
      judged.push_back(one);
    } else {
      error = terms.error();
    }
  }
  if (error && tell) {
    spdlog::warn("{}: {} of {} months cannot be judged and sealed: {}; {}", settings.agreement.id,
                 months.size() - judged.size(), months.size(), error->message, error->help);
  }
  return judged;
}

}  // namespace

CycleSealer::CycleSealer(const config::SharedSettings& settings, ledger::Ledger& ledger,
                         const core::Clock& clock, Sealer sealer, OnFailure on_failure)
    : ledger_(ledger),
      clock_(clock),
      sealer_(sealer),
      leadership_(sealer.leadership),
      on_failure_(std::move(on_failure)),
      look_next_(clock.mono()),
      hour_next_(look_next_),
      day_next_(look_next_),
      exchanged_(settings) {}

void CycleSealer::exchange(config::SharedSettings settings) {
  const std::lock_guard lock(mutex_);
  exchanged_ = std::move(settings);
}

void CycleSealer::run(const std::stop_token& stop, core::Millis every) {
  while (!stop.stop_requested()) {
    turn();
    clock_.pause(stop, clock_.mono() + every);
  }
}

// Whoever comes after another one looks at everything anew: the other may have sealed what was due.
bool CycleSealer::leads() {
  const auto now = leadership_.look();
  if (now == LeadershipWatch::Is::began) look_next_ = hour_next_ = day_next_ = clock_.mono();
  return now != LeadershipWatch::Is::not_leading;
}

void CycleSealer::turn() {
  take_exchanged();
  const bool seals = leads();

  // Which months something is to be sealed of is known after this, once a minute at most.
  if (clock_.mono() >= look_next_) look();

  // What the user said of a claim since the last turn, by another process, is seen in this one.
  notice_marks();

  // The claims stand on seals and on what the user said of them: both are as the ledger has them.
  if (follow_) follow_claims();

  // Some of the months, often all, are judged and sealed now, and what that gives can be claimed.
  if (!seals) return;
  seal_for_a_moment();
  if (follow_) follow_claims();
}

// What was read of the journal stays read. All else is looked at anew: other terms and charges are
// grounds for a revision.
void CycleSealer::take_exchanged() {
  config::SharedSettings settings;
  {
    const std::lock_guard lock(mutex_);
    settings.swap(exchanged_);
  }
  if (!settings) return;
  std::map<std::string, std::uint64_t> journal;
  for (const Watched& one : watched_) journal[one.settings->agreement.id] = one.journal;
  watched_.clear();
  for (const auto& agreement : settings->agreements) {
    const std::string& id = agreement.agreement.id;
    watched_.push_back({config::find_shared(settings, id), journal[id]});
  }
  look_next_ = hour_next_ = day_next_ = clock_.mono();
}

void CycleSealer::look() {
  const core::MonoTime now = clock_.mono();
  const bool all = now >= day_next_;
  const bool hourly = all || now >= hour_next_;
  look_next_ = now + kLookEvery;
  if (hourly) hour_next_ = now + 1h;
  if (all) day_next_ = now + 24h;
  for (Watched& watched : watched_) {
    if (auto done = look_at(watched, hourly, all); !done) on_failure_(done.error());
  }
  follow_ = true;
}

Result<void> CycleSealer::look_at(Watched& watched, bool hourly, bool all) {
  const config::AgreementSettings& settings = *watched.settings;
  const auto news = ledger_.journal(settings.agreement.id, watched.journal);
  if (!news) return news.error();
  if (news->empty() && !hourly) return {};
  if (!news->empty()) watched.journal = news->back().id;

  const Instant now = clock_.wall();
  const auto zone = judge::zone_at(settings, now);
  if (!zone) return zone.error();
  const auto months =
      judge::months_to_seal(ledger_, settings.agreement.id, *zone, now, judge::kSealGrace, all);
  if (!months) return months.error();
  for (const judge::MonthToSeal& one : with_a_version(settings, *months, all)) {
    watched.due.insert_or_assign(one.month, one);
  }
  return {};
}

void CycleSealer::seal_for_a_moment() {
  const core::MonoTime until = clock_.mono() + kMoment;
  for (Watched& watched : watched_) {
    while (!watched.due.empty()) {
      seal_first(watched);
      if (clock_.mono() >= until) return;
    }
  }
}

void CycleSealer::seal_first(Watched& watched) {
  const judge::MonthToSeal month = watched.due.begin()->second;
  watched.due.erase(watched.due.begin());
  const auto sealed = judge::judge_and_seal(ledger_, *watched.settings, charges_, month,
                                            sealer_.key, clock_.wall());
  if (!sealed) return on_failure_(sealed.error());
  if (!*sealed) return;
  log_seal(**sealed);
  follow_ = true;
}

void CycleSealer::notice_marks() {
  const auto end = ledger_.claim_events_end();
  if (!end) return on_failure_(end.error());
  if (std::exchange(followed_, *end) != *end) follow_ = true;
}

void CycleSealer::follow_claims() {
  follow_ = false;
  std::vector<record::PastCycles> past;
  const std::vector<record::PastCycles> before = this->past();
  for (const Watched& watched : watched_) {
    const std::string& id = watched.settings->agreement.id;
    auto one = judge::past_cycles(ledger_, *watched.settings, clock_.wall());
    if (!one) {
      // What was known of it stays; the failure is counted and shown beside it.
      on_failure_(one.error());
      const auto known = std::find_if(before.begin(), before.end(),
                                      [&](const auto& each) { return each.agreement == id; });
      if (known != before.end()) past.push_back(*known);
      continue;
    }
    for (const ClaimLife& life : one->claims) warn_once_a_day(life);
    past.push_back(*std::move(one));
  }
  const std::lock_guard lock(mutex_);
  past_ = std::move(past);
  ++renewed_;
}

void CycleSealer::warn_once_a_day(const ClaimLife& life) {
  if (!life.warn) return;
  const Instant now = clock_.wall();
  const core::Date today = day_of(now);
  auto& last = warned_[{life.ground.agreement, life.ground.month}];
  if (std::exchange(last, today) == today) return;
  spdlog::warn(
      "{} {}: {} can be claimed, and the deadline {}: it must be received before {} (by "
      "the literal reading {}); {}",
      life.ground.agreement, core::to_text(life.ground.month),
      life.ground.amount ? core::to_text(*life.ground.amount) : "a Service Credit",
      until_words(life.ground.deadline->safe, now), core::to_text(life.ground.deadline->safe),
      core::to_text(life.ground.deadline->literal), report::next_step(life));
}

std::vector<record::PastCycles> CycleSealer::past() const {
  const std::lock_guard lock(mutex_);
  return past_;
}

}  // namespace recoup::service
