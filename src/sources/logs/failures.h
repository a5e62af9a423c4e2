#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/outcome_table.h"
#include "core/time.h"
#include "record/evidence.h"

namespace recoup::sources {

// Failures holds the evidence of a log's requests that are worth a record, in little memory: 48
// bytes each and the text, which is kept once while the same requests fail again and again. Of one
// interval no more are kept than of any other: what a claim has to show is when requests failed,
// and a flood of failures must not cost the record of a few at another time. Those of an interval
// that come first are kept, and the others are counted.
class Failures {
 public:
  // The stretch of the clock that records are shared out by, whatever the contract's interval is.
  static constexpr std::chrono::minutes kInterval{5};
  // So many of an interval are kept where there is room.
  static constexpr std::uint32_t kMostOfInterval = 10'000;
  // So many bytes of records and texts: where they are full, half as many of each interval are kept
  // from then on, and of those that have more the surplus is given up. While that is done there are
  // up to half as many again.
  static constexpr std::size_t kMostBytes = std::size_t{40} << 20;

  explicit Failures(std::size_t most_bytes = kMostBytes) : most_bytes_(most_bytes) {}

  // A request as the log has it. All but the first three may be empty.
  struct Record {
    core::Instant at;
    std::uint64_t place = 0;  // of the line, or the record, in the log: from 1, and no two alike
    core::OutcomeTable::Id outcome = 0;
    std::string_view request = {};     // what was asked; kept redacted
    std::string_view request_id = {};  // the provider's
    std::string_view peer = {};        // the address that answered
    core::Millis duration{0};
  };
  void add(const Record& failure);

  std::size_t size() const { return records_.size(); }
  std::uint64_t dropped() const { return dropped_; }
  // So many of an interval are kept as it stands.
  std::uint32_t most_of_interval() const { return most_of_interval_; }

  // The i-th in the order of the log; its tie is the place. `outcomes`: what the numbers mean.
  record::Evidence at(std::size_t i, const core::OutcomeTable& outcomes) const;

 private:
  struct Kept {
    core::Instant at;
    std::uint64_t place;
    const char* detail;  // in texts_, as the next two
    const char* request_id;
    const char* peer;
    core::OutcomeTable::Id outcome;
    std::uint32_t duration_ms;
  };

  using Texts = std::pmr::monotonic_buffer_resource;

  std::size_t bytes() const { return records_.size() * sizeof(Kept) + text_bytes_; }
  std::uint32_t& kept_of(core::Instant at);
  void thin_out();
  const char* keep_request(std::string_view request);
  // The text that goes with the key, once while it is asked for again and again.
  template <typename Text>
  const char* keep_once(std::string_view key, Text text_of_it);
  const char* copy(std::string_view text);

  std::size_t most_bytes_;
  std::uint32_t most_of_interval_ = kMostOfInterval;
  std::size_t text_bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::deque<Kept> records_;
  std::unique_ptr<Texts> texts_ = std::make_unique<Texts>();
  std::unordered_map<std::string, const char*> recent_;   // texts of requests, by what was asked
  std::unordered_map<std::int64_t, std::uint32_t> kept_;  // records, by interval
};

}  // namespace recoup::sources
