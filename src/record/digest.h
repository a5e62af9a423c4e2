#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace recoup::record {

// Sha256 digests bytes as they come (FIPS 180-4). Copies carry the state so far, so a prefix's
// digest can be taken on the way.
class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256&);
  Sha256& operator=(const Sha256&) = delete;
  ~Sha256();

  void update(std::string_view bytes);

  // 64 lower-case hexadecimal digits of all bytes so far; more may follow.
  std::string hex() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::string sha256_hex(std::string_view bytes);

}  // namespace recoup::record
