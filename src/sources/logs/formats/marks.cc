#include "sources/logs/formats/marks.h"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace recoup::sources {

#ifdef __x86_64__

namespace {

constexpr std::uint32_t kBlock = 64;

// Which bytes of a block are marked, the first one lowest. No two of those that are have the same
// lower half: by that half each byte finds the one that it would have to be.
__attribute__((target("avx2"))) std::uint64_t marked(const char* p) {
  const __m256i by_lower_half = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(1, 0, '"', 0, 0, 0, 0, 0, 0, 0, '\n', '[', '\\', '\r', 0, 0));
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + kBlock / 2));
  const __m256i is_low = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(by_lower_half, low), low);
  const __m256i is_high = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(by_lower_half, high), high);
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(is_low)) |
         std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(is_high))} << 32;
}

// Writes the places of a block's marked bytes; behind the last of them. As many as there mostly are
// without asking how many: a wrong guess takes longer than the writing.
__attribute__((target("avx2,bmi,popcnt"))) std::uint32_t* mark_block(const char* p,
                                                                     std::uint32_t at,
                                                                     std::uint32_t* places) {
  constexpr int kMostly = 4;
  std::uint64_t bits = marked(p);
  const int count = std::popcount(bits);
  const auto next = [&](int i) __attribute__((target("avx2,bmi,popcnt"))) {
    places[i] = at + static_cast<std::uint32_t>(_tzcnt_u64(bits));
    bits = _blsr_u64(bits);
  };
#pragma GCC unroll 4
  for (int i = 0; i < kMostly; ++i) next(i);
  for (int i = kMostly; i < count; ++i) next(i);
  return places + count;
}

}  // namespace

bool Marks::are_quick() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
         __builtin_cpu_supports("popcnt") != 0;
}

__attribute__((target("avx2,bmi,popcnt"))) void Marks::mark_on() {
  if (left_.size() < kTurn) return mark_last();
  std::uint32_t* end = places_.data() + last_;
  for (std::uint32_t i = 0; i < kTurn; i += kBlock) {
    end = mark_block(left_.data() + i, done_ + i, end);
  }
  last_ = static_cast<std::size_t>(end - places_.data());
  done_ += kTurn;
  left_.remove_prefix(kTurn);
}

void Marks::mark_last() {
  std::array<char, kTurn> padded{};
  const std::size_t size = left_.size();
  std::memcpy(padded.data(), left_.data(), size);
  left_ = {padded.data(), kTurn};
  mark_on();
  left_ = {};
}

#else

bool Marks::are_quick() { return false; }
void Marks::mark_on() {}
void Marks::mark_last() {}

#endif

void Marks::lay_out(std::string_view bytes) {
  left_ = bytes.substr(0, kMost);
  done_ = 0;
  first_ = last_ = 0;
}

void Marks::make_room() {
  std::copy(begin(), end(), places_.data());
  last_ -= first_;
  first_ = 0;
}

}  // namespace recoup::sources
