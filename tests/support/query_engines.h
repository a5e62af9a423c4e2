#pragma once

#include <memory>
#include <string>

#include "support/process.h"

namespace recoup::test {

// ClickHouse is Debian's server (18.16) on free ports of loopback, with its data in a folder. Its
// cluster "two" has two shards on it, the databases "one" and "two". "recoup" is a user with the
// password "geheim"; "default" has none.
class ClickHouse {
 public:
  explicit ClickHouse(const std::string& folder);
  ~ClickHouse() { stop(); }
  ClickHouse(const ClickHouse&) = delete;
  ClickHouse& operator=(const ClickHouse&) = delete;

  void start();
  // At once: it would wait for its connections to be closed.
  void stop();

  // What the server answers to a statement; data that it takes follow it. Throws where it fails.
  std::string ask(const std::string& statement, const std::string& data = {}) const;

  std::string url() const;

 private:
  std::string folder_;
  int http_port_, tcp_port_;
  std::unique_ptr<Process> process_;
};

// LogDatabase is Debian's PostgreSQL in a folder of its own, run by somebody who is not root, with
// one database "logs" of the user "recoup", whose password is "geheim".
class LogDatabase {
 public:
  explicit LogDatabase(const std::string& folder);

  // What the server answers to a statement; data that it takes follow it. Throws where it fails.
  std::string ask(const std::string& statement, const std::string& data = {}) const;

  // libpq's words for it, without the password, which stands in the file passfile().
  std::string connection() const;
  std::string passfile() const { return folder_ + "/passfile"; }

 private:
  std::string folder_;
  int port_;
  std::unique_ptr<Process> process_;
};

}  // namespace recoup::test
