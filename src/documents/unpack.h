#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "core/result.h"

namespace recoup::documents {

// Unpacker unpacks gzip, zstd, bzip2 or xz data piece by piece, in bounded memory: one member (a
// frame, a stream) or several in a row. Behind the last one of gzip and xz there may be zeros, as
// tapes have them. Checksums are compared where the data has them.
class Unpacker {
 public:
  // So many bytes tell for sure how data is packed.
  static constexpr std::size_t kFirstBytes = 10;

  // What unpacks data that begins like this; null where it is not packed.
  static std::unique_ptr<Unpacker> for_content(std::string_view first_bytes);

  virtual ~Unpacker() = default;
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  // "gzip", "zstd", "bzip2" or "xz".
  std::string_view name() const { return name_; }

  // Unpacks from the front of `in`, which it shortens, into `out`; how many bytes came out, which
  // may be none. `room` is not 0. An empty `in` says that the input has ended: then 0 is the end of
  // the content. Errors: the data is damaged, ends too early, is followed by something else, or
  // needs more memory than it may take; the error has no place.
  core::Result<std::size_t> run(std::string_view& in, char* out, std::size_t room);

  // Whether a member has just ended, or none has begun.
  bool between_members() const { return between_members_; }

 protected:
  // What one call of a library did.
  struct Step {
    std::size_t taken = 0;
    std::size_t made = 0;
    bool ended = false;  // the member
  };

  Unpacker(std::string_view name, bool zeros_behind) : name_(name), zeros_behind_(zeros_behind) {}
  core::Error damaged(std::string_view why) const;
  core::Error too_large(std::size_t most_mebibytes) const;

 private:
  virtual void begin_member() = 0;
  virtual core::Result<Step> step(std::string_view in, char* out, std::size_t room) = 0;

  std::string_view name_;
  bool zeros_behind_;
  bool between_members_ = true;
};

}  // namespace recoup::documents
