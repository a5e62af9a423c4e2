#include "config/files.h"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fmt/format.h>

namespace recoup::config {

std::string reason(const std::error_code& code) {
  std::string text = code.message();
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z')
    text[0] = static_cast<char>(text[0] | 0x20);
  return text;
}

core::Result<std::string> read_file(const std::filesystem::path& path) {
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
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || text.bad()) return failed({errno != 0 ? errno : EIO, std::generic_category()});
  return text.str();
}

}  // namespace recoup::config
