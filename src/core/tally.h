#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/outcome.h"
#include "core/outcome_table.h"
#include "core/result.h"
#include "core/time.h"

namespace recoup::core {

// OutcomeCount is how many requests came to one outcome.
struct OutcomeCount {
  Outcome outcome;
  std::uint64_t count = 0;

  bool operator==(const OutcomeCount&) const = default;
};
// Gap is a time in which a probe was due and nobody measured: our service did not run, and what was
// sent in its first second was lost with the process; or it ran, and the wall clock passed over the
// time. Due instants are begin, begin + every, …, at each of them so many targets: those of a list
// that are counted together are taken to be due at once, each within a period of when it was.
struct Gap {
  Interval span;
  Millis every;                       // the probe's period; more than zero
  NotSent reason = NotSent::stopped;  // or suspended, or clock
  std::string resource = {};          // as Tallies::Row::resource
  std::uint32_t targets = 1;          // more than zero

  // How many times the probe was due inside `part`, over all targets.
  std::uint64_t due(const Interval& part) const;

  // The gap inside `part` alone: the gaps of adjoining parts miss together what this one misses.
  Gap cut_to(const Interval& part) const;
  bool operator==(const Gap&) const = default;
};

// Unseen is a time of which a source says itself that it did not see every Request: an audit log
// that was switched off, datagrams that were dropped. How many there were nobody knows.
struct Unseen {
  Interval span;
  std::string why;            // in words: "StopLogging by the account's own call"
  std::string resource = {};  // as Tallies::Row::resource

  bool operator==(const Unseen&) const = default;
};

// The most that counts may add up to: what a ledger holds in one number, and half of where sums of
// counts would begin again at 0.
inline constexpr std::uint64_t kMostCounted = 0x7fff'ffff'ffff'ffff;

// CountedTotal adds counts up and tells when they are more than kMostCounted.
class CountedTotal {
 public:
  void add(std::uint64_t count) {
    too_many_ = too_many_ || count > kMostCounted || total_ > kMostCounted - count;
    total_ = too_many_ ? 0 : total_ + count;
  }
  void add(const CountedTotal& other) {
    add(other.total_);
    too_many_ = too_many_ || other.too_many_;
  }

  // An error where they are more.
  Result<void> check() const;

 private:
  std::uint64_t total_ = 0;
  bool too_many_ = false;
};

// Tallies says how many requests of one agreement came to each outcome in each minute, over all
// its series. Rows may come in any order and repeat a minute; their counts add up.
class Tallies {
 public:
  struct Row {
    Row(Minute at, OutcomeTable::Id what, std::uint64_t times, std::uint32_t of = 0)
        : minute(at), outcome(what), resource(of), count(times) {}

    Minute minute;
    OutcomeTable::Id outcome;  // index into outcomes()
    // Of which of several resources whose time a contract sums: index into resources().
    std::uint32_t resource;
    std::uint64_t count;
  };

  // Of the resource of that name; empty: its source names none.
  void add(Minute minute, const Outcome& outcome, std::uint64_t count,
           const std::string& resource = {});

  // The number of the outcome for add_row(), so that a reader of many rows looks each one up once.
  OutcomeTable::Id intern(const Outcome& outcome) { return outcomes_.id(outcome); }
  // The same of a resource: 0 of the empty name.
  std::uint32_t intern_resource(const std::string& name);
  void add_row(Row row) {
    rows_.push_back(row);
    total_.add(row.count);
  }
  // The row again, where its requests are known by the word of local processes alone.
  void add_reported(Row row) { reported_.push_back(row); }
  void add_gap(const Gap& gap) {
    gaps_.push_back(gap);
    total_.add(gap.due(gap.span));
  }
  void add_unseen(Unseen unseen) { unseen_.push_back(std::move(unseen)); }
  // So many of the requests in the rows were sent by our own probes; the others stood in logs.
  void add_sent(std::uint64_t count) { sent_ += count; }
  void merge(const Tallies& other);

  // What is of the resources of these names alone.
  Tallies only(const std::function<bool(const std::string&)>& of) const;

  // An error where all rows and gaps together count more than kMostCounted. Otherwise no sum of any
  // of them wraps, which everything that adds them up relies on.
  Result<void> check_total() const { return total_.check(); }
  const CountedTotal& total() const { return total_; }

  const std::vector<Outcome>& outcomes() const { return outcomes_.all(); }
  const std::vector<std::string>& resources() const { return resources_; }  // the first is empty
  const std::vector<Row>& rows() const { return rows_; }
  const std::vector<Row>& reported() const { return reported_; }
  const std::vector<Gap>& gaps() const { return gaps_; }
  const std::vector<Unseen>& unseen() const { return unseen_; }
  std::uint64_t sent() const { return sent_; }

 private:
  OutcomeTable outcomes_;
  std::vector<std::string> resources_ = {""};
  std::vector<Row> rows_;
  std::vector<Row> reported_;  // those of rows_ that are
  std::vector<Gap> gaps_;
  std::vector<Unseen> unseen_;
  std::uint64_t sent_ = 0;
  CountedTotal total_;  // of all rows and gaps
};

}  // namespace recoup::core
