#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace recoup::sources {

// Marks finds the bytes at which lines of access logs are cut, '\n', '"' and '[', and those by
// which a line is not as most are, '\r' and '\\': 64 bytes at a time, with the instructions of
// processors of 2013 and later. Without them a search for each byte as it is wanted is quicker.
class Marks {
 public:
  // Whether this processor has the instructions. Nothing else may be called where it has not.
  static bool are_quick();

  // No line that is as most are has more.
  static constexpr std::size_t kMostOfLine = 64;

  // What is to be marked, of which the first gibibyte is; it stays where it is.
  void lay_out(std::string_view bytes);

  // Marks on until kMostOfLine places are there, or all bytes are marked. `turn` is called for
  // every kTurn bytes: what waits for itself, as a digest does, has the marks done meanwhile.
  template <typename Turn>
  void fill(Turn turn) {
    while (size() < kMostOfLine && !left_.empty()) {
      make_room();
      for (std::size_t i = 0; i < kStep / kTurn && !left_.empty(); ++i) {
        turn();
        mark_on();
      }
    }
  }

  // The places of those bytes that were marked and not passed, in order.
  const std::uint32_t* begin() const { return places_.data() + first_; }
  const std::uint32_t* end() const { return places_.data() + last_; }
  std::size_t size() const { return last_ - first_; }

  // All before `next`, in [begin(), end()], are passed.
  void pass(const std::uint32_t* next) { first_ = static_cast<std::size_t>(next - places_.data()); }

 private:
  static constexpr std::size_t kMost = std::size_t{1} << 30;
  static constexpr std::size_t kTurn = 256;
  static constexpr std::size_t kStep = 2048;  // of bytes, which may all be marked
  static constexpr std::size_t kBeyond = 8;   // places behind the last one that are written, too

  void make_room();
  void mark_on();  // the next kTurn bytes, or what is left
  void mark_last();

  std::string_view left_;   // not marked
  std::uint32_t done_ = 0;  // bytes that are
  std::size_t first_ = 0, last_ = 0;
  std::array<std::uint32_t, kMostOfLine + kStep + kBeyond> places_{};
};

}  // namespace recoup::sources
