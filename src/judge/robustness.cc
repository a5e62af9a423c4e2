#include "judge/robustness.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/assess.h"
#include "core/classify.h"
#include "judge/votes.h"

namespace recoup::judge {
namespace {

using core::Result;
using core::Strike;
using record::SeriesKind;
using record::SourceTallies;

bool is_probe(const SourceTallies& source) { return source.source.kind == SeriesKind::probe; }

std::uint64_t errors_of(const core::Version& version, const core::Tallies& tallies) {
  std::vector<bool> is_error;
  for (const core::Outcome& outcome : tallies.outcomes()) {
    is_error.push_back(core::classify(version, outcome).verdict == core::Verdict::error);
  }
  std::uint64_t errors = 0;
  for (const core::Tallies::Row& row : tallies.rows()) {
    if (is_error[row.outcome]) errors += row.count;
  }
  return errors;
}

std::string words_of(const SourceTallies& source) {
  std::string text =
      fmt::format("the {} {}", is_probe(source) ? "probe" : "log", source.source.name);
  if (!source.vantage.empty()) text += " from " + source.vantage;
  return text;
}

// Sum is what sources saw together, by minute and outcome. A month of many sources has millions of
// rows and their sum some ten thousand: it is cheaper to take a source out of it, and to put it
// back, than to add up all the others.
class Sum {
 public:
  explicit Sum(const core::Interval& span)
      : begin_(std::chrono::ceil<std::chrono::minutes>(span.begin)),
        minutes_(static_cast<std::size_t>(
            (std::chrono::ceil<std::chrono::minutes>(span.end) - begin_).count())) {}

  void add(const core::Tallies& tallies) {
    for_each(tallies, [](std::uint64_t& sum, std::uint64_t count) { sum += count; });
  }
  // Of what was added before.
  void remove(const core::Tallies& tallies) {
    for_each(tallies, [](std::uint64_t& sum, std::uint64_t count) { sum -= count; });
  }

  core::Tallies tallies() const {
    core::Tallies all;
    std::vector<core::OutcomeTable::Id> ids;
    for (const core::Outcome& outcome : outcomes_.all()) ids.push_back(all.intern(outcome));
    std::vector<std::uint32_t> of;
    for (const std::string& name : resources_) of.push_back(all.intern_resource(name));
    for (std::size_t i = 0; i < minutes_.size(); ++i) {
      const core::Minute minute = begin_ + std::chrono::minutes(i);
      for (const Count& one : minutes_[i]) {
        if (one.count > 0) all.add_row({minute, ids[one.outcome], one.count, of[one.resource]});
      }
    }
    return all;
  }

 private:
  struct Count {
    core::OutcomeTable::Id outcome;
    std::uint32_t resource;
    std::uint64_t count;
  };

  template <typename Change>
  void for_each(const core::Tallies& tallies, Change change) {
    std::vector<core::OutcomeTable::Id> ids;
    for (const core::Outcome& outcome : tallies.outcomes()) ids.push_back(outcomes_.id(outcome));
    std::vector<std::uint32_t> of;
    for (const std::string& name : tallies.resources()) of.push_back(resource(name));
    for (const core::Tallies::Row& row : tallies.rows()) {
      change(count_of(row.minute, ids[row.outcome], of[row.resource]), row.count);
    }
  }

  // A minute has few different outcomes.
  std::uint64_t& count_of(core::Minute minute, core::OutcomeTable::Id outcome,
                          std::uint32_t resource) {
    std::vector<Count>& counts = minutes_[static_cast<std::size_t>((minute - begin_).count())];
    for (Count& one : counts) {
      if (one.outcome == outcome && one.resource == resource) return one.count;
    }
    return counts.emplace_back(Count{outcome, resource, 0}).count;
  }

  std::uint32_t resource(const std::string& name) {
    const auto known = std::find(resources_.begin(), resources_.end(), name);
    const auto index = static_cast<std::uint32_t>(known - resources_.begin());
    if (known == resources_.end()) resources_.push_back(name);
    return index;
  }

  core::Minute begin_;
  core::OutcomeTable outcomes_;
  std::vector<std::string> resources_;
  std::vector<std::vector<Count>> minutes_;  // from begin_ on
};

// Striking is the striking of one month's sources, one after the other.
class Striking {
 public:
  using Strikes = std::function<bool(const SourceTallies&)>;

  Striking(const std::vector<SourceTallies>& sources, const core::Judgement& judgement,
           core::Instant now)
      : sources_(sources), judgement_(judgement), now_(now), sum_(judgement.assessment.cycle.span) {
    for (const SourceTallies& one : sources) sum_.add(one.tallies);
  }

  core::Strike without(Strike::Kind kind, std::string name, const Strikes& struck) {
    for (const SourceTallies& one : sources_) {
      if (struck(one)) sum_.remove(one.tallies);
    }
    const core::Assessment a =
        core::assess(*judgement_.version, judgement_.zone, judgement_.assessment.cycle,
                     sum_.tallies(), judgement_.agreement.exclusions, now_);
    for (const SourceTallies& one : sources_) {
      if (struck(one)) sum_.add(one.tallies);
    }
    const auto& credits = judgement_.version->credits;
    return {kind, std::move(name), a.is_measured(), a.uptime,
            a.tier ? credits[*a.tier].credit : core::Ratio()};
  }

 private:
  const std::vector<SourceTallies>& sources_;
  const core::Judgement& judgement_;
  core::Instant now_;
  Sum sum_;  // of all sources, whenever nothing is being struck
};

// By how many Errors they saw, the most first.
std::vector<const SourceTallies*> by_errors(const core::Version& version,
                                            const std::vector<SourceTallies>& sources) {
  std::vector<std::pair<std::uint64_t, const SourceTallies*>> counted;
  for (const SourceTallies& one : sources) {
    counted.emplace_back(errors_of(version, one.tallies), &one);
  }
  std::stable_sort(counted.begin(), counted.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<const SourceTallies*> all;
  for (const auto& one : counted) all.push_back(one.second);
  return all;
}

}  // namespace

Result<core::Robustness> robustness(ledger::TallyStore& ledger, const core::Judgement& judgement,
                                    const core::VoteRule& rule, core::Instant now) {
  core::Robustness out;
  const bool is_owed = judgement.credit.share != core::Ratio();
  const auto several = is_seen_from_several(ledger, judgement);
  if (!several) return several.error();
  if (!is_owed && !*several) return out;
  const auto sources =
      ledger.tallies_by_source(judgement.agreement.id, judgement.assessment.cycle.span);
  if (!sources) return sources.error();
  if (*several) {
    auto counted = votes(ledger, *sources, judgement, rule, now);
    if (!counted) return counted.error();
    out.votes = *std::move(counted);
  }
  if (!is_owed) return out;
  Striking striking(*sources, judgement, now);

  std::vector<const SourceTallies*> struck = by_errors(*judgement.version, *sources);
  if (struck.size() > core::kMostStruck) {
    out.not_struck = struck.size() - core::kMostStruck;
    struck.resize(core::kMostStruck);
  }
  for (const SourceTallies* one : struck) {
    out.strikes.push_back(striking.without(Strike::Kind::source, words_of(*one),
                                           [&](const SourceTallies& s) { return &s == one; }));
  }

  std::set<std::string> vantages;
  for (const SourceTallies& one : *sources) vantages.insert(one.vantage);
  vantages.erase("");
  if (vantages.size() < 2) vantages.clear();
  for (const std::string& vantage : vantages) {
    out.strikes.push_back(
        striking.without(Strike::Kind::vantage, "the vantage point " + vantage,
                         [&](const SourceTallies& s) { return s.vantage == vantage; }));
  }

  if (std::count_if(sources->begin(), sources->end(), is_probe) > 1) {
    out.strikes.push_back(striking.without(Strike::Kind::probes, "all probes", is_probe));
  }
  if (judgement.incidents.inside > 0) out.strikes.push_back(core::strike_outside(judgement, now));
  return out;
}

}  // namespace recoup::judge
