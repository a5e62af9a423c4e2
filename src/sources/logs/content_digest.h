#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record/digest.h"

namespace recoup::sources {

// KnownFile is a file that was read before, and whose place a longer copy takes: it is too short to
// be found by its lines (known_runs.h), or was read by a version that did not keep them. The
// SHA-256 and the length of its content.
struct KnownFile {
  std::string digest;
  std::uint64_t bytes = 0;
};

// ContentDigest digests a file's content and finds out which known file is a prefix of it: the
// digest so far is compared where the content is as long as a known file.
class ContentDigest {
 public:
  explicit ContentDigest(std::vector<KnownFile> known);

  void update(std::string_view bytes);

  // The same in turns with whoever reads the bytes, a line or a few at a time. SHA-256 is one chain
  // of steps that wait for each other, and leaves most of a processor idle; what is next to be done
  // with the lines begins there already. They are laid out before both, whoever reads them says how
  // far it came, and what is left is taken at the end.
  void lay_out(std::string_view bytes) { left_ = bytes; }
  // Who reads what it had kept from before has come to somewhere else, and nothing is taken.
  void reach(const char* p) {
    const auto size =
        std::bit_cast<std::uintptr_t>(p) - std::bit_cast<std::uintptr_t>(left_.data());
    if (size >= kTurn && size <= left_.size()) take_turn(size);
  }
  // It is the turn of the digest, wherever the reader is.
  void turn() {
    if (left_.size() >= kLongTurn) take_turn(kLongTurn);
  }
  void take_left() { update(std::exchange(left_, {})); }

  std::uint64_t bytes() const { return bytes_; }
  std::string hex() const { return digest_.hex(); }

  // The digest of the longest known file that is shorter than this content and begins it, or empty.
  const std::string& prefix() const { return prefix_; }

 private:
  static constexpr std::size_t kTurn = 128;
  static constexpr std::size_t kLongTurn = 256;

  void take_turn(std::size_t size);
  void compare();

  record::Sha256 digest_;
  std::string_view left_;  // of what was laid out
  std::uint64_t bytes_ = 0;
  std::vector<KnownFile> known_;  // those not reached yet, the shortest last
  std::string prefix_;
};

}  // namespace recoup::sources
