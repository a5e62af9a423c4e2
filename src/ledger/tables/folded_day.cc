#include "ledger/tables/folded_day.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "record/digest.h"

namespace recoup::ledger {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kLongestPeriod =
    60;                                   // minutes: a probe that is sent each hour, or more often
constexpr std::size_t kWorthStretch = 4;  // so many bytes a stretch takes beside its counts
constexpr std::size_t kCheckBytes = 4;
constexpr std::uint64_t kMostOfCount = std::numeric_limits<std::int64_t>::max();  // and of an id

// Of one outcome, minute by minute; 0 is none.
using Minutes = std::array<std::uint64_t, kMinutesOfDay>;

std::string check_of(std::string_view bytes) {
  const std::string hex = record::sha256_hex(bytes);
  std::string check;
  for (std::size_t i = 0; i < kCheckBytes; ++i) {
    check += static_cast<char>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
  }
  return check;
}

void append(std::string& bytes, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) bytes += static_cast<char>(number | 0x80);
  bytes += static_cast<char>(number);
}

// A stretch of minutes from `begin` whose counts come again after `period`.
struct Stretch {
  std::size_t begin = 0;
  std::size_t length = 0;
  std::size_t period = 0;
};

// The stretch of a period from `begin` that spares most; of those alike the one of the shortest.
std::optional<Stretch> repeated_from(const Minutes& minutes, std::size_t begin) {
  Stretch best{begin, 0, 0};
  std::size_t spared = 0;
  for (std::size_t period = 1; period <= kLongestPeriod && begin + period < minutes.size();
       ++period) {
    std::size_t end = begin + period;
    while (end < minutes.size() && minutes[end] == minutes[end - period]) ++end;
    const bool is_all = end == minutes.size();
    while (minutes[end - 1] == 0) --end;
    if (end > begin + period + spared) {
      best = {begin, end - begin, period};
      spared = best.length - period;
    }
    if (is_all) break;  // a longer period spares no more
  }
  if (spared < kWorthStretch) return std::nullopt;
  return best;
}

// Divides a day into stretches: counts that repeat, and between them counts as they are.
std::vector<Stretch> stretches_of(const Minutes& minutes) {
  std::vector<Stretch> all;
  std::optional<Stretch> plain;  // the one that grows
  const auto end_plain = [&] {
    if (plain) all.push_back(*plain);
    plain.reset();
  };
  for (std::size_t at = 0; at < minutes.size();) {
    if (minutes[at] == 0) {
      ++at;
    } else if (const auto repeated = repeated_from(minutes, at)) {
      end_plain();
      all.push_back(*repeated);
      at += repeated->length;
    } else {
      // Over a few minutes without a count it goes on: a new one would take more.
      if (plain && at - (plain->begin + plain->length) >= kWorthStretch) end_plain();
      if (!plain) plain = Stretch{at, 0, 0};
      ++at;
      plain->length = plain->period = at - plain->begin;
    }
  }
  end_plain();
  return all;
}

// The bytes of one outcome's minutes, without its id.
std::string fold(const Minutes& minutes) {
  const std::vector<Stretch> stretches = stretches_of(minutes);
  std::string bytes;
  append(bytes, stretches.size());
  std::size_t end = 0;
  for (const Stretch& one : stretches) {
    append(bytes, one.begin - end);
    append(bytes, one.length - 1);
    append(bytes, one.period - 1);
    for (std::size_t i = 0; i < one.period; ++i) append(bytes, minutes[one.begin + i]);
    end = one.begin + one.length;
  }
  return bytes;
}

// Reader takes numbers off bytes; from the first one that is not there on it has failed.
class Reader {
 public:
  Reader(std::string_view bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  std::size_t at() const { return at_; }
  bool is_at_end() const { return at_ == bytes_.size(); }
  bool has_failed() const { return !what_.empty(); }
  const std::string& expected() const { return what_; }
  void fail(std::string what) {
    if (what_.empty()) what_ = std::move(what);
  }

  // A number of [least, most], in as few bytes as it needs; least where there is none.
  std::uint64_t number(const char* what, std::uint64_t least, std::uint64_t most) {
    std::uint64_t value = 0;
    std::size_t next = at_;
    bool more = true;
    bool is_padded = false;
    for (int shift = 0; more && next < bytes_.size() && shift < 63; shift += 7, ++next) {
      const auto byte = static_cast<unsigned char>(bytes_[next]);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      more = (byte & 0x80U) != 0;
      is_padded = byte == 0 && shift > 0;
    }
    if (more || is_padded || has_failed() || value < least || value > most) {
      fail(fmt::format("{} of {} to {}", what, least, most));
      return least;
    }
    at_ = next;
    return value;
  }

 private:
  std::string_view bytes_;
  std::size_t at_;
  std::string what_;  // what was expected; empty: nothing is wrong yet
};

// One stretch into the minutes, `end` being where the one before ends; where it ends.
std::size_t take_stretch(Reader& from, Minutes& minutes, std::size_t end) {
  if (end == minutes.size()) from.fail("no stretch behind the end of the day");
  const std::size_t most = minutes.size() - 1;
  const std::size_t begin =
      std::min(most, end + from.number("minutes without a count", 0, most - std::min(most, end)));
  const std::size_t length = 1 + from.number("a stretch's length - 1", 0, most - begin);
  const std::size_t period = 1 + from.number("a stretch's period - 1", 0, length - 1);
  for (std::size_t i = 0; i < length && !from.has_failed(); ++i) {
    minutes[begin + i] =
        i < period ? from.number("a count", 0, kMostOfCount) : minutes[begin + i - period];
  }
  return begin + length;
}

// One outcome's counts to those that are there; `outcome` is that of the one before.
void take_outcome(Reader& from, std::string_view body, std::int64_t& outcome,
                  std::vector<DayCount>& counts) {
  const std::uint64_t left = kMostOfCount - static_cast<std::uint64_t>(outcome);
  const std::uint64_t step = from.number("an outcome's step", 1, left);
  if (from.has_failed()) return;
  outcome += static_cast<std::int64_t>(step);
  const std::size_t begin = from.at();
  Minutes minutes{};
  const std::uint64_t stretches = from.number("a number of stretches", 1, minutes.size());
  std::size_t end = 0;
  for (std::uint64_t i = 0; i < stretches && !from.has_failed(); ++i) {
    end = take_stretch(from, minutes, end);
  }
  if (!from.has_failed() && body.substr(begin, from.at() - begin) != fold(minutes)) {
    from.fail("what these minutes are folded to");
  }
  for (int i = 0; i < kMinutesOfDay && !from.has_failed(); ++i) {
    const std::uint64_t count = minutes[static_cast<std::size_t>(i)];
    if (count > 0) counts.push_back({outcome, i, count});
  }
}

core::Error wrong(std::size_t byte, std::string_view what) {
  return {fmt::format("byte {}: expected {}", byte, what)};
}

}  // namespace

std::string fold_day(const std::vector<DayCount>& counts) {
  std::string bytes(1, kVersion);
  std::int64_t before = 0;
  for (auto at = counts.begin(); at != counts.end();) {
    const std::int64_t outcome = at->outcome;
    Minutes minutes{};
    for (; at != counts.end() && at->outcome == outcome; ++at) {
      minutes[static_cast<std::size_t>(at->minute)] = at->count;
    }
    append(bytes, static_cast<std::uint64_t>(outcome - before));
    bytes += fold(minutes);
    before = outcome;
  }
  return bytes + check_of(bytes);
}

core::Result<std::vector<DayCount>> unfold_day(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kVersion) return wrong(0, "version 1");
  if (bytes.size() < 1 + kCheckBytes) return wrong(bytes.size(), "four bytes of a digest");
  const std::string_view body = bytes.substr(0, bytes.size() - kCheckBytes);
  if (check_of(body) != bytes.substr(body.size())) {
    return wrong(body.size(), "the digest of what stands before it");
  }
  std::vector<DayCount> counts;
  std::int64_t outcome = 0;
  Reader from(body, 1);
  while (!from.is_at_end() && !from.has_failed()) take_outcome(from, body, outcome, counts);
  if (from.has_failed()) return wrong(from.at(), from.expected());
  return counts;
}

}  // namespace recoup::ledger
