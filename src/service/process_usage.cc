#include "service/process_usage.h"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <sstream>
#include <string>

#include "documents/files.h"

namespace recoup::service {
namespace {

namespace fs = std::filesystem;

// The fields of /proc/self/stat behind the process's name, which may hold anything: the first of
// these is the third of proc(5).
struct Stat {
  std::uint64_t user_ticks = 0, system_ticks = 0;  // 14 and 15
  std::uint64_t start_ticks = 0;                   // 22, since the machine started
  std::uint64_t virtual_bytes = 0;                 // 23
  std::uint64_t resident_pages = 0;                // 24
};

std::optional<Stat> read_stat() {
  const auto text = documents::read_file("/proc/self/stat");
  const auto name_end = text ? text->rfind(')') : std::string::npos;
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text->substr(name_end + 1));
  std::string ignored;
  const auto skip = [&](int count) {
    while (count-- > 0) fields >> ignored;
  };
  Stat stat;
  skip(11);
  fields >> stat.user_ticks >> stat.system_ticks;
  skip(6);
  fields >> stat.start_ticks >> stat.virtual_bytes >> stat.resident_pages;
  if (!fields) return std::nullopt;
  return stat;
}

// When the machine started; nothing where the system does not say.
std::optional<core::Instant> boot() {
  const auto text = documents::read_file("/proc/stat");
  if (!text) return std::nullopt;
  std::istringstream lines(*text);
  for (std::string word; lines >> word;) {
    std::int64_t seconds = 0;
    if (word == "btime" && lines >> seconds) return core::Instant(std::chrono::seconds(seconds));
  }
  return std::nullopt;
}

std::uint64_t open_files() {
  std::error_code code;
  const fs::directory_iterator all("/proc/self/fd", code);
  // One of them is this look at the folder itself.
  const auto count = code ? 1 : std::distance(fs::begin(all), fs::end(all));
  return static_cast<std::uint64_t>(count - 1);
}

}  // namespace

std::optional<report::ProcessUsage> process_usage() {
  const auto stat = read_stat();
  const auto started = boot();
  if (!stat || !started) return std::nullopt;
  const auto a_second = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  const auto millis = [&](std::uint64_t ticks) { return core::Millis(ticks * 1000 / a_second); };
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  report::ProcessUsage usage;
  usage.cpu = millis(stat->user_ticks + stat->system_ticks);
  usage.resident_bytes = stat->resident_pages * page;
  usage.virtual_bytes = stat->virtual_bytes;
  usage.open_files = open_files();
  usage.most_files = files.rlim_cur;
  usage.started = *started + millis(stat->start_ticks);
  return usage;
}

void give_back_memory() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace recoup::service
