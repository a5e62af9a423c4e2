#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/result.h"

namespace recoup::documents {

// WholeFile is all of a file in memory: its bytes as they lie, and what is in them. Behind the
// content kPadding bytes more may be read, whatever they are.
struct WholeFile {
  static constexpr std::size_t kPadding = 64;

  std::string raw;  // of a packed file; empty where it is not packed, and `content` is it
  std::string content;

  const std::string& as_it_lies() const { return raw.empty() ? content : raw; }
};

// Reads a plain or a gzipped file at once, which is several times as fast as piece by piece
// (Content). Nothing where that is not how to read it: it has more than `most` bytes, plain or
// unpacked, it is packed otherwise, or it is no file on a disk. Errors: it cannot be read; the gzip
// data is damaged, cut or followed by something else.
core::Result<std::optional<WholeFile>> read_whole(const std::string& path, std::size_t most);

// The SHA-256 of a file's bytes as they lie, in hexadecimal digits.
core::Result<std::string> digest_as_it_lies(const std::string& path);

}  // namespace recoup::documents
