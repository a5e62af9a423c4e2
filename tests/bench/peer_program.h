#pragma once

// Other people's programs beside which a bench stands.

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace recoup::bench {

// What became of a program that ran to its end.
struct PeerRun {
  double seconds = 0;    // processor time
  double megabytes = 0;  // the most memory that it held
  std::string said;      // to its standard output; at most 64 KB, and only where it was asked for
};

// Runs a program, found in PATH, whose last words are wanted (`wants_words`) or thrown away.
// Nothing where it is not installed, or ends with another status than 0: the bench says so and goes
// on.
inline std::optional<PeerRun> run_peer(std::vector<std::string> words, bool wants_words = false) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  if (wants_words) {
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  } else {
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  }
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  PeerRun run;
  char bytes[4096];
  for (ssize_t got = 0; failed == 0 && (got = ::read(ends[0], bytes, sizeof bytes)) > 0;) {
    if (run.said.size() < 65'536) run.said.append(bytes, static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  if (failed != 0) return std::nullopt;
  int status = 0;
  rusage usage{};
  if (::wait4(child, &status, 0, &usage) != child || status != 0) return std::nullopt;
  const auto seconds = [](const timeval& at) {
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_usec) * 1e-6;
  };
  run.seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  run.megabytes = static_cast<double>(usage.ru_maxrss) / 1024;
  return run;
}

}  // namespace recoup::bench
