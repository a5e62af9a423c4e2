#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

namespace recoup::core {

// What is known of an interval.
enum class IntervalState : std::uint8_t {
  measured,  // at least one Request was made
  silent,    // none was: the contract says what that counts as
  excluded,  // an exclusion touches it: counts as 100 % available
  ahead,     // it has not begun yet
};

std::string_view to_text(IntervalState state);  // "measured"

// One interval's part in the cycle. Its begin is the cycle's begin + its index × the interval.
struct IntervalPart {
  std::uint64_t requests = 0;      // Requests, Errors among them
  std::uint64_t errors = 0;        // Errors
  std::uint64_t not_requests = 0;  // outcomes the contract does not count
  std::uint64_t unattributed = 0;  // see Verdict::unattributed
  std::uint64_t missed = 0;        // probes that were due and not sent
  std::uint64_t unread = 0;        // lines of logs that could not be read
  std::uint64_t refused = 0;       // see Verdict::refused
  // Calls that other services of the provider made for the account, and those of them that failed
  // with an Error: among the Requests where the user wants them counted, else among not_requests.
  std::uint64_t indirect = 0;
  std::uint64_t indirect_errors = 0;
  // Of the Errors those that local processes reported, and nobody else.
  std::uint64_t reported_errors = 0;
  IntervalState state = IntervalState::silent;
  bool unseen = false;  // a source did not see all of its Requests (core::Unseen)
  // How often it takes from the uptime by the contract's formula: once at most, or where the time
  // of several resources is summed, once for each that it does so for.
  std::uint32_t lost = 0;

  bool below_100() const { return lost > 0; }
  // What may have been Requests, of whatever outcome: the bounds read each as an Error, and as
  // served.
  std::uint64_t unsure() const { return missed + unread + refused; }
  bool operator==(const IntervalPart&) const = default;
};

// IntervalRun is a stretch of intervals of which each has the same part. Steady probes make few of
// them: a month without trouble is one.
struct IntervalRun {
  std::size_t first = 0;  // index of an interval
  std::size_t count = 1;  // intervals
  IntervalPart part = {};

  std::size_t end() const { return first + count; }  // not included
};

// The runs of a cycle, in order and without a hole.
using IntervalRuns = std::vector<IntervalRun>;
IntervalRuns runs_of(const std::vector<IntervalPart>& parts);

// The intervals of one and the same cycle, once for each resource whose time a contract sums, and
// otherwise once.
using ByResource = std::vector<IntervalRuns>;

// All of them together: counts and losses added up. An interval is measured where it is for one.
// There is at least one, and all are of as many intervals.
IntervalRuns together(const ByResource& each);

// How many intervals they are.
inline std::size_t size_of(const IntervalRuns& runs) {
  return runs.empty() ? 0 : runs.back().end();
}

// Adds so many intervals of that part at the end; a last run of the same part takes them.
void append(IntervalRuns& runs, const IntervalPart& part, std::size_t count = 1);

// Intervals are the parts of a cycle in order, in little memory: the service keeps a month of them
// for each agreement. Runs of one part are stored once, in as few bytes as their numbers need: some
// 30 bytes for a steady month, 30 KB where no five-minute interval is like the one before. Reading
// one after the other costs nanoseconds each, operator[] a look-up: unpacked() is for code that
// jumps about.
class Intervals {
 public:
  class RunIterator;
  class Iterator;
  struct Runs;

  Intervals() = default;
  explicit Intervals(const IntervalRuns& runs);

  // Adds `count` intervals of that part at the end.
  void append(const IntervalPart& part, std::size_t count = 1);

  // Gives back memory that was set aside for more intervals.
  void shrink_to_fit();

  // In bytes, beside the object itself.
  std::size_t memory() const { return bytes_.capacity() + marks_.capacity() * sizeof(Mark); }

  std::size_t size() const { return last_.end(); }
  bool empty() const { return size() == 0; }

  // The part of the interval at `index`, which is less than size().
  IntervalPart operator[](std::size_t index) const;

  // Every interval: `for (const auto& [index, part] : intervals)`.
  Iterator begin() const;
  Iterator end() const;

  // Every run: `for (const IntervalRun& run : intervals.runs())`.
  Runs runs() const;

  std::vector<IntervalPart> unpacked() const;

 private:
  // Where the bytes of the run begin that begins with interval `first`.
  struct Mark {
    std::uint32_t first;
    std::uint32_t offset;
  };

  void pack(const IntervalRun& run);

  std::vector<std::uint8_t> bytes_;  // of all runs but the last
  std::vector<Mark> marks_;          // of every kMarkEvery-th run
  std::size_t runs_ = 0;             // in bytes_
  IntervalRun last_{0, 0, {}};
};

// RunIterator reads the runs of Intervals, which outlive it and do not change meanwhile.
class Intervals::RunIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = IntervalRun;
  using difference_type = std::ptrdiff_t;
  using pointer = const IntervalRun*;
  using reference = const IntervalRun&;

  // The run at that place in the bytes, whose first interval is `first`; behind them the last one.
  RunIterator(const Intervals& intervals, std::size_t offset, std::size_t first);

  const IntervalRun& operator*() const { return run_; }
  const IntervalRun* operator->() const { return &run_; }
  RunIterator& operator++() {
    read(run_.end());
    return *this;
  }
  bool operator==(const RunIterator& other) const { return run_.first == other.run_.first; }

 private:
  void read(std::size_t first);

  const Intervals* intervals_;
  const std::uint8_t* at_;
  IntervalRun run_;
};

struct Intervals::Runs {
  const Intervals& intervals;
  RunIterator begin() const { return {intervals, 0, 0}; }
  RunIterator end() const { return {intervals, intervals.bytes_.size(), intervals.size()}; }
};

// Iterator reads the intervals one by one.
class Intervals::Iterator {
 public:
  struct Each {
    std::size_t index;
    const IntervalPart& part;
  };

  using iterator_category = std::input_iterator_tag;
  using value_type = Each;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = Each;

  Iterator(RunIterator run, std::size_t index) : run_(run), index_(index) {}

  Each operator*() const { return {index_, run_->part}; }
  Iterator& operator++() {
    if (++index_ == run_->end()) ++run_;
    return *this;
  }
  bool operator==(const Iterator& other) const { return index_ == other.index_; }

 private:
  RunIterator run_;
  std::size_t index_;
};

}  // namespace recoup::core
