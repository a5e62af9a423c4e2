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

// The next `size` bytes, at most 8, the first one lowest. Of an empty text there may be none to be
// pointed at.
std::uint64_t word(const char* p, std::size_t size) {
  std::uint64_t value = 0;
  if (size > 0) std::memcpy(&value, p, size);
  return std::endian::native == std::endian::little ? value : __builtin_bswap64(value);
}

constexpr std::size_t kWord = sizeof(std::uint64_t);

std::uint64_t begin_of(std::string_view line) { return line.size() ^ kFirst; }

// The next two words of a line, which has them.
std::uint64_t step(const char* p, std::uint64_t value) {
  return mix(word(p, kWord) ^ kSecond, word(p + kWord, kWord) ^ value);
}

// All steps from `done` on.
std::uint64_t rest_of(std::string_view line, std::size_t done, std::uint64_t value) {
  std::size_t left = line.size() - done;
  const char* p = line.data() + done;
  for (; left > 2 * kWord; p += 2 * kWord, left -= 2 * kWord) value = step(p, value);
  if (line.size() >= 2 * kWord) {
    // The last two whole words, some of them a second time.
    value = step(line.data() + line.size() - 2 * kWord, value);
  } else {
    const std::size_t first = std::min(left, kWord);
    value = mix(word(p, first) ^ kSecond, word(p + first, left - first) ^ value);
  }
  return mix(value, kThird);
}

}  // namespace

// Written here and not a library's, since it must stay what it is for as long as there are ledgers.
// It costs a tenth of what SHA-256 costs, which has to be taken of every log as well.
std::uint64_t text_hash(std::string_view line) { return rest_of(line, 0, begin_of(line)); }

std::array<std::uint64_t, 4> text_hashes(const std::array<std::string_view, 4>& texts) {
  const auto [a, b, c, d] = texts;
  std::uint64_t of_a = begin_of(a);
  std::uint64_t of_b = begin_of(b);
  std::uint64_t of_c = begin_of(c);
  std::uint64_t of_d = begin_of(d);
  const std::size_t shortest = std::min({a.size(), b.size(), c.size(), d.size()});
  std::size_t at = 0;
  for (; at + 2 * kWord < shortest; at += 2 * kWord) {
    of_a = step(a.data() + at, of_a);
    of_b = step(b.data() + at, of_b);
    of_c = step(c.data() + at, of_c);
    of_d = step(d.data() + at, of_d);
  }
  return {rest_of(a, at, of_a), rest_of(b, at, of_b), rest_of(c, at, of_c), rest_of(d, at, of_d)};
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
