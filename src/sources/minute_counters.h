#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/outcome_table.h"
#include "core/tally.h"
#include "core/time.h"
#include "record/batch.h"
#include "record/evidence.h"
#include "record/series.h"
#include "sources/source.h"

namespace recoup::sources {

// CounterId is the counters of one series: never given twice, whatever comes and goes.
using CounterId = std::uint32_t;

// MinuteCounters holds the running minutes of any number of series, of a source that counts as it
// goes: what it counted since the last batch, and the minutes that may still grow. Whoever owns
// them sees to it that one thread at a time uses them.
class MinuteCounters {
 public:
  // At most `most_evidence` records wait for a batch.
  explicit MinuteCounters(std::size_t most_evidence) : most_evidence_(most_evidence) {}

  // Counters for the series; those that it has, where it has some. `every`: Checkpoint::every.
  CounterId add(const record::SeriesKey& key, core::Millis every);

  // So many targets of it are due in each period; 1 unless it is told otherwise.
  void set_targets(CounterId id, std::uint32_t targets) { at(id).targets = targets; }

  // Gives them up: they are forgotten when the next batch has taken what is in them.
  void retire(CounterId id);

  // As the methods of Source. A series is resumed before anything is counted of it.
  std::vector<Counted> series() const;
  void resume(const record::SeriesKey& key, const Known& known);

  // Whether they were not given up, and whose they are.
  bool has(CounterId id) const { return id < series_.size() && series_[id] != nullptr; }
  const record::SeriesKey& key(CounterId id) const { return *at(id).key; }

  // Numbers for count(); names that servers make up are told apart up to a thousand.
  core::OutcomeTable& outcomes() { return outcomes_; }
  const core::OutcomeTable& outcomes() const { return outcomes_; }

  void count(CounterId id, core::Minute minute, core::OutcomeTable::Id outcome, std::uint64_t by);

  // Keeps the record of a counted request; one that finds no room is counted as dropped. Its tie is
  // set here.
  void keep(CounterId id, record::Evidence evidence);

  void gap(CounterId id, const core::Gap& gap) { gaps_.push_back({id, gap}); }

  // It did not see all of that time.
  void unseen(CounterId id, core::Unseen what) { unseen_.push_back({id, std::move(what)}); }

  // All up to the watermark is in what was told before.
  void checkpoint(CounterId id, core::Instant watermark, std::string place = {});

  // The watermarks of what is on a schedule follow the wall clock: were they left ahead of a clock
  // that was set back, the stops of the time between would be taken for accounted for.
  void step(const record::ClockStep& step);

  // Minutes of which the ledger may hold counts from before, and what it holds of one: from then on
  // that is part of the minute's tally. While one lacks its base there is no batch to be taken.
  struct Lacking {
    CounterId id;
    record::SeriesId series;
    core::Minute minute;
  };
  std::vector<Lacking> lacking() const;
  void set_base(const Lacking& minute, const std::vector<core::OutcomeCount>& counts);

  // What changed since the last batch. Nothing may be lacking.
  record::Batch take();

  Unwritten waiting() const { return {counted_ - taken_, evidence_.size()}; }
  std::uint64_t evidence_dropped() const { return evidence_dropped_; }

 private:
  struct Count {
    core::OutcomeTable::Id outcome;
    std::uint64_t count;
  };
  // A series meets few different outcomes, so a list beats a map in time and in memory.
  struct MinuteTally {
    core::Minute minute;
    std::vector<Count> counts;
    bool dirty = false;
    bool lacks_base = false;
  };
  struct Series {
    const record::SeriesKey* key = nullptr;  // of by_key_, whose elements stay where they are
    core::Millis every{0};
    std::uint32_t targets = 1;
    record::SeriesId id = 0;  // once it was resumed
    std::vector<MinuteTally> minutes;
    std::optional<core::Instant> watermark;
    std::string place;
    core::Minute known_until = core::Minute::min();  // the ledger may hold counts through it
    bool progressed = false;                         // the watermark changed since the last batch
    bool changed = false;                            // it is in the list of changed ones
    bool retired = false;                            // it is forgotten when this was taken
  };
  template <typename Of>
  struct Waiting {
    CounterId id;
    Of what;
  };

  Series& at(CounterId id) { return *series_[id]; }
  const Series& at(CounterId id) const { return *series_[id]; }
  MinuteTally& tally_of(CounterId id, core::Minute minute);
  static void evict(Series& series, core::Minute newest);
  void progress(CounterId id, core::Instant watermark);
  void mark_changed(CounterId id);
  void take_series(CounterId id, record::Batch& out);

  std::size_t most_evidence_;
  core::OutcomeTable outcomes_{1000};
  std::vector<std::unique_ptr<Series>> series_;  // by id; null: retired and forgotten
  std::map<record::SeriesKey, CounterId> by_key_;
  std::vector<CounterId> changed_;
  std::set<std::pair<CounterId, core::Minute>> lacking_;
  std::vector<Waiting<record::Evidence>> evidence_;
  std::vector<Waiting<core::Gap>> gaps_;
  std::vector<Waiting<core::Unseen>> unseen_;
  std::vector<record::ClockStep> steps_;
  std::uint64_t evidence_dropped_ = 0;
  std::uint64_t evidence_count_ = 0;
  std::uint64_t counted_ = 0;
  std::uint64_t taken_ = 0;  // of these
};

// The next batch of counters that a lock guards: `locked` calls what it is given under the lock.
// The ledger is read without it, so that whoever counts or looks does not wait for that. What is
// counted meanwhile may lack a base as well, so it is asked again.
template <typename Locked>
core::Result<record::Batch> take_batch(MinuteCounters& minutes, const record::ReadCounts& stored,
                                       Locked locked) {
  for (;;) {
    std::vector<MinuteCounters::Lacking> lacking;
    std::optional<record::Batch> batch;
    locked([&] {
      lacking = minutes.lacking();
      if (lacking.empty()) batch = minutes.take();
    });
    if (batch) return *std::move(batch);
    for (const auto& minute : lacking) {
      const auto base = stored(minute.series, minute.minute);
      if (!base) return base.error();
      locked([&] { minutes.set_base(minute, *base); });
    }
  }
}

}  // namespace recoup::sources
