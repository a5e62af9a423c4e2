#include "core/votes.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/classify.h"

namespace recoup::core {
namespace {

constexpr std::uint32_t kMostVantages = 1000;

// What one vantage point saw of one interval.
struct Cell {
  std::uint64_t requests = 0;  // by the contract
  std::uint64_t errors = 0;
  std::uint64_t answered = 0;
  std::uint64_t unanswered = 0;
  bool clock_off = false;
  bool elsewhere_answered = false;
  bool elsewhere_unanswered = false;

  bool sent() const { return answered + unanswered > 0; }
};

using Cells = std::map<std::int64_t, Cell>;  // by the number of the interval

bool is_of_clock(NotSent reason) {
  return reason == NotSent::clock || reason == NotSent::suspended;
}

// Seeing sorts what one vantage point saw into the intervals of a cycle.
class Seeing {
 public:
  Seeing(const Version& version, const Interval& cycle) : version_(version), cycle_(cycle) {}

  Cells cells(const SeenFrom& seen) const {
    Cells cells;
    for (const Tallies::Row& row : seen.tallies.rows()) {
      if (const auto at = index_of(row.minute)) {
        add(cells[*at], seen.tallies.outcomes()[row.outcome], row.count);
      }
    }
    for (const Gap& gap : seen.tallies.gaps()) {
      if (is_of_clock(gap.reason)) mark_clock(cells, gap.span);
    }
    for (const Interval& span : seen.shown_twice) mark_clock(cells, span);
    for (const Tallies::Row& row : seen.elsewhere.rows()) {
      if (const auto at = index_of(row.minute)) {
        const Outcome& outcome = seen.elsewhere.outcomes()[row.outcome];
        if (std::holds_alternative<Answered>(outcome)) cells[*at].elsewhere_answered = true;
        if (std::holds_alternative<Failed>(outcome)) cells[*at].elsewhere_unanswered = true;
      }
    }
    return cells;
  }

 private:
  std::optional<std::int64_t> index_of(Instant at) const {
    if (at < cycle_.begin || at >= cycle_.end) return std::nullopt;
    return (at - cycle_.begin) / Millis(version_.interval());
  }

  void add(Cell& cell, const Outcome& outcome, std::uint64_t count) const {
    if (std::holds_alternative<Answered>(outcome)) cell.answered += count;
    if (std::holds_alternative<Failed>(outcome)) cell.unanswered += count;
    if (const auto* missed = std::get_if<Missed>(&outcome)) {
      cell.clock_off = cell.clock_off || is_of_clock(missed->reason);
    }
    const Verdict verdict = classify(version_, outcome).verdict;
    if (verdict == Verdict::error) cell.errors += count;
    if (verdict == Verdict::error || verdict == Verdict::served) cell.requests += count;
  }

  void mark_clock(Cells& cells, const Interval& span) const {
    const Instant begin = std::max(span.begin, cycle_.begin);
    const Instant end = std::min(span.end, cycle_.end);
    if (begin >= end) return;
    const std::int64_t last = *index_of(end - Millis(1));
    for (std::int64_t i = *index_of(begin); i <= last; ++i) cells[i].clock_off = true;
  }

  const Version& version_;
  const Interval& cycle_;
};

// Nothing where it has a vote.
std::optional<Abstains> why_not(const Cell& cell, bool others_are_answered) {
  if (!cell.sent()) return Abstains::sent_nothing;
  if (cell.clock_off) return Abstains::clock;
  if (cell.answered > 0 || cell.elsewhere_answered) return std::nullopt;
  // Nothing at all was answered. A service that is down for everybody answers nobody.
  if (cell.elsewhere_unanswered || others_are_answered) return Abstains::egress;
  return std::nullopt;
}

// Counting is the votes on one interval after the other.
class Counting {
 public:
  Counting(Votes& votes, std::vector<Cells> cells) : votes_(votes), cells_(std::move(cells)) {}

  void run() {
    std::set<std::int64_t> lost;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      for (const auto& [at, cell] : cells_[i]) {
        votes_.vantages[i].requests += cell.requests;
        votes_.vantages[i].errors += cell.errors;
        if (cell.errors > 0) lost.insert(at);
      }
    }
    for (const std::int64_t at : lost) count(at);
  }

 private:
  Cell cell_of(std::size_t vantage, std::int64_t at) const {
    const auto found = cells_[vantage].find(at);
    return found == cells_[vantage].end() ? Cell() : found->second;
  }

  void count(std::int64_t at) {
    std::size_t answered = 0;
    for (std::size_t i = 0; i < cells_.size(); ++i) answered += cell_of(i, at).answered > 0 ? 1 : 0;
    std::uint64_t voters = 0;
    std::uint64_t saw = 0;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const Cell cell = cell_of(i, at);
      Votes::From& from = votes_.vantages[i];
      if (const auto why = why_not(cell, answered > (cell.answered > 0 ? 1U : 0U))) {
        ++from.abstained;
        if (*why == Abstains::clock) ++from.clock;
        if (*why == Abstains::egress) ++from.egress;
        continue;
      }
      ++voters;
      if (cell.errors == 0) continue;
      ++saw;
      ++from.saw;
    }
    decide(voters, saw);
  }

  void decide(std::uint64_t voters, std::uint64_t saw) {
    const std::uint64_t least = votes_.rule.least > 0 ? votes_.rule.least : voters / 2 + 1;
    const Vote vote = saw >= least      ? Vote::agreed
                      : voters >= least ? Vote::outvoted
                                        : Vote::undecided;
    ++(vote == Vote::agreed     ? votes_.agreed
       : vote == Vote::outvoted ? votes_.outvoted
                                : votes_.undecided);
    votes_.newest = vote;
  }

  Votes& votes_;
  const std::vector<Cells> cells_;
};

std::optional<std::uint32_t> number_in(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number && number > 0 && number <= kMostVantages ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<VoteRule> parse_vote_rule(std::string_view text) {
  if (text == "majority") return VoteRule{};
  constexpr std::string_view kOf = " of ";
  const auto at = text.find(kOf);
  if (at == std::string_view::npos) return std::nullopt;
  const auto least = number_in(text.substr(0, at));
  const auto of = number_in(text.substr(at + kOf.size()));
  if (!least || !of || *least > *of) return std::nullopt;
  return VoteRule{*least, *of};
}

std::string to_text(const VoteRule& rule) {
  return rule.least == 0 ? "majority" : fmt::format("{} of {}", rule.least, rule.of);
}

std::vector<Interval> unheard_intervals(const Version& version, const Interval& cycle,
                                        const std::vector<SeenFrom>& seen) {
  const Seeing seeing(version, cycle);
  std::set<std::int64_t> lost;
  std::set<std::int64_t> unheard;
  for (const SeenFrom& one : seen) {
    for (const auto& [at, cell] : seeing.cells(one)) {
      if (cell.errors > 0) lost.insert(at);
      if (cell.sent() && cell.answered == 0) unheard.insert(at);
    }
  }
  std::vector<Interval> both;
  const Millis length(version.interval());
  for (const std::int64_t at : unheard) {
    if (lost.contains(at))
      both.push_back({cycle.begin + at * length, cycle.begin + (at + 1) * length});
  }
  return both;
}

Votes votes_on(const Version& version, const Interval& cycle, const std::vector<SeenFrom>& seen,
               const VoteRule& rule) {
  Votes votes;
  votes.rule = rule;
  std::vector<const SeenFrom*> order;
  for (const SeenFrom& one : seen) order.push_back(&one);
  std::sort(order.begin(), order.end(),
            [](const SeenFrom* a, const SeenFrom* b) { return a->vantage < b->vantage; });
  const Seeing seeing(version, cycle);
  std::vector<Cells> cells;
  for (const SeenFrom* one : order) {
    votes.vantages.push_back({one->vantage});
    cells.push_back(seeing.cells(*one));
  }
  Counting(votes, std::move(cells)).run();
  return votes;
}

}  // namespace recoup::core
