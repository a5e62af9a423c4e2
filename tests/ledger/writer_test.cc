// Who may write a ledger, and who may make one.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "ledger/open.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace {

namespace fs = std::filesystem;
using namespace recoup::ledger;
using namespace recoup::record;
using namespace std::chrono_literals;
using recoup::core::Instant;
using recoup::test::TempDir;

const Instant kStart = std::chrono::sys_days(std::chrono::year(2026) / 10 / 1);

Writer writer(const std::string& vantage) { return {vantage, "host7", 4711, kStart}; }

std::unique_ptr<Ledger> open(const std::string& path) {
  auto opened = open_ledger("sqlite:" + path);
  INFO((opened ? "" : opened.error().message));
  REQUIRE(opened.ok());
  return *std::move(opened);
}

mode_t mode_of(const std::string& path) {
  struct stat found {};
  REQUIRE(stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777;
}

// A process that records for berlin until it is killed.
class Recording {
 public:
  explicit Recording(const std::string& path) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    child_ = fork();
    REQUIRE(child_ >= 0);
    if (child_ == 0) {
      const auto ledger = open_ledger("sqlite:" + path);
      const bool done = ledger && (*ledger)->become_writer(writer("berlin")).ok();
      // What it executes lives on.
      const pid_t program = done ? fork() : -1;
      if (program == 0) {
        execlp("sleep", "sleep", "60", nullptr);
        _exit(1);
      }
      if (::write(ends[1], &program, sizeof program) != sizeof program) _exit(1);
      for (;;) pause();
    }
    REQUIRE(::read(ends[0], &program_, sizeof program_) == sizeof program_);
    REQUIRE(program_ > 0);
    close(ends[0]);
    close(ends[1]);
  }
  ~Recording() { ::kill(program_, SIGKILL); }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  // The program that it started is still there.
  void kill() const {
    REQUIRE(::kill(child_, SIGKILL) == 0);
    REQUIRE(::kill(program_, 0) == 0);
    int status = 0;
    REQUIRE(waitpid(child_, &status, 0) == child_);
  }

 private:
  pid_t child_ = -1;
  pid_t program_ = -1;
};

}  // namespace

TEST_CASE("a second writer of a vantage is told who the first is, by whatever name of the ledger") {
  const TempDir dir;
  const std::string path = dir.file("recoup.db");
  open(path);
  const Recording first(path);
  fs::create_symlink(path, dir.file("link.db"));
  fs::create_hard_link(path, dir.file("hard.db"));
  fs::rename(path, dir.file("moved.db"));
  fs::create_symlink(dir.file("moved.db"), path);
  for (const char* name : {"recoup.db", "moved.db", "link.db", "hard.db"}) {
    INFO(name);
    const auto second = open(dir.file(name));
    const auto refused = second->become_writer(writer("berlin"));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().where == dir.file(name));
  }
  {
    const auto second = open(dir.file("moved.db"));
    const auto refused = second->become_writer({"berlin", "host8", 1, kStart + 1h});
    REQUIRE_FALSE(refused.ok());
    CHECK(
        refused.error().message ==
        "could not record in the ledger: expected to be the only one that records for the vantage "
        "'berlin', but process 4711 on host7 has done so since 2026-10-01T00:00:00Z");
    CHECK(
        refused.error().help ==
        "stop that process, or give this one a `vantage` or a `ledger` of its own in its settings");
  }
  first.kill();
  const auto next = open(dir.file("moved.db"));
  CHECK(next->become_writer(writer("berlin")).ok());
}

TEST_CASE("two vantages write one ledger, and one process both") {
  const TempDir dir;
  const std::string path = dir.file("recoup.db");
  const auto berlin = open(path);
  const auto tokyo = open(path);
  const auto again = open(path);
  CHECK(berlin->become_writer(writer("berlin")).ok());
  CHECK(tokyo->become_writer(writer("tokyo")).ok());
  CHECK_FALSE(again->become_writer(writer("tokyo")).ok());
}

TEST_CASE("a ledger in memory has its writer, and nothing to lose but itself") {
  const auto ledger = *open_ledger("sqlite::memory:");
  CHECK(ledger->is_new());
  CHECK(ledger->become_writer(writer("berlin")).ok());
  CHECK(ledger->tend().ok());
  CHECK(ledger->save().ok());
  CHECK(*ledger->beside() == nullptr);
}

TEST_CASE("what only reads makes no ledger of a path where none is") {
  const TempDir dir;
  const std::string path = dir.file("recuop.db");
  auto opened = open_ledger("sqlite:" + path, Missing::refuse);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().message == "could not open the ledger: expected a ledger, got no file");
  CHECK(opened.error().where == path);
  CHECK(opened.error().help ==
        "see whether `ledger` in the settings names the right file; recoup run and recoup import "
        "make a new one");
  CHECK_FALSE(fs::exists(path));

  dir.write("recuop.db", "");
  opened = open_ledger("sqlite:" + path, Missing::refuse);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().message ==
        "could not open the ledger: expected a ledger, got an empty file");
  CHECK(fs::file_size(path) == 0);

  CHECK(open(path)->is_new());
  CHECK_FALSE(open(path)->is_new());
  CHECK(open_ledger("sqlite:" + path, Missing::refuse).ok());
}

TEST_CASE("no new ledger is made beside what is left of one") {
  const TempDir dir;
  const std::string path = dir.file("recoup.db");
  dir.write("recoup.db.saving", "what a killed service was saving");
  const auto saving = open_ledger("sqlite:" + path);
  REQUIRE_FALSE(saving.ok());
  CHECK(
      saving.error().message ==
      "could not open the ledger: expected a ledger, got no file but one that a service was saving "
      "it to (.saving)");
  fs::remove(path + ".saving");
  dir.write("recoup.db-wal", "what a killed service wrote last");
  const auto opened = open_ledger("sqlite:" + path);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().message ==
        "could not open the ledger: expected a ledger, got no file but its write-ahead log (-wal)");
  CHECK(opened.error().help ==
        "put the ledger back beside its log, or move the log away for a new ledger");
  CHECK_FALSE(fs::exists(path));
  CHECK(fs::file_size(path + "-wal") == 32);
}

TEST_CASE("a new ledger is its owner's alone, and one that is there keeps its mode") {
  const TempDir dir;
  const std::string path = dir.file("recoup.db");
  const mode_t before = umask(0);
  auto ledger = open(path);
  CHECK(mode_of(path) == 0600);
  CHECK(mode_of(path + "-wal") == 0600);
  CHECK(mode_of(path + "-shm") == 0600);
  ledger.reset();
  REQUIRE(chmod(path.c_str(), 0640) == 0);
  ledger = open(path);
  CHECK(mode_of(path) == 0640);
  CHECK(mode_of(path + "-wal") == 0640);
  umask(before);
}
