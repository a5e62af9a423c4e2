#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/time.h"

// Lines that are known again one by one, in whatever order they come: those with an id in them that
// whoever answered made up for the request (S3, CloudFront, load balancers, AWS SDKs). An id alone
// may be that of several requests, as where clients choose it or a trace goes on; but two lines
// that are the same in every byte, id and time and all, tell of one request. What has no id is
// known by the lines around it alone (known_runs.h): two requests may well look the same.
namespace recoup::sources {

// LineKey is what is kept of such a line: 64 bits of its hash. Two different lines of one hour are
// taken for the same with a chance of 1 in 2^64 for each pair.
using LineKey = std::uint64_t;

// LineKeys is the keys of a log's lines, hour by hour, in 8 bytes each.
class LineKeys {
 public:
  void add(core::Instant at, LineKey key) {
    const auto hour = std::chrono::floor<std::chrono::hours>(at);
    if (last_ == nullptr || hour != last_hour_) {
      last_hour_ = hour;
      last_ = &hours_[hour];
    }
    last_->push_back(key);
  }

  // Puts the keys of each hour in order, when all were added. Returns those that were added more
  // than once, in order.
  std::vector<LineKey> finish();

  using Hour = std::chrono::sys_time<std::chrono::hours>;
  const std::map<Hour, std::vector<LineKey>>& hours() const { return hours_; }
  bool empty() const { return hours_.empty(); }

  // The keys of an hour as they stand in ledgers, which live as long as these do.
  static std::string_view bytes_of(const std::vector<LineKey>& keys);

  // Adds to `found` those of an hour's keys, in order, that are among these bytes.
  static void find_known(const std::vector<LineKey>& keys, std::string_view bytes,
                         std::vector<LineKey>& found);

 private:
  std::map<Hour, std::vector<LineKey>> hours_;
  Hour last_hour_{};
  std::vector<LineKey>* last_ = nullptr;  // of hours_, whose elements stay where they are
};

// KnownKeys is which lines of a log are left out by their keys, as it is read again.
class KnownKeys {
 public:
  KnownKeys() = default;
  // In whatever order: those that are counted already, and those that are in the log several times.
  KnownKeys(std::vector<LineKey> known, std::vector<LineKey> repeated);

  bool empty() const { return known_.empty() && repeated_.empty(); }

  // Whether the next line, which has this key, is left out.
  bool leaves_out(LineKey key) {
    if (empty()) return false;
    return has(known_, key) || (has(repeated_, key) && !met_.insert(key).second);
  }

 private:
  static bool has(const std::vector<LineKey>& keys, LineKey key);

  std::vector<LineKey> known_, repeated_;  // in order
  std::unordered_set<LineKey> met_;        // of those that are repeated
};

}  // namespace recoup::sources
