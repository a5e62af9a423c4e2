#include "cli/input_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "documents/files.h"
#include "documents/named_files.h"

namespace recoup::cli {
namespace {

std::string last_reason() { return documents::reason({errno, std::generic_category()}); }

core::Error cannot_keep(const std::string& folder) {
  return {fmt::format("could not keep what standard input says in {}: {}", folder, last_reason()),
          kStandardInput, "name a folder with room for all of it in the environment as TMPDIR"};
}

// Where a file that is as long as a log has room: /tmp may be memory.
std::string folder_of_large_files() {
  const char* const named = std::getenv("TMPDIR");
  return named != nullptr && *named != '\0' ? named : "/var/tmp";
}

bool write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(to, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  return true;
}

// Whether standard input is a file of which nothing was read yet.
bool is_whole_file() {
  struct stat facts {};
  return fstat(STDIN_FILENO, &facts) == 0 && S_ISREG(facts.st_mode) &&
         lseek(STDIN_FILENO, 0, SEEK_CUR) == 0;
}

core::Result<void> keep_standard_input(int to, const std::string& folder) {
  std::string chunk(1 << 20, '\0');
  for (;;) {
    const ssize_t got = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    if (got == 0) return {};
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return core::Error{fmt::format("could not read standard input: {}", last_reason()),
                         kStandardInput};
    }
    const std::string_view bytes = std::string_view(chunk).substr(0, static_cast<std::size_t>(got));
    if (!write_all(to, bytes)) return cannot_keep(folder);
  }
}

}  // namespace

core::Result<InputFiles> InputFiles::of(const std::vector<std::string>& words) {
  InputFiles all;
  for (const std::string& word : words) {
    if (word == kStandardInput) {
      if (auto done = all.add_standard_input(); !done) return done.error();
      continue;
    }
    const auto named = documents::named_files(word);
    if (!named) return named.error();
    all.files_.insert(all.files_.end(), named->begin(), named->end());
  }
  return all;
}

InputFiles::~InputFiles() {
  if (kept_ >= 0) ::close(kept_);
}

InputFiles::InputFiles(InputFiles&& other) noexcept
    : files_(std::move(other.files_)), kept_(std::exchange(other.kept_, -1)) {}

core::Result<void> InputFiles::add_standard_input() {
  int from = STDIN_FILENO;
  if (kept_ >= 0) {
    from = kept_;
  } else if (!is_whole_file()) {
    const std::string folder = folder_of_large_files();
    kept_ = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (kept_ < 0) return cannot_keep(folder);
    if (auto done = keep_standard_input(kept_, folder); !done) return done;
    from = kept_;
  }
  files_.emplace_back(fmt::format("/proc/self/fd/{}", from), kStandardInput);
  return {};
}

}  // namespace recoup::cli
