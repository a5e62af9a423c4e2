#pragma once

#include <cstdint>
#include <string>
#include <string_view>
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

  std::uint64_t bytes() const { return bytes_; }
  std::string hex() const { return digest_.hex(); }

  // The digest of the longest known file that is shorter than this content and begins it, or empty.
  const std::string& prefix() const { return prefix_; }

 private:
  void compare();

  record::Sha256 digest_;
  std::uint64_t bytes_ = 0;
  std::vector<KnownFile> known_;  // those not reached yet, the shortest last
  std::string prefix_;
};

}  // namespace recoup::sources
