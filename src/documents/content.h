#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/result.h"

namespace recoup::documents {

// How far a file was read, in bytes as they lie on the disk. `size` is 0 where there is none, as
// for a pipe.
struct Progress {
  std::uint64_t read = 0;
  std::uint64_t size = 0;
};
using OnProgress = std::function<void(const Progress&)>;

// Content reads what is in a file, plain or as Unpacker unpacks it, told by its first bytes.
// `progress` is called about once a mebibyte.
class Content {
 public:
  Content(const std::string& path, OnProgress progress);
  ~Content();
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;

  // Puts the next part of the content at `out`; how many bytes, 0 at the end and where reading
  // failed. `room` is not 0.
  std::size_t read(char* out, std::size_t room);

  // Whether everything could be read up to here. Damage is found at the end at the latest: what
  // was read before may be wrong until then.
  const core::Result<void>& state() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::documents
