#include "errand/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace recoup::errand {
namespace {

using core::Error;
using core::Result;
using namespace std::chrono_literals;

// How often it is looked whether the program ended.
constexpr core::Millis kLook = 20ms;

// Descriptor closes what it holds.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }
  int number() const { return number_; }
  void reset(int number = -1) {
    if (number_ >= 0) close(number_);
    number_ = number;
  }

 private:
  int number_;
};

// The text lies in a file without a name, so that a program which reads none of it is in nobody's
// way.
bool fill(const Descriptor& file, const std::string& text) {
  return file.number() >= 0 &&
         write(file.number(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
         lseek(file.number(), 0, SEEK_SET) == 0;
}

// Output is what a program prints, as far as it is wanted.
class Output {
 public:
  explicit Output(std::size_t most) : most_(most) {
    std::array<int, 2> ends{-1, -1};
    if (most == 0 || pipe2(ends.data(), O_CLOEXEC) != 0) return;
    ours_.reset(ends[0]);
    its_.reset(ends[1]);
    // The pipe's other end is the program's, which shares no flags with ours.
    fcntl(ours_.number(), F_SETFL, O_NONBLOCK);
  }

  bool ready() const { return most_ == 0 || its_.number() >= 0; }
  bool too_long() const { return text_.size() > most_; }

  // Where the program is to print; what it complains of is ours to show where its output is wanted.
  void give_to(posix_spawn_file_actions_t& files) const {
    if (most_ > 0) {
      posix_spawn_file_actions_adddup2(&files, its_.number(), STDOUT_FILENO);
      return;
    }
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }

  // It runs: what it does not hold open any more is at its end.
  void started() { its_.reset(); }

  // Takes what was printed since.
  void take() {
    if (ours_.number() < 0) return;
    std::array<char, 4096> part;
    for (ssize_t size = 1; size > 0 && !too_long();) {
      size = read(ours_.number(), part.data(), part.size());
      if (size > 0) text_.append(part.data(), static_cast<std::size_t>(size));
    }
  }

  std::string text() && { return std::move(text_); }

 private:
  std::size_t most_;
  Descriptor ours_, its_;
  std::string text_;
};

Result<pid_t> start(const std::vector<std::string>& command, const Descriptor& input,
                    const Output& output) {
  std::vector<char*> words;
  std::vector<std::string> own = command;
  for (std::string& word : own) words.push_back(word.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input.number(), STDIN_FILENO);
  output.give_to(files);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  pid_t pid = -1;
  const int failed =
      posix_spawnp(&pid, own.front().c_str(), &files, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) return Error{fmt::format("it could not be started: {}", std::strerror(failed))};
  return pid;
}

// Waits for its end; the error says why it was not waited for any longer, and it was killed.
Result<int> end_of(pid_t pid, const Program& program, Output& output, const core::Clock& clock,
                   const std::stop_token& stop) {
  const core::MonoTime until = clock.mono() + program.within;
  int status = 0;
  while (waitpid(pid, &status, WNOHANG) == 0) {
    output.take();
    const bool too_long = output.too_long();
    if (too_long || stop.stop_requested() || clock.mono() >= until) {
      kill(-pid, SIGKILL);
      waitpid(pid, &status, 0);
      if (too_long) return Error{fmt::format("it printed more than {} bytes", program.most)};
      return Error{fmt::format("it did not end within {}", core::to_text(program.within))};
    }
    clock.pause(stop, std::min(until, clock.mono() + kLook));
  }
  output.take();
  if (output.too_long()) return Error{fmt::format("it printed more than {} bytes", program.most)};
  return status;
}

}  // namespace

Result<std::string> run(const Program& program, const core::Clock& clock,
                        const std::stop_token& stop) {
  const Descriptor input(memfd_create("input", MFD_CLOEXEC));
  Output output(program.most);
  if (!fill(input, program.input) || !output.ready()) {
    return Error{
        fmt::format("there is no room for its input and output: {}", std::strerror(errno))};
  }
  const auto pid = start(program.words, input, output);
  if (!pid) return pid.error();
  output.started();
  const auto ended = end_of(*pid, program, output, clock, stop);
  if (!ended) return ended.error();
  if (WIFEXITED(*ended) && WEXITSTATUS(*ended) == 0) return std::move(output).text();
  return Error{WIFEXITED(*ended) ? fmt::format("it ended with the status {}", WEXITSTATUS(*ended))
                                 : fmt::format("it was ended by the signal {}", WTERMSIG(*ended))};
}

}  // namespace recoup::errand
