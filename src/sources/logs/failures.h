#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <unordered_map>

#include "record/evidence.h"

namespace recoup::sources {

// Failures holds the evidence of a log's failed requests in little memory: 40 bytes each and the
// text, which is kept once while the same requests fail again and again.
class Failures {
 public:
  // `request` is the request line as the log has it: its method and path are kept, redacted.
  void add(core::Instant at, std::uint64_t line, int status, std::string_view request);

  std::size_t size() const { return records_.size(); }

  // The i-th in the order of the log; its tie is the line's number.
  record::Evidence operator[](std::size_t i) const;

 private:
  struct Record {
    core::Instant at;
    std::uint64_t line;
    std::string_view detail;  // in texts_
    int status;
  };

  std::string_view keep(std::string_view request);

  std::deque<Record> records_;
  std::unique_ptr<std::pmr::monotonic_buffer_resource> texts_ =
      std::make_unique<std::pmr::monotonic_buffer_resource>();
  std::unordered_map<std::string, std::string_view> recent_;
};

}  // namespace recoup::sources
