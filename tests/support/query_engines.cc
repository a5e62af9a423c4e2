#include "support/query_engines.h"

#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace recoup::test {
namespace {

namespace fs = std::filesystem;

const std::string kOfPostgres = "/usr/lib/postgresql/15/bin/";

// PostgreSQL refuses to be run by root. What a test leaves that is killed ends with it.
std::vector<std::string> as_nobody(std::vector<std::string> words) {
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

std::string checked(const Finished& done, const std::string& what) {
  if (done.status != 0) throw std::runtime_error(what + ": " + done.out + done.err);
  return done.out;
}

}  // namespace

ClickHouse::ClickHouse(const std::string& folder)
    : folder_(folder), http_port_(free_port()), tcp_port_(free_port()) {
  fs::create_directories(folder_);
  const auto shard = [this](const char* database) {
    return fmt::format(
        "<shard><replica><host>127.0.0.1</host><port>{}</port><default_database>{}"
        "</default_database></replica></shard>",
        tcp_port_, database);
  };
  write_text(folder_ + "/config.xml",
             fmt::format("<yandex><logger><level>error</level><console>1</console></logger>"
                         "<http_port>{0}</http_port><tcp_port>{1}</tcp_port>"
                         "<listen_host>127.0.0.1</listen_host><path>{2}/data/</path>"
                         "<tmp_path>{2}/tmp/</tmp_path><users_config>{2}/users.xml</users_config>"
                         "<default_profile>default</default_profile>"
                         "<default_database>default</default_database>"
                         "<mark_cache_size>67108864</mark_cache_size>"
                         "<remote_servers><two>{3}{4}</two></remote_servers></yandex>",
                         http_port_, tcp_port_, folder_, shard("one"), shard("two")));
  const auto user = [](const char* name, const char* password) {
    return fmt::format(
        "<{0}><password>{1}</password><networks><ip>127.0.0.1</ip></networks>"
        "<profile>default</profile><quota>default</quota></{0}>",
        name, password);
  };
  write_text(
      folder_ + "/users.xml",
      fmt::format("<yandex><profiles><default><max_memory_usage>4000000000</max_memory_usage>"
                  "</default></profiles><users>{}{}</users><quotas><default/></quotas>"
                  "</yandex>",
                  user("default", ""), user("recoup", "geheim")));
  start();
  for (const char* database : {"one", "two"}) ask(fmt::format("CREATE DATABASE {}", database));
}

void ClickHouse::start() {
  process_ = std::make_unique<Process>(
      std::vector<std::string>{"setpriv", "--pdeathsig", "KILL", "/usr/sbin/clickhouse-server",
                               "--config-file=" + folder_ + "/config.xml"},
      folder_);
  if (!eventually([this] { return http_get(url() + "/ping") == "Ok.\n"; })) {
    throw std::runtime_error("ClickHouse does not answer: " + process_->err());
  }
}

void ClickHouse::stop() {
  if (!process_) return;
  process_->signal(SIGKILL);
  process_->wait();
  process_.reset();
}

std::string ClickHouse::url() const { return fmt::format("http://127.0.0.1:{}", http_port_); }

std::string ClickHouse::ask(const std::string& statement, const std::string& data) const {
  write_text(folder_ + "/statement", statement + '\n' + data);
  return checked(run({"curl", "-sS", "--fail-with-body", url() + "/?wait_end_of_query=1",
                      "--data-binary", "@" + folder_ + "/statement"},
                     folder_),
                 "ClickHouse");
}

LogDatabase::LogDatabase(const std::string& folder) : folder_(folder), port_(free_port()) {
  fs::create_directories(folder_);
  write_text(passfile(), "*:*:*:recoup:geheim\n");
  fs::permissions(passfile(), fs::perms::owner_read | fs::perms::owner_write);
  write_text(folder_ + "/password", "geheim\n");
  fs::create_directories(folder_ + "/server");
  if (geteuid() == 0) {
    const passwd* nobody = getpwnam("nobody");
    if (nobody == nullptr || chown((folder_ + "/server").c_str(), nobody->pw_uid, nobody->pw_gid)) {
      throw std::runtime_error("cannot give a folder to the user nobody");
    }
  }
  // The folder of a test is its owner's alone; the server has to pass through.
  for (fs::path at = folder_; at != at.root_path() && at.filename() != "tmp";
       at = at.parent_path()) {
    fs::permissions(at, fs::perms::group_exec | fs::perms::others_exec, fs::perm_options::add);
  }
  checked(run(as_nobody({kOfPostgres + "initdb", "-D", folder_ + "/server/data", "--no-sync", "-A",
                         "scram-sha-256", "--pwfile", folder_ + "/password", "-U", "recoup", "-E",
                         "UTF8", "--locale", "C.UTF-8", "--wal-segsize", "1"}),
              folder_),
          "initdb");
  process_ =
      std::make_unique<Process>(as_nobody({kOfPostgres + "postgres", "-D", folder_ + "/server/data",
                                           "-k", folder_ + "/server", "-p", std::to_string(port_),
                                           "-c", "fsync=off", "-c", "listen_addresses=127.0.0.1"}),
                                folder_);
  const bool answers = eventually([this] {
    return run({"psql", "-qAtc", "SELECT 1", connection() + " dbname=postgres"}, folder_,
               {{"PGPASSFILE", passfile()}})
               .status == 0;
  });
  if (!answers) throw std::runtime_error("PostgreSQL does not answer: " + process_->err());
  checked(run({"psql", "-qAtc", "CREATE DATABASE logs", connection() + " dbname=postgres"}, folder_,
              {{"PGPASSFILE", passfile()}}),
          "psql");
}

std::string LogDatabase::connection() const {
  return fmt::format("host=127.0.0.1 port={} user=recoup dbname=logs", port_);
}

std::string LogDatabase::ask(const std::string& statement, const std::string& data) const {
  write_text(folder_ + "/statement", statement + ";\n" + data);
  return checked(
      run({"psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-f", folder_ + "/statement", connection()},
          folder_, {{"PGPASSFILE", passfile()}}),
      "psql");
}

}  // namespace recoup::test
