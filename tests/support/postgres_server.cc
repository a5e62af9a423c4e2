#include "support/postgres_server.h"

#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <vector>

namespace recoup::test {
namespace {

const std::string kPrograms = "/usr/lib/postgresql/15/bin/";

// PostgreSQL refuses to be run by root. What the tests leave when they are killed ends with them.
std::vector<std::string> as_user(std::vector<std::string> words) {
  std::vector<std::string> all{"setpriv", "--pdeathsig", "INT"};
  if (geteuid() == 0) {
    const passwd* nobody = getpwnam("nobody");
    if (nobody == nullptr) throw std::runtime_error("there is no user nobody to run PostgreSQL");
    all.insert(all.end(), {"--reuid", std::to_string(nobody->pw_uid), "--regid",
                           std::to_string(nobody->pw_gid), "--clear-groups"});
  }
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

}  // namespace

PostgresServer::PostgresServer() {
  if (geteuid() == 0) {
    const passwd* nobody = getpwnam("nobody");
    if (nobody == nullptr || chown(dir_.path().c_str(), nobody->pw_uid, nobody->pw_gid) != 0) {
      throw std::runtime_error("cannot give a folder to the user nobody");
    }
  }
  const auto made =
      run(as_user({kPrograms + "initdb", "-D", dir_.file("data"), "--no-sync", "-A", "trust", "-U",
                   "recoup", "-E", "UTF8", "--locale", "C.UTF-8", "--locale-provider", "icu",
                   "--icu-locale", "en", "--wal-segsize", "1"}),
          dir_.path().string());
  if (made.status != 0) throw std::runtime_error("initdb: " + made.err);
  start();
}

PostgresServer::~PostgresServer() { stop(SIGINT); }

void PostgresServer::start() {
  process_ = std::make_unique<Process>(
      as_user({kPrograms + "postgres", "-D", dir_.file("data"), "-k", dir_.path().string(), "-c",
               "listen_addresses=", "-c", "max_connections=200", "-c", "shared_buffers=16MB", "-c",
               "fsync=off"}),
      dir_.path().string());
  const bool answers = eventually([&] {
    return run({"psql", "-qAtc", "SELECT 1", url("postgres")}, dir_.path().string()).status == 0;
  });
  if (!answers) throw std::runtime_error("PostgreSQL does not answer: " + process_->err());
}

void PostgresServer::stop(int signal) {
  if (!process_) return;
  process_->signal(signal);
  process_->wait();
  process_.reset();
}

std::string PostgresServer::url(const std::string& database) const {
  std::string host;
  for (const char letter : dir_.path().string())
    host += letter == '/' ? "%2F" : std::string(1, letter);
  return "postgresql://recoup@" + host + "/" + database;
}

std::string PostgresServer::new_database() {
  const std::string name = "t" + std::to_string(++databases_);
  ask(url("postgres"), "CREATE DATABASE " + name);
  return url(name);
}

std::string PostgresServer::ask(const std::string& url, const std::string& sql) const {
  const auto done = run(
      {"psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-c", "SET search_path TO recoup", "-c", sql, url},
      dir_.path().string());
  if (done.status != 0) throw std::runtime_error("psql: " + done.err);
  return done.out;
}

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

}  // namespace recoup::test
