#pragma once

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
// bytes each and the text, which is kept once while the same requests fail again and again. What
// finds no room is counted.
class Failures {
 public:
  // So many bytes of records and texts, beyond which none are kept.
  static constexpr std::size_t kMostBytes = std::size_t{256} << 20;

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

  const char* keep_request(std::string_view request);
  const char* copy(std::string_view text);

  std::size_t most_bytes_;
  std::size_t text_bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::deque<Kept> records_;
  std::unique_ptr<std::pmr::monotonic_buffer_resource> texts_ =
      std::make_unique<std::pmr::monotonic_buffer_resource>();
  std::unordered_map<std::string, const char*> recent_;
};

}  // namespace recoup::sources
