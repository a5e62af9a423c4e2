#pragma once

#include <map>
#include <memory>
#include <string>

#include "support/process.h"
#include "support/temp_dir.h"

namespace recoup::test {

// The program under test.
std::string recoup_binary();

// Nginx is a real nginx on a free port of loopback, one worker. What it answers is switched while
// it runs: 200, 500, 503, or 444 (it closes the connection without an answer).
class Nginx {
 public:
  explicit Nginx(const std::string& folder);

  void answer_with(int status);
  void reload();
  void stop();

  // Has it write to new files where its logs were renamed: access.log in the combined format, and
  // common.log and common.json, that do not say which program asked, so that probes are not left
  // out of them; a line each for the same requests.
  void reopen_logs();
  // It answers nothing and writes nothing until it goes on.
  void pause();
  void go_on();

  std::string url() const;
  // What its access log says: how many requests ended with each status.
  std::map<int, int> counts() const;
  // The same over all statuses.
  int requests() const;

 private:
  std::string folder_;
  int port_;
  std::unique_ptr<Process> process_;
};

// Sends a signal to the workers of the nginx that keeps its pid in that folder: its master has no
// hand in answers.
void signal_workers(const std::string& folder, int number);

// A recoup.toml with some probes of that URL every 100 ms, listening on that port.
std::string probing_settings(const std::string& url, int port, int probes, bool keep_alive = true);

}  // namespace recoup::test
