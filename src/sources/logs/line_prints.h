#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace recoup::sources {

// A part of a log's records, [begin, end), counted from 0. Blank and malformed lines and headers
// are no records.
struct RecordSpan {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  std::uint64_t size() const { return end - begin; }
  bool operator==(const RecordSpan&) const = default;
};

// What is kept of one record's line: 16 bits of its hash.
using Print = std::uint16_t;

// 64 bits of a hash of a text. It stands in ledgers: it never changes.
std::uint64_t text_hash(std::string_view text);

// The same of four texts at once: each of them is a chain of steps that wait for each other.
std::array<std::uint64_t, 4> text_hashes(const std::array<std::string_view, 4>& texts);

// Two numbers made one, every bit of which depends on every bit of both: the halves of their
// product, folded. It stands in ledgers, too.
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// LinePrints is what is kept of a log's records to know them again, in 2 bytes each: they are
// compared in runs (known_runs.h), never one by one. What ends a line is no part of it, so a copy
// with other line ends has the same prints.
class LinePrints {
 public:
  // The next record: the text_hash() of its line, and the minute it is of.
  void add(std::uint64_t hash, core::Minute minute) {
    prints_.push_back(static_cast<Print>(hash >> 48));
    identity_ = joined(identity_, hash);
    if (const std::uint64_t n = before_ + prints_.size(); n < kIdentities) {
      identities_[n] = identity_;
    }
    earliest_ = std::min(earliest_, minute);
    latest_ = std::max(latest_, minute);
    if (prints_.size() <= 2) near_begin_ = minute;
  }

  const std::vector<Print>& prints() const { return prints_; }

  // A hash of all lines in their order, 64 bits wide: files with as many records and the same
  // identity hold the same records.
  std::uint64_t identity() const { return identity_; }

  // Goes on behind so many records with that identity, which are not among prints().
  void go_on(std::uint64_t records, std::uint64_t identity) {
    before_ = records;
    identity_ = identity;
  }

  // The identity of the log's first n records, where it has as many, n is below kIdentities and all
  // of them or the n-th were added here: of a log that is too short to be known by a run.
  static constexpr std::size_t kIdentities = 16;
  std::optional<std::uint64_t> identity_of(std::uint64_t n) const {
    if (n <= before_ || n >= kIdentities || n > before_ + prints_.size()) return std::nullopt;
    return identities_[static_cast<std::size_t>(n)];
  }

  // The earliest and the latest minute, and that of the second record. Only where there are some.
  core::Minute earliest() const { return earliest_; }
  core::Minute latest() const { return latest_; }
  core::Minute near_begin() const { return near_begin_; }

 private:
  static std::uint64_t joined(std::uint64_t identity, std::uint64_t hash) {
    constexpr std::uint64_t kAnyOdd = 0x243f6a8885a308d3;  // digits of pi
    return mix(identity ^ hash, kAnyOdd);
  }

  std::vector<Print> prints_;
  std::uint64_t before_ = 0;
  std::uint64_t identity_ = 0;
  std::array<std::uint64_t, kIdentities> identities_{};  // by how many records they are of
  core::Minute earliest_ = core::Minute::max();
  core::Minute latest_ = core::Minute::min();
  core::Minute near_begin_;
};

// Prints as they stand in ledgers: two bytes each, the lower one first.
std::string to_bytes(const std::vector<Print>& prints, RecordSpan span);
std::vector<Print> to_prints(std::string_view bytes);

}  // namespace recoup::sources
