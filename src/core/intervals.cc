#include "core/intervals.h"

#include <algorithm>

#include "core/ensure.h"

namespace recoup::core {
namespace {

// A run begins with one byte: the state in two bits, whether it is lost, whether more than its
// Requests is stored, and in four bits how many intervals it has, 0 where that follows as a number.
constexpr unsigned kStateBits = 2;
constexpr unsigned kLost = 1U << 2U;
constexpr unsigned kMore = 1U << 3U;
constexpr unsigned kCountShift = 4;
constexpr std::size_t kMostInByte = 15;

constexpr std::size_t kMarkEvery = 64;

// Seven bits a byte, the lowest first; all but the last have the highest bit.
void put_number(std::vector<std::uint8_t>& bytes, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7U) {
    bytes.push_back(static_cast<std::uint8_t>(number | 0x80U));
  }
  bytes.push_back(static_cast<std::uint8_t>(number));
}

std::uint64_t take_number(const std::uint8_t*& at) {
  std::uint64_t number = *at & 0x7fU;
  for (unsigned shift = 7; (*at++ & 0x80U) != 0; shift += 7) {
    number |= static_cast<std::uint64_t>(*at & 0x7fU) << shift;
  }
  return number;
}

// Few agreements have any of this.
constexpr std::uint64_t kNoRest = 0, kRest = 1, kRestUnseen = 2;
// Added to these where the interval is lost more than once: how often stands at the end.
constexpr std::uint64_t kLostOften = 2;

bool has_rest(const IntervalPart& part) {
  return (part.missed | part.unread | part.refused | part.indirect | part.reported_errors) != 0 ||
         part.unseen || part.lost > 1;
}

bool has_more(const IntervalPart& part) {
  return (part.errors | part.not_requests | part.unattributed) != 0 || has_rest(part);
}

}  // namespace

std::string_view to_text(IntervalState state) {
  switch (state) {
    case IntervalState::measured: return "measured";
    case IntervalState::silent: return "silent";
    case IntervalState::excluded: return "excluded";
    case IntervalState::ahead: return "ahead";
  }
  return "";
}

namespace {

// Two parts of one interval, of two resources.
IntervalPart sum_of(const IntervalPart& a, const IntervalPart& b) {
  IntervalPart sum = a;
  sum.requests += b.requests;
  sum.errors += b.errors;
  sum.not_requests += b.not_requests;
  sum.unattributed += b.unattributed;
  sum.missed += b.missed;
  sum.unread += b.unread;
  sum.refused += b.refused;
  sum.indirect += b.indirect;
  sum.indirect_errors += b.indirect_errors;
  sum.reported_errors += b.reported_errors;
  sum.unseen = a.unseen || b.unseen;
  sum.lost += b.lost;
  if (b.state == IntervalState::measured) sum.state = IntervalState::measured;
  return sum;
}

IntervalRuns sum_of(const IntervalRuns& a, const IntervalRuns& b) {
  RECOUP_ENSURE(size_of(a) == size_of(b));
  IntervalRuns sum;
  auto one = a.begin();
  auto other = b.begin();
  for (std::size_t at = 0; one != a.end() && other != b.end();) {
    const std::size_t end = std::min(one->end(), other->end());
    append(sum, sum_of(one->part, other->part), end - at);
    if (one->end() == end) ++one;
    if (other->end() == end) ++other;
    at = end;
  }
  return sum;
}

}  // namespace

IntervalRuns together(const ByResource& each) {
  RECOUP_ENSURE(!each.empty());
  IntervalRuns sum = each.front();
  for (std::size_t i = 1; i < each.size(); ++i) sum = sum_of(sum, each[i]);
  return sum;
}

IntervalRuns runs_of(const std::vector<IntervalPart>& parts) {
  IntervalRuns runs;
  for (const IntervalPart& part : parts) append(runs, part);
  return runs;
}

void append(IntervalRuns& runs, const IntervalPart& part, std::size_t count) {
  if (count == 0) return;
  if (!runs.empty() && runs.back().part == part) {
    runs.back().count += count;
  } else {
    runs.push_back({runs.empty() ? 0 : runs.back().end(), count, part});
  }
}

Intervals::Intervals(const IntervalRuns& runs) {
  for (const IntervalRun& run : runs) append(run.part, run.count);
  shrink_to_fit();
}

void Intervals::append(const IntervalPart& part, std::size_t count) {
  if (count == 0) return;
  if (last_.count > 0 && part == last_.part) {
    last_.count += count;
    return;
  }
  if (last_.count > 0) pack(last_);
  last_ = {last_.end(), count, part};
}

void Intervals::pack(const IntervalRun& run) {
  if (runs_++ % kMarkEvery == 0) {
    marks_.push_back(
        {static_cast<std::uint32_t>(run.first), static_cast<std::uint32_t>(bytes_.size())});
  }
  const IntervalPart& part = run.part;
  const bool more = has_more(part);
  const std::size_t in_byte = run.count <= kMostInByte ? run.count : 0;
  bytes_.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(part.state) |
                                             (part.below_100() ? kLost : 0) | (more ? kMore : 0) |
                                             (in_byte << kCountShift)));
  if (in_byte == 0) put_number(bytes_, run.count);
  put_number(bytes_, part.requests);
  if (!more) return;
  for (const std::uint64_t number : {part.errors, part.not_requests, part.unattributed}) {
    put_number(bytes_, number);
  }
  if (!has_rest(part)) return put_number(bytes_, kNoRest);
  const std::uint64_t often = part.lost > 1 ? kLostOften : 0;
  put_number(bytes_, (part.unseen ? kRestUnseen : kRest) + often);
  for (const std::uint64_t number : {part.missed, part.unread, part.refused, part.indirect,
                                     part.indirect_errors, part.reported_errors}) {
    put_number(bytes_, number);
  }
  if (often > 0) put_number(bytes_, part.lost);
}

void Intervals::shrink_to_fit() {
  bytes_.shrink_to_fit();
  marks_.shrink_to_fit();
}

IntervalPart Intervals::operator[](std::size_t index) const {
  RECOUP_ENSURE(index < size());
  if (index >= last_.first) return last_.part;
  const auto mark = std::prev(
      std::upper_bound(marks_.begin(), marks_.end(), index,
                       [](std::size_t wanted, const Mark& each) { return wanted < each.first; }));
  RunIterator run(*this, mark->offset, mark->first);
  while (index >= run->end()) ++run;
  return run->part;
}

Intervals::Iterator Intervals::begin() const { return {runs().begin(), 0}; }
Intervals::Iterator Intervals::end() const { return {runs().end(), size()}; }
Intervals::Runs Intervals::runs() const { return {*this}; }

std::vector<IntervalPart> Intervals::unpacked() const {
  std::vector<IntervalPart> parts;
  parts.reserve(size());
  for (const IntervalRun& run : runs()) parts.insert(parts.end(), run.count, run.part);
  return parts;
}

Intervals::RunIterator::RunIterator(const Intervals& intervals, std::size_t offset,
                                    std::size_t first)
    : intervals_(&intervals), at_(intervals.bytes_.data() + offset) {
  read(first);
}

void Intervals::RunIterator::read(std::size_t first) {
  const IntervalRun& last = intervals_->last_;
  if (first >= last.first) {
    run_ = first == last.first ? last : IntervalRun{first, 0, {}};
    return;
  }
  run_ = {};
  run_.first = first;
  const unsigned head = *at_++;
  IntervalPart& part = run_.part;
  part.state = static_cast<IntervalState>(head & ((1U << kStateBits) - 1U));
  part.lost = (head & kLost) != 0 ? 1 : 0;
  const std::size_t in_byte = head >> kCountShift;
  run_.count = in_byte == 0 ? take_number(at_) : in_byte;
  part.requests = take_number(at_);
  if ((head & kMore) == 0) return;
  part.errors = take_number(at_);
  part.not_requests = take_number(at_);
  part.unattributed = take_number(at_);
  const std::uint64_t rest = take_number(at_);
  if (rest == kNoRest) return;
  const bool often = rest > kRestUnseen;
  part.unseen = (often ? rest - kLostOften : rest) == kRestUnseen;
  part.missed = take_number(at_);
  part.unread = take_number(at_);
  part.refused = take_number(at_);
  part.indirect = take_number(at_);
  part.indirect_errors = take_number(at_);
  part.reported_errors = take_number(at_);
  if (often) part.lost = static_cast<std::uint32_t>(take_number(at_));
}

}  // namespace recoup::core
