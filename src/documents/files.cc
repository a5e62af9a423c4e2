#include "documents/files.h"

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>

namespace recoup::documents {

std::string reason(const std::error_code& code) {
  std::string text = code.message();
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z')
    text[0] = static_cast<char>(text[0] | 0x20);
  return text;
}

std::string stamp_of(const std::string& file) {
  struct stat at {};
  if (::stat(file.c_str(), &at) != 0) return fmt::format("error {}", errno);
  return fmt::format("{}:{} {} {}.{} {}.{}", at.st_dev, at.st_ino, at.st_size, at.st_mtim.tv_sec,
                     at.st_mtim.tv_nsec, at.st_ctim.tv_sec, at.st_ctim.tv_nsec);
}

core::Result<std::string> read_file(const std::filesystem::path& path, std::size_t most) {
  constexpr std::size_t kChunk = 65536;
  const auto failed = [&](const std::error_code& code) {
    return core::Error{fmt::format("expected a readable file, got '{}'", path.string()), "",
                       reason(code)};
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return failed(std::make_error_code(std::errc::is_a_directory));
  }
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string text;
  for (std::array<char, kChunk> chunk; in && text.size() <= most;) {
    in.read(chunk.data(), chunk.size());
    text.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (!in.is_open() || in.bad()) {
    return failed({errno != 0 ? errno : EIO, std::generic_category()});
  }
  if (text.size() <= most) return text;
  return core::Error{
      fmt::format("expected a file of at most {} bytes, got '{}'", most, path.string())};
}

}  // namespace recoup::documents
