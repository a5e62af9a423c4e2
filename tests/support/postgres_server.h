#pragma once

#include <memory>
#include <string>

#include "support/process.h"
#include "support/temp_dir.h"

namespace recoup::test {

// PostgresServer is Debian's PostgreSQL 15 with a new cluster in a folder of its own, run by
// somebody who is not root and reached by a socket in that folder alone. It is stopped, by its
// process id, when the object dies. Its databases put text in the order of a language, not of
// bytes.
class PostgresServer {
 public:
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // The address of a new, empty database.
  std::string new_database();

  // What the server answers to the statements, column by column with "|", line by line.
  std::string ask(const std::string& url, const std::string& sql) const;

  // Ends it as a crash or a restart does, and has it run again. What it had acknowledged is there.
  void stop(int signal);
  void start();

  // The path of the socket that it is reached by.
  std::string socket() const { return dir_.file(".s.PGSQL.5432"); }

  // The process's own server, started by the first who wants it.
  static PostgresServer& shared();

 private:
  std::string url(const std::string& database) const;

  TempDir dir_;
  std::unique_ptr<Process> process_;
  int databases_ = 0;
};

}  // namespace recoup::test
