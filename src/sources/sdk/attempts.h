#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "core/clock.h"
#include "record/evidence.h"
#include "record/sdk_counts.h"
#include "sources/sdk/datagrams.h"
#include "sources/sdk/routes.h"
#include "sources/source.h"

namespace recoup::sources::sdk {

// Attempts is the attempts that AWS SDKs report as a Source: what each log of the settings counts,
// minute by minute, and a record of each that did not go well. All calls may come from any thread.
class Attempts final : public Source {
 public:
  // `most_evidence` bounds the records that wait to be taken.
  explicit Attempts(std::size_t most_evidence = 500'000);
  ~Attempts() override;
  Attempts(const Attempts&) = delete;
  Attempts& operator=(const Attempts&) = delete;

  // Makes the logs series of this source, beside those that it has. Nothing is counted of new ones
  // before exchange().
  void watch(const std::vector<CountedLog>& logs);

  // Counts for these logs alone from here on, which were resumed; the others are given up.
  // `worth`: which outcomes are worth a record, beside failures.
  void exchange(const std::vector<CountedLog>& logs, record::WorthARecord worth);

  // Gives up what is watched and was never counted for.
  void forget_new();

  // Counts what has arrived until then, by the wall clock.
  void add(const Datagrams::Arrived& arrived, core::Instant now);

  std::vector<Counted> series() const override;
  void resume(const record::SeriesKey& key, const Known& known) override;
  core::Result<record::Batch> take(const record::ReadCounts& stored) override;
  Unwritten waiting() const override;

  // What became of all datagrams so far; one consistent moment.
  record::SdkCounts counts() const;
  std::uint64_t evidence_dropped() const;  // records that found no room

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Takes what arrives and adds it until the stop is requested, and what is there then. Throws what
// Datagrams::take() throws.
void listen(Datagrams& datagrams, Attempts& attempts, const core::Clock& clock,
            const std::stop_token& stop);

}  // namespace recoup::sources::sdk
