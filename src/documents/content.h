#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "core/result.h"

namespace recoup::documents {

// How far a file was read, in bytes as they lie on the disk. `size` is 0 where there is none, as
// for a pipe.
struct Progress {
  std::uint64_t read = 0;
  std::uint64_t size = 0;
};
using OnProgress = std::function<void(const Progress&)>;

// InputFile is a file to be read, and what it is called wherever it is told of: mostly its path.
struct InputFile {
  InputFile(std::string at) : path(std::move(at)), name(path) {}  // NOLINT: a path is one
  InputFile(const char* at) : InputFile(std::string(at)) {}       // NOLINT: as above
  InputFile(std::string at, std::string called) : path(std::move(at)), name(std::move(called)) {}

  std::string path;
  std::string name;
};

// UnpackLimit is how much may be in a packed file: a few megabytes can hold terabytes of nothing.
struct UnpackLimit {
  std::uint64_t most = std::uint64_t{64} << 30;  // bytes
  const char* raised_by = "";  // what allows more, for the help of the error: "--max-unpacked"
};

// Content reads what is in a file, plain or as Unpacker unpacks it, told by its first bytes.
// `progress` is called about once a mebibyte.
class Content {
 public:
  Content(const InputFile& file, OnProgress progress, const UnpackLimit& limit = {});
  ~Content();
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;

  // Puts the next part of the content at `out`; how many bytes, 0 at the end and where reading
  // failed. `room` is not 0.
  std::size_t read(char* out, std::size_t room);

  // Whether everything could be read up to here. Damage is found at the end at the latest: what
  // was read before may be wrong until then. That there is more in it than the limit is an error.
  const core::Result<void>& state() const;

  // Of a packed file that was read to its end: the SHA-256 and the length of its bytes as they lie.
  // An empty digest where it is not packed.
  struct AsItLies {
    std::string digest;
    std::uint64_t bytes = 0;
  };
  AsItLies packed() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::documents
