#include "documents/opened_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "documents/files.h"

namespace recoup::documents {
namespace {

core::Error could_not_read(const std::string& path, int why) {
  return {fmt::format("could not read the file: {}", reason({why, std::generic_category()})), path};
}

FileFacts facts_from(const struct stat& status) {
  constexpr std::int64_t kNanos = 1'000'000'000;
  return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
          static_cast<std::uint64_t>(status.st_size),
          std::int64_t{status.st_mtim.tv_sec} * kNanos + status.st_mtim.tv_nsec};
}

}  // namespace

std::optional<FileFacts> facts_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return facts_from(status);
}

core::Result<OpenedFile> OpenedFile::open(const std::string& path) {
  // What became a pipe since it was found must not be waited for.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return could_not_read(path, errno);
  OpenedFile file(path, descriptor);
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return could_not_read(path, errno);
  if (!S_ISREG(status.st_mode)) return core::Error{"expected a file, got something else", path};
  return file;
}

OpenedFile& OpenedFile::operator=(OpenedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

OpenedFile::~OpenedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

core::Error OpenedFile::cannot_read() const { return could_not_read(path_, errno); }

core::Result<FileFacts> OpenedFile::facts() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) return cannot_read();
  return facts_from(status);
}

core::Result<std::size_t> OpenedFile::read(std::uint64_t at, char* out, std::size_t room) const {
  std::size_t size = 0;
  while (size < room) {
    const ssize_t got =
        ::pread(descriptor_, out + size, room - size, static_cast<off_t>(at + size));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read();
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  return size;
}

core::Result<std::string> OpenedFile::read(std::uint64_t begin, std::uint64_t end) const {
  std::string bytes(static_cast<std::size_t>(end - begin), '\0');
  const auto got = read(begin, bytes.data(), bytes.size());
  if (!got) return got.error();
  bytes.resize(*got);
  return bytes;
}

}  // namespace recoup::documents
