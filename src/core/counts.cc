#include "core/counts.h"

#include <algorithm>
#include <utility>

#include "core/classify.h"
#include "core/ensure.h"

namespace recoup::core {
namespace {

std::vector<Classified> judge_all(const Version& version, const Tallies& tallies) {
  std::vector<Classified> judged;
  for (const Outcome& outcome : tallies.outcomes()) judged.push_back(classify(version, outcome));
  return judged;
}

// What one outcome counts as.
struct Meaning {
  Verdict verdict;
  // Of a call that another service made: what it would count as by itself.
  std::optional<Verdict> indirect;
};

std::vector<Meaning> meanings_of(const Version& version, const std::vector<Classified>& judged,
                                 const std::vector<Outcome>& outcomes) {
  std::vector<Meaning> meanings;
  meanings.reserve(judged.size());
  for (std::size_t i = 0; i < judged.size(); ++i) {
    meanings.push_back({judged[i].verdict, verdict_if_counted(version, outcomes[i])});
  }
  return meanings;
}

void count_indirect(IntervalPart& part, Verdict verdict, std::uint64_t n) {
  if (verdict != Verdict::served && verdict != Verdict::error) return;
  part.indirect += n;
  if (verdict == Verdict::error) part.indirect_errors += n;
}

void count(IntervalPart& part, const Meaning& meaning, std::uint64_t n) {
  if (meaning.indirect) count_indirect(part, *meaning.indirect, n);
  switch (meaning.verdict) {
    case Verdict::error: part.errors += n; [[fallthrough]];
    case Verdict::served: part.requests += n; return;
    case Verdict::not_a_request: part.not_requests += n; return;
    case Verdict::unattributed: part.unattributed += n; return;
    case Verdict::refused: part.refused += n; return;
    case Verdict::missed: part.missed += n; return;
    case Verdict::unread: part.unread += n; return;
  }
}

void count(RefusedAnswers& refused, Verdict verdict, std::uint64_t n) {
  refused.all += n;
  if (verdict == Verdict::served) refused.served += n;
  if (verdict == Verdict::refused) refused.left_out += n;
}

}  // namespace

// Open walks over the intervals that are not packed. Rows mostly come by minute: the interval of
// the row before, and then the next one, are tried before any other.
class Counts::Open {
 public:
  explicit Open(Counts& counts)
      : counts_(counts),
        begin_(std::chrono::ceil<std::chrono::minutes>(counts.cycle_.begin)),
        last_(std::chrono::ceil<std::chrono::minutes>(counts.cycle_.end)) {}

  // The interval that holds the minute; nothing outside the cycle.
  IntervalPart* at(Minute minute) {
    if (holds(minute)) return part_;
    if (part_ != nullptr && minute >= end_ && minute < std::min(end_ + counts_.length_, last_)) {
      ++index_;
    } else if (minute >= begin_ && minute < last_) {
      index_ = static_cast<std::size_t>((minute - begin_) / counts_.length_);
    } else {
      part_ = nullptr;
      first_ = end_ = {};
      return nullptr;
    }
    part_ = &part(index_);
    first_ = begin_ + static_cast<std::int64_t>(index_) * counts_.length_;
    end_ = std::min(first_ + counts_.length_, last_);
    return part_;
  }

  // Whether the minute is in the interval of the last at().
  bool holds(Minute minute) const { return minute >= first_ && minute < end_; }

  // Makes room at once for the intervals up to the one that holds the minute.
  void reach(Minute minute) {
    if (minute < begin_ || minute >= last_) return;
    const auto index = static_cast<std::size_t>((minute - begin_) / counts_.length_);
    if (index >= counts_.packed_.size()) part(index);
  }

  // The interval of that index, which is in the cycle and not packed.
  IntervalPart& part(std::size_t index) {
    RECOUP_ENSURE(index >= counts_.packed_.size());
    const std::size_t place = index - counts_.packed_.size();
    if (counts_.open_.size() <= place) counts_.open_.resize(place + 1);
    return counts_.open_[place];
  }

 private:
  Counts& counts_;
  const Minute begin_;  // the cycle's
  const Minute last_;   // the cycle's end
  std::size_t index_ = 0;
  IntervalPart* part_ = nullptr;
  Minute first_{};  // of the interval
  Minute end_{};    // not included
};

Counts::Counts(const Version& version, const Interval& cycle) : Counts(version, cycle, Single()) {
  if (version.times_counted() > 1) {
    each_.assign(version.resources.size() + 1, Counts(version, cycle, Single()));
  }
}

Counts::Counts(const Version& version, const Interval& cycle, Single)
    : version_(&version), cycle_(cycle), length_(version.interval()) {
  if (const auto* ratio = std::get_if<RequestRatio>(&version.formula)) repeats_ = ratio->repeats;
}

void Counts::add(const Tallies& tallies) {
  // Each distinct outcome is judged once, however many minutes have it.
  const std::vector<Classified> judged = judge_all(*version_, tallies);
  if (each_.empty()) {
    add_requests(judged, tallies);
    if (repeats_.count() > 0) leave_out_repeats(judged, tallies);
    add_gaps(tallies.gaps());
    add_reported(judged, tallies);
  } else {
    add_by_resource(tallies);
  }
  add_probes(tallies);
  add_uncounted(judged, tallies);
  add_asides(judged, tallies);
  add_unseen(tallies.unseen());
  total_.add(tallies.total());
}

void Counts::add_by_resource(const Tallies& tallies) {
  const std::vector<std::string>& names = version_->resources;
  const auto is_named = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Tallies own = tallies.only([&](const std::string& name) { return name == names[i]; });
    named_ = named_ || !own.rows().empty();
    each_[i].add(own);
  }
  each_.back().add(tallies.only([&](const std::string& name) { return !is_named(name); }));
}

void Counts::add_requests(const std::vector<Classified>& judged, const Tallies& tallies) {
  const std::vector<Meaning> meanings = meanings_of(*version_, judged, tallies.outcomes());
  Open open(*this);
  const auto& rows = tallies.rows();
  if (!rows.empty()) open.reach(rows.back().minute);
  // Neighbouring rows are mostly of one outcome and interval: they are added up before anything is
  // looked up for them.
  for (auto row = rows.begin(); row != rows.end();) {
    IntervalPart* part = open.at(row->minute);
    if (part == nullptr) {
      ++row;
      continue;
    }
    const auto outcome = row->outcome;
    std::uint64_t sum = 0;
    do {
      sum += row->count;
      ++row;
    } while (row != rows.end() && row->outcome == outcome && open.holds(row->minute));
    count(*part, meanings[outcome], sum);
  }
}

// Errors that repeat one of the same outcome within the contract's time after its first are taken
// out again.
void Counts::leave_out_repeats(const std::vector<Classified>& judged, const Tallies& tallies) {
  std::map<std::pair<std::uint32_t, Minute>, std::uint64_t> errors;
  for (const Tallies::Row& row : tallies.rows()) {
    if (judged[row.outcome].verdict == Verdict::error && row.count > 0) {
      errors[{row.outcome, row.minute}] += row.count;
    }
  }
  Open open(*this);
  for (const auto& [what, count] : errors) {
    const auto [outcome, minute] = what;
    const auto [first, is_first] = first_.try_emplace(tallies.outcomes()[outcome], minute);
    const bool repeats = !is_first && minute < first->second + repeats_;
    if (!repeats) first->second = minute;
    IntervalPart* part = open.at(minute);
    if (part == nullptr) continue;
    const std::uint64_t left_out = repeats ? count : count - 1;
    part->errors -= left_out;
    part->requests -= left_out;
    part->not_requests += left_out;
  }
}

void Counts::add_gaps(const std::vector<Gap>& gaps) {
  Open open(*this);
  const Millis length = length_;
  for (const Gap& gap : gaps) {
    const Instant begin = std::max(gap.span.begin, cycle_.begin);
    const Instant end = std::min(gap.span.end, cycle_.end);
    if (end <= begin) continue;
    for (auto index = (begin - cycle_.begin) / length;; ++index) {
      const Instant start = cycle_.begin + index * length;
      if (start >= end) break;
      open.part(static_cast<std::size_t>(index)).missed += gap.due({start, start + length});
    }
  }
}

void Counts::mark_unseen(const Interval& span) {
  Open open(*this);
  const Millis length = length_;
  const auto packed = static_cast<std::int64_t>(packed_.size());
  for (auto index = std::max(packed, (span.begin - cycle_.begin) / length);
       cycle_.begin + index * length < span.end; ++index) {
    open.part(static_cast<std::size_t>(index)).unseen = true;
  }
}

void Counts::add_unseen(const std::vector<Unseen>& unseen) {
  for (const Unseen& one : unseen) {
    const Interval span{std::max(one.span.begin, cycle_.begin), std::min(one.span.end, cycle_.end)};
    if (span.empty()) continue;
    if (each_.empty()) mark_unseen(span);
    const auto adjoins = [&](const Unseen& other) {
      return other.why == one.why && other.resource == one.resource && other.span.end == span.begin;
    };
    const auto before = std::find_if(unseen_.begin(), unseen_.end(), adjoins);
    if (before == unseen_.end()) {
      unseen_.push_back({span, one.why, one.resource});
    } else {
      before->span.end = span.end;
    }
  }
}

// What the rows and gaps of the cycle say of our own probes.
void Counts::add_probes(const Tallies& tallies) {
  probes_.sent += tallies.sent();
  const auto& outcomes = tallies.outcomes();
  const auto missed = [](const Outcome& outcome) { return std::get_if<Missed>(&outcome); };
  if (std::any_of(outcomes.begin(), outcomes.end(), missed)) {
    for (const Tallies::Row& row : tallies.rows()) {
      const auto* reason = missed(outcomes[row.outcome]);
      if (reason == nullptr || !cycle_.contains(row.minute)) continue;
      probes_.missed[static_cast<std::size_t>(reason->reason)] += row.count;
    }
  }
  for (const Gap& gap : tallies.gaps()) {
    probes_.missed[static_cast<std::size_t>(gap.reason)] += gap.due(cycle_);
  }
}

// The answers of the cycle that are failures to whoever sees them, and no Errors.
void Counts::add_uncounted(const std::vector<Classified>& judged, const Tallies& tallies) {
  const auto is_uncounted = [](const Classified& one) { return one.uncounted.has_value(); };
  if (std::none_of(judged.begin(), judged.end(), is_uncounted)) return;
  std::vector<std::uint64_t> counts(judged.size());
  for (const Tallies::Row& row : tallies.rows()) {
    if (cycle_.contains(row.minute)) counts[row.outcome] += row.count;
  }
  for (std::size_t i = 0; i < judged.size(); ++i) {
    if (!is_uncounted(judged[i]) || counts[i] == 0) continue;
    const Outcome& outcome = tallies.outcomes()[i];
    const UncountedOutcome none{outcome, 0, *judged[i].uncounted, judged[i].clause};
    uncounted_.try_emplace(outcome, none).first->second.count += counts[i];
  }
}

// Answers that are told of apart from what they count as.
void Counts::add_asides(const std::vector<Classified>& judged, const Tallies& tallies) {
  const auto aside = [](const Outcome& outcome) {
    const auto* answer = std::get_if<Answered>(&outcome);
    const bool is_one =
        answer != nullptr && (answer->key_store || answer->refused || answer->status == 0);
    return is_one ? answer : nullptr;
  };
  const auto& outcomes = tallies.outcomes();
  if (std::none_of(outcomes.begin(), outcomes.end(), aside)) return;
  for (const Tallies::Row& row : tallies.rows()) {
    const Answered* answer = aside(outcomes[row.outcome]);
    if (answer == nullptr || !cycle_.contains(row.minute)) continue;
    if (answer->key_store) key_store_ += row.count;
    if (answer->refused) count(refused_, judged[row.outcome].verdict, row.count);
    if (answer->status == 0) unclassified_[outcomes[row.outcome]] += row.count;
  }
}

void Counts::add_reported(const std::vector<Classified>& judged, const Tallies& tallies) {
  Open open(*this);
  for (const Tallies::Row& row : tallies.reported()) {
    if (judged[row.outcome].verdict != Verdict::error) continue;
    if (IntervalPart* part = open.at(row.minute)) part->reported_errors += row.count;
  }
}

void Counts::pack() {
  for (Counts& one : each_) one.pack();
  if (open_.size() < 2) return;
  for (std::size_t i = 0; i + 1 < open_.size(); ++i) packed_.append(open_[i]);
  packed_.shrink_to_fit();
  open_ = std::vector<IntervalPart>{open_.back()};
}

IntervalRuns Counts::runs() const {
  IntervalRuns runs;
  for (const IntervalRun& run : packed_.runs()) runs.push_back(run);
  for (const IntervalPart& part : open_) append(runs, part);
  const auto all = static_cast<std::size_t>((cycle_.length() + length_ - Millis(1)) / length_);
  append(runs, {}, all - packed_.size() - open_.size());
  return runs;
}

ByResource Counts::by_resource() const {
  if (each_.empty()) return {runs()};
  // Where no source names its resource, all are of one and the same.
  if (!named_) return {each_.back().runs()};
  ByResource all;
  for (std::size_t i = 0; i + 1 < each_.size(); ++i) all.push_back(each_[i].runs());
  return all;
}

std::uint64_t Counts::unnamed() const {
  std::uint64_t requests = 0;
  if (!named_) return requests;
  for (const IntervalRun& run : each_.back().runs()) requests += run.part.requests * run.count;
  return requests;
}

std::vector<OutcomeCount> Counts::unclassified() const {
  std::vector<OutcomeCount> all;
  for (const auto& [outcome, count] : unclassified_) all.push_back({outcome, count});
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  return all;
}

UncountedFailures Counts::uncounted() const {
  UncountedFailures uncounted;
  for (const auto& [outcome, one] : uncounted_) {
    uncounted.reasons[static_cast<std::size_t>(one.reason)] += one.count;
    uncounted.outcomes.push_back(one);
  }
  std::stable_sort(uncounted.outcomes.begin(), uncounted.outcomes.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  return uncounted;
}

}  // namespace recoup::core
