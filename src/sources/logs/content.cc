#include "sources/logs/content.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "sources/logs/gunzip.h"

namespace recoup::sources {
namespace {

using core::Error;
using core::Result;

constexpr std::size_t kChunk = 1 << 20;

struct Compression {
  std::string_view magic;
  std::string_view name;
};
constexpr std::string_view kGzip = "\x1f\x8b";
constexpr std::array<Compression, 3> kOthers{
    {{"BZh", "bzip2"}, {"\x28\xb5\x2f\xfd", "zstd"}, {"\xfd\x37zXZ", "xz"}}};

Error cannot_read(const std::string& path) {
  return {fmt::format("could not read the file: {}", std::generic_category().message(errno)), path};
}

// RawFile owns the descriptor of a file and reads its bytes as they lie on the disk.
class RawFile {
 public:
  explicit RawFile(const std::string& path)
      : path_(path), descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) state_ = cannot_read(path_);
    struct stat facts {};
    if (fstat(descriptor_, &facts) == 0 && S_ISREG(facts.st_mode)) {
      progress_.size = static_cast<std::uint64_t>(facts.st_size);
    }
  }
  ~RawFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  // How many bytes were read; 0 at the end and where reading failed.
  std::size_t read(char* out, std::size_t room) {
    if (!state_) return 0;
    ssize_t got = 0;
    do {
      got = ::read(descriptor_, out, room);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
      state_ = cannot_read(path_);
      return 0;
    }
    progress_.read += static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
  }

  const Progress& progress() const { return progress_; }
  const Result<void>& state() const { return state_; }

 private:
  std::string path_;
  int descriptor_;
  Progress progress_;
  Result<void> state_;
};

}  // namespace

struct Content::Impl {
  Impl(const std::string& path_, OnProgress on_progress_)
      : path(path_), file(path_), on_progress(std::move(on_progress_)), raw(kChunk) {
    // A pipe may give its first bytes one by one.
    std::size_t size = 0;
    while (size < kLongestMagic) {
      const std::size_t got = read_file(raw.data() + size, raw.size() - size);
      if (got == 0) break;
      size += got;
    }
    rest = {raw.data(), size};
    if (rest.starts_with(kGzip)) gunzip.emplace();
    for (const Compression& other : kOthers) {
      if (rest.starts_with(other.magic)) {
        state = Error{fmt::format("expected a plain or a gzip file, got {}", other.name), path,
                      "decompress it first"};
      }
    }
  }

  std::size_t read_file(char* out, std::size_t room) {
    const std::size_t got = file.read(out, room);
    if (!file.state()) state = file.state();
    if (on_progress) on_progress(file.progress());
    return got;
  }

  std::size_t plain(char* out, std::size_t room) {
    if (rest.empty()) return read_file(out, std::min(room, kChunk));
    const std::size_t size = std::min(room, rest.size());
    std::memcpy(out, rest.data(), size);
    rest.remove_prefix(size);
    return size;
  }

  std::size_t unzipped(char* out, std::size_t room) {
    while (state) {
      if (rest.empty()) rest = {raw.data(), read_file(raw.data(), raw.size())};
      if (!state || (rest.empty() && gunzip->whole())) break;
      const bool at_end = rest.empty();
      const auto got = gunzip->run(rest, out, room);
      if (!got) {
        state = Error{got.error().message, path, "unpack what is whole of it with gzip -dc"};
      } else if (*got > 0) {
        return *got;
      } else if (at_end) {
        state = Error{"expected the rest of the gzip data, got the end of the file", path,
                      "copy the file again, or wait until it is written"};
      }
    }
    return 0;
  }

  static constexpr std::size_t kLongestMagic = 5;

  std::string path;
  RawFile file;
  OnProgress on_progress;
  std::vector<char> raw;
  std::string_view rest;  // of `raw`: read and not yet used
  std::optional<Gunzip> gunzip;
  Result<void> state;
};

Content::Content(const std::string& path, OnProgress progress)
    : impl_(std::make_unique<Impl>(path, std::move(progress))) {}
Content::~Content() = default;

std::size_t Content::read(char* out, std::size_t room) {
  if (!impl_->state) return 0;
  return impl_->gunzip ? impl_->unzipped(out, room) : impl_->plain(out, room);
}

const core::Result<void>& Content::state() const { return impl_->state; }

}  // namespace recoup::sources
