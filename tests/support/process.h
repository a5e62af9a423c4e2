#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "support/eventually.h"

namespace recoup::test {

// Process is a real program, started by a test and stopped by its own process id when the object
// dies. Its output goes to files in `folder`.
class Process {
 public:
  Process(std::vector<std::string> words, const std::string& folder,
          const std::map<std::string, std::string>& environment = {});
  ~Process();  // SIGTERM, then SIGKILL
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void signal(int number) const;
  // From here on it cannot write files beyond so many bytes; RLIM_INFINITY lifts that.
  void limit_files(std::uint64_t bytes) const;
  // The exit status, or 128 + the signal that ended it.
  int wait();
  bool running();
  std::string out() const;
  std::string err() const;

 private:
  void note(int status);

  pid_t pid_ = -1;
  int status_ = -1;
  std::string out_file_;
  std::string err_file_;
};

struct Finished {
  int status;
  std::string out;
  std::string err;
};

// Runs a program to its end.
Finished run(const std::vector<std::string>& words, const std::string& folder,
             const std::map<std::string, std::string>& environment = {});

// A TCP port of loopback that was free a moment ago.
int free_port();

// The body of an HTTP answer, or nothing without a 200. With `status`, the status in any case.
std::string http_get(const std::string& url, long* status = nullptr);

std::string read_text(const std::string& path);
void write_text(const std::string& path, const std::string& text);

}  // namespace recoup::test
