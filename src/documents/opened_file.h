#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/result.h"

namespace recoup::documents {

// FileFacts is what the system says of a file without reading it: by device and inode it is known
// again under another name.
struct FileFacts {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t changed_ns = 0;  // when its content was changed last, in nanoseconds since 1970

  bool is_same_file(const FileFacts& other) const {
    return device == other.device && inode == other.inode;
  }
  bool operator==(const FileFacts&) const = default;
};

// Of the file at the path, or where a link there leads to; nothing where there is none.
std::optional<FileFacts> facts_of(const std::string& path);

// OpenedFile is a file that is open to be read at any place, whatever becomes of its name. One
// thread.
class OpenedFile {
 public:
  // Errors: there is none, it may not be read, or it is no file.
  static core::Result<OpenedFile> open(const std::string& path);

  OpenedFile(OpenedFile&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenedFile& operator=(OpenedFile&& other) noexcept;
  ~OpenedFile();

  const std::string& path() const { return path_; }  // where it was opened
  core::Result<FileFacts> facts() const;

  // Puts bytes from `at` on at `out`: all of the room, or fewer where the file ends before; how
  // many.
  core::Result<std::size_t> read(std::uint64_t at, char* out, std::size_t room) const;

  // The bytes in [begin, end), or up to the file's end.
  core::Result<std::string> read(std::uint64_t begin, std::uint64_t end) const;

 private:
  OpenedFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  core::Error cannot_read() const;

  std::string path_;
  int descriptor_;
};

}  // namespace recoup::documents
