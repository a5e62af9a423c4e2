#include "claim/out_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace recoup::claim {
namespace {

constexpr std::size_t kBuffer = 256 * 1024;

}  // namespace

OutFile::OutFile(const std::string& folder, std::string name)
    : path_(folder + '/' + name),
      file_{std::move(name), 0, {}},
      handle_(open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)) {
  if (handle_ < 0) fail("made");
  buffer_.reserve(kBuffer);
}

OutFile::~OutFile() {
  if (handle_ >= 0) close(handle_);
}

void OutFile::append(std::string_view text) {
  if (buffer_.size() + text.size() > kBuffer) flush();
  buffer_.append(text);
}

void OutFile::flush() {
  digest_.update(buffer_);
  file_.bytes += buffer_.size();
  std::string_view rest = buffer_;
  while (!rest.empty() && failure_.empty()) {
    const ssize_t n = write(handle_, rest.data(), rest.size());
    if (n > 0) rest.remove_prefix(static_cast<std::size_t>(n));
    if (n < 0 && errno != EINTR) fail("written");
  }
  buffer_.clear();
}

void OutFile::fail(const char* doing) {
  if (failure_.empty()) failure_ = fmt::format("cannot be {}: {}", doing, std::strerror(errno));
}

core::Result<WrittenFile> OutFile::finish() {
  flush();
  if (failure_.empty() && fsync(handle_) != 0) fail("written");
  if (handle_ >= 0 && close(std::exchange(handle_, -1)) != 0) fail("written");
  if (!failure_.empty()) return core::Error{failure_, path_};
  file_.sha256 = digest_.hex();
  return file_;
}

}  // namespace recoup::claim
