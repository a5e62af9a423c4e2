#include "service/running_cycles.h"

#include <algorithm>
#include <utility>

#include "judge/judge.h"
#include "record/late.h"

namespace recoup::service {
namespace {

// Whether this process writes such entries itself, of which it knows then without the journal. What
// came late may be another prober's, or a merged ledger's.
bool is_own(const record::JournalEntry& entry, record::Role role) {
  using Kind = record::JournalEntry::Kind;
  if (role != record::Role::all || entry.replaces == record::kCameLate) return false;
  return entry.kind == Kind::gap || entry.kind == Kind::query;
}

}  // namespace

RunningCycles::RunningCycles(ledger::Ledger& ledger, record::Role role, const core::Clock& clock,
                             Pace pace, LedgerFailures& failures)
    : ledger_(ledger),
      role_(role),
      clock_(clock),
      pace_(pace),
      failures_(failures),
      votes_(clock_) {}

void RunningCycles::exchange(const config::SharedSettings& settings) {
  settings_ = settings;
  std::map<std::string, std::shared_ptr<const core::Judgement>> last;
  for (Judged& one : cycles_) last[one.cycle.settings().agreement.id] = std::move(one.last);
  cycles_.clear();
  if (record::judges(role_)) {
    skip_journals();
    for (const auto& agreement : settings->agreements) {
      const std::string& id = agreement.agreement.id;
      cycles_.push_back(
          {judge::RunningCycle(config::find_shared(settings, id)), std::move(last[id]), journal_});
    }
  }
  judge(clock_.wall());
}

void RunningCycles::note_written(core::Instant oldest) {
  for (Judged& one : cycles_) one.cycle.note_written(oldest);
}

void RunningCycles::note_written(const std::string& agreement, core::Instant oldest) {
  for (Judged& one : cycles_) {
    if (one.cycle.settings().agreement.id == agreement) one.cycle.note_written(oldest);
  }
}

void RunningCycles::turn() {
  read_journals();
  if (clock_.mono() >= judge_next_) judge(clock_.wall());
}

// What others wrote of times that are over, like an import or what a prober brings late, is in the
// journals, and is judged at once. One that cannot be read is looked at again in the next turn.
void RunningCycles::read_journals() {
  if (!record::judges(role_) || clock_.mono() < journals_next_) return;
  journals_next_ = clock_.mono() + pace_.journals;
  const auto news = ledger_.journal_news(journal_);
  if (!news) return failures_.note("read", news.error());
  if (news->empty()) return;
  for (Judged& one : cycles_) {
    const std::string& id = one.cycle.settings().agreement.id;
    if (!news->contains(id)) continue;
    const auto entries = ledger_.journal(id, one.journal);
    if (!entries) return failures_.note("read", entries.error());
    for (const record::JournalEntry& entry : *entries) {
      one.journal = entry.id;
      if (!entry.is_of_figures() || entry.span.empty() || is_own(entry, role_)) continue;
      one.cycle.note_written(entry.span.begin);
      judge_next_ = {};
    }
  }
  for (const auto& [agreement, newest] : *news) journal_ = std::max(journal_, newest);
  ++news_;
}

// What was written up to here is in the first look at everything.
void RunningCycles::skip_journals() {
  const auto news = ledger_.journal_news(journal_);
  if (!news) return failures_.note("read", news.error());
  for (const auto& [agreement, newest] : *news) journal_ = std::max(journal_, newest);
}

// A prober judges nothing, and yet says how many of its requests were Errors.
void RunningCycles::read_versions(core::Instant now) {
  std::map<std::string, std::shared_ptr<const core::Version>> versions;
  for (const auto& agreement : settings_->agreements) {
    const auto month = judge::month_at(agreement, now);
    if (!month) continue;
    if (const auto terms = judge::cycle_terms(agreement, *month)) {
      versions.emplace(agreement.agreement.id, terms->version);
    }
  }
  const std::lock_guard lock(mutex_);
  versions_ = std::move(versions);
}

std::shared_ptr<const core::Judgement> RunningCycles::with_votes(
    const std::shared_ptr<const core::Judgement>& judgement, const core::VoteRule& rule,
    core::Instant now) {
  auto votes = votes_.of(ledger_, *judgement, rule, now);
  if (!votes) {
    failures_.note("read", votes.error());
    return judgement;
  }
  if (!*votes) return judgement;
  auto voted = std::make_shared<core::Judgement>(*judgement);
  voted->robustness.votes = **std::move(votes);
  return voted;
}

void RunningCycles::judge(core::Instant now) {
  judge_next_ = clock_.mono() + pace_.judge;
  if (role_ == record::Role::prober) read_versions(now);
  std::vector<std::shared_ptr<const core::Judgement>> judgements;
  votes_.begin();
  for (Judged& one : cycles_) {
    auto judgement = one.cycle.refresh(ledger_, charges_, now);
    if (judgement) {
      uncounted_log_.tell(**judgement);
      incident_log_.tell(**judgement, now);
      one.last = with_votes(*judgement, one.cycle.settings().votes, now);
    } else {
      // Its last assessment stays, and the failure is counted and shown beside it. No other
      // agreement goes without its own for that.
      failures_.note("read", judgement.error());
    }
    if (one.last) judgements.push_back(one.last);
  }
  const std::lock_guard lock(mutex_);
  ready_ = judgements.size() == cycles_.size();
  judgements_ = std::move(judgements);
}

void RunningCycles::show(report::Snapshot& snapshot) const {
  const std::lock_guard lock(mutex_);
  snapshot.ready = ready_;
  snapshot.judgements = judgements_;
  snapshot.versions = versions_;
}

}  // namespace recoup::service
