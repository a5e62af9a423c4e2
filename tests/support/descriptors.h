#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <cstddef>

namespace recoup::test {

// Lets this process open as many files as the system lets it; how many of `wanted` connections it
// can hold with what else it has open.
inline std::size_t room_for(std::size_t wanted) {
  constexpr std::size_t kOthers = 2000;  // the server's side of them, where it is the same process
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const auto most = static_cast<std::size_t>(files.rlim_max);
  return std::min(wanted, most > kOthers ? most - kOthers : 0);
}

}  // namespace recoup::test
