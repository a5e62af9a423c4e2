#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/sim_world.h"

namespace recoup::test {

// Disk is what SQLite reads and writes in a simulation: real files, of which it knows what was
// synchronised, and in which a script says what goes wrong. While it lives it is SQLite's own way
// to files in this process (its default VFS). The simulation's threads alone use it.
class Disk {
 public:
  enum class Fault {
    none,
    full,          // nothing can be written: there is no room
    write_error,   // nothing can be written
    short_write,   // half of what is written is, and then there is no room
    sync_error,    // nothing can be synchronised
    damaged_page,  // each page that is read of the ledger itself is garbage, but for the first
  };

  // What of the writes that nobody synchronised is lost with the process.
  enum class Loss {
    none,  // the process was killed, and the system went on
    all,   // the power failed, and none of them had reached the disk
    some,  // some had, and one of them in part
  };

  // The world outlives it.
  explicit Disk(SimWorld& world);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  void fail(Fault fault) { fault_ = fault; }
  // Each synchronisation takes that long.
  void sync_takes(std::chrono::nanoseconds time) { sync_takes_ = time; }

  // From now on nothing reaches the disk; the same from the n-th write or synchronisation on.
  void cut_off() { cut_off_ = true; }
  void cut_off_after(std::uint64_t operations) { cut_off_at_ = operations_ + operations; }
  bool is_cut_off() const { return cut_off_; }

  // After all files were closed: takes back what is lost, and works again.
  void restore(Loss loss, std::mt19937_64& random);

  // Whether somebody waits in it now, and perhaps holds what others need.
  bool is_waited_for() const { return waiting_ > 0; }
  // In its time nobody waits: a synchronisation takes no time then.
  class AtOnce {
   public:
    explicit AtOnce(Disk& disk) : disk_(disk) { disk_.at_once_ = true; }
    ~AtOnce() { disk_.at_once_ = false; }
    AtOnce(const AtOnce&) = delete;
    AtOnce& operator=(const AtOnce&) = delete;

   private:
    Disk& disk_;
  };

  // Writes and synchronisations so far.
  std::uint64_t operations() const { return operations_; }

 private:
  // One write, or a change of the size, that nobody has synchronised.
  struct Change {
    std::int64_t offset = 0;
    std::string before;        // of the bytes that it changed
    std::int64_t size = 0;     // of the file, before
    std::string after;         // what was written; nothing for a change of the size
    std::int64_t cut_to = -1;  // the new size; -1 for a write
  };
  using Changes = std::vector<Change>;

  struct File;
  struct Methods;
  friend struct Methods;

  bool may_go_on();
  void wait(std::chrono::nanoseconds time);
  void undo(const std::string& path, const Changes& changes, Loss loss, std::mt19937_64& random);

  SimWorld& world_;
  sqlite3_vfs* const system_;
  sqlite3_vfs vfs_{};
  std::map<std::string, Changes> unsynchronised_;  // by path
  Fault fault_ = Fault::none;
  std::chrono::nanoseconds sync_takes_{0};
  bool cut_off_ = false;
  std::uint64_t cut_off_at_ = UINT64_MAX;
  std::uint64_t operations_ = 0;
  int waiting_ = 0;
  bool at_once_ = false;
};

}  // namespace recoup::test
