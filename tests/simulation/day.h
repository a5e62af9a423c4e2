#pragma once

#include <fmt/format.h>
#include <sqlite3.h>

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "service/service.h"
#include "simulation/disk.h"
#include "simulation/provider.h"
#include "support/captured_log.h"
#include "support/temp_dir.h"

namespace recoup::test {

// Day is the whole service on a simulated machine, through one script. What does not hold is said
// in sentences, and nothing is thrown for it: a script that fails is run again and again, shorter.
class Day {
 public:
  explicit Day(Script script);
  ~Day();
  Day(const Day&) = delete;
  Day& operator=(const Day&) = delete;

  // Through the day, and on until every month that it touched is sealed; then looks at everything.
  // What does not hold, a sentence each.
  std::vector<std::string> run();

  // Is called with the ledger's path before anything is looked at: what it does to the file must be
  // found.
  void tamper_with(std::function<void(const std::string& ledger)> how) { tamper_ = std::move(how); }

  // What the service logged.
  std::string log() const { return log_.text(); }
  std::uint64_t kills() const { return kills_; }
  std::uint64_t requests() const { return provider_.all().size(); }
  // Of the disk, from the start to the end of the script's day.
  std::uint64_t disk_operations() const { return disk_operations_; }

 private:
  using Months = std::vector<std::pair<int, int>>;  // year and month
  // By agreement, minute and outcome.
  using Counts = std::map<std::string, std::uint64_t>;
  struct Run {
    core::MonoTime began;
    core::MonoTime ended;
    bool was_killed = false;
  };

  template <typename... Words>
  void fault(fmt::format_string<Words...> words, Words&&... of) {
    if (faults_.size() < 20) faults_.push_back(fmt::format(words, std::forward<Words>(of)...));
  }

  config::SharedSettings settings(bool second_probe);
  std::string agreement(const std::string& id, const std::string& of) const;

  // The process.
  void start();
  void stop();
  void kill(Disk::Loss loss);
  void wait_until(core::MonoTime until);
  void wait_for_the_disk();

  // The script.
  void happen(const Event& event);
  void set_disk();
  void write_log();
  void rotate(std::int64_t how);
  void look();
  void reload();
  std::string ask(const std::string& path);
  std::string log_path(const std::string& name) const { return dir_.file("logs/" + name); }

  // What must hold.
  Counts read_counts();
  bool in_trouble(core::MonoTime from, core::MonoTime to) const;
  core::MonoTime durable_until(const Run& run) const;
  oracle::Minutes check_counts();
  void check_gaps(std::uint64_t lost);
  void check_evidence();
  void check_sums();
  Months months() const;
  core::Instant end_of(const std::pair<int, int>& month) const;
  void check_month(const std::string& id, const std::pair<int, int>& month,
                   const oracle::Minutes& minutes);

  const Script script_;
  const TempDir dir_;
  CapturedLog log_;
  std::mt19937_64 random_;
  SimWorld sim_;
  Disk disk_{sim_};
  Provider provider_{sim_, script_};
  std::vector<std::string> faults_;
  std::unique_ptr<service::Service> service_;
  std::unique_ptr<core::Thread> thread_;
  bool ended_ = false;  // the service, by itself or because it was told to
  std::string why_ended_;
  std::vector<Run> runs_;
  std::uint64_t kills_ = 0;
  std::uint64_t disk_operations_ = 0;
  bool second_probe_ = false;
  Disk::Loss loss_ = Disk::Loss::none;    // of a kill at a write
  std::vector<core::MonoTime> set_back_;  // when the wall clock was
  core::Millis back_{0};                  // by how much in all
  sqlite3* locker_ = nullptr;
  Counts seen_;  // at the last look
  std::function<void(const std::string&)> tamper_;
  oracle::Minutes logged_;
  std::uint64_t lines_ = 0;
  bool line_is_half_ = false;                                 // the newest one
  std::multimap<core::Millis, std::function<void()>> steps_;  // what is to be done, by when
};

}  // namespace recoup::test
