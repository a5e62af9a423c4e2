#include "sources/logs/line_prints.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace recoup::sources {
namespace {

// Odd numbers without a pattern: digits of the fractional parts of pi and e.
constexpr std::uint64_t kFirst = 0x243f6a8885a308d3;
constexpr std::uint64_t kSecond = 0x13198a2e03707345;
constexpr std::uint64_t kThird = 0xb7e151628aed2a6b;

// Both halves of the product, folded: every bit of it depends on every bit of both.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// The next `size` bytes, at most 8, the first one lowest.
std::uint64_t word(const char* p, std::size_t size) {
  std::uint64_t value = 0;
  std::memcpy(&value, p, size);
  return std::endian::native == std::endian::little ? value : __builtin_bswap64(value);
}

}  // namespace

// Written here and not a library's, since it must stay what it is for as long as there are ledgers.
// It costs a tenth of what SHA-256 costs, which has to be taken of every log as well.
std::uint64_t text_hash(std::string_view line) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  const char* p = line.data();
  std::size_t left = line.size();
  std::uint64_t value = line.size() ^ kFirst;
  for (; left > 2 * kWord; p += 2 * kWord, left -= 2 * kWord) {
    value = mix(word(p, kWord) ^ kSecond, word(p + kWord, kWord) ^ value);
  }
  if (line.size() >= 2 * kWord) {
    // The last two whole words, some of them a second time.
    p = line.data() + line.size() - 2 * kWord;
    value = mix(word(p, kWord) ^ kSecond, word(p + kWord, kWord) ^ value);
  } else {
    const std::size_t first = std::min(left, kWord);
    value = mix(word(p, first) ^ kSecond, word(p + first, left - first) ^ value);
  }
  return mix(value, kThird);
}

std::uint64_t LinePrints::add(std::string_view line, core::Minute minute) {
  const std::uint64_t value = text_hash(line);
  prints_.push_back(static_cast<Print>(value >> 48));
  identity_ = mix(identity_ ^ value, kFirst);
  if (const std::uint64_t n = before_ + prints_.size(); n < kIdentities) identities_[n] = identity_;
  earliest_ = std::min(earliest_, minute);
  latest_ = std::max(latest_, minute);
  if (prints_.size() <= 2) near_begin_ = minute;
  return value;
}

std::string to_bytes(const std::vector<Print>& prints, RecordSpan span) {
  std::string bytes;
  bytes.reserve(span.size() * 2);
  for (std::uint64_t i = span.begin; i < span.end; ++i) {
    bytes += static_cast<char>(prints[i] & 0xff);
    bytes += static_cast<char>(prints[i] >> 8);
  }
  return bytes;
}

std::vector<Print> to_prints(std::string_view bytes) {
  std::vector<Print> prints(bytes.size() / 2);
  for (std::size_t i = 0; i < prints.size(); ++i) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
    prints[i] = static_cast<Print>(byte(2 * i) | byte(2 * i + 1) << 8);
  }
  return prints;
}

}  // namespace recoup::sources
